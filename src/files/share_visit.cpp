#include <sodium.h>

#include "base/bytes.h"
#include "base/log.h"
#include "files/answers.h"
#include "files/attempts.h"
#include "files/implementation.h"
#include "files/share_page.h"
#include "files/zip.h"

// What a visitor of /s/<token> gets. What one use is: a visitor who downloads. The first download takes a use and sets a
// cookie for 12 hours, with which the same browser may go on (ranges, resumed downloads, more files of a folder); looking at
// the pages takes none, so that a chat program's preview uses nothing up.
namespace hearth::files {
namespace {

constexpr Duration kVisit = std::chrono::hours(12);
constexpr std::size_t kLongestForm = 4096;
constexpr std::size_t kMostListed = 5000;
constexpr std::string_view kCookie = "hearth_share";

struct Row {
  std::string id;
  std::string person;
  std::string path;
  std::optional<Time> expires;
  std::optional<std::int64_t> uses;
  std::optional<std::string> password;
  std::string key;
};

// What the visitor's cookie proves.
struct Visit {
  bool unlocked = false;  // gave the password
  bool counted = false;   // took a use
};

std::string cookie_value(const Row& row, Visit visit, Time until) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(until).time_since_epoch().count();
  const auto claim = fmt::format("{}.{}{}", seconds, visit.unlocked ? "u" : "", visit.counted ? "c" : "");
  return claim + "." + to_base64url(hmac_sha256(row.key, row.id + " " + claim));
}

Visit read_cookie(const Row& row, std::string_view value, Time now) {
  const auto last = value.rfind('.');
  const auto first = value.find('.');
  if (last == std::string_view::npos || first == last) return {};
  const auto claim = value.substr(0, last);
  const auto signature = from_base64url(value.substr(last + 1));
  if (!signature || !equal_in_constant_time(*signature, hmac_sha256(row.key, fmt::format("{} {}", row.id, claim)))) return {};
  if (std::strtoll(std::string(claim.substr(0, first)).c_str(), nullptr, 10) <
      std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count()) {
    return {};
  }
  const auto flags = claim.substr(first + 1);
  return {flags.contains('u'), flags.contains('c')};
}

// The value of "password" in a form.
std::optional<std::string> form_password(std::string form) {
  std::ranges::replace(form, '+', ' ');
  std::string_view rest = form;
  while (!rest.empty()) {
    const auto field = rest.substr(0, rest.find('&'));
    if (field.starts_with("password=")) return percent_decode(field.substr(9));
    if (field.size() == rest.size()) break;
    rest.remove_prefix(field.size() + 1);
  }
  return std::nullopt;
}

class Visitor {
 public:
  Visitor(Files::Implementation& files, gateway::Exchange& exchange, std::string token, std::string below)
      : files_(files), exchange_(exchange), token_(std::move(token)), below_(std::move(below)) {}

  Task<> serve() {
    const auto& request = exchange_.request();
    auto found = co_await files_.system.read([token = token_](store::Connection& c) {
      return c.one("SELECT id, person, path, expires, uses, password, key FROM files_shares WHERE token = ?",
                   [](store::Statement& s) {
                     return Row{s.text(0), s.text(1), s.text(2), s.optional_time(3),
                                s.is_null(4) ? std::nullopt : std::optional(s.integer(4)), s.optional_text(5), s.text(6)};
                   },
                   token);
    });
    if (!found || !*found) {
      co_await answer(share_problem_page(404, "This link does not exist, or has been ended.", "此链接不存在，或已被取消。", language()));
      co_return;
    }
    row_ = **std::move(found);
    if (row_.expires && *row_.expires <= files_.clock.now()) {
      co_await answer(share_problem_page(410, "This link has expired.", "此链接已过期。", language()));
      co_return;
    }
    visit_ = read_cookie(row_, request.cookie(kCookie).value_or(""), files_.clock.now());
    if (request.method == "POST") {
      co_await take_password();
      co_return;
    }
    if (request.method != "GET" && request.method != "HEAD") {
      co_await answer({405, {{"Allow", "GET, HEAD, POST"}}, ""});
      co_return;
    }
    if (row_.password && !visit_.unlocked) {
      co_await answer(share_password_page(request.path, PasswordNotice::None, {}, language()));
      co_return;
    }
    if (row_.uses && *row_.uses <= 0 && !visit_.counted) {
      co_await answer(used_up());
      co_return;
    }
    co_await show();
  }

 private:
  Language language() const { return exchange_.request().language(); }
  Task<> answer(gateway::Response response) { (void)co_await exchange_.respond(std::move(response)); }

