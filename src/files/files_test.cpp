#include "files/files.h"

#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include "base/bytes.h"
#include "base/testing.h"
#include "files/files_fixture.h"

namespace hearth::files {
namespace {

Task<> offload_nothing(Executor executor) { co_await boost::asio::post(executor, boost::asio::use_awaitable); }

std::vector<std::string> names(const auto& entries) {
  std::vector<std::string> result;
  for (const auto& entry : entries) result.push_back(entry.name);
  return result;
}

TEST_F(FilesTest, ListsInPages) {
  put("b10.txt", "1");
  put("b9.txt", "22");
  put("文件.txt", "3");
  put("folder/x", "4");
  with_files([&]() -> Task<> {
    auto page = co_await files->list("ann", {.path = "/", .limit = 2});
    EXPECT_EQ(names(page->entries), (std::vector<std::string>{"folder", "b9.txt"}));
    EXPECT_EQ(page->total, 4);
    page = co_await files->list("ann", {.path = "/", .after = page->next, .limit = 2});
    EXPECT_EQ(names(page->entries), (std::vector<std::string>{"b10.txt", "文件.txt"}));
    EXPECT_FALSE(page->next);
    page = co_await files->list("ann", {.path = "/", .order = Order::Size});
    EXPECT_EQ(page->entries.front().name, "b9.txt");
    const auto nowhere = co_await files->list("ann", {.path = "/nowhere"});
    EXPECT_EQ(code_of(nowhere), "not_found");
    const auto climbing = co_await files->list("ann", {.path = "/../bob/home"});
    EXPECT_EQ(code_of(climbing), "invalid_input");
    const auto nobody = co_await files->list("../bob", {.path = "/"});
    EXPECT_EQ(code_of(nobody), "forbidden");
  });
}

TEST_F(FilesTest, KeepsPeopleApart) {
  put("mine", "ann's");
  with_files([&]() -> Task<> {
    const auto page = co_await files->list("bob", {});
    EXPECT_TRUE(page->entries.empty());
    const auto stat = co_await files->stat("bob", "/mine");
    EXPECT_EQ(code_of(stat), "not_found");
  });
}

TEST_F(FilesTest, MovesAndTakesLinksAlong) {
  put("a/letter.txt", "dear");
  put("b.txt", "b");
  with_files([&]() -> Task<> {
    const auto share = co_await files->share("ann", {.path = "/a/letter.txt"});
    EXPECT_TRUE(share.has_value());
    const auto moved = co_await files->move("ann", {"/a", "/c"});
    EXPECT_EQ(moved->path, "/c");
    const auto shares = co_await files->shares("ann");
    EXPECT_EQ(shares->shares.front().path, "/c/letter.txt");
    const auto refused = co_await files->move("ann", {"/b.txt", "/c/letter.txt"});
    EXPECT_EQ(code_of(refused), "already_exists");
    const auto into_itself = co_await files->move("ann", {"/c", "/c/d"});
    EXPECT_EQ(code_of(into_itself), "invalid_input");
    const auto replaced = co_await files->move("ann", {"/b.txt", "/c/letter.txt", true});
    EXPECT_TRUE(replaced.has_value());
    EXPECT_EQ(content("c/letter.txt"), "b");
    const auto trash = co_await files->trashed("ann", {});
    EXPECT_EQ(trash->entries.front().path, "/c/letter.txt");
    const auto none = co_await files->shares("ann");
    EXPECT_TRUE(none->shares.empty()) << "what took the name of something shared must not be shared";
  });
}

TEST_F(FilesTest, TrashesAndRestores) {
  put("docs/a.txt", "first");
  with_files([&]() -> Task<> {
    const auto first = co_await files->trash("ann", "/docs/a.txt");
    put("docs/a.txt", "second");
    const auto second = co_await files->trash("ann", "/docs/a.txt");
    put("docs/a.txt", "third");
    const auto back = co_await files->restore("ann", {.id = first->id});
    EXPECT_EQ(back->path, "/docs/a (2).txt");
    EXPECT_EQ(content("docs/a (2).txt"), "first");
    std::filesystem::remove_all(home() / "docs");
    const auto again = co_await files->restore("ann", {.id = second->id});
    EXPECT_EQ(again->path, "/docs/a.txt") << "the folder it was in is made again";
    const auto twice = co_await files->restore("ann", {.id = second->id});
    EXPECT_EQ(code_of(twice), "not_found");
    const auto trash = co_await files->trashed("ann", {});
    EXPECT_TRUE(trash->entries.empty());
    const auto whole = co_await files->trash("ann", "/");
    EXPECT_EQ(code_of(whole), "invalid_input");
  });
}

TEST_F(FilesTest, SaysWhatStandsInTheWayOfWhatItRestores) {
  put("g/h/a.txt", "first");
  with_files([&]() -> Task<> {
    const auto trashed = co_await files->trash("ann", "/g/h/a.txt");
    std::filesystem::remove_all(home() / "g");
    put("g", "a file");
    const auto refused = co_await files->restore("ann", {.id = trashed->id});
    EXPECT_EQ(code_of(refused), "already_exists");
    EXPECT_EQ(refusal_text(refused), "“/g” stands in the way: it is no folder. Give another path in the field to.");
    const auto elsewhere = co_await files->restore("ann", {.id = trashed->id, .to = "/b/a.txt"});
    EXPECT_EQ(code_of(elsewhere), "ok");
    EXPECT_EQ(content("b/a.txt"), "first");
  });
}

TEST_F(FilesTest, KnowsWhereThingsInTheTrashWere) {
  put("a", "1");
  with_files([&]() -> Task<> {
    const auto trashed = co_await files->trash("ann", "/a");
    const auto mine = co_await files->trashed_paths("ann", {trashed->id, "x"});
    EXPECT_EQ(*mine, std::vector<std::string>{"/a"});
    const auto others = co_await files->trashed_paths("bob", {trashed->id});
    EXPECT_TRUE(others->empty());
  });
}

TEST_F(FilesTest, EmptiesOnlyOnesOwnTrash) {
  put("a", "1");
  put("b", "2");
  with_files([&]() -> Task<> {
    const auto a = co_await files->trash("ann", "/a");
    const auto b = co_await files->trash("ann", "/b");
    for (const auto& id : {std::string("../home"), std::string("nothing"), a->id}) {
      const auto refused = co_await files->empty_trash("bob", {{id}});
      EXPECT_EQ(code_of(refused), "not_found") << id;
    }
    const auto mixed = co_await files->empty_trash("ann", {{a->id, "../home"}});
    EXPECT_EQ(code_of(mixed), "not_found");
    const auto kept = co_await files->trashed("ann", {});
    EXPECT_EQ(kept->entries.size(), 2u) << "one wrong id, and nothing goes";
    const auto one = co_await files->empty_trash("ann", {{a->id}});
    EXPECT_EQ(one->removed, 1);
    const auto rest = co_await files->empty_trash("ann", {});
    EXPECT_EQ(rest->removed, 1);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "files" / "ann" / "trash"));
  });
}

