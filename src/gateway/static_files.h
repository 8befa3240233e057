#pragma once
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/http.h"
#include "gateway/request_head.h"

namespace hearth::gateway {

class Connection;

// The files of one folder over HTTP: validators, ranges, precompressed siblings (.br, .gz), and the start page for paths
// that are the desktop's own. Small files and open descriptors are kept, within a bound, and checked once a second.
class StaticFiles {
 public:
  StaticFiles(const std::string& folder, std::size_t memory_limit);
  ~StaticFiles();
  StaticFiles(const StaticFiles&) = delete;
  StaticFiles& operator=(const StaticFiles&) = delete;

  // Answers the request on the connection.
  void serve(Connection& connection, const RequestHead& head);

 private:
  // One stored form of a file: as it is, or precompressed.
  struct Form {
    std::shared_ptr<const FileSlice> file;
    std::string etag;
    std::string fields;  // Content-Type … Vary: every field that does not depend on the request
    std::string head;    // of a plain 200, up to the Date field
    std::string content;  // the whole of a small file
    std::int64_t modified_nanoseconds = 0;
    std::uint64_t inode = 0;
    std::uint64_t size() const { return file->length(); }
  };
  struct Entry {
    std::array<std::unique_ptr<Form>, 3> forms;  // identity, gzip, br
    std::int64_t checked_at = 0;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  Entry* find(std::string_view path, std::int64_t now);
  bool check(std::string_view path, Entry& entry);
  std::unique_ptr<Form> open_form(std::string_view path, std::string_view suffix);
  static const Form& best_form(const RequestHead& head, const Entry& entry);
  void send(Connection& connection, const RequestHead& head, const Form& form);
  void send_range(Connection& connection, const Form& form, std::uint64_t first, std::uint64_t last);

  int folder_;
  std::size_t memory_limit_;
  std::size_t memory_ = 0;
  std::unordered_map<std::string, Entry, TextHash, std::equal_to<>> entries_;
};

// "/a/b" of a request path: decoded, without empty or dot segments; none when it has parts that no file of ours has
// ("..", NUL, a backslash, names that begin with a dot).
std::optional<std::string> file_path_of(std::string_view request_path);
std::string_view content_type_of(std::string_view path);

}  // namespace hearth::gateway
