#include "memory/walk.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/temporary_folder.h"

namespace hearth::memory {
namespace {

// What was checked when it was named is not what is read if a link has taken its place.
TEST(Walk, FollowsNoLinkToItsOrigin) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "notes");
  std::filesystem::create_directories(folder.path() / "secrets");
  std::ofstream(folder.path() / "secrets/key.txt") << "hidden";
  const auto origin = (folder.path() / "notes").string();
  EXPECT_EQ(Walk::count(SourceKind::Folder, origin, 10), 0);
  std::filesystem::remove(origin);
  std::filesystem::create_symlink(folder.path() / "secrets", origin);
  EXPECT_FALSE(Walk::open(SourceKind::Folder, origin));
  EXPECT_FALSE(Walk::open_some(SourceKind::Folder, origin, {"key.txt"}));
  EXPECT_FALSE(Walk::open(SourceKind::Folder, origin + "/key.txt"));
  EXPECT_EQ(Walk::count(SourceKind::Folder, (folder.path() / "secrets").string(), 10), 1);
}

}  // namespace
}  // namespace hearth::memory
