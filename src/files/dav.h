#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/dav_headers.h"
#include "files/dav_locks.h"
#include "files/dav_properties.h"
#include "files/implementation.h"

namespace hearth::files {

// One WebDAV request (RFC 4918, classes 1 and 2) to a person's home. Each method gives its answer, or an error that says
// what to answer; those that stream answer themselves and give none.
class DavRequest {
 public:
  using Answer = Task<Result<std::optional<gateway::Response>>>;

  DavRequest(Files& files, Files::Implementation& inside, gateway::Exchange& exchange, kernel::Principal principal,
             kernel::Origin origin)
      : files_(files),
        inside_(inside),
        exchange_(exchange),
        request_(exchange.request()),
        principal_(std::move(principal)),
        origin_(std::move(origin)),
        person_(principal_.person) {}

  Task<> serve();

 private:
  Answer dispatch();

  Answer options();
  Answer get();
  Answer put();         // dav_tree.cpp, and what follows
  Answer make_folder();
  Answer remove();
  Answer copy();
  Answer move();
  Answer find_properties();  // dav_propfind.cpp
  Answer patch_properties();
  Answer lock();        // dav_lock.cpp
  Answer refresh_lock();
  Answer unlock();

  Task<Result<>> permit(std::string operation, std::string path);
  // None: there is nothing at that path. Other errors stay errors.
  Task<Result<std::optional<Status>>> status_of_path(std::string path);
  // The status of what `path` is in. Conflict (409) when that is no folder.
  Task<Result<>> check_parent(std::string path);

  // Whether the If header holds (none: it does), and what it hands in. InvalidInput when malformed.
  Task<Result<>> check_if();
  // Whether the locks let this request change `path`. Entry: it comes or goes, so its folder's lock counts too; Tree: and
  // all that is below it.
  enum class Touch { Content, Entry, Tree };
  Result<> check_locks(const std::string& path, Touch touch);

  struct Destination {
    std::string path;
    bool overwrite = true;
    std::optional<Status> status;  // of what is there now
  };
  Task<Result<Destination>> destination();
  Task<Result<>> stage_tree(std::string path, std::string staging, Depth depth);

  Task<Result<std::optional<XmlElement>>> read_xml();

  Files& files_;
  Files::Implementation& inside_;
  gateway::Exchange& exchange_;
  const gateway::Request& request_;
  kernel::Principal principal_;
  kernel::Origin origin_;
  std::string person_;
  std::string path_;
  std::vector<std::string> tokens_;  // that the If header submitted
};

// The answer of a status without more: <D:error> with the precondition that failed, where there is one.
gateway::Response dav_status(int status, std::string_view precondition = "", std::string_view href = "");

// Errors carry the HTTP status that WebDAV wants where that differs from what their code stands for.
Error dav_error(int status, Message message);
int dav_status_of(const Error& error);

inline constexpr std::size_t kLongestXml = 1 << 20;

}  // namespace hearth::files
