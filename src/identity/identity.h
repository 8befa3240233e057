#pragma once
#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/task.h"
#include "gateway/gateway.h"
#include "identity/attempts.h"
#include "identity/forms.h"
#include "identity/password.h"
#include "identity/sessions.h"
#include "kernel/operation.h"
#include "kernel/principal.h"
#include "store/store.h"

// People, sessions, passkeys, one-time codes, recovery codes, devices, tokens and the hand-over to entrances.
namespace hearth::kernel {
class Kernel;
}

namespace hearth::identity {

// The room's part of the schema of system.db.
store::Schema identity_schema();

// Who makes a request, found without waiting.
struct Authenticated {
  kernel::Principal principal;
  std::string session;  // the id of the session or token; "" for the console and for nobody
  bool two_factor = false;
};

struct Options {
  Duration idle = std::chrono::hours(24 * 14);      // a session unused for so long ends
  Duration absolute = std::chrono::hours(24 * 90);  // and every session after this
  Duration confirmed = std::chrono::minutes(10);    // sensitive changes need no password for so long after it was given
  PasswordCost password_cost;
};

// What to do with a removed person's data.
enum class DataDecision { Keep, Remove };
HEARTH_DESCRIBE_ENUM(DataDecision, Keep, Remove)

// What the room tells others. Each may be empty. Called on the home thread.
struct Hooks {
  std::function<void()> entrance_sessions_changed;          // publish entrance_sessions() to the gateway
  std::function<void(const std::string&)> session_ended;    // its id: close what it holds open
  // Removes or sets aside what a removed person leaves. Idempotent: called again after a crash until it succeeds.
  std::function<Task<Result<>>(std::string, DataDecision)> person_removed;
};

// The room. Home thread only; password hashing runs on `crypto` (one or two threads, so that many attempts cannot exhaust
// the memory).
class Identity {
 public:
  // `system` is system.db, opened with identity_schema() among its schemas; `keys` is the folder in which the box's key
  // lies, made when absent. References outlive the object. Reads the database on the calling thread.
  static Result<std::unique_ptr<Identity>> create(store::Database& system, ThreadPool& crypto, Clock& clock, Executor home,
                                                  const std::filesystem::path& keys, Options options, Hooks hooks);
  ~Identity();

  // Finishes what a crash left half done and begins to end sessions in time. Once.
  Task<Result<>> start();
  // Stores when sessions were last seen. Once, before destruction.
  Task<> stop();

  // --- for the surfaces: synchronous, no I/O ---

  // Whether the box has had an owner. Never becomes false again.
  bool claimed() const { return claimed_; }
  // The code that lets the first visitor become the owner: ten characters in two groups. The same after a restart; it is
  // stored nowhere but follows from the box's key. Means nothing once the box is claimed.
  std::string setup_code() const;

  // The person behind the desktop's cookie. Unauthenticated when there is no such session or it has ended.
  Result<Authenticated> authenticate_session(std::string_view token, std::string_view address = "");
  // The app, run, device or peer behind a bearer token. Unauthenticated as above.
  Result<Authenticated> authenticate_token(std::string_view token);
  // A process on the box's own socket: root and the box's own user act as the box's first owner, others as nobody.
  Authenticated authenticate_console(uid_t uid) const;

  const Person* person(const std::string& id) const;

  // Who may pass at the entrances, by SHA-256 of the cookie's token: for the gateway's snapshot.
  std::unordered_map<std::string, gateway::EntranceSession> entrance_sessions() const;

  // --- the operations ---
  Task<Result<StateOutput>> state(kernel::Call call);
  Task<Result<SignInOutput>> setup(kernel::Call call, SetupInput input);
  Task<Result<SignInOutput>> sign_in(kernel::Call call, SignInInput input);
  Task<Result<>> sign_out(kernel::Call call);
  Task<Result<>> confirm(kernel::Call call, ConfirmInput input);
  Task<Result<DevicesOutput>> devices(kernel::Call call);
  Task<Result<>> revoke_device(kernel::Call call, SessionInput input);

 private:
  // What a sign-in is checked against, as stored.
  struct Credentials {
    std::string person;
    std::string password;
    std::int64_t version = 0;
    std::optional<std::string> code_secret;
  };

  Identity(store::Database& system, ThreadPool& crypto, Clock& clock, Executor home, Options options, Hooks hooks);

  Task<> sweep();
  Task<Result<>> end_stale();

  Task<Result<Credentials>> credentials(std::string person);
  Task<bool> verify(std::string hash, std::string password);
  Task<Result<std::string>> hash(std::string password);

  std::vector<Attempts::Lane> sign_in_lanes(const std::string& name, const std::string& person, const kernel::Origin& origin,
                                            const std::optional<std::string>& device) const;
  std::string make_device(const std::string& person) const;
  // The nonce of a device credential that belongs to `person`.
  std::optional<std::string> device_nonce(const std::string& person, const std::string& device) const;

  // Begins a session if the person's credentials are still those of `version`; else Conflict.
  Task<Result<>> begin_session(kernel::Call call, std::string person, std::int64_t version, std::string kind, bool two_factor);
  // Ends sessions in memory at once, and tells the hooks.
  void forget_sessions(const std::function<bool(const Session&)>& matches);
  // That the caller is a person, who gave a password or passkey lately. Forbidden says to confirm first.
  Result<> require_confirmed(const kernel::Call& call);
  Result<> require_person(const kernel::Call& call) const;
  void entrances_changed() const;

  std::string digest_code(std::string_view purpose, std::string_view code) const;

  store::Database& system_;
  ThreadPool& crypto_;
  Clock& clock_;
  const Options options_;
  const Hooks hooks_;
  std::string key_;         // 32 bytes, of the box
  bool claimed_ = false;
  std::map<std::string, Person> people_;                    // by id
  std::map<std::string, std::set<std::string>> networks_;   // by person
  SessionTable sessions_;
  Attempts attempts_;
  int verifications_ = 0;  // waiting for the crypto pool
  TaskGroup tasks_;
};

// Defines identity.*.
void define_operations(kernel::Kernel& kernel, Identity& identity);

}  // namespace hearth::identity
