#include <algorithm>
#include <deque>
#include <set>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/live.h"
#include "memory/live/dav_xml.h"
#include "memory/live/http.h"
#include "memory/memory_file.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using live::DavAnswer;
using live::DavResource;
using live::HttpClient;
using live::Stop;

constexpr std::size_t kAtOnce = 100;  // resources between two notes of how far reading came
constexpr std::size_t kMostCollections = 500;
constexpr int kMostReports = 1000;    // a server may give changes in pieces (RFC 6578 §3.6)

struct CollectionState {
  std::string token;                        // of sync-collection; "": the tags say what is new
  std::string tag;                          // of the whole collection
  std::map<std::string, std::string> tags;  // of each resource that was read, by its path
};
HEARTH_DESCRIBE(CollectionState, (token, ""), (tag, ""), (tags, ""))
struct State {
  std::map<std::string, CollectionState> collections;  // by URL
};
HEARTH_DESCRIBE(State, (collections, ""))

State read_state(const std::string& text) {
  const auto json = Json::parse(text);
  auto state = json ? from_json<State>(*json) : Result<State>(State{});
  return state ? *std::move(state) : State{};
}

// The last part of a path, as people read it.
std::string last_segment(std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  while (path.ends_with('/')) path.remove_suffix(1);
  path = path.substr(path.rfind('/') + 1);
  auto name = to_valid_utf8(percent_decode(path).value_or(std::string(path)));
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == '/'; }, '_');
  return name;
}

std::string propfind(std::string_view properties) {
  return fmt::format("<?xml version=\"1.0\" encoding=\"utf-8\"?><d:propfind xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\""
                     " xmlns:a=\"urn:ietf:params:xml:ns:carddav\" xmlns:s=\"http://calendarserver.org/ns/\"><d:prop>{}</d:prop></d:propfind>",
                     properties);
}

// The calendars (RFC 4791) or address books (RFC 6352) of an account. One that tells its changes (RFC 6578) is asked for them;
// of others the tags are compared.
class Collections final : public Connector {
 public:
  Collections(SourceKind kind, LiveSettings settings, std::string password, const std::string& state)
      : calendars_(kind == SourceKind::Caldav),
        settings_(std::move(settings)),
        state_(read_state(state)),
        client_(options_of(settings_, std::move(password)), stop_) {}

  Result<std::unique_ptr<Supply>> more() override;
  Reached reached() override;
  Result<> wait() override {
    if (stop_.wait(-1, 0, std::chrono::seconds(settings_.interval)) == Stop::Woken::Time) looked_ = false;
    return {};
  }
  void stop() override { stop_.set(); }

 private:
  class Resources;
  struct Collection {
    std::string url;
    std::string folder;  // in places
    std::string tag;
    std::string token;
  };
  struct Change {
    std::string path;
    std::string tag;
  };

  static bool is_clear(const LiveSettings& settings) { return settings.security == Security::None || lower(settings.server).starts_with("http://"); }
  static HttpClient::Options options_of(const LiveSettings& settings, std::string password) {
    return {settings.user, std::move(password), settings.authority, is_clear(settings)};
  }

  std::string place_of(const Collection& collection, std::string_view path) const { return collection.folder + "/" + last_segment(path); }
  // None when the server knows no such thing.
  Result<std::optional<DavAnswer>> ask(const std::string& method, const std::string& url, int depth, const std::string& body, std::string* reached = nullptr);
  Result<> discover();
  Result<std::string> find_principal(std::string& start);
  Result<> look();
  Result<> find_changes(const Collection& collection);
  Result<bool> report_changes(const Collection& collection, CollectionState& state);
  Result<> compare_tags(const Collection& collection, CollectionState& state);

  bool calendars_;
  LiveSettings settings_;
  State state_;
  Stop stop_;
  HttpClient client_;
  std::vector<std::string> homes_;  // URLs; empty: not found out yet
  std::string alone_;               // of a single collection: its URL
  bool looked_ = false;
  std::deque<Collection> to_visit_;
  std::optional<Collection> open_;
  std::deque<Change> changes_;      // of the open collection
  std::vector<std::string> gone_;   // paths
  std::string next_token_;
  std::vector<Change> taken_;
  std::optional<Error> broken_;
};

class Collections::Resources final : public Supply {
 public:
  Resources(Collections& collections, std::vector<Change> changes) : collections_(collections), changes_(std::move(changes)) {}

