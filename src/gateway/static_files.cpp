#include "gateway/static_files.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>

#include "base/bytes.h"
#include "base/message.h"
#include "gateway/ascii.h"
#include "gateway/connection.h"
#include "gateway/replies.h"
#include "gateway/worker.h"

namespace hearth::gateway {
namespace {

constexpr std::size_t kSmallFile = 64 * 1024;
constexpr std::size_t kEntryLimit = 512;
constexpr std::array<std::string_view, 3> kSuffixes = {"", ".gz", ".br"};
constexpr std::array<std::string_view, 3> kCodings = {"identity", "gzip", "br"};

// For the desktop: nothing from elsewhere, and nobody may frame it.
constexpr std::string_view kSecurityFields =
    "Content-Security-Policy: default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: same-origin\r\n";

int open_beneath(int folder, const std::string& path) {
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof(how)));
}

bool wants_page(const RequestHead& head) {
  return head.find(FieldName::Accept).find("text/html") != std::string_view::npos ||
         head.find(FieldName::SecFetchMode) == "navigate";
}

// The weight among the parameters after a coding, in thousandths.
int weight_of(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto semicolon = parameters.find(';');
    const auto one = trim(parameters.substr(0, semicolon));
    parameters = semicolon == std::string_view::npos ? std::string_view() : parameters.substr(semicolon + 1);
    if (!starts_with_lower(one, "q=")) continue;
    int weight = 0;
    int unit = 1000;
    for (const char c : one.substr(2)) {
      if (is_digit(c)) weight += (c - '0') * unit;
      if (is_digit(c)) unit /= 10;
    }
    return std::min(weight, 1000);
  }
  return 1000;
}

// Whether If-None-Match names the tag, or all ("*").
bool names_tag(const RequestHead& head, std::string_view etag) {
  bool named = false;
  for (const auto& field : head.fields) {
    if (field.known != FieldName::IfNoneMatch) continue;
    for_each_element(field.value, [&](std::string_view tag) {
      if (tag.starts_with("W/")) tag.remove_prefix(2);
      named = named || tag == etag || tag == "*";
    });
  }
  return named;
}

}  // namespace

// The form that the request likes best (RFC 9110 §12.5.3), the smallest of equals; the plain one when it likes none.
const StaticFiles::Form& StaticFiles::best_form(const RequestHead& head, const Entry& entry) {
  std::array<int, kCodings.size()> weights = {-1, -1, -1};  // not named
  int of_others = -1;
  for (const auto& field : head.fields) {
    if (field.known != FieldName::AcceptEncoding) continue;
    for_each_element(field.value, [&](std::string_view element) {
      const auto semicolon = element.find(';');
      const auto coding = trim(element.substr(0, semicolon));
      const int weight = semicolon == std::string_view::npos ? 1000 : weight_of(element.substr(semicolon + 1));
      for (std::size_t i = 0; i < kCodings.size(); ++i) {
        if (equals_lower(coding, kCodings[i])) weights[i] = weight;
      }
      if (coding == "*") of_others = weight;
    });
  }
  std::size_t best = 0;
  int most = weights[0] >= 0 ? weights[0] : std::max(of_others, 0);
  for (std::size_t i = 1; i < kCodings.size(); ++i) {
    const int weight = weights[i] >= 0 ? weights[i] : std::max(of_others, 0);
    if (!entry.forms[i] || weight == 0 || weight < most) continue;
    best = i;
    most = weight;
  }
  return *entry.forms[best];
}

StaticFiles::StaticFiles(const std::string& folder, std::size_t memory_limit)
    : folder_(folder.empty() ? -1 : ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
      memory_limit_(memory_limit) {}

StaticFiles::~StaticFiles() {
  if (folder_ >= 0) ::close(folder_);
}

std::unique_ptr<StaticFiles::Form> StaticFiles::open_form(std::string_view path, std::string_view suffix) {
  const int descriptor = open_beneath(folder_, std::string(path.substr(1)).append(suffix));
  if (descriptor < 0) return nullptr;
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return nullptr;
  }
  auto form = std::make_unique<Form>();
  form->file = std::make_shared<const FileSlice>(descriptor, 0, static_cast<std::uint64_t>(status.st_size));
  form->modified_nanoseconds = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
  form->inode = status.st_ino;
  return form;
}

