#include "base/describe.h"

#include <gtest/gtest.h>

#include "base/testing.h"

namespace hearth {
namespace {

enum class Shade { Dark, VeryLight };
HEARTH_DESCRIBE_ENUM(Shade, Dark, VeryLight)

struct Inner {
  std::string name;
  bool operator==(const Inner&) const = default;
};
HEARTH_DESCRIBE(Inner, (name, "Its name."))

struct Outer {
  std::string path;
  std::optional<int> depth;
  int limit = 7;
  std::vector<Inner> inner;
  Shade shade = Shade::Dark;
  bool operator==(const Outer&) const = default;
};
HEARTH_DESCRIBE(Outer, (path, "Where.", .maximum_length = 8, .resource = "files"), (depth, "How deep."),
                (limit, "How many.", .defaulted = true, .minimum = 1, .maximum = 10), (inner, "Parts."),
                (shade, "Its shade.", .defaulted = true))

Result<Outer> read(std::string_view text) { return from_json<Outer>(*Json::parse(text)); }

TEST(Describe, RoundTrips) {
  const Outer value{"/a", 3, 9, {{"x"}, {"y"}}, Shade::VeryLight};
  const auto json = to_json(value);
  EXPECT_EQ(json.dump(), R"({"path":"/a","depth":3,"limit":9,"inner":[{"name":"x"},{"name":"y"}],"shade":"very_light"})");
  EXPECT_EQ(*from_json<Outer>(json), value);
}

TEST(Describe, FillsDefaults) {
  const auto value = read(R"({"path":"/"})");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(value->limit, 7);
  EXPECT_FALSE(value->depth.has_value());
}

TEST(Describe, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(refusal_text(read(R"({})")), "path is missing.");
  EXPECT_EQ(refusal_text(read(R"({"path":3})")), "path must be a string, not a whole number.");
  EXPECT_EQ(refusal_text(read(R"({"path":"123456789"})")), "path is too long: 9 where 8 is the most.");
  EXPECT_TRUE(read(R"({"path":"一二三四五六七八"})").has_value());
  EXPECT_EQ(refusal_text(read(R"({"path":"一二三四五六七八é"})")), "path is too long: 9 where 8 is the most.");
  EXPECT_EQ(refusal_text(read(R"({"path":"/","limit":11})")), "limit must be at most 10, not 11.");
  EXPECT_EQ(refusal_text(read(R"({"path":"/","inner":[{"name":1}]})")),
            "inner[0].name must be a string, not a whole number.");
  EXPECT_EQ(refusal_text(read(R"({"path":"/","shade":"pink"})")),
            "shade must be one of dark, very_light, not \"pink\".");
  EXPECT_EQ(refusal_text(read(R"({"path":"/","colour":1})")),
            "The input does not have \"colour\"; it takes path, depth, limit, inner, shade.");
  EXPECT_EQ(refusal_text(read(R"({"path":"/","limit":99999999999})")), "limit: 99999999999 is out of range.");
}

TEST(Describe, MakesASchema) {
  const auto schema = schema_of<Outer>();
  EXPECT_EQ(schema.find("required")->dump(), R"(["path"])");
  EXPECT_EQ(schema.find("properties")->find("path")->dump(),
            R"({"type":"string","description":"Where.","maxLength":8,"x-resource":"files"})");
  EXPECT_EQ(schema.find("properties")->find("limit")->find("x-default")->dump(), "7");
}

TEST(Json, RefusesWhatIsNotJson) {
  EXPECT_FALSE(Json::parse("{").has_value());
  EXPECT_FALSE(Json::parse("").has_value());
  EXPECT_FALSE(Json::parse("[1,]").has_value());
  EXPECT_FALSE(Json::parse(R"({"a":1,"a":2})").has_value());
  EXPECT_FALSE(Json::parse(std::string(100'000, '[')).has_value());
}

TEST(Json, WritesOnlyUtf8) { EXPECT_EQ(Json("a\xff").dump(), "\"a\xEF\xBF\xBD\""); }

}  // namespace
}  // namespace hearth
