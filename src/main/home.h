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

  // Whether there are files or memories of people in it.
  bool holds_people() const;
  // Whether system.db, which says who they are, is there and not empty.
  bool holds_database() const;

  // The 32 random bytes kept in keys/<name>; made before the database is, and missed when they are gone later.
  Result<std::string> key(std::string_view name) const;

 private:
  Home(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_;
};

}  // namespace hearth