  gateway::Response used_up() const {
    return share_problem_page(410, "This link has been used as often as it may be.", "此链接的使用次数已用完。", language());
  }
  gateway::Response gone() const {
    return share_problem_page(404, "What was shared is not there any more.", "分享的内容已不存在。", language());
  }

  std::string set_cookie() const {
    return fmt::format("{}={}; Path=/s/{}; Max-Age={}; HttpOnly; SameSite=Lax{}", kCookie,
                       cookie_value(row_, visit_, files_.clock.now() + kVisit), token_,
                       std::chrono::duration_cast<std::chrono::seconds>(kVisit).count(),
                       exchange_.request().peer.secure ? "; Secure" : "");
  }

  Task<> take_password() {
    const auto& request = exchange_.request();
    const auto& address = request.peer.address;
    if (const auto wait = files_.attempts->wait(token_, address); wait > Duration::zero()) {
      co_await answer(share_password_page(request.path, PasswordNotice::Wait, wait, language()));
      co_return;
    }
    auto form = co_await exchange_.read_all(kLongestForm);
    if (!form) {
      co_await answer(share_problem_page(413, "The form is too long.", "表单过长。", language()));
      co_return;
    }
    const auto password = form_password(*std::move(form));
    // Counted before the slow check, so that many tries at once are many tries.
    if (row_.password) files_.attempts->failed(token_, address);
    const bool right = !row_.password || (password && password->size() <= 256 &&
                                          co_await offload(files_.pool, [hash = *row_.password, given = *password] {
                                            return crypto_pwhash_str_verify(hash.c_str(), given.data(), given.size()) == 0;
                                          }));
    if (!right) {
      co_await record("files.share_password", "denied");
      co_await answer(share_password_page(request.path, PasswordNotice::Wrong, {}, language()));
      co_return;
    }
    files_.attempts->succeeded(token_, address);
    visit_.unlocked = true;
    co_await answer({303, {{"Location", request.path}, {"Set-Cookie", set_cookie()}, {"Cache-Control", "no-store"}}, ""});
  }

  Task<> record(std::string action, std::string outcome) {
    auto recorded = co_await files_.doors.record(kernel::Principal::anyone(), std::move(action), "files:" + row_.path,
                                                 std::move(outcome));
    if (!recorded) log::warning("files: recording a visit: {}", recorded.error().describe());
  }

  struct Opened {
    Status status;
    Descriptor file;  // none of a folder
    std::vector<Entry> entries;
    bool complete = true;
  };

  Task<> show() {
    const auto path = row_.path == "/" ? (below_.empty() ? "/" : below_) : row_.path + below_;
    auto opened = co_await files_.on_disk(row_.person, [path](const Home& home) -> Result<Opened> {
      Opened result;
      result.status = TRY(home.home.status(path));
      if (!result.status.folder) {
        result.file = TRY(home.home.open_file(path));
        result.status = TRY(status_of(result.file.get()));
        return result;
      }
      TRY(home.home.list(path, [&](const std::string& name, const Status& status) -> Result<> {
        result.entries.push_back(entry_of(path_join(path, name), status));
        return {};
      }));
      std::ranges::sort(result.entries, {}, [](const Entry& e) {
        return (e.kind == EntryKind::Folder ? "0" : "1") + natural_key(e.name);
      });
      if (result.entries.size() > kMostListed) {
        result.entries.resize(kMostListed);
        result.complete = false;
      }
      return result;
    });
    if (!opened) {
      co_await answer(gone());
      co_return;
    }
    const auto& request = exchange_.request();
    const auto name = row_.path == "/" ? std::string("Home") : path_name(row_.path);
    if (opened->status.folder && !request.query_parameter("zip")) {
      co_await answer(share_folder_page({token_, name, below_, std::move(opened->entries), opened->complete}, language()));
      co_return;
    }
    if (!opened->status.folder && below_.empty() && !request.query_parameter("download")) {
      co_await answer(share_file_page(token_, entry_of(path, opened->status), language()));
      co_return;
    }
    gateway::Headers extra;
    if (request.method == "GET" && !visit_.counted) {
      if (!co_await take_use()) {
        co_await answer(used_up());
        co_return;
      }
      visit_.counted = true;
      extra.add("Set-Cookie", set_cookie());
    }
    if (opened->status.folder) {
      co_await send_zip(path, below_.empty() ? name : path_name(below_), std::move(extra));
    } else {
      (void)co_await respond_with_file(exchange_, std::move(opened->file), opened->status, path_name(path),
                                       request.query_parameter("download") ? Show::Attachment : Show::WhereSafe,
                                       std::move(extra));
    }
  }

