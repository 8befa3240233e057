#include "surfaces/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing.h"

namespace hearth::surfaces {
namespace {

using testing::HasSubstr;

const Json kDefinitions = *Json::parse(R"([
  {"name": "files.list", "summary": "Lists a folder.", "summary_zh": "列出文件夹。", "streaming": false,
   "input": {"type": "object", "properties": {
     "path": {"type": "string", "description": "Where.", "x-description-zh": "位置。"},
     "limit": {"type": "integer", "description": "How many.", "x-default": 100},
     "with_hidden": {"type": "boolean", "x-default": false},
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

TEST(CommandLine, DrawsTablesThatLineUpInChinese) {
  EXPECT_EQ(display_width("ab中文"), 6U);
  EXPECT_EQ(render(*Json::parse(R"({"entries":[{"name":"中文","size":1},{"name":"a","size":22}]})"), Language::English),
            "name  size\n中文  1\na     22\n");
}

TEST(CommandLine, ShowsAnObjectAsLines) {
  EXPECT_EQ(render(*Json::parse(R"({"ok":true,"message":"fine"})"), Language::English), "ok       true\nmessage  fine\n");
}

TEST(CommandLine, ShowsTextsInOneLanguage) {
  const auto job = *Json::parse(R"({"title":"Copy /a","title_zh":"复制 /a","note":"/a/b","note_zh":"","lone_zh":"x"})");
  EXPECT_EQ(render(job, Language::English), "title    Copy /a\nnote     /a/b\nlone_zh  x\n");
  EXPECT_EQ(render(job, Language::Chinese), "title    复制 /a\nnote     /a/b\nlone_zh  x\n");
}

}  // namespace
}  // namespace hearth::surfaces
