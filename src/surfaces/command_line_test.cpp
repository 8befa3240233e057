#include "surfaces/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing.h"
#include "surfaces/command_help.h"

namespace hearth::surfaces {
namespace {

using testing::HasSubstr;
using testing::Not;

const Json kDefinitions = *Json::parse(R"([
  {"name": "files.list", "summary": "Lists a folder.", "summary_zh": "列出文件夹。", "streaming": false,
   "input": {"type": "object", "properties": {
     "path": {"type": "string", "description": "Where.", "x-description-zh": "位置。"},
     "limit": {"type": "integer", "description": "How many.", "x-default": 100},
     "with_hidden": {"type": "boolean", "x-default": false},
     "budget": {"type": "number"},
     "tags": {"type": "array", "items": {"type": "string"}},
     "kind": {"type": "string", "enum": ["folder", "file"]}},
    "required": ["path"]}},
  {"name": "identity.change_password", "summary": "Changes it.", "summary_zh": "修改。", "streaming": false,
   "input": {"type": "object", "properties": {"new": {"type": "string", "x-secret": true}}, "required": ["new"]}}
])");

Result<Command> parse(std::vector<std::string> words) {
  return parse_command(kDefinitions, words, [](std::string_view) { return std::optional<std::string>(); });
}

TEST(CommandLine, ReadsFieldsByTheirTypes) {
  const auto command = parse({"files", "list", "--path", "/a b", "--limit=7", "--with-hidden", "--tags", "x", "--tags", "y", "--json"});
  ASSERT_TRUE(command.has_value()) << command.error().message();
  EXPECT_EQ(command->operation, "files.list");
  EXPECT_TRUE(command->as_json);
  EXPECT_EQ(command->input.dump(), R"({"path":"/a b","limit":7,"with_hidden":true,"tags":["x","y"]})");
}

TEST(CommandLine, SaysWhatToTypeInstead) {
  EXPECT_THAT(refusal_text(parse({"file"})), HasSubstr("There is files, identity"));
  EXPECT_THAT(refusal_text(parse({"files", "lst"})), HasSubstr("hearth files"));
  EXPECT_THAT(refusal_text(parse({"files", "list", "--pth", "/"})), HasSubstr("--path, --limit"));
  EXPECT_THAT(refusal_text(parse({"files", "list", "--path", "/", "--limit", "many"})), HasSubstr("a whole number"));
  EXPECT_THAT(refusal_text(parse({"files", "list"})), HasSubstr("--path is missing"));
  EXPECT_THAT(refusal_text(parse({"files", "list", "/a"})), HasSubstr("--name value"));
  EXPECT_THAT(refusal_text(parse({"files", "list", "--path"})), HasSubstr("needs a value"));
}

TEST(CommandLine, TakesTheWordAfterAFieldAsItsValue) {
  for (const std::string word : {"-h", "--help", "--json", "--limit", "-"}) {
    const auto command = parse({"files", "list", "--path", word});
    ASSERT_TRUE(command.has_value()) << refusal_text(command);
    EXPECT_EQ(command->kind, Command::Kind::Call);
    EXPECT_FALSE(command->as_json);
    EXPECT_EQ(command->input.text("path"), word);
  }
  EXPECT_EQ(parse({"files", "list", "--path", "/", "-h"})->kind, Command::Kind::Help);
  EXPECT_EQ(parse({"files", "list", "--with-hidden", "-h"})->kind, Command::Kind::Help);
  EXPECT_EQ(parse({"--json", "files", "-h", "list"})->kind, Command::Kind::Help);
  EXPECT_TRUE(parse({"--json", "files", "list", "--path", "/"})->as_json);
}

TEST(CommandLine, RefusesAValueGivenTwice) {
  EXPECT_THAT(refusal_text(parse({"files", "list", "--path", "/a", "--path", "/b"})), HasSubstr("--path is given twice"));
  EXPECT_THAT(refusal_text(parse({"files", "list", "--path=/a", "--with-hidden", "--with-hidden"})), HasSubstr("--with-hidden is given twice"));
}

TEST(CommandLine, TakesNoNumberWithoutAnEnd) {
  for (const std::string word : {"nan", "inf", "-inf", "infinity", "1e999", ""}) {
    EXPECT_THAT(refusal_text(parse({"files", "list", "--path", "/", "--budget", word})), HasSubstr("a number")) << word;
  }
  EXPECT_EQ(parse({"files", "list", "--path", "/", "--budget", "1.5"})->input.dump(), R"({"path":"/","budget":1.5})");
}

TEST(CommandLine, AsksForASecretThatWasLeftOut) {
  const std::vector<std::string> words = {"identity", "change-password"};
  EXPECT_FALSE(parse(words).has_value());
  const auto asked = parse_command(kDefinitions, words, [](std::string_view) { return std::optional<std::string>("s3cret"); });
  EXPECT_EQ(asked->input.text("new"), "s3cret");
}

TEST(CommandLine, HelpsInBothLanguages) {
  EXPECT_EQ(parse({"files", "list", "--help"})->kind, Command::Kind::Help);
  EXPECT_THAT(operation_help((*kDefinitions.as_array())[0], Language::English), HasSubstr("--path text"));
  EXPECT_THAT(operation_help((*kDefinitions.as_array())[0], Language::Chinese), HasSubstr("位置。（必填）"));
}

TEST(CommandLine, SuggestsWhatWasMeant) {
  EXPECT_THAT(refusal_text(parse({"fiels", "list"})), HasSubstr("Did you mean files?"));
  EXPECT_THAT(refusal_text(parse({"files", "lst"})), HasSubstr("Did you mean list?"));
  EXPECT_THAT(refusal_text(parse({"files", "list", "--pth", "/"})), HasSubstr("Did you mean --path?"));
  EXPECT_THAT(refusal_text(parse({"--bogus"})), HasSubstr("There is no option --bogus"));
  EXPECT_THAT(refusal_text(parse({"zebra"})), Not(HasSubstr("Did you mean")));
  EXPECT_EQ(parse({"help"})->kind, Command::Kind::Rooms);
  EXPECT_THAT(refusal_text(parse({"files", "list", "--path", "\xff"})), HasSubstr("not UTF-8"));
}

}  // namespace
}  // namespace hearth::surfaces
