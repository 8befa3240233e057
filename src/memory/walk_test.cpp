#include "memory/walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <fstream>

#include "base/temporary_folder.h"

namespace hearth::memory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class WalkTest : public testing::Test {
 protected:
  std::string write(const std::string& path, std::string_view bytes = "text") {
    std::filesystem::create_directories((folder_.path() / path).parent_path());
    std::ofstream(folder_.path() / path, std::ios::binary) << bytes;
    return (folder_.path() / path).string();
  }

  std::vector<std::string> places(Result<Walk> walk) {
    EXPECT_TRUE(walk.has_value());
    std::vector<std::string> found;
    while (walk) {
      const auto file = walk->next();
      if (!file) break;
      found.push_back(file->place + (file->format == extract::Format::Message ? " message" : ""));
    }
    return found;
  }

  TemporaryFolder folder_;
};

// What was checked when it was named is not what is read if a link has taken its place.
TEST_F(WalkTest, FollowsNoLinkToItsOrigin) {
  write("secrets/key.txt", "hidden");
  std::filesystem::create_directories(folder_.path() / "notes");
  const auto origin = (folder_.path() / "notes").string();
  EXPECT_THAT(places(Walk::open(SourceKind::Folder, origin)), IsEmpty());
  std::filesystem::remove(origin);
  std::filesystem::create_symlink(folder_.path() / "secrets", origin);
  EXPECT_FALSE(Walk::open(SourceKind::Folder, origin));
  EXPECT_FALSE(Walk::open_some(SourceKind::Folder, origin, {"key.txt"}));
  EXPECT_FALSE(Walk::open(SourceKind::Folder, origin + "/key.txt"));
  EXPECT_THAT(places(Walk::open(SourceKind::Folder, (folder_.path() / "secrets").string())), ElementsAre("key.txt"));
}

TEST_F(WalkTest, EntersNoClosedFolder) {
  write("box/files/bob/home/secret.md");
  write("box/files/ann/home/own.md");
  write(".box/files/bob/home/secret.eml");
  write("note.md");
  const auto root = folder_.path().string();
  const std::array<std::filesystem::path, 3> boxes = {folder_.path() / "box", folder_.path() / "box/files", folder_.path() / ".box"};
  const ClosedFolders closed(boxes);
  EXPECT_THAT(places(Walk::open(SourceKind::Folder, root, closed)), ElementsAre("note.md"));
  EXPECT_THAT(places(Walk::open(SourceKind::Mail, root, closed)), ElementsAre("note.md"));
  EXPECT_THAT(places(Walk::open_some(SourceKind::Folder, root, {"box", "box/files/bob/home", "box/files/bob/home/secret.md", "note.md"}, closed)),
              ElementsAre("note.md"));
  EXPECT_THAT(places(Walk::open(SourceKind::Folder, root + "/box", closed)), IsEmpty());
  EXPECT_EQ(Walk::measure(SourceKind::Folder, root, 100, closed).files, 1);
  // One's own files are where one begins.
  EXPECT_THAT(places(Walk::open(SourceKind::Files, root + "/box/files/ann/home", closed)), ElementsAre("own.md"));
}

TEST_F(WalkTest, LeavesOutExportedMemories) {
  const std::string manifest = R"({"format": "hearth-memory", "version": 1})";
  write("Memory 2026-11-30/manifest.json", manifest);
  write("Memory 2026-11-30/originals/1-Files/letter.docx");
  write("app/manifest.json", R"({"format": "something else"})");
  write("app/page.html");
  const auto root = folder_.path().string();
  EXPECT_THAT(places(Walk::open(SourceKind::Folder, root)), ElementsAre("app/manifest.json", "app/page.html"));
  EXPECT_THAT(places(Walk::open_some(SourceKind::Folder, root, {"Memory 2026-11-30", "Memory 2026-11-30/originals/1-Files/letter.docx"})), IsEmpty());
  // Named itself, it is read.
  EXPECT_THAT(places(Walk::open(SourceKind::Folder, root + "/Memory 2026-11-30")), ElementsAre("manifest.json", "originals/1-Files/letter.docx"));
}

TEST_F(WalkTest, KnowsAMaildirInAnyFolder) {
  write("backup/Maildir/cur/1:2,S");
  write("backup/Maildir/new/2");
  write("backup/Maildir/tmp/3");
  write("backup/Maildir/.Sent/cur/4:2,RS");
  std::filesystem::create_directories(folder_.path() / "backup/Maildir/.Sent/new");
  write("backup/Maildir/.hidden/5");
  write("backup/new/6");  // no Maildir: nothing is beside it
  const auto root = folder_.path().string();
  const auto all = ElementsAre("backup/Maildir/.Sent/4 message", "backup/Maildir/1 message", "backup/Maildir/2 message", "backup/new/6");
  EXPECT_THAT(places(Walk::open(SourceKind::Folder, root)), all);
  EXPECT_THAT(places(Walk::open(SourceKind::Files, root)), all);
  EXPECT_THAT(places(Walk::open(SourceKind::Folder, root + "/backup/Maildir/cur")), ElementsAre("1 message"));
  EXPECT_THAT(places(Walk::open_some(SourceKind::Folder, root, {"backup/Maildir/cur/1:2,S", "backup/Maildir/tmp/3", "backup/Maildir/.Sent/cur/4:2,RS"})),
              ElementsAre("backup/Maildir/.Sent/4 message", "backup/Maildir/1 message"));
}

TEST_F(WalkTest, SaysWhatASocketIs) {
  const int made = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = (folder_.path() / "socket").string();
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(::bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  const auto walk = Walk::open(SourceKind::Folder, path);
  ::close(made);
  ASSERT_FALSE(walk.has_value());
  EXPECT_EQ(walk.error().code(), Code::Unsupported);
}

}  // namespace
}  // namespace hearth::memory