  std::optional<SourceFile> next() override {
    while (next_ < changes_.size() && !collections_.broken_) {
      const auto& change = changes_[next_++];
      auto answer = collections_.client_.ask("GET", live::resolve_link(collections_.open_->url, change.path), {}, "");
      if (!answer) {
        collections_.broken_ = answer.error();
        break;
      }
      if (answer->status / 100 != 2) {  // gone since, or not for us: asked for again when it changes
        collections_.taken_.push_back(change);
        continue;
      }
      auto file = memory_file(answer->body);
      if (!file) {
        collections_.broken_ = file.error();
        break;
      }
      collections_.taken_.push_back(change);
      const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
      return SourceFile{collections_.place_of(*collections_.open_, change.path), last_segment(change.path), extract::Format::Any,
                        static_cast<std::int64_t>(answer->body.size()), now, *std::move(file)};
    }
    return std::nullopt;
  }
  std::int64_t unreadable() const override { return 0; }

 private:
  Collections& collections_;
  std::vector<Change> changes_;
  std::size_t next_ = 0;
};

Result<std::optional<DavAnswer>> Collections::ask(const std::string& method, const std::string& url, int depth, const std::string& body, std::string* reached) {
  auto answer = TRY(client_.ask(method, url, {fmt::format("Depth: {}", depth), "Content-Type: application/xml; charset=utf-8"}, body));
  if (reached) *reached = answer.url;
  if (answer.status >= 500 || answer.status == 429) return fail(Code::Unavailable, "{} answers with status {}.", settings_.server, answer.status);
  if (answer.status != 207) return std::nullopt;
  return TRY(live::parse_multistatus(answer.body));
}

// The principal's URL, "" when the server tells none; `start` becomes where it was found.
Result<std::string> Collections::find_principal(std::string& start) {
  const auto body = propfind("<d:current-user-principal/><d:resourcetype/><d:displayname/>");
  const auto well_known = live::resolve_link(start, calendars_ ? "/.well-known/caldav" : "/.well-known/carddav");
  const bool path_given = settings_.server.find("://") != std::string::npos && settings_.server.find('/', settings_.server.find("://") + 3) != std::string::npos;
  std::vector<std::string> tries = {well_known, start};  // RFC 6764 §6
  if (path_given) std::swap(tries[0], tries[1]);
  for (const auto& url : tries) {
    std::string reached;
    const auto answer = TRY(ask("PROPFIND", url, 0, body, &reached));
    if (!answer || answer->resources.empty()) continue;
    const auto& resource = answer->resources.front();
    if (resource.is(calendars_ ? "calendar" : "addressbook")) {
      alone_ = reached;
      return std::string();
    }
    if (resource.principal.empty()) continue;
    start = reached;
    return live::resolve_link(reached, resource.principal);
  }
  return std::string();
}

Result<> Collections::discover() {
  auto start = settings_.server;
  if (start.find("://") == std::string::npos) start = (is_clear(settings_) ? "http://" : "https://") + start;
  if (settings_.port) {
    const auto host = start.find("://") + 3;
    const auto end = std::min(start.find_first_of("/?#", host), start.size());
    const auto colon = start.rfind(':', end);
    if (colon == std::string::npos || colon < host || start.find(']', colon) < end) start.insert(end, fmt::format(":{}", *settings_.port));
  }
  if (start.find('/', start.find("://") + 3) == std::string::npos) start += '/';
  const auto principal = TRY(find_principal(start));
  if (!alone_.empty()) return {};
  homes_.clear();
  if (!principal.empty()) {
    const auto answer = TRY(ask("PROPFIND", principal, 0, propfind(calendars_ ? "<c:calendar-home-set/>" : "<a:addressbook-home-set/>")));
    if (answer && !answer->resources.empty()) {
      for (const auto& home : answer->resources.front().homes) homes_.push_back(live::resolve_link(principal, home));
    }
  }
  if (homes_.empty()) homes_.push_back(start);  // what was given may be the folder of collections itself
  return {};
}

// Lists the collections, and visits those that have changed.
Result<> Collections::look() {
  if (homes_.empty() && alone_.empty()) TRY(discover());
  to_visit_.clear();
  std::size_t found = 0;
  const auto body = propfind("<d:resourcetype/><d:displayname/><d:sync-token/><s:getctag/><c:supported-calendar-component-set/>");
  const auto visit = [&](const std::string& base, const DavResource& resource) {
    if (!resource.is(calendars_ ? "calendar" : "addressbook") || ++found > kMostCollections) return;
    const auto folder = last_segment(resource.path);
    if (!settings_.folders.empty() && std::none_of(settings_.folders.begin(), settings_.folders.end(), [&](const auto& name) {
          return lower(name) == lower(resource.name) || lower(name) == lower(folder);
        })) {
      return;
    }
    Collection collection{live::resolve_link(base, resource.path), folder, resource.collection_tag, resource.sync_token};
    if (!collection.url.ends_with('/')) collection.url += '/';
    const auto known = state_.collections.find(collection.url);
    const bool same = known != state_.collections.end() && ((!collection.token.empty() && known->second.token == collection.token) ||
                                                             (!collection.tag.empty() && known->second.tag == collection.tag));
    if (!same) to_visit_.push_back(std::move(collection));
  };
  for (const auto& home : alone_.empty() ? homes_ : std::vector<std::string>{alone_}) {
    const auto answer = TRY(ask("PROPFIND", home, alone_.empty() ? 1 : 0, body));
    if (!answer) continue;
    for (const auto& resource : answer->resources) visit(home, resource);
  }
  if (found == 0) {
    homes_.clear();
    alone_.clear();
    if (calendars_) return fail(Code::NotFound, "{} has no calendars for {}.", settings_.server, settings_.user);
    return fail(Code::NotFound, "{} has no address books for {}.", settings_.server, settings_.user);
  }
  looked_ = true;
  return {};
}