TEST_F(FilesTest, ACrashWhileTrashingLosesNothing) {
  put("a", "1");
  with_files([&]() -> Task<> { (void)co_await files->list("ann", {}); });
  {
    // The row was written, the rename never happened.
    auto system = *store::Database::open(folder_.path() / "system.db", {files_schema()});
    ASSERT_TRUE(system->write_now([](store::Connection& c) {
      return c.execute("INSERT INTO files_trash VALUES ('01hzzzzzzzzzzzzzzzzzzzzzzz', 'ann', '/a', 0, 1, 5)");
    }));
  }
  with_files([&]() -> Task<> {
    const auto trash = co_await files->trashed("ann", {});
    EXPECT_TRUE(trash->entries.empty());
    const auto there = co_await files->stat("ann", "/a");
    EXPECT_TRUE(there.has_value());
    const auto emptied = co_await files->empty_trash("ann", {});
    EXPECT_TRUE(emptied.has_value());
  });
}

TEST_F(FilesTest, FindsByPartsOfNames) {
  put("照片/北京旅行.jpg", "");
  put("Ｒésumé.PDF", "");
  put("deep/er/resume-old.txt", "");
  with_files([&]() -> Task<> {
    auto found = co_await files->search("ann", {.text = "京旅"});
    EXPECT_EQ(names(found->entries), (std::vector<std::string>{"北京旅行.jpg"}));
    found = co_await files->search("ann", {.text = "RESUME"});
    EXPECT_EQ(found->entries.size(), 2u);
    found = co_await files->search("ann", {.text = "resume", .path = "/deep"});
    EXPECT_EQ(found->entries.size(), 1u);
    found = co_await files->search("ann", {.text = "e", .limit = 1});
    EXPECT_FALSE(found->complete);
    found = co_await files->search("ann", {.text = "\u0301"});
    EXPECT_EQ(code_of(found), "invalid_input") << "nothing is left of an accent alone";
  });
}

