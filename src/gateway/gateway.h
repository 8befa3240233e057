#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/describe.h"
#include "base/result.h"
#include "base/task.h"
#include "gateway/http.h"

// The data plane: listeners, TLS, host routing, static files, the reverse proxy. One event loop per core reads immutable
// snapshots that the home thread publishes; nothing here takes a lock on the way of a request.
namespace hearth::gateway {

// Who may pass. TwoFactor: a session that signed in with a second factor or a passkey.
enum class Access { Public, Private, TwoFactor };
HEARTH_DESCRIBE_ENUM(Access, Public, Private, TwoFactor)

struct PathRule {
  std::string path;  // a prefix on path segments: "/admin" covers "/admin" and "/admin/x", not "/administer"
  Access access = Access::Private;
};
HEARTH_DESCRIBE(PathRule, (path, "Path prefix this rule covers, such as /admin.", .zh = "规则覆盖的路径前缀，例如 /admin。"),
                (access, "Who may pass.", .zh = "谁可以访问。"))

// An app's web address: <id>.<domain> leads to `upstream`. The longest matching path rule decides, else `access`.
struct Entrance {
  std::string id;        // one DNS label: a-z, 0-9 and '-'
  std::string upstream;  // "127.0.0.1:3000" or "unix:/path"
  Access access = Access::Private;
  std::vector<PathRule> rules;
  std::string key;  // 32 bytes: signs the identity headers; the app checks them with it
};

// A person's session at one entrance, as the gateway threads see it.
struct EntranceSession {
  std::string entrance;
  std::string person;  // id
  std::string name;
  std::string role;  // "owner", "member", "guest"
  bool two_factor = false;
  Time expires;      // no request passes after this
  Duration idle = Duration::max();  // nor when the session was unused for longer
  // When this session last passed a request (microseconds since the epoch); written by gateway threads, read by identity
  // for idle expiry. Shared: the same counter outlives snapshots.
  std::shared_ptr<std::atomic<std::int64_t>> last_seen;
};

// Everything a gateway thread needs to decide, immutable once published.
struct Snapshot {
  std::vector<std::string> domains = {"hearth.localhost"};  // hosts of the box; entrances are one label below
  std::map<std::string, Entrance, std::less<>> entrances;   // by id
  // By SHA-256 of the cookie's token (32 bytes), so that a memory dump holds no usable cookie.
  std::unordered_map<std::string, EntranceSession> sessions;
};

struct Options {
  std::string http;                // "127.0.0.1:8080"; port 0 takes a free one
  std::string https;               // empty: no TLS listener
  std::string unix_socket;         // path; empty: none
  std::string certificate_folder;  // holds the local CA and the certificate it signed; made when absent
  std::string desktop_folder;      // the built desktop: static files of the box's own hosts
  unsigned threads = 0;            // 0: one per core
  unsigned progress_seconds = 30;  // in which some of a request's body must come, until its answer begins
  unsigned answer_seconds = 300;   // in which an app that has its request must begin to answer
  // Paths of the box's own hosts that go to the handler; all others are static files.
  std::vector<std::string> handler_paths;
};

// Called on the home thread for every request that is not a static file or an entrance's.
using Handler = std::function<Task<>(Exchange&)>;

class Gateway {
 public:
  // Binds and starts the threads. Unavailable when a port is in use, with what to do about it.
  static Result<std::unique_ptr<Gateway>> open(Options options, Executor home, Handler handler);
  ~Gateway();

  // Replaces what the threads read; requests under way keep the snapshot they began with, except that they are cut off when
  // their session, their entrance or its domain is gone, or its access refuses them now. Home thread.
  void publish(std::shared_ptr<const Snapshot> snapshot);

  // Whether an entrance with this upstream would lead back to the box: to a port it listens on, or to its own socket, where
  // every caller is its owner. publish() takes no such entrance; its visitors are told that the app does not answer.
  bool listens_at(std::string_view upstream) const;

  std::uint16_t http_port() const;
  std::uint16_t https_port() const;      // 0 without TLS
  std::string certificate_authority() const;  // the local root, PEM; "" without TLS

  // Stops accepting, lets exchanges under way finish for `grace`, then closes what is left.
  Task<> stop(Duration grace);

 private:
  struct Implementation;
  explicit Gateway(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace hearth::gateway
