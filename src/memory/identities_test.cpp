#include "memory/identities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/temporary_folder.h"

namespace hearth::memory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

// A memory into which items are put as a reader would.
class IdentitiesTest : public testing::Test {
 protected:
  void SetUp() override {
    memory_ = *PersonalMemory::open(folder_.path());
    source_ = *memory_->database().write_now([](store::Connection& c) {
      return find_or_add_source(c, SourceKind::Contacts, "contacts", "/contacts", {kernel::Confidentiality::Private, "ann", kernel::Integrity::Owner}, Time());
    });
  }

  Incoming item(const std::string& title, ItemKind kind, std::vector<extract::Person> people) {
    Incoming incoming;
    incoming.item.key = to_hex(sha256(title + std::to_string(++count_))).substr(0, 32);
    incoming.item.kind = kind;
    incoming.item.title = title;
    incoming.item.people = std::move(people);
    incoming.place = title;
    incoming.text = "text of " + title;
    incoming.item.passages = {0};
    incoming.original = "original of " + title;
    incoming.original_length = static_cast<std::int64_t>(incoming.original->size());
    return incoming;
  }
  void store(std::vector<Incoming> items) {
    Batch batch;
    batch.items = std::move(items);
    const auto stored = memory_->database().write_now([&](store::Connection& c) { return store_batch(c, memory_->originals(), source_, batch, Time()); });
    ASSERT_TRUE(stored.has_value()) << stored.error().describe();
  }
  // The addresses of the person with this one.
  std::vector<std::string> of(const std::string& query) {
    const auto found = memory_->database().read_now([&](store::Connection& c) { return list_people(c, "ann", {.query = query}); });
    EXPECT_TRUE(found.has_value());
    EXPECT_LE(found->value.people.size(), 1U);
    return found->value.people.empty() ? std::vector<std::string>() : found->value.people.front().addresses;
  }
  PersonOutput person(const std::string& query) {
    return memory_->database()
        .read_now([&](store::Connection& c) -> Result<PersonOutput> {
          const auto found = TRY(list_people(c, "ann", {.query = query}));
          return TRY(read_person(c, "ann", {.person = found.value.people.at(0).id})).value;
        })
        .value();
  }
  extract::Person subject(const std::string& address) { return {extract::Role::Subject, "Ann Lee", address}; }

  TemporaryFolder folder_;
  std::shared_ptr<PersonalMemory> memory_;
  std::int64_t source_ = 0;
  int count_ = 0;
};

TEST_F(IdentitiesTest, ACardJoinsItsAddresses) {
  store({item("mail", ItemKind::Mail, {{extract::Role::Author, "", "ann@home.example.org"}}),
         item("other", ItemKind::Mail, {{extract::Role::Author, "Ann Lee", "ann@work.example.org"}})});
  EXPECT_THAT(of("ann@home"), ElementsAre("ann@home.example.org"));
  store({item("card", ItemKind::Contact, {subject("ann@home.example.org"), subject("ann@work.example.org"), subject("tel:+4912345")})});
  EXPECT_THAT(of("ann@home"), UnorderedElementsAre("ann@home.example.org", "ann@work.example.org", "tel:+4912345"));
  const auto ann = person("ann@home");
  ASSERT_THAT(ann.merged, SizeIs(2));
  EXPECT_EQ(ann.merged[0].by, MergedBy::Card);
  // The owner's word stands against the card, also when it is read again changed.
  const auto undone = memory_->database().write_now([&](store::Connection& c) { return undo_merge(c, {.merge = ann.merged[0].merge}); });
  EXPECT_TRUE(undone.has_value());
  store({item("card", ItemKind::Contact, {subject("ann@home.example.org"), subject("ann@work.example.org"), subject("tel:+4912345")})});
  EXPECT_THAT(of("ann@work"), ElementsAre("ann@work.example.org"));
  EXPECT_THAT(of("ann@home"), UnorderedElementsAre("ann@home.example.org", "tel:+4912345"));
  // What a card says goes with it.
  store({item("card", ItemKind::Contact, {subject("ann@home.example.org")})});
  EXPECT_THAT(of("ann@home"), ElementsAre("ann@home.example.org"));
  EXPECT_THAT(of("4912345"), IsEmpty());
}

// Who live together are two people all the same.
TEST_F(IdentitiesTest, ASharedTelephoneJoinsNobody) {
  const std::string phone = "tel:+4930111222";
  const auto card = [&](const std::string& name, std::vector<std::string> addresses) {
    std::vector<extract::Person> people;
    for (auto& address : addresses) people.push_back({extract::Role::Subject, name, std::move(address)});
    return item(name, ItemKind::Contact, std::move(people));
  };
  store({card("Dora Kern", {"dora@work.org", "dora@home.org", phone})});
  EXPECT_THAT(of("dora@work"), UnorderedElementsAre("dora@work.org", "dora@home.org", phone));
  // Also the first card learns of it.
  store({card("Ed Kern", {phone, "ed@home.org", "ed@work.org"})});
  EXPECT_THAT(of("dora@work"), UnorderedElementsAre("dora@work.org", "dora@home.org"));
  EXPECT_THAT(of("ed@home"), UnorderedElementsAre("ed@home.org", "ed@work.org"));
  EXPECT_THAT(of("4930111222"), ElementsAre(phone));
  // A third changes nothing.
  store({card("Flo Kern", {"flo@home.org", phone})});
  EXPECT_THAT(of("flo@home"), ElementsAre("flo@home.org"));
  // When the others' cards are gone, it is hers again.
  for (const std::string place : {"Ed Kern", "Flo Kern"}) {
    const auto removed = memory_->database().write_now([&](store::Connection& c) -> Result<std::int64_t> {
      TRY(remove_origin(c, memory_->originals(), source_, place));
      return settle_people(c, 100, Time());
    });
    ASSERT_TRUE(removed.has_value());
  }
  EXPECT_THAT(of("dora@work"), UnorderedElementsAre("dora@work.org", "dora@home.org", phone));
}

TEST_F(IdentitiesTest, AGroupOutlivesTheOneThatNamesIt) {
  store({item("a", ItemKind::Mail, {{extract::Role::Author, "A", "a@example.org"}}), item("b", ItemKind::Mail, {{extract::Role::Author, "B", "b@example.org"}}),
         item("c", ItemKind::Mail, {{extract::Role::Author, "C", "c@example.org"}})});
  const auto a = person("a@");
  for (const auto* other : {"b@", "c@"}) {
    const auto id = person(other).id;
    ASSERT_TRUE(memory_->database().write_now([&](store::Connection& c) { return merge_people(c, {.keep = a.id, .other = id}, Time()); }).has_value());
  }
  const auto removed = memory_->database().write_now([&](store::Connection& c) { return remove_origin(c, memory_->originals(), source_, "a"); });
  ASSERT_TRUE(removed.has_value());
  EXPECT_THAT(of("b@"), UnorderedElementsAre("b@example.org", "c@example.org"));
  EXPECT_EQ(person("c@").id, a.id);
}

}  // namespace
}  // namespace hearth::memory
