#pragma once
#include <cstdlib>
#include <filesystem>

#include <sys/un.h>

#include "base/result.h"

// Where a box is found, by hearthd and by hearth.
namespace hearth {

// $HEARTH_HOME, else ~/.hearth; "" where the environment says neither.
inline std::filesystem::path home_of_environment() {
  const auto value = [](const char* name) {
    const char* text = std::getenv(name);
    return std::filesystem::path(text ? text : "");
  };
  if (const auto home = value("HEARTH_HOME"); !home.empty()) return home;
  const auto own = value("HOME");
  return own.empty() ? own : own / ".hearth";
}

// Refuses a home that nobody named.
inline Result<> check_named(const std::filesystem::path& home) {
  if (home.empty()) return fail(Code::InvalidInput, "HOME is not set: name the box's home with --home DIR.");
  return {};
}

// The unix socket of the box in `home`.
inline Result<std::filesystem::path> socket_of(const std::filesystem::path& home) {
  constexpr std::size_t kLongest = sizeof(sockaddr_un::sun_path) - 1;
  auto path = home / "hearth.sock";
  if (path.native().size() <= kLongest) return path;
  return fail(Code::InvalidInput, "The socket path {} is too long ({} bytes at most). Choose a home with a shorter path: --home DIR.", path.string(),
              kLongest);
}

}  // namespace hearth
