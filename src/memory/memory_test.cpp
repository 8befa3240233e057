#include "memory/memory.h"
#include "memory/models.h"

#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/temporary_folder.h"
#include "base/testing.h"

namespace hearth::memory {
namespace {

using kernel::Integrity;
using kernel::JobState;
using kernel::Principal;
using kernel::Role;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::filesystem::path program_folder() { return std::filesystem::read_symlink("/proc/self/exe").parent_path(); }

std::string mail(std::string_view id, std::string_view subject, std::string_view text, std::string_view more = "") {
  return fmt::format(
      "From: Ann Lee <ann@example.com>\nTo: Bob <bob@example.com>\nSubject: {1}\nDate: Mon, 01 May 2023 09:30:00 +0000\n"
      "Message-ID: <{0}@example.com>\n{3}Content-Type: text/plain; charset=utf-8\n\n{2}\n",
      id, subject, text, more);
}

// A home with a kernel and a memory; each with_memory() is one life of the box.
class MemoryTest : public testing::Test {
 protected:
  void with_memory(std::function<Task<>()> body) {
    run_until_done([&](Executor executor) -> Task<> {
      auto database = *store::Database::open(home_ / "system.db", {kernel::kernel_schema()});
      auto kernel = *kernel::Kernel::create(*database, std::string(32, 'k'), clock_, executor, {});
      kernel::define_operations(*kernel);
      Memory memory(
          *kernel, clock_,
          [](kernel::Call call, std::string path) -> Task<Result<std::filesystem::path>> {
            if (call.principal().role != Role::Owner) co_return fail(Code::Forbidden, "Only the owner reaches the box's files.");
            co_return std::filesystem::path(path);
          },
          [this](kernel::Call, std::string path) -> Task<Result<std::filesystem::path>> { co_return folder_.path() / path; },
          {.people = home_ / "people", .extractor = extractor_, .seconds_per_item = 1});
      define_operations(*kernel, memory);
      EXPECT_TRUE((co_await kernel->start()).has_value());
      kernel_ = kernel.get();
      memory_ = &memory;
      co_await body();
      co_await kernel->stop();
      kernel_ = nullptr;
      memory_ = nullptr;
    });
  }

  Task<Result<Json>> call(std::string operation, Json input, Principal principal = Principal::of_person("ann", Role::Owner)) {
    auto reply = co_await kernel_->invoke(principal, {}, std::move(operation), std::move(input));
    if (!reply.outcome) co_return std::unexpected(reply.outcome.error());
    label_ = reply.outcome->label;
    co_return std::move(reply.outcome->value);
  }

  // Waits for a job's end.
  Task<kernel::Job> finished(std::string id) {
    const auto executor = co_await boost::asio::this_coro::executor;
    while (true) {
      auto job = *co_await kernel_->job(id);
      if (job.state != JobState::Queued && job.state != JobState::Running) co_return job;
      boost::asio::steady_timer timer(executor, std::chrono::milliseconds(2));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
  }

  Task<ImportResult> import(std::string kind, std::filesystem::path path, std::string person = "ann") {
    const auto started = co_await call("memory.import", Json::object({{"kind", kind}, {"path", path.string()}}),
                                       Principal::of_person(person, Role::Owner));
    EXPECT_TRUE(started.has_value()) << (started ? "" : started.error().describe());
    if (!started) co_return ImportResult{-1, -1, -1, -1};
    source_ = started->text("source");
    const auto job = co_await finished(std::string(started->text("job")));
    EXPECT_EQ(job.state, JobState::Done) << job.error;
    const auto result = from_json<ImportResult>(job.result);
    co_return result ? *result : ImportResult{-1, -1, -1, -1};
  }

  // Exports the memory of ann, and takes it in as another person's.
  Task<> export_to(std::string person) {
    const auto exported = co_await call("memory.export", Json::object({{"path", "export"}}));
    EXPECT_TRUE(exported.has_value()) << (exported ? "" : exported.error().describe());
    if (!exported) co_return;
    EXPECT_EQ((co_await finished(std::string(exported->text("job")))).state, JobState::Done);
    const auto started = co_await call("memory.import", Json::object({{"path", (folder_.path() / "export").string()}}),
                                       Principal::of_person(person, Role::Owner));
    EXPECT_TRUE(started.has_value()) << (started ? "" : started.error().describe());
    if (!started) co_return;
    const auto job = co_await finished(std::string(started->text("job")));
    EXPECT_EQ(job.state, JobState::Done) << job.error;
  }

  Task<std::vector<std::string>> titles(std::string query, std::string person = "ann") {
    auto found = co_await memory_->search(person, {.query = std::move(query)});
    EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().describe());
    std::vector<std::string> titles;
    if (found) {
      for (const auto& one : found->value.results) titles.push_back(one.title);
    }
    co_return titles;
  }

  Task<> forget(Json what) {
    const auto started = co_await call("memory.forget", std::move(what));
    EXPECT_TRUE(started.has_value()) << (started ? "" : started.error().describe());
    if (!started) co_return;
    const auto job = co_await finished(std::string(started->text("job")));
    EXPECT_EQ(job.state, JobState::Done) << job.error;
  }

  void write(const std::filesystem::path& path, std::string_view bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }

  // Files of the home that hold `text`.
  std::vector<std::string> files_with(std::string_view text) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(home_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream stream(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
      if (bytes.find(text) != bytes.npos) found.push_back(entry.path().filename());
    }
    return found;
  }

  TemporaryFolder folder_;
  std::filesystem::path home_ = folder_.path() / "home";
  std::filesystem::path inbox_ = folder_.path() / "inbox.mbox";
  std::filesystem::path notes_ = folder_.path() / "notes";
  std::filesystem::path extractor_ = program_folder() / "hearth-extract";
  SystemClock clock_;
  kernel::Kernel* kernel_ = nullptr;
  Memory* memory_ = nullptr;
  std::string source_;
  kernel::Label label_;

