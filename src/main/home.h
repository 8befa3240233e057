#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hearth {

// HEARTH_HOME: the one folder that holds everything of a box (DESIGN §5). Held exclusively while the object lives.
class Home {
 public:
  // Makes the folder when it is absent. Unavailable when another process holds it or it cannot be written.
  static Result<Home> open(std::filesystem::path path);
  Home(Home&& other) noexcept;
  Home& operator=(Home&&) = delete;
  ~Home();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

  // The 32 random bytes kept in keys/<name>; made on first use.
  Result<std::string> key(std::string_view name) const;

 private:
  Home(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_;
};

}  // namespace hearth