// False: the server does not tell changes, or no more since that token.
Result<bool> Collections::report_changes(const Collection& collection, CollectionState& state) {
  auto token = state.token;
  for (int report = 0; report < kMostReports; ++report) {
    const auto answer = TRY(ask("REPORT", collection.url, 0,
                                fmt::format("<?xml version=\"1.0\" encoding=\"utf-8\"?><d:sync-collection xmlns:d=\"DAV:\"><d:sync-token>{}</d:sync-token>"
                                            "<d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>",
                                            escape_markup(token))));
    if (!answer || answer->sync_token.empty()) return false;
    bool more = false;
    for (const auto& resource : answer->resources) {
      if (resource.status == 507) {
        more = true;
      } else if (resource.status == 404 || resource.status == 410) {
        if (state.tags.contains(resource.path)) gone_.push_back(resource.path);
      } else if (!resource.path.ends_with('/')) {
        const auto known = state.tags.find(resource.path);
        if (known == state.tags.end() || known->second != resource.tag) changes_.push_back({resource.path, resource.tag});
      }
    }
    if (!more || answer->sync_token == token) {
      next_token_ = answer->sync_token;
      return true;
    }
    token = answer->sync_token;
  }
  return false;
}

Result<> Collections::compare_tags(const Collection& collection, CollectionState& state) {
  const auto answer = TRY(ask("PROPFIND", collection.url, 1, propfind("<d:getetag/><d:resourcetype/>")));
  if (!answer) return fail(Code::Unavailable, "{} does not list what is in {}.", settings_.server, collection.folder);
  std::set<std::string_view> there;
  for (const auto& resource : answer->resources) {
    if (resource.is("collection") || resource.path.ends_with('/')) continue;
    there.insert(resource.path);
    const auto known = state.tags.find(resource.path);
    if (known == state.tags.end() || resource.tag.empty() || known->second != resource.tag) changes_.push_back({resource.path, resource.tag});
  }
  for (const auto& [path, tag] : state.tags) {
    if (!there.contains(path)) gone_.push_back(path);
  }
  next_token_ = collection.token;
  return {};
}

Result<> Collections::find_changes(const Collection& collection) {
  changes_.clear();
  gone_.clear();
  next_token_.clear();
  auto& state = state_.collections[collection.url];
  if (!state.token.empty() && TRY(report_changes(collection, state))) return {};
  changes_.clear();
  gone_.clear();
  return compare_tags(collection, state);
}

Result<std::unique_ptr<Supply>> Collections::more() {
  if (broken_) {
    open_.reset();
    looked_ = false;
    return std::unexpected(*std::exchange(broken_, std::nullopt));
  }
  if (!looked_) TRY(look());
  if (!open_) {
    if (to_visit_.empty()) return nullptr;
    open_ = std::move(to_visit_.front());
    to_visit_.pop_front();
    if (auto found = find_changes(*open_); !found) {
      open_.reset();
      looked_ = false;
      return std::unexpected(std::move(found).error());
    }
  }
  const auto count = static_cast<std::ptrdiff_t>(std::min(changes_.size(), kAtOnce));
  std::vector<Change> next(changes_.begin(), changes_.begin() + count);
  changes_.erase(changes_.begin(), changes_.begin() + count);
  return std::make_unique<Resources>(*this, std::move(next));  // also of nothing: what is gone is noted behind it
}

Reached Collections::reached() {
  Reached reached;
  auto& state = state_.collections[open_->url];
  for (const auto& change : taken_) {
    state.tags[change.path] = change.tag;
    reached.renewed.push_back(place_of(*open_, change.path));
  }
  taken_.clear();
  for (const auto& path : gone_) {
    state.tags.erase(path);
    reached.gone.push_back(place_of(*open_, path));
  }
  gone_.clear();
  if (!broken_ && changes_.empty()) {
    state.token = next_token_;
    state.tag = open_->tag;
    open_.reset();
  }
  reached.state = to_json(state_).dump();
  return reached;
}

}  // namespace

std::unique_ptr<Connector> connect_dav(SourceKind kind, LiveSettings settings, std::string password, std::string state) {
  return std::make_unique<Collections>(kind, std::move(settings), std::move(password), state);
}

}  // namespace hearth::memory