  void SetUp() override { std::filesystem::create_directories(home_); }
};

TEST_F(MemoryTest, FindsOutWhatASourceIs) {
  write(home_ / "box", "From ann Mon May  1 09:30:00 2023\n" + mail("a", "Boiler", "The plumber comes on Tuesday."));
  write(home_ / "maildir/cur/1:2,S", mail("b", "Roof", "The roof leaks."));
  write(home_ / "notes/a.md", "# Tea\nGreen tea.");
  write(home_ / "notes/b.bin", std::string("\x7f\x45\0\1", 4));
  with_memory([&]() -> Task<> {
    for (const auto& [path, kind] : {std::pair("box", "mail"), std::pair("maildir", "mail"), std::pair("notes", "folder")}) {
      const auto started = co_await call("memory.import", Json::object({{"path", (home_ / path).string()}}));
      EXPECT_TRUE(started.has_value());
      if (!started) co_return;
      const auto job = co_await finished(std::string(started->text("job")));
      const auto result = from_json<ImportResult>(job.result).value_or(ImportResult{-1, -1, -1, -1});
      EXPECT_EQ(result.added, 1) << path;
      EXPECT_EQ(result.passed_over, path == std::string_view("notes") ? 1 : 0) << path;
      const auto sources = co_await memory_->sources("ann");
      EXPECT_EQ(enum_name(sources->value.sources.back().kind), kind);
    }
    const auto refused = co_await call("memory.import", Json::object({{"path", (home_ / "notes/b.bin").string()}}));
    EXPECT_FALSE(refused.has_value());
    if (!refused) EXPECT_THAT(refused.error().message(), HasSubstr("in no format that the memory reads"));
  });
}

TEST_F(MemoryTest, ReadsAnMboxAndFindsItInBothLanguages) {
  write(inbox_, "From a\n" + mail("1", "Boiler", "The plumber comes on Tuesday at nine to repair the boiler.") + "\nFrom b\n" +
                    mail("2", "会议", "我们星期三在北京大学开会，请带上计算机。") + "\n");
  with_memory([this]() -> Task<> {
    const auto result = co_await import("mail", inbox_);
    EXPECT_EQ(result.added, 2);
    EXPECT_EQ(result.failed, 0);
    EXPECT_THAT(co_await titles("repairing plumbers"), ElementsAre("Boiler"));
    EXPECT_THAT(co_await titles("京大学"), ElementsAre("会议"));
    EXPECT_THAT(co_await titles("机"), ElementsAre("会议"));
    EXPECT_THAT(co_await titles("ann lee"), SizeIs(2));
    EXPECT_THAT(co_await titles("zebra"), IsEmpty());
    const auto found = co_await call("memory.search", Json::object({{"query", "plumber"}}));
    EXPECT_EQ(label_.integrity, Integrity::Untrusted);
    EXPECT_EQ(label_.owner, "ann");
    const auto& first = (*found->find("results")->as_array())[0];
    EXPECT_EQ(*first.find("kind"), Json("mail"));
    EXPECT_EQ(first.find("snippet")->as_array()->at(1), Json::object({{"text", "plumber"}, {"match", true}}));
    EXPECT_EQ(first.find("why")->as_array()->at(0), Json::object({{"kind", "word"}, {"text", "plumber"}}));
  });
}

TEST_F(MemoryTest, FindsWhatIsFromTheTimeThatIsAskedFor) {
  const auto dated = [](std::string_view id, std::string_view date, std::string_view text) {
    return fmt::format("From: Ann Lee <ann@example.org>\nSubject: Note {0}\nMessage-ID: <{0}@example.org>\nDate: {1}\n\n{2}\n", id, date, text);
  };
  const auto day = [](int ago) {
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(SystemClock().now()) - std::chrono::days(ago));
    static constexpr std::array kNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{} {} {} 12:00:00 +0000", static_cast<unsigned>(date.day()), kNames[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()));
  };
  write(inbox_, "From a\n" + dated("old", day(400), "We bought apples at the market.") + "\nFrom b\n" +
                    dated("new", day(21), "We bought pears at the market.") + "\nFrom c\n" + dated("trip", day(100), "The trip to Oslo begins.") +
                    "\nFrom d\n" + dated("packed", day(103), "The suitcase is heavy, and the market was closed.") + "\n");
  with_memory([this]() -> Task<> {
    co_await import("mail", inbox_);
    EXPECT_EQ((co_await titles("market three weeks ago")).at(0), "Note new");
    EXPECT_EQ((co_await titles("market the week before the trip")).at(0), "Note packed");
    EXPECT_THAT(co_await titles("21天前"), ElementsAre("Note new"));
    const auto found = co_await memory_->search("ann", {.query = "market three weeks ago"});
    EXPECT_THAT(found->value.results.at(0).why, testing::Contains(testing::Field(&Why::text, "three weeks ago")));
  });
}

TEST_F(MemoryTest, PutsExactTitlesFirst) {
  std::string all;
  for (int i = 0; i < 30; ++i) all += "From a\n" + mail(fmt::format("x{}", i), "Other", "Garden plan, garden plan and the plan of a garden.") + "\n";
  write(inbox_, all + "From b\n" + mail("t", "Garden plan", "See the attachment.") + "\n");
  with_memory([this]() -> Task<> {
    co_await import("mail", inbox_);
    const auto found = co_await memory_->search("ann", {.query = "garden plan"});
    EXPECT_EQ(found->value.results.at(0).title, "Garden plan");
    EXPECT_EQ(found->value.results.at(0).why.at(0).kind, WhyKind::Title);
  });
}

TEST_F(MemoryTest, ReadsAnMboxWhoseLastMessageGrows) {
  with_memory([this]() -> Task<> {
    const auto first = "From a\n" + mail("1", "Boiler", "The plumber comes on Tuesday.");
    write(inbox_, first);  // without a blank line at its end
    EXPECT_EQ((co_await import("mail", inbox_)).added, 1);
    const auto half = "\nFrom b\n" + mail("2", "Roof", "The roof leaks");
    write(inbox_, first + half.substr(0, half.size() - 1));
    auto result = co_await import("mail", inbox_);
    EXPECT_EQ(result.added, 1);
    EXPECT_EQ(result.failed, 0);
    const auto whole = first + half.substr(0, half.size() - 1) + " above the xylophone.\n\nFrom c\n" + mail("3", "Garden", "It grows.");
    write(inbox_, whole);
    result = co_await import("mail", inbox_);
    EXPECT_EQ(result.added, 2);
    EXPECT_EQ(result.failed, 0);
    EXPECT_THAT(co_await titles("xylophone"), ElementsAre("Roof"));
    EXPECT_THAT(co_await titles("leaks"), ElementsAre("Roof"));
    EXPECT_THAT(co_await titles("ann lee"), SizeIs(3));
    // The last message goes, and another comes to its place: what was read of it stays.
    write(inbox_, first + "\nFrom d\n" + mail("4", "Cellar", "It is dry.") + std::string(2000, '\n'));
    EXPECT_EQ((co_await import("mail", inbox_)).added, 1);
    EXPECT_THAT(co_await titles("ann lee"), SizeIs(4));
    EXPECT_EQ((co_await import("mail", inbox_)).added, 0);
  });
}

TEST_F(MemoryTest, KeepsTheWholeOriginalOfAMessageWhoseAttachmentGrew) {
  with_memory([this]() -> Task<> {
    const std::string half = "From a\nFrom: Ann <ann@x.org>\nSubject: Plan\nMessage-ID: <p@x>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=bzyx\n\n"
                             "--bzyx\n\nSee there.\n--bzyx\nContent-Type: text/plain; name=\"a.txt\"\nContent-Disposition: attachment; filename=\"a.txt\"\n\nthe first words";
    write(inbox_, half);
    EXPECT_EQ((co_await import("mail", inbox_)).added, 2);
    write(inbox_, half + " and the xylophone\n--bzyx--\n");
    EXPECT_EQ((co_await import("mail", inbox_)).failed, 0);
    EXPECT_THAT(co_await titles("xylophone"), SizeIs(1));
    EXPECT_THAT(co_await titles("first words"), SizeIs(1));
    EXPECT_THAT(files_with("--bzyx--"), SizeIs(1));
  });
}

TEST_F(MemoryTest, FindsATitleBehindManyNewerMails) {
  std::string all = "From a\n" + mail("t", "Garden plan", "See the attachment.") + "\n";
  for (int i = 0; i < 1500; ++i) all += "From b\n" + mail(fmt::format("x{}", i), "Other", "Of the garden and the plan.") + "\n";
  write(inbox_, all);
  with_memory([this]() -> Task<> {
    co_await import("mail", inbox_);
    for (const auto* query : {"garden plan", "\"garden plan\" attachment"}) {
      const auto found = co_await memory_->search("ann", {.query = query});
      EXPECT_EQ(found->value.results.at(0).title, "Garden plan") << query;
    }
  });
}

TEST_F(MemoryTest, MergesTheIndexAfterMuchCameIn) {
  const auto pieces = [this](std::string_view person) {
    const auto database = *store::Connection::open(home_ / "people" / person / "memory.db", store::Connection::Mode::ReadOnly);
    return *database->integer("SELECT count(DISTINCT segid) FROM search_1_idx");
  };
  with_memory([&]() -> Task<> {
    std::string box;
    for (int i = 0; i < 1500; ++i) box += fmt::format("From x\n{}\n", mail(fmt::to_string(i), "Meter", fmt::format("It shows {}.", i)));
    write(folder_.path() / "box.mbox", box);
    co_await import("mail", folder_.path() / "box.mbox");
    for (int i = 1500; i < 3700; ++i) box += fmt::format("From x\n{}\n", mail(fmt::to_string(i), "Meter", fmt::format("It shows {}.", i)));
    write(folder_.path() / "box.mbox", box);
    co_await import("mail", folder_.path() / "box.mbox");
    EXPECT_EQ(pieces("ann"), 1);
    EXPECT_THAT(co_await titles("3699"), ElementsAre("Meter"));
    co_await export_to("bo");
    EXPECT_EQ(pieces("bo"), 1);
    EXPECT_THAT(co_await titles("3699", "bo"), ElementsAre("Meter"));
  });
}

TEST_F(MemoryTest, FindsAndForgetsWhatStandsFarIntoALongText) {
  std::string text;
  for (int i = 0; i < 6000; ++i) text += fmt::format("Sentence number {} says nothing.{}", i, i % 20 == 19 ? "\n\n" : " ");
  write(inbox_, "From a\n" + mail("l", "Long", text + "Here is the farxkzz word.") + "\nFrom b\n" + mail("s", "Short", "Another farword.") + "\n");
  with_memory([this]() -> Task<> {
    co_await import("mail", inbox_);
    const auto found = co_await memory_->search("ann", {.query = "farxkzz"});
    EXPECT_THAT(found->value.results, SizeIs(1));
    if (found->value.results.size() != 1) co_return;
    const auto& hit = found->value.results[0];
    EXPECT_GT(std::stoll(hit.passage) & 0xFFFF, 64) << "the text is too short for this test";
    EXPECT_EQ(hit.title, "Long");
    const auto typed = co_await memory_->search("ann", {.query = "farx", .typing = true});
    EXPECT_THAT(typed->value.results, SizeIs(1));
    EXPECT_THAT(co_await titles("sentence 5990"), testing::Contains("Long"));
    co_await forget(Json::object({{"item", hit.item}}));
    EXPECT_THAT(co_await titles("farxkzz"), IsEmpty());
    EXPECT_THAT(co_await titles("farword"), ElementsAre("Short"));
    EXPECT_THAT(files_with("farxkzz"), IsEmpty());
  });
}

// Knows three meanings.
class ScriptedEmbedder : public Embedder {
 public:
  std::string name() const override { return "scripted"; }
  std::size_t dimensions() const override { return 3; }
  Task<Result<std::vector<std::vector<float>>>> embed(std::vector<std::string> texts) override {
    std::vector<std::vector<float>> vectors;
    for (const auto& text : texts) {
      const auto has = [&](std::string_view word) { return text.find(word) != text.npos ? 1.0F : 0.0F; };
      vectors.push_back({has("puppy") + has("canine"), has("boiler") + has("heating"), 0.1F});
    }
    if (broken) co_return fail(Code::Unavailable, "The model is away.");
    co_return vectors;
  }
  bool broken = false;
};

TEST_F(MemoryTest, FindsByMeaningWhereAModelIs) {
  write(inbox_, "From a\n" + mail("1", "Home", "Our puppy ran away in the park.") + "\nFrom b\n" + mail("2", "House", "The boiler is cold.") + "\n");
  with_memory([this]() -> Task<> {
    ScriptedEmbedder embedder;
    memory_->set_models({.embedder = &embedder});
    co_await import("mail", inbox_);
    // The job that embeds was started by the import's.
    for (int attempt = 0; attempt < 500 && (co_await titles("canine")).empty(); ++attempt) {
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(2));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    EXPECT_THAT(co_await titles("canine"), ElementsAre("Home"));
    auto found = co_await memory_->search("ann", {.query = "canine"});
    EXPECT_EQ(found->value.results.at(0).why.at(0).kind, WhyKind::Meaning);
    EXPECT_EQ((co_await titles("heating park")).size(), 2U) << "by meaning and by word";
    embedder.broken = true;
    EXPECT_THAT(co_await titles("canine"), IsEmpty());
    EXPECT_THAT(co_await titles("puppy"), ElementsAre("Home")) << "words are found without the model";
    embedder.broken = false;
    co_await forget(Json::object({{"source", source_}}));
    EXPECT_THAT(co_await titles("canine"), IsEmpty());
    memory_->set_models({});
  });
}

// Hears what it is told to; waits while it is told to.
class ScriptedTranscriber : public Transcriber {
 public:
  Task<Result<std::vector<Line>>> transcribe(std::filesystem::path audio) override {
    std::ifstream stream(audio, std::ios::binary);
    given.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (waiting) {
      timer.expires_after(std::chrono::milliseconds(2));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return answer;
  }
  std::vector<std::string> given;
  Result<std::vector<Line>> answer = std::vector<Line>{};
  bool waiting = false;
};

// A second of silence.
std::string wav(char sample) {
  const auto number = [](std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i & 0xFF);
    return text;
  };
  const std::string samples(8000, sample);
  return "RIFF" + number(36 + 8000, 4) + "WAVEfmt " + number(16, 4) + number(1, 2) + number(1, 2) + number(8000, 4) + number(8000, 4) + number(1, 2) +
         number(8, 2) + "data" + number(8000, 4) + samples;
}

TEST_F(MemoryTest, WritesDownWhatIsSaidInRecordings) {
  write(notes_ / "call.wav", wav('\x80'));
  with_memory([this]() -> Task<> {
    ScriptedTranscriber transcriber;
    const auto eventually = [this](std::string query) -> Task<bool> {
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
      for (int attempt = 0; attempt < 2000; ++attempt) {
        if (!(co_await titles(query)).empty()) co_return true;
        timer.expires_after(std::chrono::milliseconds(2));
        co_await timer.async_wait(boost::asio::use_awaitable);
      }
      co_return false;
    };
    co_await import("folder", notes_);
    EXPECT_THAT(co_await titles("call"), ElementsAre("call")) << "it is kept before there is a model";

    transcriber.answer = fail(Code::InvalidInput, "It is too noisy.");
    memory_->set_models({.transcriber = &transcriber});
    co_await import("folder", notes_);  // nothing new, yet something to do
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    auto sources = co_await memory_->sources("ann");
    for (int attempt = 0; attempt < 2000 && sources->value.sources.at(0).failures.empty(); ++attempt) {
      timer.expires_after(std::chrono::milliseconds(2));
      co_await timer.async_wait(boost::asio::use_awaitable);
      sources = co_await memory_->sources("ann");
    }
    EXPECT_THAT(sources->value.sources.at(0).failures, SizeIs(1));
    EXPECT_EQ(sources->value.sources.at(0).failures.at(0).reason, "This recording could not be transcribed: It is too noisy.");
    EXPECT_EQ(sources->value.sources.at(0).failures.at(0).place, "call.wav");

    transcriber.answer = std::vector<Transcriber::Line>{{std::chrono::milliseconds(7'900), std::chrono::seconds(9), "Ann", "The boiler\nleaks again."},
                                                        {std::chrono::seconds(10), std::chrono::seconds(11), "", "  "},
                                                        {std::chrono::seconds(3'723), std::chrono::seconds(3'725), "", "我们星期三修锅炉。"}};
    write(notes_ / "second.wav", wav('\x7f'));
    transcriber.given.clear();
    co_await import("folder", notes_);
    EXPECT_TRUE(co_await eventually("leaks")) << "the one that failed waits an hour";
    EXPECT_THAT(transcriber.given, ElementsAre(wav('\x7f')));
    const auto found = co_await memory_->search("ann", {.query = "锅炉"});
    EXPECT_FALSE(found->value.results.empty());
    if (found->value.results.empty()) co_return;
    const auto hit = found->value.results.at(0);
    EXPECT_EQ(hit.title, "second");
    auto item = co_await memory_->item("ann", hit.item);
    std::vector<std::string> texts;
    for (const auto& passage : item->value.passages) texts.push_back(passage.text);
    EXPECT_THAT(texts, ElementsAre("[0:07] Ann: The boiler leaks again.\n", "[1:02:03] 我们星期三修锅炉。\n"));
    EXPECT_EQ(item->value.passages.at(1).id, hit.passage) << "a hit is a line, with its second";
    const auto beside = co_await memory_->search("ann", {.query = "leaks"});
    EXPECT_THAT(beside->value.results, SizeIs(2)) << "what was said next is found as its context";
    EXPECT_THAT(item->value.tags, ElementsAre("transcript"));
    EXPECT_EQ(item->label.integrity, Integrity::Untrusted) << "anybody may have said it";
    EXPECT_TRUE(std::filesystem::is_empty(home_ / "people/ann/transcribing"));

    // Once is enough; and what is forgotten is forgotten, transcript and all.
    transcriber.given.clear();
    co_await import("folder", notes_);
    co_await forget(Json::object({{"item", hit.item}}));
    EXPECT_THAT(co_await titles("leaks"), IsEmpty());
    EXPECT_THAT(transcriber.given, IsEmpty());
    EXPECT_THAT(files_with("leaks again"), IsEmpty());
    memory_->set_models({});
  });
}

TEST_F(MemoryTest, ACancelledTranscriptionIsGoneOnWithLater) {
  write(notes_ / "call.wav", wav('\x80'));
  with_memory([this]() -> Task<> {
    ScriptedTranscriber transcriber;
    transcriber.answer = std::vector<Transcriber::Line>{{std::chrono::seconds(1), std::chrono::seconds(2), "", "Feed the tortoise."}};
    transcriber.waiting = true;
    memory_->set_models({.transcriber = &transcriber});
    co_await import("folder", notes_);
    std::string job;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (int attempt = 0; attempt < 2000 && (job.empty() || transcriber.given.empty()); ++attempt) {
      const auto jobs = co_await call("jobs.list", Json::object({}));
      for (const auto& one : *jobs->find("jobs")->as_array()) {
        if (one.text("kind") == "memory.transcribe") job = one.text("id");
      }
      timer.expires_after(std::chrono::milliseconds(2));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    EXPECT_FALSE(job.empty());
    EXPECT_TRUE((co_await call("jobs.cancel", Json::object({{"id", job}}))).has_value());
    EXPECT_EQ((co_await finished(job)).state, JobState::Cancelled);
    EXPECT_THAT(co_await titles("tortoise"), IsEmpty());
    transcriber.waiting = false;
    co_await import("folder", notes_);
    for (int attempt = 0; attempt < 2000 && (co_await titles("tortoise")).empty(); ++attempt) {
      timer.expires_after(std::chrono::milliseconds(2));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    EXPECT_THAT(co_await titles("tortoise"), ElementsAre("call"));
    memory_->set_models({});
  });
}

class ScriptedWriter : public Writer {
 public:
  Task<Result<std::vector<Sentence>>> write(std::string, std::vector<Passage> passages) override {
    given = std::move(passages);
    co_return answer;
  }
  std::vector<Passage> given;
  std::vector<Sentence> answer;
};

TEST_F(MemoryTest, WritesAnAnswerWhoseCitationsHold) {
  write(inbox_, "From a\n" + mail("1", "Boiler", "The boiler is old. The plumber comes on Tuesday at nine.") + "\n");
  with_memory([this]() -> Task<> {
    co_await import("mail", inbox_);
    ScriptedWriter writer;
    memory_->set_models({.writer = &writer});
    writer.answer = {{"The plumber comes on Tuesday at nine.", {0}}, {"He charges 80 euros.", {0}}};
    auto answer = co_await memory_->ask("ann", {.question = "When does the plumber come?"});
    EXPECT_EQ(answer->value.answer, "The plumber comes on Tuesday at nine.") << "what is nowhere is left out";
    EXPECT_THAT(answer->value.sentences.at(0).citations, ElementsAre(0));
    EXPECT_EQ(writer.given.at(0).title, "Boiler");
    writer.answer = {};
    answer = co_await memory_->ask("ann", {.question = "When does the plumber come?"});
    EXPECT_FALSE(answer->value.answered);
    EXPECT_EQ(answer->value.answer, "Nothing in your memory answers this.");
    memory_->set_models({});
  });
}

TEST_F(MemoryTest, AnswersQuestionsWithTheSentenceAndItsPlace) {
  write(inbox_, "From a\n" + mail("1", "Boiler", "Hello Bob.\n\nThe boiler is old. The plumber comes on Tuesday at nine. See you.") +
                    "\nFrom b\n" + mail("2", "会议", "你好。我们星期三在北京大学开会。请带上计算机。") + "\n");
  with_memory([this]() -> Task<> {
    co_await import("mail", inbox_);
    auto answer = co_await memory_->ask("ann", {.question = "When does the plumber come?"});
    EXPECT_TRUE(answer->value.answered);
    EXPECT_EQ(answer->value.answer, "The plumber comes on Tuesday at nine.");
    EXPECT_THAT(answer->value.citations, SizeIs(1));
    const auto& citation = answer->value.citations[0];
    EXPECT_EQ(citation.text.substr(static_cast<std::size_t>(citation.sentence_start), static_cast<std::size_t>(citation.sentence_length)),
              answer->value.answer);
    EXPECT_THAT(citation.authors, ElementsAre("Ann Lee"));
    answer = co_await memory_->ask("ann", {.question = "我们什么时候在北京大学开会？"});
    EXPECT_EQ(answer->value.answer, "我们星期三在北京大学开会。");
    EXPECT_EQ(answer->value.citations[0].sentence_start, 3);
    answer = co_await memory_->ask("ann", {.question = "What is the capital of Mongolia?"});
    EXPECT_FALSE(answer->value.answered);
    EXPECT_THAT(answer->value.citations, IsEmpty());
    answer = co_await memory_->ask("ann", {.question = "蒙古的首都是哪里？"});
    EXPECT_EQ(answer->value.answer, "你的记忆中没有找到能回答这个问题的内容。");
  });
}

TEST_F(MemoryTest, AnswersFromTheFirstNoteThatItHas) {
  write(folder_.path() / "notes" / "bike.md", "# Bike trip\n\nThe bill for the bike was 240 euros.\n");
  with_memory([this]() -> Task<> {
    co_await import("folder", folder_.path() / "notes");
    EXPECT_EQ((co_await memory_->ask("ann", {.question = "What did the bike cost?"}))->value.answer, "The bill for the bike was 240 euros.");
    EXPECT_FALSE((co_await memory_->ask("ann", {.question = "Who repaired the roof?"}))->value.answered);
  });
}

TEST_F(MemoryTest, ReadingAgainAddsOnlyWhatIsNew) {
  write(inbox_, "From a\n" + mail("1", "one", "first text") + "\nFrom a\n" + mail("1", "one", "first text") + "\n");
  with_memory([this]() -> Task<> {
    auto result = co_await import("mail", inbox_);
    EXPECT_EQ(result.added, 1);
    EXPECT_EQ(result.known, 1);
    result = co_await import("mail", inbox_);
    EXPECT_EQ(result.added, 0);
    std::ofstream(inbox_, std::ios::app) << "From b\n" << mail("2", "two", "second text") << "\n";
    result = co_await import("mail", inbox_);
    EXPECT_EQ(result.added, 1);
    EXPECT_EQ(result.known, 0);  // read from where it was left
    write(inbox_, "From b\n" + mail("3", "three", "third text") + "\nFrom a\n" + mail("1", "one", "first text") + "\n");
    result = co_await import("mail", inbox_);  // another file in its place
    EXPECT_EQ(result.added, 1);
    EXPECT_EQ(result.known, 1);
    const auto sources = co_await memory_->sources("ann");
    EXPECT_THAT(sources->value.sources, SizeIs(1));
    EXPECT_EQ(sources->value.sources[0].items, 3);
  });
}

TEST_F(MemoryTest, ReadsMaildirsWhateverTheirFlags) {
  write(folder_.path() / "Maildir/cur/1.a:2,S", mail("1", "one", "first"));
  write(folder_.path() / "Maildir/new/2.a", mail("2", "two", "second"));
  write(folder_.path() / "Maildir/tmp/3.a", mail("3", "three", "third"));
  write(folder_.path() / "Maildir/.Sent/cur/4.a:2,", mail("4", "four", "fourth"));
  write(folder_.path() / "Maildir/dovecot.index", "no mail");
  with_memory([this]() -> Task<> {
    EXPECT_EQ((co_await import("mail", folder_.path() / "Maildir")).added, 3);
    std::filesystem::rename(folder_.path() / "Maildir/new/2.a", folder_.path() / "Maildir/cur/2.a:2,RS");
    const auto again = co_await import("mail", folder_.path() / "Maildir");
    EXPECT_EQ(again.added, 0);
    EXPECT_EQ(again.known, 3);
  });
}

TEST_F(MemoryTest, ReadsAFolderAndFollowsItsChanges) {
  write(notes_ / "plan.md", "# Garden plan\n\nPlant tomatoes in April.");
  write(notes_ / "sub/page.html", "<title>Cake</title><p>Two eggs and butter");
  write(notes_ / "empty.txt", "");
  write(notes_ / "photo.jpg", "\xFF\xD8");
  write(notes_ / ".git/config.txt", "hidden");
  std::filesystem::create_symlink("/etc/hostname", notes_ / "link.txt");
  with_memory([this]() -> Task<> {
    EXPECT_EQ((co_await import("folder", notes_)).added, 3);
    EXPECT_THAT(co_await titles("tomatoes"), ElementsAre("Garden plan"));
    EXPECT_THAT(co_await titles("eggs"), ElementsAre("Cake"));
    EXPECT_THAT(co_await titles("empty"), ElementsAre("empty"));
    EXPECT_EQ(label_.integrity, Integrity::Owner);
    write(notes_ / "plan.md", "# Garden plan\n\nPlant cucumbers instead, in May.");
    const auto result = co_await import("folder", notes_);
    EXPECT_EQ(result.added, 1);
    EXPECT_EQ(result.known, 2);
    EXPECT_THAT(co_await titles("tomatoes"), IsEmpty());
    EXPECT_THAT(co_await titles("cucumber"), ElementsAre("Garden plan"));
  });
}

TEST_F(MemoryTest, GivesTheItemItsThreadAndItsOriginal) {
  const auto first = mail("1", "Trip", "Shall we go to Graz?");
  const auto second = mail("2", "Re: Trip", "Yes!\n\nOn Monday, Ann wrote:\n> Shall we go to Graz?", "In-Reply-To: <1@example.com>\n");
  write(inbox_, "From a\n" + first + "\nFrom b\n" + second + "\n");
  with_memory([this, &second]() -> Task<> {
    co_await import("mail", inbox_);
    const auto found = co_await memory_->search("ann", {.query = "yes re"});
    const auto id = found->value.results.at(0).item;
    const auto item = co_await memory_->item("ann", id);
    EXPECT_EQ(item->value.title, "Re: Trip");
    EXPECT_EQ(item->value.passages.at(0).text, "Yes!");
    EXPECT_THAT(item->value.thread, SizeIs(2));
    EXPECT_EQ(item->value.people.at(1).address, "bob@example.com");
    const auto original = co_await call("memory.original", Json::object({{"item", id}}));
    EXPECT_EQ(original->text("text"), second);
    EXPECT_EQ(refusal(co_await memory_->item("bob", id)), Code::NotFound);
    EXPECT_EQ(refusal(co_await memory_->item("ann", "x")), Code::NotFound);
  });
}

// Only the third names what it answers, the fourth all before it, the fifth no more than the last two. In whatever order they come.
TEST_F(MemoryTest, JoinsAThreadWhoseMailsNameOnlySomeOfIt) {
  const std::vector<std::string> mails = {
      "From a\n" + mail("a", "Trip", "letter a") + "\n",
      "From a\n" + mail("b", "Re: Trip", "letter b", "References: <a@example.com>\n") + "\n",
      "From a\n" + mail("c", "Re: Trip", "letter c", "In-Reply-To: <b@example.com>\n") + "\n",
      "From a\n" + mail("d", "Re: Trip", "letter d", "References: <a@example.com> <b@example.com>\n <c@example.com>\n") + "\n",
      "From a\n" + mail("e", "Re: Trip", "letter e", "References: <c@example.com> <d@example.com>\n") + "\n",
      "From a\n" + mail("f", "Something else", "letter f", "References: <x@example.com>\n") + "\n"};
  for (const std::string_view order : {"abcdef", "fedcba", "cafebd", "ecadbf"}) {
    const auto person = std::string(order);
    std::string box;
    for (const char letter : order) box += mails[static_cast<std::size_t>(letter - 'a')];
    write(folder_.path() / (person + ".mbox"), box);
    with_memory([this, person]() -> Task<> {
      co_await import("mail", folder_.path() / (person + ".mbox"), person);
      for (const std::string letter : {"a", "b", "c", "d", "e"}) {
        const auto found = co_await memory_->search(person, {.query = "\"letter " + letter + "\""});
        const auto item = co_await memory_->item(person, found->value.results.at(0).item);
        EXPECT_THAT(item->value.thread, SizeIs(5)) << person << " " << letter;
      }
    });
  }
}

TEST_F(MemoryTest, SaysHowFarReadingIs) {
  std::string box;
  for (int i = 0; i < 40; ++i) box += "From a\n" + mail(std::to_string(i), "s", fmt::format("text {}", i)) + "\n";
  write(inbox_, box);
  write(notes_ / "a.mbox", box);
  write(notes_ / "b.txt", "text");
  with_memory([&]() -> Task<> {
    for (int again = 0; again < 2; ++again) {
      for (const auto& [kind, path] : {std::pair("mail", inbox_), std::pair("mail", notes_), std::pair("folder", notes_)}) {
        const auto started = co_await call("memory.import", Json::object({{"kind", kind}, {"path", path.string()}}));
        const auto job = co_await finished(std::string(started->text("job")));
        EXPECT_EQ(job.done, job.total) << kind << " " << again;
        EXPECT_EQ(job.total, static_cast<std::int64_t>(box.size() + (path == notes_ ? 4 : 0))) << kind << " " << again;
      }
    }
  });
}

TEST_F(MemoryTest, FiltersByPersonTimeAndSource) {
  write(inbox_, "From a\n" + mail("1", "May", "apples") + "\nFrom b\nFrom: Carol <carol@example.com>\nSubject: June\nDate: Thu, 1 Jun 2023 10:00:00 +0000\n\napples\n");
  write(notes_ / "a.txt", "apples");
  with_memory([this]() -> Task<> {
    co_await import("mail", inbox_);
    const auto mails = source_;
    co_await import("folder", notes_);
    const auto count = [this](SearchInput input) -> Task<std::size_t> {
      input.query = "apples";
      co_return (co_await memory_->search("ann", input))->value.results.size();
    };
    EXPECT_EQ(co_await count({}), 3u);
    EXPECT_EQ(co_await count({.source = mails}), 2u);
    EXPECT_EQ(co_await count({.person = "carol@example.com"}), 1u);
    EXPECT_EQ(co_await count({.person = "ANN"}), 1u);
    EXPECT_EQ(co_await count({.source = mails, .after = *parse_time("2023-05-20T00:00:00Z")}), 1u);
    EXPECT_EQ(co_await count({.before = *parse_time("2023-05-20T00:00:00Z")}), 1u);
    const auto page = co_await memory_->search("ann", {.query = "apples", .limit = 1, .offset = 1});
    EXPECT_THAT(page->value.results, SizeIs(1));
    EXPECT_TRUE(page->value.more);
  });
}

TEST_F(MemoryTest, FiltersAloneListWhatFitsNewestFirst) {
  write(inbox_, "From a\n" + mail("1", "May", "apples") + "\nFrom b\nFrom: Carol <carol@example.com>\nSubject: June\nDate: Thu, 1 Jun 2023 10:00:00 +0000\n\npears\n");
  write(notes_ / "a.md", "---\ntags: [Travel, home]\n---\n\n# Plums\n\nplums");
  write(notes_ / "b.md", "---\ntags: [travel]\ndate: 2023-07-01\n---\n\n# Quinces\n\nquinces");
  write(notes_ / "c.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Dora\nEND:VCARD\n");
  with_memory([this]() -> Task<> {
    co_await import("mail", inbox_);
    const auto mails = source_;
    co_await import("folder", notes_);
    const auto listed = [this](SearchInput input) -> Task<std::vector<std::string>> {
      std::vector<std::string> titles;
      const auto found = co_await memory_->search("ann", std::move(input));
      EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().describe());
      if (!found) co_return titles;
      for (const auto& one : found->value.results) titles.push_back(one.title);
      co_return titles;
    };
    EXPECT_THAT(co_await listed({.source = mails}), ElementsAre("June", "May"));
    EXPECT_THAT(co_await listed({.kinds = {ItemKind::Mail}}), ElementsAre("June", "May"));
    EXPECT_THAT(co_await listed({.query = "  ", .person = "carol@example.com"}), ElementsAre("June"));
    EXPECT_THAT(co_await listed({.kinds = {ItemKind::Contact}}), ElementsAre("Dora"));  // without a time
    EXPECT_THAT(co_await listed({.before = *parse_time("2023-06-20T00:00:00Z")}), ElementsAre("June", "May"));
    EXPECT_THAT(co_await listed({.tags = {"TRAVEL"}}), UnorderedElementsAre("Plums", "Quinces"));
    EXPECT_THAT(co_await listed({.tags = {"travel", "Home"}}), ElementsAre("Plums"));
    EXPECT_THAT(co_await listed({.query = "quinces", .tags = {"Travel"}}), ElementsAre("Quinces"));
    EXPECT_THAT(co_await listed({.tags = {"trave"}}), IsEmpty());
    EXPECT_THAT(co_await listed({.query = "!", .source = mails}), IsEmpty());
    const auto page = co_await memory_->search("ann", {.source = mails, .limit = 1});
    EXPECT_TRUE(page->value.more);
    EXPECT_EQ(page->value.results[0].snippet[0].text, "pears");
    EXPECT_EQ(page->label.integrity, Integrity::Untrusted);
    EXPECT_EQ(refusal(co_await memory_->search("ann", {.query = " "})), Code::InvalidInput);
    co_await forget(Json::object({{"source", mails}}));
    EXPECT_THAT(co_await listed({.kinds = {ItemKind::Mail}}), IsEmpty());
  });
}

TEST_F(MemoryTest, ReplacesASavedSearchOnlyWhenToldTo) {
  with_memory([this]() -> Task<> {
    const auto save = [this](std::string query, bool replace) {
      return call("memory.save_search", Json::object({{"name", "Bills"}, {"query", query}, {"replace", replace}}));
    };
    const auto saved = co_await save("invoice", false);
    EXPECT_TRUE(saved.has_value());
    EXPECT_EQ(refusal(co_await save("bill", false)), Code::Conflict);
    const auto replaced = co_await save("receipt", true);
    EXPECT_EQ(replaced->text("search"), saved->text("search"));
    const auto kept = co_await call("memory.saved_searches", Json::object());
    EXPECT_EQ(kept->find("searches")->as_array()->size(), 1u);
    EXPECT_EQ((*kept->find("searches")->as_array())[0].text("query"), "receipt");
  });
}

TEST_F(MemoryTest, ForgetsASourceEverywhere) {
  std::string box;
  for (int i = 0; i < 700; ++i) box += "From a\n" + mail(std::to_string(i), "Subject zyxxyword", fmt::format("body qwvvsecret number {}", i)) + "\n";
  write(inbox_, box);
  write(notes_ / "a.txt", "kept plumbing note");
  with_memory([this]() -> Task<> {
    co_await import("folder", notes_);
    co_await import("mail", inbox_);
    EXPECT_THAT(co_await titles("qwvvsecret"), SizeIs(20));
    EXPECT_THAT(files_with("qwvvsecret"), testing::Not(IsEmpty()));
    co_await forget(Json::object({{"source", source_}}));
    EXPECT_THAT(co_await titles("qwvvsecret"), IsEmpty());
    EXPECT_THAT(co_await titles("plumbing"), ElementsAre("a"));
    EXPECT_THAT(files_with("qwvvsecret"), IsEmpty());
    EXPECT_THAT(files_with("zyxxyword"), IsEmpty());
    EXPECT_THAT(files_with("bob@example.com"), IsEmpty());
    EXPECT_THAT((co_await memory_->sources("ann"))->value.sources, SizeIs(1));
  });
}

TEST_F(MemoryTest, ForgetsAnItemForGood) {
  std::string box;
  for (int i = 0; i < 450; ++i) box += "From a\n" + mail(std::to_string(i), "Subject", fmt::format("harmless number {}", i)) + "\n";
  box += "From a\n" + mail("x", "Wrong qqzztitle", "the xkzzsecret body") + "\n";
  for (int i = 500; i < 950; ++i) box += "From a\n" + mail(std::to_string(i), "Subject", fmt::format("harmless number {}", i)) + "\n";
  write(inbox_, box);
  with_memory([this]() -> Task<> {
    co_await import("mail", inbox_);
    const auto found = co_await memory_->search("ann", {.query = "xkzzsecret"});
    co_await forget(Json::object({{"item", found->value.results.at(0).item}}));
    EXPECT_THAT(co_await titles("xkzzsecret"), IsEmpty());
    EXPECT_THAT(files_with("xkzzsecret"), IsEmpty());
    EXPECT_THAT(files_with("qqzztitl"), IsEmpty());
    EXPECT_THAT(co_await titles("number 777"), testing::Not(IsEmpty()));
    std::filesystem::last_write_time(inbox_, std::filesystem::file_time_type::clock::now());
    write(inbox_, "From z\n" + mail("z", "new start", "z") + "\nFrom a\n" + mail("x", "Wrong qqzztitle", "the xkzzsecret body") + "\n");
    const auto again = co_await import("mail", inbox_);
    EXPECT_EQ(again.added, 1);
    EXPECT_THAT(co_await titles("xkzzsecret"), IsEmpty());
  });
}

TEST_F(MemoryTest, ForgetsWhatASourceWasCalled) {
  const auto box = folder_.path() / "DivorceLawyerZyx.mbox";
  write(box, "From a\n" + mail("1", "Hello", "words") + "\n");
  with_memory([this, box]() -> Task<> {
    co_await import("mail", box);
    co_await forget(Json::object({{"source", source_}}));
  });
  EXPECT_THAT(files_with("DivorceLawyerZyx"), IsEmpty());
}

// A name that only something forgotten gave to an address is forgotten with it, though the address is there still.
TEST_F(MemoryTest, ForgetsNamesOfPeopleWhoRemain) {
  const auto bare = [](std::string_view id, std::string_view from, std::string_view day) {
    return fmt::format("From a\nFrom: {}\nSubject: Hello {}\nDate: {} May 2023 09:30:00 +0000\nMessage-ID: <{}@example.com>\n\nwords {}\n\n", from, id, day, id, id);
  };
  const auto cards = folder_.path() / "contacts.vcf";
  write(cards, "BEGIN:VCARD\nVERSION:3.0\nFN:Dora Explorerova\nEMAIL:dora@home.org\nEMAIL:dora@work.org\nEND:VCARD\n");
  write(inbox_, bare("one", "dora@home.org", "1") + bare("two", "\"Dora Itemname\" <dora@home.org>", "2") + bare("three", "\"Dora Spanname\" <dora@home.org>", "20") +
                    bare("four", "\"Dora Lastname\" <dora@home.org>", "25") +
                    "From a\nFrom: Tom <tom@example.com>\nTo: \"Dora Toldname\" <dora@home.org>\nSubject: Hello\nMessage-ID: <t@example.com>\n\nwords\n");
  with_memory([&]() -> Task<> {
    co_await import("contacts", cards);
    const auto contacts = source_;
    co_await import("mail", inbox_);
    const auto name = [this]() -> Task<std::string> {
      const auto people = co_await call("memory.people", Json::object({{"query", "dora@home"}}));
      co_return std::string(people->find("people")->as_array()->at(0).text("name"));
    };
    EXPECT_EQ(co_await name(), "Dora Explorerova");
    co_await forget(Json::object({{"source", contacts}}));
    EXPECT_THAT(files_with("Explorerova"), IsEmpty());
    EXPECT_EQ(co_await name(), "Dora Itemname");
    const auto found = co_await memory_->search("ann", {.query = "\"words two\""});
    co_await forget(Json::object({{"item", found->value.results.at(0).item}}));
    EXPECT_THAT(files_with("Itemname"), IsEmpty());
    EXPECT_EQ(co_await name(), "Dora Spanname");
    co_await forget(Json::object({{"after", "2023-05-15T00:00:00Z"}, {"before", "2023-05-22T00:00:00Z"}}));
    EXPECT_THAT(files_with("Spanname"), IsEmpty());
    EXPECT_EQ(co_await name(), "Dora Lastname");
    const auto people = co_await call("memory.people", Json::object({{"query", "dora@home"}}));
    co_await forget(Json::object({{"person", std::string(people->find("people")->as_array()->at(0).text("id"))}}));
    EXPECT_THAT(files_with("Lastname"), IsEmpty());
    EXPECT_EQ(co_await name(), "Dora Toldname");
  });
}

TEST_F(MemoryTest, AFileThatIsChangedTakesItsNamesAlong) {
  write(folder_.path() / "cards/a.vcf", "BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Dora Explorerova\nEMAIL:dora@home.org\nEND:VCARD\n");
  with_memory([this]() -> Task<> {
    co_await import("contacts", folder_.path() / "cards");
    write(folder_.path() / "cards/a.vcf", "BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:D.\nEMAIL:dora@home.org\nEND:VCARD\n");
    co_await import("contacts", folder_.path() / "cards");
    const auto people = co_await call("memory.people", Json::object({{"query", "dora@home"}}));
    EXPECT_EQ(people->find("people")->as_array()->at(0).text("name"), "D.");
  });
}

TEST_F(MemoryTest, ExportsWhatCouldNotBeRead) {
  write(notes_ / "a.txt", "words");
  write(notes_ / "broken.docx", "PK\x03\x04 no archive at all");
  with_memory([this]() -> Task<> {
    EXPECT_EQ((co_await import("folder", notes_)).failed, 1);
    co_await export_to("bo");
    const auto before = (co_await memory_->sources("ann"))->value.sources.at(0);
    const auto after = (co_await memory_->sources("bo"))->value.sources.at(0);
    EXPECT_EQ(after.failed, 1);
    EXPECT_EQ(after.failures.at(0).place, "broken.docx");
    EXPECT_EQ(after.failures.at(0).reason, before.failures.at(0).reason);
  });
}

TEST_F(MemoryTest, WhatTwoSourcesHaveStaysUntilBothAreForgotten) {
  const auto other = folder_.path() / "other.mbox";
  write(inbox_, "From a\n" + mail("1", "shared", "common words") + "\n");
  write(other, "From a\n" + mail("1", "shared", "common words") + "\nFrom a\n" + mail("2", "own", "other words") + "\n");
  with_memory([this, other]() -> Task<> {
    co_await import("mail", inbox_);
    const auto first = source_;
    const auto result = co_await import("mail", other);
    EXPECT_EQ(result.added, 1);
    EXPECT_THAT(co_await titles("common"), ElementsAre("shared"));
    co_await forget(Json::object({{"source", first}}));
    EXPECT_THAT(co_await titles("common"), ElementsAre("shared"));
    const auto found = co_await memory_->search("ann", {.query = "common"});
    const auto original = co_await memory_->original("ann", found->value.results.at(0).item);
    EXPECT_THAT(original->value.bytes, HasSubstr("common words"));
    co_await forget(Json::object({{"source", source_}}));
    EXPECT_THAT(co_await titles("common"), IsEmpty());
    EXPECT_THAT(files_with("common words"), IsEmpty());
  });
}

TEST_F(MemoryTest, ACrashOfTheParserCostsOneItem) {
  std::string box;
  for (int i = 0; i < 5; ++i) box += "From a\n" + mail(std::to_string(i), "ok", fmt::format("text {}", i)) + "\n";
  // HTML nested so deeply that the parser runs out of its processor time.
  std::string deep;
  for (int i = 0; i < 400'000; ++i) deep += "<div>";
  const auto bomb = "From x\nSubject: bomb\nContent-Type: text/html\n\n" + deep + "\n\n";
  for (int i = 5; i < 9; ++i) box += (i == 5 ? bomb : "") + "From a\n" + mail(std::to_string(i), "ok", fmt::format("text {}", i)) + "\n";
  write(inbox_, box);
  with_memory([this]() -> Task<> {
    const auto result = co_await import("mail", inbox_);
    EXPECT_EQ(result.added, 9);
    EXPECT_EQ(result.failed, 1);
    const auto sources = co_await memory_->sources("ann");
    EXPECT_THAT(sources->value.sources[0].failures, SizeIs(1));
    EXPECT_THAT(sources->value.sources[0].failures[0].reason, HasSubstr("too long"));
  });
}

TEST_F(MemoryTest, RefusesWhatItCannotRead) {
  write(folder_.path() / "a.pdf", "%PDF");
  with_memory([this]() -> Task<> {
    const auto attempt = [this](std::string kind, std::string path, Role role = Role::Owner) -> Task<Code> {
      const auto result = co_await call("memory.import", Json::object({{"kind", kind}, {"path", path}}), Principal::of_person("ann", role));
      co_return refusal(result).value_or(Code::Internal);
    };
    EXPECT_EQ(co_await attempt("mail", "/no/such"), Code::NotFound);
    EXPECT_EQ(co_await attempt("mail", folder_.path() / "a.pdf"), Code::Unsupported);
    EXPECT_EQ(co_await attempt("folder", folder_.path() / "a.pdf"), Code::Unsupported);
    EXPECT_EQ(co_await attempt("folder", "/dev/null"), Code::Unsupported);
    EXPECT_EQ(co_await attempt("folder", folder_.path(), Role::Member), Code::Forbidden);
    EXPECT_EQ(refusal(co_await memory_->forget("ann", {})), Code::InvalidInput);
    EXPECT_EQ(refusal(co_await memory_->forget("ann", {.source = "9"})), Code::NotFound);
  });
}

TEST_F(MemoryTest, GoesOnWhereItWasStopped) {
  static constexpr int kMessages = 4500;  // a few batches more than lives
  std::string box;
  for (int i = 0; i < kMessages; ++i) box += "From a\n" + mail(std::to_string(i), "s", fmt::format("text {}", i)) + "\n";
  write(inbox_, box);
  std::string job;
  std::int64_t stored = 0;
  for (int life = 0; life < 3; ++life) {
    with_memory([this, life, &job, &stored]() -> Task<> {
      if (life == 0) {
        const auto started = co_await call("memory.import", Json::object({{"kind", "mail"}, {"path", inbox_.string()}}));
        job = started->text("job");
      }
      const auto before = stored;
      while (stored == before && stored < kMessages) {  // as soon as something new is there, the box stops
        const auto sources = co_await memory_->sources("ann");
        if (!sources->value.sources.empty()) stored = sources->value.sources[0].items;
      }
    });
  }
  EXPECT_LT(stored, kMessages);
  with_memory([this, &job]() -> Task<> {
    EXPECT_EQ((co_await finished(job)).state, JobState::Done);
    const auto sources = co_await memory_->sources("ann");
    EXPECT_EQ(sources->value.sources[0].items, kMessages);
    EXPECT_EQ(sources->value.sources[0].passages, kMessages);
    EXPECT_EQ((co_await import("mail", inbox_)).added, 0);
  });
}

}  // namespace
}  // namespace hearth::memory
