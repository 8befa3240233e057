#include "memory/extract/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "memory/extract/mail.h"

namespace hearth::memory::extract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Remembers what it is told.
class Heard final : public Sink {
 public:
  Result<bool> begin(Extent at) override {
    numbers.push_back(at.offset);
    return std::find(skipped.begin(), skipped.end(), at.offset) == skipped.end();
  }
  Result<> item(ItemText item, Original original) override {
    places.push_back(item.within);
    texts.push_back(item.text);
    titles.push_back(item.item.title);
    originals.push_back(original.bytes ? *original.bytes : input ? *input->read(original.extent.offset, original.extent.length) : "");
    return {};
  }
  Result<> failed(std::string reason) override {
    failures.push_back(path + ": " + reason);
    return {};
  }
  Result<> foreign() override {
    ++passed_over;
    return {};
  }
  void within(std::string_view where) override { path = where; }

  const Input* input = nullptr;
  std::vector<std::int64_t> numbers, skipped;
  std::vector<std::string> places, texts, titles, originals, failures;
  std::string path;
  int passed_over = 0;
};

std::string le(std::uint64_t value, int length) {
  std::string bytes;
  for (int i = 0; i < length; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}

std::string packed(std::string_view bytes, int window = -15) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct Entry {
  std::string name;
  std::string text;
  bool stored = false;
  int flags = 0;
  std::optional<std::size_t> claimed = {};
};

std::string zip_of(const std::vector<Entry>& entries) {
  std::string bytes, directory;
  for (const auto& entry : entries) {
    const auto body = entry.stored ? entry.text : packed(entry.text);
    const auto fields = le(entry.flags, 2) + le(entry.stored ? 0 : 8, 2) + le(0x7000, 2) + le(0x56CF, 2) + le(0, 4) + le(body.size(), 4) +
                        le(entry.claimed.value_or(entry.text.size()), 4) + le(entry.name.size(), 2) + le(0, 2);
    directory += "PK\x01\x02" + le(20, 2) + le(20, 2) + fields + le(0, 2) + le(0, 2) + le(0, 2) + le(0, 4) + le(bytes.size(), 4) + entry.name;
    bytes += "PK\x03\x04" + le(20, 2) + fields + entry.name + body;
  }
  const auto start = bytes.size();
  return bytes + directory + "PK\x05\x06" + le(0, 4) + le(entries.size(), 2) + le(entries.size(), 2) + le(directory.size(), 4) + le(start, 4) + le(0, 2);
}

std::string tar_entry(std::string name, std::string_view text, char type = '0') {
  std::string block(512, '\0');
  block.replace(0, name.size(), name);
  block.replace(124, 11, fmt::format("{:011o}", text.size()));
  block.replace(136, 11, fmt::format("{:011o}", 1'700'000'000));
  block.replace(148, 8, "        ");
  block[156] = type;
  block.replace(257, 8, std::string("ustar\0" "00", 8));
  unsigned sum = 0;
  for (const unsigned char c : block) sum += c;
  block.replace(148, 7, fmt::format("{:06o}", sum) + '\0');
  std::string body(text);
  body.resize((body.size() + 511) / 512 * 512);
  return block + body;
}

Heard read(Result<> (*reader)(const Request&, const Input&, Sink&), const std::string& bytes, std::vector<std::int64_t> skipped = {}) {
  static const bool prepared = (prepare_mail(), true);
  (void)prepared;
  Heard heard;
  const BytesInput input(bytes);
  heard.input = &input;
  heard.skipped = std::move(skipped);
  Request request;
  request.name = "a.gz";
  if (const auto done = reader(request, input, heard); !done) heard.failures.push_back("all: " + done.error().message());
  heard.input = nullptr;
  return heard;
}

TEST(Zip, GivesEachMemberToItsFormat) {
  const auto mbox = std::string("From a\nSubject: one\n\nfirst\n\nFrom b\nSubject: two\n\nsecond\n");
  const auto heard = read(read_zip_archive, zip_of({{"notes/plan.md", "# The plan\n\nwords"},
                                                    {"all.mbox", mbox},
                                                    {"plain.txt", "kept as it is", true},
                                                    {"picture.xyz", "\x01\x02"},
                                                    {"folder/", ""},
                                                    {"__MACOSX/._plan.md", "junk"}}));
  EXPECT_THAT(heard.titles, ElementsAre("The plan", "one", "two", "plain"));
  EXPECT_THAT(heard.originals, ElementsAre("# The plan\n\nwords", "Subject: one\n\nfirst\n", "Subject: two\n\nsecond\n", "kept as it is"));
  EXPECT_EQ(heard.places[0], "notes/plan.md");
  EXPECT_THAT(heard.places[1], HasSubstr("all.mbox/#"));
  EXPECT_THAT(heard.failures, ElementsAre());
  EXPECT_EQ(heard.passed_over, 1);
  for (std::size_t i = 0; i < heard.numbers.size(); ++i) EXPECT_EQ(heard.numbers[i], static_cast<std::int64_t>(i));
}

TEST(Zip, LeavesOutWhatEndedAProcessBefore) {
  const auto zip = zip_of({{"a.txt", "first"}, {"b.txt", "second"}});
  const auto all = read(read_zip_archive, zip);
  ASSERT_THAT(all.numbers, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(read(read_zip_archive, zip, {1}).texts, ElementsAre("second"));
  EXPECT_THAT(read(read_zip_archive, zip, {2}).texts, ElementsAre("first"));
}

TEST(Zip, MakesPlacesOfHostileNames) {
  EXPECT_EQ(tidy_member_name("../../etc/passwd", false), "etc/passwd");
  EXPECT_EQ(tidy_member_name("C:\\Users\\a.txt", false), "Users/a.txt");
  EXPECT_EQ(tidy_member_name("/a//./b\n.txt", false), "a/b_.txt");
  EXPECT_EQ(tidy_member_name("\xC4\xE3\xBA\xC3\xA3\xAC\xCA\xC0\xBD\xE7.txt", false), "你好，世界.txt");
  EXPECT_LT(tidy_member_name(std::string(60'000, 'x'), false).size(), 1100U);
  const auto heard = read(read_zip_archive, zip_of({{"a.txt", "one"}, {"../a.txt", "two"}, {"a.txt", "three"}}));
  EXPECT_THAT(heard.places, ElementsAre("a.txt", "a.txt (2)", "a.txt (3)"));
}

TEST(Zip, ReportsWhatItCannotUnpackAndGoesOn) {
  auto rare = zip_of({{"rare.txt", "words", true}, {"good.txt", "good"}});
  for (auto at = rare.find("rare.txt"); at != rare.npos; at = rare.find("rare.txt", at + 1)) {
    const auto head = rare.rfind("PK", at);
    rare[head + (rare[head + 2] == 3 ? 8 : 10)] = 99;
  }
  auto heard = read(read_zip_archive, rare);
  EXPECT_THAT(heard.failures, ElementsAre(HasSubstr("rare.txt: It is compressed in a way")));
  EXPECT_THAT(heard.texts, ElementsAre("good"));

  heard = read(read_zip_archive, zip_of({{"secret.txt", "x", false, 1}, {"short.txt", "words", false, 0, 2}, {"good.txt", "good"}}));
  EXPECT_THAT(heard.failures, ElementsAre("secret.txt: It is encrypted.", "short.txt: It unpacks to more than it says."));
  EXPECT_THAT(heard.texts, ElementsAre("good"));

  const auto whole = zip_of({{"a.txt", std::string(1000, 'a')}});
  EXPECT_THAT(read(read_zip_archive, whole.substr(0, whole.size() - 30)).failures, ElementsAre(HasSubstr("all: Its list of contents is broken")));
}

TEST(Zip, ReadsTheMessagesOfAMaildir) {
  prepare_mail();
  const std::string mail = "Return-Path: <a@example.com>\nFrom: a@example.com\nSubject: plans\n\ntext\n";
  const auto heard = read(read_zip_archive, zip_of({{"x/mail/cur/1700000000.M1P1.host:2,S", mail}, {"x/mail/new/1700000001.M1P1.host.pl", mail}, {"x/inbox/7", mail}}));
  EXPECT_THAT(heard.titles, ElementsAre("plans", "plans", "plans"));
  EXPECT_THAT(heard.failures, ElementsAre());
}

TEST(Zip, StopsBombs) {
  const auto heard = read(read_zip_archive, zip_of({{"bomb.txt", std::string(100 << 20, 'a')}, {"good.txt", "good"}}));
  EXPECT_THAT(heard.failures, ElementsAre("bomb.txt: It unpacks to more than 200 times its size."));
  EXPECT_THAT(heard.texts, ElementsAre("good"));
  std::string nested = "good";
  for (int i = 0; i < 6; ++i) nested = zip_of({{i == 0 ? "a.txt" : "b.zip", nested}});
  EXPECT_THAT(read(read_zip_archive, nested).failures, ElementsAre(HasSubstr("It lies too deep")));
}

TEST(Zip, ReadsOneByName) {
  const BytesInput input(zip_of({{"a.txt", "one"}, {"folder/b.txt", "two"}}));
  const auto zip = Zip::open(input);
  ASSERT_TRUE(zip);
  EXPECT_EQ(zip->members().size(), 2U);
  EXPECT_EQ(*zip->read("folder/b.txt", 100), "two");
  EXPECT_EQ(zip->read("folder/b.txt", 2).error().code(), Code::TooLarge);
  EXPECT_EQ(zip->read("c", 2).error().code(), Code::NotFound);
  EXPECT_TRUE(zip->members()[0].modified);
}

TEST(Tar, ReadsMembersPlainAndCompressed) {
  const std::string pax_path = std::string(150, 'p') + "/你好.txt";
  auto record = " path=" + pax_path + "\n";
  record = std::to_string(record.size() + 3) + record;
  const auto tar = tar_entry("a.txt", "first") + tar_entry("", record, 'x') + tar_entry("short", "second") + tar_entry("link.txt", "", '2') +
                   tar_entry(std::string("@LongLink"), "long.md", 'L') + tar_entry("lo", "# Third") + std::string(1024, '\0');
  for (const bool compressed : {false, true}) {
    const auto heard = compressed ? read(read_gzip_file, packed(tar, 31)) : read(read_tar_archive, tar);
    EXPECT_THAT(heard.texts, ElementsAre("first", "second", "# Third")) << compressed;
    EXPECT_THAT(heard.places, ElementsAre("a.txt", pax_path, "long.md"));
    EXPECT_THAT(heard.originals, ElementsAre("first", "second", "# Third"));
    EXPECT_THAT(heard.failures, ElementsAre());
  }
  const auto cut = read(read_gzip_file, packed(tar, 31).substr(0, 150));
  EXPECT_THAT(cut.failures, ElementsAre(HasSubstr("It ends too early")));
}

TEST(Gzip, ReadsOneFile) {
  Heard heard;
  const BytesInput input(packed("From a\nSubject: one\n\nfirst\n", 31));
  Request request;
  request.name = "old.mbox.gz";
  ASSERT_TRUE(read_gzip_file(request, input, heard));
  EXPECT_THAT(heard.titles, ElementsAre("one"));
  EXPECT_THAT(heard.places, ElementsAre(HasSubstr("old.mbox/#")));
}

TEST(Inflate, ReadsBackBeforeItsWindow) {
  std::string bytes;
  for (int i = 0; bytes.size() < (50 << 20); ++i) bytes += fmt::format("{} of many lines {}\n", i, i * 7919LL % 1000003);
  const BytesInput source(packed(bytes));
  const InflateInput input(source, {0, source.size()}, Compression::Deflate, static_cast<std::int64_t>(bytes.size()));
  for (const std::size_t at : {std::size_t{0}, bytes.size() - 100, std::size_t{33 << 20}, std::size_t{20 << 20}, std::size_t{5}, std::size_t{40 << 20}}) {
    EXPECT_EQ(*input.read(static_cast<std::int64_t>(at), 90), bytes.substr(at, 90)) << at;
  }
}

}  // namespace
}  // namespace hearth::memory::extract
