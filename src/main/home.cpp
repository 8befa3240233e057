#include "main/home.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <optional>
#include <thread>

#include "base/bytes.h"
#include "main/home_path.h"
#include "store/blob_store.h"

namespace hearth {
namespace {

constexpr auto kDyingWait = std::chrono::seconds(3);

// Locks the home. Where another box keeps it, its process id, "?" where that is unknown.
//
// A child that a killed box was just starting holds the box's files until it is its own program: where the process that took
// the lock is gone, it is free in a moment, and worth that moment.
std::optional<std::string> take_lock(int lock, const std::filesystem::path& path) {
  const auto deadline = std::chrono::steady_clock::now() + kDyingWait;
  while (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    pid_t holder = 0;
    std::ifstream(path) >> holder;
    const bool gone = holder > 0 && ::kill(holder, 0) != 0 && errno == ESRCH;
    if (!gone || std::chrono::steady_clock::now() > deadline) return holder > 0 ? std::to_string(holder) : "?";
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return std::nullopt;
}

}  // namespace

Result<Home> Home::open(std::filesystem::path path) {
  std::error_code error;
  path = std::filesystem::absolute(path, error);
  TRY(socket_of(path));
  std::filesystem::create_directories(path / "keys", error);
  if (error) {
    return fail(Code::Unavailable, "The home {} cannot be made: {}. Choose another with --home DIR.", path.string(),
                reason_of(error.value()));
  }
  std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  std::filesystem::permissions(path / "keys", std::filesystem::perms::owner_all, error);

  const auto lock_path = path / "lock";
  const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) {
    return fail(Code::Unavailable, "The home {} cannot be written: {}. Check who owns it, or choose another with --home DIR.",
                path.string(), reason_of(errno));
  }
  if (const auto holder = take_lock(lock, lock_path)) {
    ::close(lock);
    return fail(Code::Unavailable, "Another box uses the home {} (process {}). Stop it first, or choose another with --home DIR.",
                path.string(), *holder);
  }
  const auto process = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, process.data(), process.size(), 0) < 0) {
    auto failure = Error::from_errno(errno, "writing {}", lock_path.string());
    ::close(lock);
    return std::unexpected(std::move(failure));
  }
  return Home(std::move(path), lock);
}

Home::Home(Home&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

Home::~Home() {
  if (lock_ >= 0) ::close(lock_);
}

bool Home::holds_people() const {
  std::error_code error;
  return std::ranges::any_of(std::array{"people", "files"}, [&](const char* room) {
    return std::filesystem::directory_iterator(path_ / room, error) != std::filesystem::directory_iterator();
  });
}

bool Home::holds_database() const {
  std::error_code error;
  return std::filesystem::file_size(path_ / "system.db", error) > 0 && !error;
}

Result<std::string> Home::key(std::string_view name) const {
  const auto path = path_ / "keys" / name;
  auto stored = store::read_file(path);
  if (stored && stored->size() == 32) return stored;
  if (stored) return fail(Code::Corrupt, "The key {} is damaged. Restore it from a backup.", path.string());
  if (stored.error().code() != Code::NotFound) return stored;
  if (holds_database()) {
    return fail(Code::Corrupt, "The key {} is missing: without it, what was sealed with it cannot be opened. Restore it from a backup.",
                path.string());
  }
  auto key = random_bytes(32);
  TRY(store::write_file_atomically(path, key));
  return key;
}

}  // namespace hearth
