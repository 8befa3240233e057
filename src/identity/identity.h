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
#include "identity/factor_forms.h"
#include "identity/forms.h"
#include "identity/password.h"
#include "identity/people_forms.h"
#include "identity/sessions.h"
#include "identity/web_authn.h"
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

// What the room tells others. Each may be empty. Called on the home thread.
struct Hooks {
  std::function<void()> entrance_sessions_changed;          // publish entrance_sessions() to the gateway
  std::function<void(const Session&)> session_ended;        // close what it holds open
  std::function<Task<Result<>>(std::string person)> role_changed;
  // The next two are idempotent: called again, after a crash too, until they succeed.
  // Takes its grants, approvals and jobs from a principal that is gone: a person, or what a token stood for.
  std::function<Task<Result<>>(std::string principal)> principal_removed;
  // Removes or sets aside the files and the memory of a person who is gone.
  std::function<Task<Result<>>(std::string person, DataDecision)> person_removed;
};

// The room. Home thread only; password hashing runs on `crypto` (one or two threads, so that many attempts cannot exhaust
// the memory).
class Identity {
 public:
  // `system` is system.db, opened with identity_schema() among its schemas; `key` is the
  // box's, 32 bytes: it seals the one-time codes' secrets. References outlive the object. Reads the database on the calling thread.
  static Result<std::unique_ptr<Identity>> create(store::Database& system, ThreadPool& crypto, Clock& clock, Executor home,
                                                  std::string key, Options options, Hooks hooks);
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

  // GET /enter?entrance=…&return=…&state=… on the box's own host: hands a person who is signed in over to an entrance with a
  // code, sends others to the desktop's sign-in. Answers the exchange.
  Task<> handle_enter(gateway::Exchange& exchange);
  // /.hearth/enter and /.hearth/leave on an entrance's host.
  Task<> handle_entrance(gateway::Exchange& exchange);

  // --- the operations: each as its definition in operations.cpp says ---
  Task<Result<StateOutput>> state(kernel::Call call);
  Task<Result<SignInOutput>> setup(kernel::Call call, SetupInput input);
  Task<Result<SignInOutput>> sign_in(kernel::Call call, SignInInput input);
  Task<Result<>> sign_out(kernel::Call call);
  Task<Result<>> confirm(kernel::Call call, ConfirmInput input);
  Task<Result<DevicesOutput>> devices(kernel::Call call);
  Task<Result<>> revoke_device(kernel::Call call, SessionInput input);
  Task<Result<EventsOutput>> events(kernel::Call call);

  Task<Result<PeopleOutput>> people(kernel::Call call);
  Task<Result<Person>> update_profile(kernel::Call call, UpdateProfileInput input);
  Task<Result<>> change_password(kernel::Call call, ChangePasswordInput input);
  Task<Result<Person>> create_person(kernel::Call call, CreatePersonInput input);
  Task<Result<>> change_role(kernel::Call call, ChangeRoleInput input);
  Task<Result<CodeOutput>> reset_password(kernel::Call call, ResetPasswordInput input);
  Task<Result<>> remove_person(kernel::Call call, RemovePersonInput input);
  Task<Result<CodeOutput>> invite(kernel::Call call, InviteInput input);
  Task<Result<InvitationsOutput>> invitations(kernel::Call call);
  Task<Result<>> revoke_invitation(kernel::Call call, InvitationInput input);
  Task<Result<SignInOutput>> accept_invitation(kernel::Call call, AcceptInvitationInput input);
  Task<Result<>> set_password(kernel::Call call, SetPasswordInput input);

  Task<Result<StartCodesOutput>> start_codes(kernel::Call call);
  Task<Result<RecoveryCodesOutput>> confirm_codes(kernel::Call call, CodeInput input);
  Task<Result<>> remove_codes(kernel::Call call);
  Task<Result<RecoveryCodesOutput>> recovery_codes(kernel::Call call);

  Task<Result<StartPasskeyOutput>> start_passkey(kernel::Call call);
  Task<Result<Passkey>> finish_passkey(kernel::Call call, FinishPasskeyInput input);
  Task<Result<PasskeysOutput>> passkeys(kernel::Call call);
  Task<Result<>> remove_passkey(kernel::Call call, PasskeyInput input);
  Task<Result<StartPasskeySignInOutput>> start_passkey_sign_in(kernel::Call call);
  Task<Result<SignInOutput>> finish_passkey_sign_in(kernel::Call call, FinishPasskeySignInInput input);

  Task<Result<CreateTokenOutput>> create_token(kernel::Call call, CreateTokenInput input);
  Task<Result<TokensOutput>> tokens(kernel::Call call);
  Task<Result<>> revoke_token(kernel::Call call, TokenInput input);

 private:
  // What a sign-in is checked against, as stored.
  struct Credentials {
    std::string person;
    std::string password;
    std::int64_t version = 0;
    std::optional<std::string> code_secret;
    std::int64_t code_step = 0;
  };
  struct TokenEntry {
    std::string person;
    Token token;
  };
  // A hand-over under way: worth one session at one entrance, for a minute.
  struct HandOver {
    std::string entrance;
    std::string session;
    std::string state;
    Time expires;
  };
  struct PendingCodes {
    std::string secret;
    Time expires;
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
  enum class Proof { Password, TwoFactors };
  Task<Result<>> begin_session(kernel::Call call, std::string person, std::int64_t version, EventKind kind, Proof proof);
  // Checks what was typed as a one-time code or recovery code, and uses it up. Gives how many recovery codes are left when
  // it was one. Unauthenticated when it is neither.
  Task<Result<std::optional<std::int64_t>>> use_code(Credentials stored, std::string typed);
  // Ends sessions in memory at once, and tells the hooks.
  // Whether the session is past its time, or was unused for too long.
  bool is_over(const Session& session, Time now) const;
  void forget_sessions(const std::function<bool(const Session&)>& matches);
  // Adds a person unless the name is taken, in the caller's transaction.
  static Result<> insert_person(store::Connection& connection, const Person& person, const std::string& password);
  // Writes down, in the caller's transaction, what happened to a person's account, for that person to see.
  static Result<> insert_event(store::Connection& connection, const std::string& person, EventKind kind,
                               const kernel::Call& call, Time at);
  // Tells the hooks of principals that are gone, and forgets each once they are done.
  Task<Result<>> finish_departures();
  // Stores new recovery codes in place of the old ones, in the caller's transaction; gives them to show.
  Result<std::vector<std::string>> renew_recovery_codes(store::Connection& connection, const std::string& person) const;
  Result<CodeOutput> new_code(std::chrono::hours wait, std::chrono::hours life) const;
  Result<std::string> passkey_host(const kernel::Call& call) const;
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
  std::unordered_map<std::string, TokenEntry> tokens_;    // by SHA-256 of the secret, hex
  std::map<std::string, PendingCodes> pending_codes_;     // by person
  std::unordered_map<std::string, HandOver> hand_overs_;  // by SHA-256 of the code, hex
  Challenges challenges_;
  Attempts attempts_;
  int verifications_ = 0;  // waiting for the crypto pool
  TaskGroup tasks_;
};

// Defines identity.*.
void define_operations(kernel::Kernel& kernel, Identity& identity);

}  // namespace hearth::identity