// Brings an entry up to date with the folder. False when there is no such file.
bool StaticFiles::check(std::string_view path, Entry& entry) {
  bool changed = false;
  for (std::size_t i = 0; i < kSuffixes.size(); ++i) {
    auto& form = entry.forms[i];
    struct stat status {};
    const auto name = std::string(path.substr(1)).append(kSuffixes[i]);
    const bool there = ::fstatat(folder_, name.c_str(), &status, 0) == 0 && S_ISREG(status.st_mode);
    if (there && form && form->inode == status.st_ino && form->size() == static_cast<std::uint64_t>(status.st_size) &&
        form->modified_nanoseconds == status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec) {
      continue;
    }
    if (!there && !form) continue;
    if (form) memory_ -= form->content.size();
    form = there ? open_form(path, kSuffixes[i]) : nullptr;
    changed = true;
  }
  if (!entry.forms[0]) return false;
  if (!changed) return true;

  const bool varies = entry.forms[1] || entry.forms[2];
  const bool hashed = path.starts_with("/assets/");
  for (std::size_t i = 0; i < kSuffixes.size(); ++i) {
    auto& form = entry.forms[i];
    if (!form) continue;
    form->etag = fmt::format("\"{:x}-{:x}{}\"", form->modified_nanoseconds, form->size(), kSuffixes[i]);
    form->fields = fmt::format("Content-Type: {}\r\nETag: {}\r\nCache-Control: {}\r\nAccept-Ranges: bytes\r\n",
                               content_type_of(path), form->etag,
                               hashed ? "public, max-age=31536000, immutable" : "no-cache");
    if (i > 0) form->fields += fmt::format("Content-Encoding: {}\r\n", kCodings[i]);
    if (varies) form->fields += "Vary: Accept-Encoding\r\n";
    form->fields += kSecurityFields;
    form->head.clear();
    append_status_line(form->head, 200);
    form->head += form->fields;
    append_number_field(form->head, "Content-Length: ", form->size());
    if (form->content.empty() && form->size() > 0 && form->size() <= kSmallFile && memory_ < memory_limit_) {
      form->content.resize(form->size());
      const auto count = ::pread(form->file->descriptor(), form->content.data(), form->content.size(), 0);
      if (count != static_cast<ssize_t>(form->content.size())) form->content.clear();
      memory_ += form->content.size();
    }
  }
  return true;
}

StaticFiles::Entry* StaticFiles::find(std::string_view path, std::int64_t now) {
  auto found = entries_.find(path);
  if (found == entries_.end()) {
    Entry fresh;
    if (!check(path, fresh)) return nullptr;
    if (entries_.size() >= kEntryLimit) {
      entries_.clear();
      memory_ = 0;
      for (const auto& form : fresh.forms) memory_ += form ? form->content.size() : 0;
    }
    found = entries_.emplace(std::string(path), std::move(fresh)).first;
    found->second.checked_at = now;
  } else if (found->second.checked_at != now) {
    if (!check(path, found->second)) {
      for (const auto& form : found->second.forms) memory_ -= form ? form->content.size() : 0;
      entries_.erase(found);
      return nullptr;
    }
    found->second.checked_at = now;
  }
  return &found->second;
}

