#include "main/box.h"

#include "main/home_path.h"

namespace hearth {
namespace {

// Password hashing takes tens of megabytes at a time: two at once are enough, and no more is all an attacker gets.
constexpr std::size_t kCryptoThreads = 2;

// The byte surfaces of the files room.
constexpr std::array<std::string_view, 4> kFilePaths = {"/files/", "/uploads", "/dav", "/s/"};

std::filesystem::path beside_this_program(std::string_view name) {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / name;
}

bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

bool is_file_path(std::string_view path) {
  return std::any_of(kFilePaths.begin(), kFilePaths.end(), [&](const auto& prefix) { return path.starts_with(prefix); });
}

// The file of keys/ that says that this home's audit was begun.

std::unexpected<Error> lost_database(const Home& home) {
  return fail(Code::Corrupt, "{} has people's files and memories, but {} does not say who they are: it is missing, or was "
              "emptied. Put a backup of it back, or choose another home with --home DIR.", home.path().string(),
              (home / "system.db").string());
}

template <typename Found>
std::optional<surfaces::Authenticated> as_caller(Found found) {
  if (!found) return std::nullopt;
  return surfaces::Authenticated{std::move(found->principal), std::move(found->session), found->two_factor};
}

}  // namespace

Box::Box(Options options, Home home, Executor executor, Clock& clock)
    : options_(std::move(options)),
      home_(std::move(home)),
      executor_(std::move(executor)),
      clock_(clock),
      crypto_("crypto", kCryptoThreads),
      disk_("disk", 1),
      system_({.home = home_.path(), .version = HEARTH_VERSION}, clock) {}

Result<std::unique_ptr<Box>> Box::open(Options options, Executor executor, Clock& clock) {
  auto home = TRY(Home::open(options.home));
  std::unique_ptr<Box> box(new Box(std::move(options), std::move(home), std::move(executor), clock));
  TRY(box->open_rooms());
  return box;
}

Result<> Box::open_rooms() {
  // A new database would make the box anybody's who reads the console, with other people's data in it.
  const bool has_people = home_.holds_people();
  if (has_people && !home_.holds_database()) return lost_database(home_);
  auto audit_key = TRY(home_.key("audit"));
  auto memory_key = TRY(home_.key("memory"));
  auto identity_key = TRY(home_.key("identity"));
  database_ = TRY(store::Database::open(home_ / "system.db", {kernel::kernel_schema(), identity::identity_schema(),
                                                              files::files_schema(), gateway::entrances_schema()}));
  kernel_ = TRY(kernel::Kernel::create(*database_, std::move(audit_key), clock_, executor_,
                                        {.approval_timeout = options_.approval_time, .audit_anchor = home_ / "keys" / "audit-anchor"}));
  kernel::define_operations(*kernel_);
  TRY(open_identity(std::move(identity_key)));
  if (has_people && !identity_->claimed()) return lost_database(home_);
  files_ = TRY(files::Files::open({.folder = home_ / "files"}, *database_, clock_, executor_, files::doors_of(*kernel_)));
  files::define_operations(*kernel_, *files_);
  memory_ = std::make_unique<memory::Memory>(
      *kernel_, clock_,
      [this](kernel::Call call, std::string path) { return readable_path(std::move(call), std::move(path)); },
      [this](kernel::Call call, std::string path) { return free_path(std::move(call), std::move(path)); },
      memory::Memory::Options{.home = home_.path(), .people = home_ / "people", .extractor = beside_this_program("hearth-extract"),
                              .files = home_ / "files", .key = std::move(memory_key),
                              .words = options_.words});
  memory::define_operations(*kernel_, *memory_);
  entrances_ = TRY(gateway::Entrances::create(
      *database_, clock_,
      {.changed = [this] { publish(); },
       .leads_back = [this](std::string_view upstream) { return gateway_ && gateway_->listens_at(upstream); }}));
  gateway::define_operations(*kernel_, *entrances_);
  system::define_operations(*kernel_, system_);
  return {};
}

Result<> Box::open_identity(std::string key) {
  identity::Hooks hooks;
  hooks.entrance_sessions_changed = [this] { publish(); };
  hooks.session_ended = [this](const identity::Session& session) {
    kernel_->publish({"session", session.person, Json::object({{"ended", session.id}})});
  };
  hooks.role_changed = [this](std::string person) { return kernel_->role_changed(std::move(person)); };
  hooks.principal_removed = [this](std::string principal) { return kernel_->forget_principal(std::move(principal)); };
  hooks.person_removed = [this](std::string person, identity::DataDecision decision) {
    return remove_person(std::move(person), decision);
  };
  identity_ = TRY(identity::Identity::create(*database_, crypto_, clock_, executor_, std::move(key), {}, std::move(hooks)));
  identity::define_operations(*kernel_, *identity_);
  return {};
}

Task<Result<>> Box::remove_person(std::string person, identity::DataDecision decision) {
  co_await memory_->close(person);
  if (decision == identity::DataDecision::Remove) {
    CO_CHECK(co_await files_->forget_person(person));
  } else {
    CO_CHECK(co_await files_->release_person(person));
  }
  co_return co_await offload(disk_, [home = home_.path(), person, decision]() -> Result<> {
    std::error_code error;
    for (const auto* room : {"people", "files"}) {
      const auto folder = home / room / person;
      if (!std::filesystem::exists(folder, error)) continue;
      if (decision == identity::DataDecision::Remove) {
        std::filesystem::remove_all(folder, error);
      } else {
        // Out of the rooms' sight, but there for whoever keeps the machine.
        std::filesystem::create_directories(home / "removed" / person, error);
        if (!error) std::filesystem::rename(folder, home / "removed" / person / room, error);
      }
      if (error) return std::unexpected(Error::from_errno(error.value(), "removing {}", folder.string()));
    }
    return {};
  });
}

// A path is first one in the caller's files. The owner, in person, may name any other path on the box too, but nothing
// inside the home: what lies there is other people's, or the box's own. Of a folder above the home, the memory reads the rest.
Task<Result<std::filesystem::path>> Box::readable_path(kernel::Call call, std::string path) {
  const auto own_home = home_ / "files" / call.person() / "home";
  const auto own = co_await files_->stat(call.person(), path);
  const auto& principal = call.principal();
  const bool is_owner = principal.kind == kernel::Principal::Kind::Person && principal.role == kernel::Role::Owner;
  if (!own && !(is_owner && path.starts_with('/'))) {
    co_return fail(Code::NotFound, "There is nothing at {} in your files.", path);
  }
  co_return co_await offload(disk_, [=, home = home_.path(), mine = own.has_value()]() -> Result<std::filesystem::path> {
    std::error_code error;
    const auto real = std::filesystem::canonical(mine ? own_home / std::filesystem::path(path).relative_path() : std::filesystem::path(path), error);
    if (error) return fail(Code::NotFound, "There is nothing at {}, neither in your files nor on the box.", path);
    if (lies_in(real, std::filesystem::weakly_canonical(own_home, error))) return real;
    for (const auto* below : {"", "files", "people", "removed", "keys"}) {  // each may lie on a disk of its own
      const auto inside = std::filesystem::canonical(home / below, error);
      if (!error && lies_in(real, inside)) {
        return fail(Code::Forbidden, "{} lies in the box's own home. Name a path in your files, or elsewhere on the box.", path);
      }
    }
    return real;
  });
}

Task<Result<std::filesystem::path>> Box::free_path(kernel::Call call, std::string path) {
  const auto person = call.person();
  const auto there = co_await files_->stat(person, path);
  if (there) co_return fail(Code::AlreadyExists, "There is something at {} already. Name another folder.", path);
  if (there.error().code() != Code::NotFound) co_return std::unexpected(there.error());
  const auto relative = std::filesystem::path(path).relative_path();
  CO_CHECK(co_await files_->stat(person, "/" + relative.parent_path().string()));
  co_return co_await offload(disk_, [=, own_home = home_ / "files" / person / "home"]() -> Result<std::filesystem::path> {
    std::error_code error;
    const auto parent = std::filesystem::canonical(own_home / relative.parent_path(), error);
    if (error || !lies_in(parent, std::filesystem::weakly_canonical(own_home, error))) {
      return fail(Code::NotFound, "There is no folder in your files for {}.", path);
    }
    return parent / relative.filename();
  });
}

surfaces::Authentication Box::authentication() const {
  return {
      .session = [this](std::string_view token,
                        std::string_view address) { return as_caller(identity_->authenticate_session(token, address)); },
      .bearer = [this](std::string_view token) { return as_caller(identity_->authenticate_token(token)); },
      .console = [this](uid_t uid) { return *as_caller(std::optional(identity_->authenticate_console(uid))); },
  };
}

Task<Result<>> Box::start() {
  CO_CHECK(co_await identity_->start());
  CO_CHECK(co_await kernel_->start());
  CO_CHECK(co_await memory_->start(executor_));
  authentication_ = authentication();
  gateway::Options listen;
  listen.http = options_.http;
  listen.https = options_.https;
  CO_TRY(listen.unix_socket, socket_of(home_.path()));
  listen.certificate_folder = home_ / "keys";
  listen.desktop_folder = options_.desktop;
  listen.handler_paths = {"/api/", "/events", "/enter", "/hearth-root.crt", "/originals/"};
  listen.handler_paths.insert(listen.handler_paths.end(), kFilePaths.begin(), kFilePaths.end());
  CO_TRY(gateway_, gateway::Gateway::open(std::move(listen), executor_,
                                          [this](gateway::Exchange& exchange) { return serve(exchange); }));
  publish();
  co_return Result<>{};
}

void Box::publish() {
  if (!gateway_) return;
  auto snapshot = std::make_shared<gateway::Snapshot>();
  snapshot->domains = entrances_->domains();
  snapshot->entrances = entrances_->all();
  snapshot->sessions = identity_->entrance_sessions();
  gateway_->publish(std::move(snapshot));
}

void Box::announce(std::ostream& console, Language language) const {
  const auto say = [&](const Message& line) { console << line.in(language) << "\n"; };
  say(translated("Hearth is at http://hearth.localhost:{}", gateway_->http_port()));
  if (gateway_->https_port() != 0) say(translated("        and https://hearth.localhost:{}", gateway_->https_port()));
  if (!identity_->claimed()) say(translated("Nobody owns this box yet. Setup code: {}", identity_->setup_code()));
  console << std::flush;
}

Task<> Box::stop() {
  if (gateway_) co_await gateway_->stop(std::chrono::seconds(2));
  co_await memory_->stop();
  co_await kernel_->stop();
  co_await files_->stop();
  co_await identity_->stop();
}

Task<> Box::serve(gateway::Exchange& exchange) {
  const auto& path = exchange.request().path;
  if (!exchange.request().entrance.empty()) {
    co_await identity_->handle_entrance(exchange);
  } else if (path == "/enter") {
    co_await identity_->handle_enter(exchange);
  } else if (path.starts_with("/api/")) {
    co_await surfaces::serve_operation(*kernel_, authentication_, exchange);
  } else if (path == "/events") {
    co_await surfaces::serve_events(*kernel_, authentication_, exchange);
  } else if (path == "/hearth-root.crt" && gateway_->https_port() != 0) {
    (void)co_await exchange.respond({200,
                                     {{"Content-Type", "application/x-x509-ca-cert"},
                                      {"Content-Disposition", "attachment; filename=\"hearth-root.crt\""}},
                                     gateway_->certificate_authority()});
  } else if (is_file_path(path)) {
    co_await serve_files(exchange);
  } else if (path.starts_with("/originals/")) {
    co_await serve_original(exchange);
  } else {
    co_await surfaces::respond_error(exchange, Error(Code::NotFound, translated("There is nothing at {}.", path)));
  }
}

Task<> Box::serve_original(gateway::Exchange& exchange) {
  auto caller = surfaces::authenticate(exchange.request(), authentication_);
  if (!caller) {
    co_await surfaces::respond_error(exchange, caller.error());
    co_return;
  }
  const auto answered = co_await memory_->serve(exchange, std::move(caller->principal), std::move(caller->origin));
  // Cancelled: whoever asked has gone in the middle of the answer.
  if (!answered && answered.error().code() != Code::Cancelled) co_await surfaces::respond_error(exchange, answered.error());
}

Task<> Box::serve_files(gateway::Exchange& exchange) {
  auto caller = surfaces::authenticate(exchange.request(), authentication_);
  if (!caller && caller.error().code() == Code::Unauthenticated) {
    // A token that has ended: nobody. WebDAV then asks for another, and share links are open to all.
    co_await files_->serve(exchange, kernel::Principal::anyone(), {});
    co_return;
  }
  if (!caller) {
    co_await surfaces::respond_error(exchange, caller.error());
    co_return;
  }
  co_await files_->serve(exchange, std::move(caller->principal), std::move(caller->origin));
}

}  // namespace hearth
