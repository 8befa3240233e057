#include "files/root.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/temporary_folder.h"
#include "base/testing.h"

namespace hearth::files {
namespace {

class RootTest : public testing::Test {
 protected:
  RootTest() {
    std::filesystem::create_directories(folder_.path() / "outside");
    std::ofstream(folder_.path() / "outside" / "secret") << "secret";
  }
  std::filesystem::path inside() const { return folder_.path() / "root"; }

  TemporaryFolder folder_;
  Root root_ = *Root::open(folder_.path() / "root");
};

TEST_F(RootTest, NoLinkLeadsOut) {
  // Each is made in the root; none may be read, written, listed, moved or copied through.
  const std::vector<std::pair<std::string, std::string>> links = {
      {"absolute", folder_.path() / "outside"}, {"relative", "../outside"}, {"to_file", "../outside/secret"},
      {"dots", ".."},                           {"self", "."},              {"proc", "/proc/self/cwd"},
      {"inside", "real"},
  };
  std::filesystem::create_directories(inside() / "real");
  for (const auto& [name, target] : links) {
    std::filesystem::create_symlink(target, inside() / name);
    const auto path = "/" + name;
    for (const auto& below : {path, path + "/secret", path + "/outside/secret"}) {
      EXPECT_FALSE(root_.status(below)) << below;
      EXPECT_FALSE(root_.open_file(below)) << below;
      EXPECT_FALSE(root_.open_for_writing(below)) << below;
      EXPECT_FALSE(root_.open_folder(below)) << below;
      EXPECT_FALSE(root_.create_file(below)) << below;
      EXPECT_FALSE(root_.list(below, [](const auto&, const auto&) { return Result<>(); })) << below;
      EXPECT_FALSE(root_.rename(below, root_, "/stolen", Root::Existing::Refuse)) << below;
      EXPECT_FALSE(root_.rename("/real", root_, below, Root::Existing::Refuse)) << below;
    }
    EXPECT_FALSE(root_.make_folder(path + "/new"));
  }
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "outside" / "secret"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path() / "outside"), {}), 1);
  const auto passed_over = root_.list("/", [](const auto& name, const auto&) {
    EXPECT_EQ(name, "real");
    return Result<>();
  });
  EXPECT_EQ(passed_over.value_or(-1), static_cast<std::int64_t>(links.size()));
}

TEST_F(RootTest, RemovingATreeStopsAtLinks) {
  std::filesystem::create_directories(inside() / "a" / "b");
  std::filesystem::create_symlink(folder_.path() / "outside", inside() / "a" / "b" / "link");
  std::ofstream(inside() / "a" / "b" / "file") << "x";
  ASSERT_TRUE(root_.remove_tree("/a"));
  EXPECT_FALSE(std::filesystem::exists(inside() / "a"));
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "outside" / "secret"));
  EXPECT_TRUE(root_.remove_tree("/a")) << "gone already is no error";
}

// While one thread swaps a folder for a link that leads out, nothing outside is ever read or made.
TEST_F(RootTest, HoldsAgainstASwappingThread) {
  std::filesystem::create_directories(inside() / "real");
  std::ofstream(inside() / "real" / "secret") << "mine";
  std::filesystem::create_symlink(folder_.path() / "outside", inside() / "link");
  const auto work = inside() / "work";
  std::filesystem::rename(inside() / "real", work);
  std::atomic<bool> stop = false;
  std::thread swapper([&] {
    while (!stop) {
      ::rename(work.c_str(), (inside() / "real").c_str());
      ::rename((inside() / "link").c_str(), work.c_str());
      ::rename(work.c_str(), (inside() / "link").c_str());
      ::rename((inside() / "real").c_str(), work.c_str());
    }
  });
  int read = 0;
  for (int i = 0; i < 20'000 && !HasFailure(); ++i) {
    if (const auto file = root_.open_file("/work/secret")) {
      const auto text = read_at(file->get(), 0, 100);
      EXPECT_EQ(text.value_or(""), "mine");
      ++read;
    }
    (void)root_.create_file("/work/new");
    (void)root_.make_folder("/work/folder");
  }
  stop = true;
  swapper.join();
  EXPECT_GT(read, 0);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path() / "outside"), {}), 1);
}

TEST_F(RootTest, KnowsOnlyPlainFilesAndFolders) {
  ASSERT_EQ(::mkfifo((inside() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(refusal(root_.status("/pipe")), Code::NotFound);
  EXPECT_EQ(refusal(root_.open_file("/pipe")), Code::NotFound);  // and does not hang
  EXPECT_FALSE(root_.rename("/pipe", root_, "/other", Root::Existing::Refuse));
  std::ofstream(inside() / "bad\nname") << "x";
  EXPECT_EQ(root_.list("/", [](const auto&, const auto&) { return Result<>(); }).value_or(-1), 2);
}

TEST_F(RootTest, RefusesToReplaceUnlessTold) {
  std::ofstream(inside() / "a") << "a";
  std::ofstream(inside() / "b") << "b";
  EXPECT_EQ(refusal(root_.rename("/a", root_, "/b", Root::Existing::Refuse)), Code::AlreadyExists);
  EXPECT_TRUE(root_.rename("/a", root_, "/b", Root::Existing::Replace));
  EXPECT_EQ(refusal(root_.make_folder("/x/y")), Code::NotFound);
  EXPECT_TRUE(root_.make_folders("/x/y/z"));
  EXPECT_TRUE(root_.check_folders("/x/y/new/newer"));
  std::filesystem::create_symlink("x", inside() / "link");
  for (const std::string file : {"/b", "/link"}) {
    for (const auto& path : {file, file + "/c", file + "/c/d"}) {
      EXPECT_EQ(refusal(root_.make_folders(path)), Code::AlreadyExists) << path;
      EXPECT_EQ(refusal_text(root_.check_folders(path)), "“" + file + "” stands in the way: it is no folder.");
    }
  }
}

}  // namespace
}  // namespace hearth::files
