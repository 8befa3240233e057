#include "memory/extract/json_stream.h"

#include <gmock/gmock.h>

#include <random>

namespace hearth::memory::extract {
namespace {

// The elements of an array, as they are written, without being looked into; "broken" where the reading ends.
std::vector<std::string> elements(std::string_view text) {
  const BytesInput input{std::string(text)};
  JsonStream json(input);
  std::vector<std::string> found;
  const auto read = json.each_element([&]() -> Result<> {
    const auto raw = TRY(json.raw());
    EXPECT_EQ(text.substr(static_cast<std::size_t>(raw.extent.offset), static_cast<std::size_t>(raw.extent.length)), raw.bytes);
    found.push_back(raw.bytes);
    return {};
  });
  if (!read) found.push_back("broken");
  return found;
}

TEST(JsonStream, KnowsWhereAValueEnds) {
  const std::vector<std::string> values{R"("plain")", R"("with \"quotes\" in it")", R"("ends with a backslash \\")", R"("\\\"")", R"("]},{[")",
                                        R"({"a \" }": ["]", {}]})", "12.5e3", "null", R"("")", R"(["\\", "\""])"};
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "[" : " ,\n") + value;
  EXPECT_EQ(elements(text + "]"), values);
  EXPECT_THAT(elements(R"(["never ends\")"), testing::ElementsAre("broken"));
  EXPECT_THAT(elements(R"(["one", "never ends\"])"), testing::ElementsAre(R"("one")", "broken"));
}

// What is read at once ends anywhere: within a string, after a backslash, before the quote that ends it.
TEST(JsonStream, GoesOnWhereAReadEnded) {
  std::minstd_rand chance(7);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> values;
    std::string text;
    while (text.size() < (600 << 10)) {
      std::string value = "\"";
      const auto length = chance() % (round % 2 == 0 ? 3000 : 200'000);
      while (value.size() < length) {
        const auto one = chance() % 40;
        value += one == 0 ? R"(\")" : one == 1 ? R"(\\)" : one == 2 ? "]" : std::string(1 + chance() % (length / 4 + 1), 'a');
      }
      values.push_back(value + '"');
      text += (text.empty() ? "[" : ",") + values.back();
    }
    ASSERT_EQ(elements(text + "]"), values) << "round " << round;
  }
}

}  // namespace
}  // namespace hearth::memory::extract