void StaticFiles::serve(Connection& connection, const RequestHead& head) {
  if (head.method != "GET" && head.method != "HEAD") {
    return connection.answer(405, "Allow: GET, HEAD\r\n", "text/plain; charset=utf-8",
                             translated("Only GET and HEAD work here.").in(head.language()) + "\n");
  }
  const auto now = connection.worker().loop().wall_seconds();
  Entry* entry = nullptr;
  if (folder_ >= 0) {
    if (const auto known = entries_.find(head.path); known != entries_.end() && known->second.checked_at == now) {
      entry = &known->second;
    } else if (const auto path = file_path_of(head.path)) {
      entry = find(*path == "/" ? "/index.html" : *path, now);
      const bool own_page = path->rfind('.') == std::string::npos || path->rfind('.') < path->rfind('/');
      if (!entry && own_page && wants_page(head)) entry = find("/index.html", now);
    }
  }
  if (!entry) {
    if (!wants_page(head)) {
      return connection.answer(404, {}, "application/json", error_json("not_found", translated("There is no such file."), head.language()));
    }
    return connection.answer(404, kSecurityFields, "text/html; charset=utf-8",
                             error_page("There is no such page", "Check the address, or go back to the desktop.",
                                        "没有这个页面", "请检查地址，或返回桌面。"));
  }
  send(connection, head, best_form(head, *entry));
}

void StaticFiles::send(Connection& connection, const RequestHead& head, const Form& form) {
  if (names_tag(head, form.etag)) {
    return connection.answer(304, form.fields, {}, {});
  }
  if (const auto range = head.find(FieldName::Range); !range.empty() && head.method == "GET") {
    const auto condition = head.find(FieldName::IfRange);
    if (condition.empty() || condition == form.etag) {
      if (const auto part = parse_range(range, form.size())) {
        if (part->satisfiable) return send_range(connection, form, part->first, part->last);
        return connection.answer(416, fmt::format("Content-Range: bytes */{}\r\n", form.size()),
                                 "text/plain; charset=utf-8",
                                 translated("The file does not have these bytes.").in(head.language()) + "\n");
      }
    }
  }
  auto& text = connection.worker().text();
  text.assign(form.head);
  connection.end_head(text);
  bool sent = false;
  if (connection.is_head_request() || form.size() == 0) {
    sent = connection.send({text});
  } else if (!form.content.empty()) {
    sent = connection.send({text, form.content});
  } else {
    sent = connection.send_file(text, form.file, 0, form.size());
  }
  if (sent) connection.finish();
}

void StaticFiles::send_range(Connection& connection, const Form& form, std::uint64_t first, std::uint64_t last) {
  auto& text = connection.worker().text();
  text.clear();
  append_status_line(text, 206);
  text += form.fields;
  text += fmt::format("Content-Range: bytes {}-{}/{}\r\n", first, last, form.size());
  append_number_field(text, "Content-Length: ", last - first + 1);
  connection.end_head(text);
  const bool sent = form.content.empty()
                        ? connection.send_file(text, form.file, first, last - first + 1)
                        : connection.send({text, std::string_view(form.content).substr(first, last - first + 1)});
  if (sent) connection.finish();
}

std::optional<std::string> file_path_of(std::string_view request_path) {
  const auto decoded = percent_decode(request_path);
  if (!decoded || decoded->find('\0') != std::string::npos || decoded->find('\\') != std::string::npos) {
    return std::nullopt;
  }
  std::string path;
  std::string_view rest = *decoded;
  bool ends_with_slash = false;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    const auto segment = rest.substr(0, slash);
    ends_with_slash = slash != std::string_view::npos;
    rest = ends_with_slash ? rest.substr(slash + 1) : std::string_view();
    if (segment.empty()) continue;
    if (segment.front() == '.' && segment != ".well-known") return std::nullopt;
    path += '/';
    path += segment;
  }
  if (path.empty()) path = "/";
  return path;
}

std::string_view content_type_of(std::string_view path) {
  struct Known {
    std::string_view extension;
    std::string_view type;
  };
  static constexpr Known kKnown[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".jpeg", "image/jpeg"},
      {".webp", "image/webp"},
      {".avif", "image/avif"},
      {".gif", "image/gif"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".ttf", "font/ttf"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
      {".md", "text/markdown; charset=utf-8"},
      {".xml", "application/xml"},
      {".pdf", "application/pdf"},
      {".mp3", "audio/mpeg"},
      {".ogg", "audio/ogg"},
      {".mp4", "video/mp4"},
      {".webm", "video/webm"},
  };
  for (const auto& [extension, type] : kKnown) {
    if (path.ends_with(extension)) return type;
  }
  return "application/octet-stream";
}

}  // namespace hearth::gateway
