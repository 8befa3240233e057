#include "memory/answering.h"

#include <gtest/gtest.h>

namespace hearth::memory {
namespace {

const Moment kNow{Time(std::chrono::sys_days(std::chrono::year(2026) / 12 / 1)), 0};

// The sentence of a hit that answers; "" when none does.
std::string answer(std::string_view question, const Hit& hit) {
  const auto query = read_question(question, kNow);
  const std::vector<double> worth(query.terms.size(), 5);
  const auto found = Answering(question, query, worth, kNow).answer(hit);
  return found ? hit.text.substr(found->sentence.start, found->sentence.end - found->sentence.start) : "";
}

Hit passage(std::string text, std::string title = "") {
  Hit hit;
  hit.text = std::move(text);
  hit.title = std::move(title);
  hit.details = "{}";
  return hit;
}

TEST(AnsweringTest, TakesTheSentenceWhoseFormIsAskedFor) {
  const auto boiler = passage("The boiler is from 2007. The plumber, Mr Okafor, repaired it on Tuesday.");
  EXPECT_EQ(answer("Who repaired the boiler?", boiler), "The plumber, Mr Okafor, repaired it on Tuesday.");
  EXPECT_EQ(answer("How old is the boiler?", boiler), "The boiler is from 2007.");
  const auto recipe = passage("# 红烧肉做法\n\n五花肉五百克，冰糖三十克。小火炖一个小时。", "红烧肉做法");
  EXPECT_EQ(answer("红烧肉要放多少冰糖？", recipe), "五花肉五百克，冰糖三十克。");
  EXPECT_EQ(answer("红烧肉炖多久？", recipe), "小火炖一个小时。");
}

TEST(AnsweringTest, SaysNothingWhenAWordThatMattersIsMissing) {
  const auto hotel = passage("Dear Ann,\n\nThe hotel is called Casa do Bairro. I booked two rooms.", "Trip to Lisbon");
  EXPECT_EQ(answer("What is the name of the hotel in Lisbon?", hotel), "The hotel is called Casa do Bairro.");
  EXPECT_EQ(answer("What is the name of the hotel in Paris?", hotel), "");
  EXPECT_EQ(answer("Who repaired the roof?", passage("The plumber repaired the boiler.")), "");
  EXPECT_EQ(answer("Liz的密码是什么？", passage("办公室的WiFi密码是8866。")), "");
  EXPECT_EQ(answer("爸爸去北京的医院了吗？", passage("爸爸明天去医院。")), "");
  EXPECT_EQ(answer("门禁卡在哪里？", passage("门禁密码在本子上。")), "");
  EXPECT_EQ(answer("What is the phone number of Mr Okafor?", passage("Mr Okafor charged 180 euros.")), "");
}

TEST(AnsweringTest, AsksForMoreThanTheMatter) {
  EXPECT_EQ(answer("Who planted the apple tree?", passage("The apple tree was planted in 1998.")), "");
  EXPECT_EQ(answer("Who planted the apple tree?", passage("The apple tree was planted by my uncle.")), "The apple tree was planted by my uncle.");
  EXPECT_EQ(answer("番茄炒蛋要放多少糖？", passage("番茄炒蛋：鸡蛋四个，番茄两个。")), "");
  EXPECT_EQ(answer("朵朵怕什么？", passage("朵朵在幼儿园上中班。")), "");
  EXPECT_EQ(answer("续保是几月？", passage("每年九月续保。")), "每年九月续保。");
}

TEST(AnsweringTest, DoesNotMistakeOneForAnother) {
  const auto children = passage("Leo plays the cello. His teacher is called Ingrid. Mia is afraid of spiders. Mia's shoe size is 31.");
  EXPECT_EQ(answer("What is Mia afraid of?", children), "Mia is afraid of spiders.");
  EXPECT_EQ(answer("What is Leo afraid of?", children), "");
  EXPECT_EQ(answer("What is Leo's shoe size?", children), "");
  EXPECT_EQ(answer("What is Leo's teacher called?", children), "His teacher is called Ingrid.");
}

TEST(AnsweringTest, PrefersTheReplyToTheQuestion) {
  auto reply = passage("叫赵建国，电话13900139000");
  reply.before = {{"前天你说的那个律师叫什么？", "{}"}};
  EXPECT_EQ(answer("律师叫什么名字？", reply), "叫赵建国，电话13900139000");
  EXPECT_EQ(answer("律师的电话号码", reply), "叫赵建国，电话13900139000");
  EXPECT_EQ(answer("律师叫什么名字？", passage("前天你说的那个律师叫什么？")), "");
  EXPECT_EQ(answer("What did grandma give me?", passage("Did you call grandma?")), "");
}

TEST(AnsweringTest, KeepsToTheTimeThatIsAskedFor) {
  auto mail = passage("The train leaves on 12 June.");
  mail.time = Time(std::chrono::sys_days(std::chrono::year(2026) / 5 / 20));
  EXPECT_EQ(answer("Which train leaves in June?", mail), "The train leaves on 12 June.");
  EXPECT_EQ(answer("What did they write about the train in June?", mail), "");
  EXPECT_EQ(answer("What did they write about the train in May?", mail), "The train leaves on 12 June.");
  EXPECT_EQ(answer("Which train leaves in March?", mail), "");
}

TEST(AnsweringTest, PrefersTheSentenceThatNamesWhatIsAskedFor) {
  const auto trip = passage("The trip to Lisbon is booked. We fly on 12 June. The hotel is called Casa do Bairro.");
  EXPECT_EQ(answer("Which hotel is booked in Lisbon?", trip), "The hotel is called Casa do Bairro.");
  EXPECT_EQ(answer("装修要多久？", passage("你好。厨房下周二开始装修，工期大约三个星期。")), "厨房下周二开始装修，工期大约三个星期。");
}

TEST(AnsweringTest, WhoSpeaksOfThemselvesSpeaksOfNobodyElse) {
  const auto dinner = passage("I am allergic to peanuts. Anna does not eat meat.");
  EXPECT_EQ(answer("Is Anna allergic to peanuts?", dinner), "");
  EXPECT_EQ(answer("Does Anna eat meat?", dinner), "Anna does not eat meat.");
}

TEST(AnsweringTest, CountsATitleAndAPlaceAsSaid) {
  auto event = passage("2026-11-18 19:00 – 21:00\n实验小学", "家长会");
  event.details = R"({"places":[{"name":"实验小学"}]})";
  EXPECT_EQ(answer("家长会在哪里开？", event), "实验小学");
  EXPECT_EQ(answer("家长会是什么时候？", event), "2026-11-18 19:00 – 21:00");
}

}  // namespace
}  // namespace hearth::memory