  // Atomic: of two visitors at once, one gets the last use.
  Task<bool> take_use() {
    auto taken = co_await files_.system.write([id = row_.id](store::Connection& c) -> Result<bool> {
      TRY(c.run("UPDATE files_shares SET uses = uses - 1, used = used + 1 WHERE id = ? AND (uses IS NULL OR uses > 0)", id));
      return c.changes() == 1;
    });
    const bool given = taken && *taken;
    co_await record("files.share_download", given ? "ok" : "denied");
    co_return given;
  }

  Task<> send_zip(std::string path, std::string name, gateway::Headers headers) {
    headers.add("Content-Type", "application/zip");
    headers.add("Content-Disposition", gateway::content_disposition("attachment", name + ".zip"));
    headers.add("Cache-Control", "private, no-store");
    headers.add("X-Content-Type-Options", "nosniff");
    if (exchange_.request().method == "HEAD") {
      co_await answer({200, std::move(headers), ""});
      co_return;
    }
    if (!co_await exchange_.begin({200, std::move(headers), ""})) co_return;
    auto home = co_await files_.home_of(row_.person);
    if (!home) co_return;
    const auto sent = co_await stream_zip(files_.pool, exchange_, *home, path, name);
    // An answer that was begun cannot turn into an error: cut off, the archive is seen to be damaged.
    if (sent) (void)co_await exchange_.end();
  }

  Files::Implementation& files_;
  gateway::Exchange& exchange_;
  std::string token_;
  std::string below_;  // "" or a clean path below the shared folder
  Row row_;
  Visit visit_;
};

}  // namespace

Task<Result<>> stream_zip(ThreadPool& pool, gateway::Exchange& exchange, HomePointer home, std::string path,
                          std::string name) {
  ZipWriter zip;
  struct Item {
    std::string path;
    std::string in_zip;
    Status status;
  };
  std::vector<Item> items = {{path, name, {.folder = true}}};
  while (!items.empty()) {
    auto item = std::move(items.back());
    items.pop_back();
    if (item.status.folder) {
      auto children = co_await offload(pool, [home, item]() -> Result<std::vector<Item>> {
        std::vector<Item> found;
        TRY(home->home.list(item.path, [&](const std::string& child, const Status& status) -> Result<> {
          found.push_back({path_join(item.path, child), item.in_zip + "/" + child, status});
          return {};
        }));
        std::ranges::sort(found, [](const Item& a, const Item& b) { return natural_less(b.path, a.path); });
        return found;
      });
      if (!children) continue;  // gone meanwhile
      CO_CHECK(co_await exchange.write(zip.folder(item.in_zip, item.status.modified)));
      std::ranges::move(*children, std::back_inserter(items));
      continue;
    }
    auto opened = co_await offload(pool, [home, item] { return home->home.open_file(item.path); });
    if (!opened) continue;
    const auto file = std::make_shared<Descriptor>(*std::move(opened));  // shared with the pool
    CO_CHECK(co_await exchange.write(zip.begin_file(item.in_zip, item.status.modified, item.status.size)));
    for (std::uint64_t offset = 0; offset < item.status.size;) {
      const auto want = std::min<std::uint64_t>(256 << 10, item.status.size - offset);
      CO_TRY(auto piece, co_await offload(pool, [file, offset, want] { return read_at(file->get(), offset, want); }));
      if (piece.empty()) break;  // it was shortened meanwhile
      offset += piece.size();
      CO_CHECK(co_await exchange.write(zip.bytes(piece)));
    }
    CO_CHECK(co_await exchange.write(zip.end_file()));
  }
  co_return co_await exchange.write(zip.finish());
}

Task<> serve_share(Files::Implementation& files, gateway::Exchange& exchange, std::string_view rest) {
  rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
  const auto token = std::string(rest.substr(0, rest.find('/')));
  rest.remove_prefix(token.size());
  const bool plausible = token.size() == 22 && from_base64url(token);
  std::string below;
  bool good = plausible;
  if (!rest.empty() && rest != "/") {
    const auto decoded = percent_decode(rest);
    const auto clean = decoded ? clean_path(*decoded) : Result<std::string>(fail(Code::InvalidInput, "The address is not well-formed."));
    good = good && clean;
    if (clean) below = *clean;
  }
  if (!good) {
    (void)co_await exchange.respond(
        share_problem_page(404, "This link does not exist, or has been ended.", "此链接不存在，或已被取消。", exchange.request().language()));
    co_return;
  }
  Visitor visitor(files, exchange, token, below);
  co_await visitor.serve();
}

}  // namespace hearth::files