TEST_F(FilesTest, ReadsAndWritesText) {
  put("gbk.txt", "\xd6\xd0\xce\xc4\xc4\xda\xc8\xdd");
  put("utf16.txt", std::string_view("\xff\xfe\x2d\x4e\x87\x65", 6));
  put("cut.txt", "中文");
  put("picture.png", std::string_view("\x89PNG\0\1\2", 7));
  with_files([&]() -> Task<> {
    auto text = co_await files->read_text("ann", {.path = "/gbk.txt"});
    EXPECT_EQ(text->text, "中文内容");
    EXPECT_EQ(text->encoding, "gb18030");
    text = co_await files->read_text("ann", {.path = "/utf16.txt"});
    EXPECT_EQ(text->text, "中文");
    text = co_await files->read_text("ann", {.path = "/cut.txt", .limit = 4});
    EXPECT_EQ(text->text, "中");
    EXPECT_FALSE(text->complete);
    text = co_await files->read_text("ann", {.path = "/picture.png"});
    EXPECT_EQ(code_of(text), "unsupported");

    auto written = co_await files->write("ann", {.path = "/note.txt", .text = "one"});
    EXPECT_TRUE(written.has_value());
    written = co_await files->write("ann", {.path = "/note.txt", .text = "two"});
    EXPECT_EQ(code_of(written), "already_exists");
    text = co_await files->read_text("ann", {.path = "/note.txt"});
    written = co_await files->write("ann", {.path = "/note.txt", .text = "two", .etag = text->etag});
    EXPECT_TRUE(written.has_value());
    written = co_await files->write("ann", {.path = "/note.txt", .text = "three", .etag = text->etag});
    EXPECT_EQ(code_of(written), "conflict");
    EXPECT_EQ(content("note.txt"), "two");
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "files" / "ann" / "uploads"));
  });
}

TEST_F(FilesTest, CopiesFoldersAndGoesOnAfterAStop) {
  put("tree/one", "1");
  put("tree/sub/two", "22");
  std::filesystem::create_symlink("/etc", home() / "tree" / "link");
  const auto id = make_id();
  with_files([&]() -> Task<> {
    const CopyInput copy = {"/tree", "/copy"};
    auto stopped = co_await files->stage_copy("ann", copy, id, [](auto...) -> Result<> {
      return fail(Code::Cancelled, "Stop.");
    });
    EXPECT_EQ(code_of(stopped), "cancelled");
  });
  EXPECT_FALSE(std::filesystem::exists(home() / "copy"));
  with_files([&]() -> Task<> {
    const CopyInput copy = {"/tree", "/copy"};
    auto staged = co_await files->stage_copy("ann", copy, id, [](auto...) -> Result<> { return {}; });
    EXPECT_EQ(staged->files, 2);
    EXPECT_EQ(staged->bytes, 3);
    EXPECT_FALSE(std::filesystem::exists(home() / "copy")) << "in its place only when whole";
    auto placed = co_await files->place_copy("ann", copy, id);
    EXPECT_TRUE(placed.has_value());
    placed = co_await files->place_copy("ann", copy, id);
    EXPECT_TRUE(placed.has_value()) << "again after a crash";
    EXPECT_EQ(content("copy/sub/two"), "22");
    EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(home() / "copy" / "link")));
    const auto into_itself = co_await files->stage_copy("ann", {"/tree", "/tree/sub/x"}, make_id(), {});
    EXPECT_EQ(code_of(into_itself), "invalid_input");
    const auto file = co_await files->copy_file("ann", {"/tree/one", "/one"});
    EXPECT_EQ(file->size, 1u);
  });
}

TEST_F(FilesTest, TellsOfChanges) {
  with_files([&]() -> Task<> {
    (void)co_await files->make_folder("ann", "/seen");
    std::vector<Change> changes;
    const auto executor = co_await boost::asio::this_coro::executor;
    TaskGroup group(executor);
    group.spawn("watch", [](Files& f, std::vector<Change>& seen) -> Task<> {
      (void)co_await f.watch("ann", "/seen", [&seen](Change change) -> Task<Result<>> {
        seen.push_back(change);
        if (change.kind == ChangeKind::Removed) co_return fail(Code::Cancelled, "Enough.");
        co_return Result<>();
      });
    }(*files, changes));
    // The watch stands once the first change arrives; until then the writes are repeated.
    while (changes.empty()) {
      put("seen/文.txt", "1");
      std::filesystem::remove(home() / "seen" / "文.txt");
      co_await offload_nothing(executor);
    }
    while (group.size() > 0) co_await offload_nothing(executor);
    EXPECT_EQ(changes.back().path, "/seen/文.txt");
    EXPECT_EQ(changes.back().kind, ChangeKind::Removed);
  });
}

TEST_F(FilesTest, MeasuresAndForgets) {
  put("a/b", "12345");
  with_files([&]() -> Task<> {
    (void)co_await files->trash("ann", "/a");
    const auto space = co_await files->space("ann");
    EXPECT_EQ(space->home, 0u);
    EXPECT_EQ(space->trash, 5u);
    EXPECT_GT(space->free, 0u);
    put("shared", "x");
    const auto share = co_await files->share("ann", {.path = "/shared"});
    EXPECT_TRUE(share.has_value());
    const auto released = co_await files->release_person("ann");
    EXPECT_TRUE(released.has_value());
    const auto shares = co_await files->shares("ann");
    EXPECT_TRUE(shares->shares.empty()) << "the folders are there, but no link leads to them";
    const auto gone = co_await files->forget_person("ann");
    EXPECT_TRUE(gone.has_value());
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "files" / "ann"));
  });
}

}  // namespace
}  // namespace hearth::files
