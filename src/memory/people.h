#pragma once
#include <optional>
#include <string>
#include <vector>

#include "memory/timeline.h"

// Who the items name. An identity is an address, or a name where there is none; a person is one or several of them. Items
// keep the identity they came with: merging people is a layer above, so that it can be taken back at any time.
namespace hearth::memory {

struct PeopleInput {
  std::string query;
  int limit = 50;
  int offset = 0;
};
HEARTH_DESCRIBE(PeopleInput,
                (query, "A part of a name or address; everybody when left out.", .zh = "姓名或地址的一部分；留空则列出所有人。",
                 .defaulted = true, .maximum_length = 300),
                (limit, "How many people at most.", .zh = "最多人数。", .defaulted = true, .minimum = 1, .maximum = 500),
                (offset, "How many people to pass over.", .zh = "跳过的人数。", .defaulted = true, .minimum = 0, .maximum = 1e9))

struct PersonEntry {
  std::string id;
  std::string name;
  std::vector<std::string> addresses;
  std::int64_t items = 0;
  std::optional<Time> last;
};
HEARTH_DESCRIBE(PersonEntry, (id, "Their id.", .zh = "编号。"), (name, "Their name.", .zh = "姓名。"),
                (addresses, "Mail addresses, numbers and handles.", .zh = "邮箱地址、号码和账号。"),
                (items, "How many items name them.", .zh = "提到此人的条目数。"), (last, "When they were last seen.", .zh = "最近一次出现的时间。"))

struct PeopleOutput {
  std::vector<PersonEntry> people;
  std::int64_t total = 0;
};
HEARTH_DESCRIBE(PeopleOutput, (people, "The people, those with most items first.", .zh = "人员，条目最多者在前。"),
                (total, "How many there are in all.", .zh = "总人数。"))

struct PersonInput {
  std::string person;
  int limit = 20;
};
HEARTH_DESCRIBE(PersonInput, (person, "The person's id.", .zh = "此人的编号。", .maximum_length = 20, .resource = "memory_person"),
                (limit, "How many recent items, and how many people they are with, at most.", .zh = "最近条目和常见同伴的最多个数。",
                 .defaulted = true, .minimum = 0, .maximum = 200))

struct KindCount {
  ItemKind kind = ItemKind::Document;
  std::int64_t items = 0;
};
HEARTH_DESCRIBE(KindCount, (kind, "The kind.", .zh = "种类。"), (items, "How many items.", .zh = "条目数。"))

struct Companion {
  std::string person;
  std::string name;
  std::int64_t items = 0;
};
HEARTH_DESCRIBE(Companion, (person, "Their id.", .zh = "编号。"), (name, "Their name.", .zh = "姓名。"),
                (items, "How many items name both.", .zh = "同时提到两人的条目数。"))

// Who said that two are one.
enum class MergedBy { Owner, Card };
HEARTH_DESCRIBE_ENUM(MergedBy, Owner, Card)

struct MergedPerson {
  std::string merge;
  std::string name;
  std::string address;
  MergedBy by = MergedBy::Owner;
  Time time;
};
HEARTH_DESCRIBE(MergedPerson, (merge, "The merge's id, to take it back.", .zh = "合并的编号，用于撤销。"),
                (name, "The name that was joined.", .zh = "被合并者的姓名。"), (address, "The address that was joined.", .zh = "被合并者的地址。"),
                (by, "Who said so: the owner, or a contact card.", .zh = "依据：本人或名片。"), (time, "When.", .zh = "时间。"))

struct PersonOutput {
  std::string id;
  std::string name;
  std::vector<std::string> names;
  std::vector<std::string> addresses;
  std::int64_t items = 0;
  std::int64_t written = 0;
  std::optional<Time> first;
  std::optional<Time> last;
  std::vector<KindCount> kinds;
  std::vector<TimelineEntry> recent;
  std::vector<Companion> companions;
  std::vector<MergedPerson> merged;
};
HEARTH_DESCRIBE(PersonOutput, (id, "Their id.", .zh = "编号。"), (name, "Their name.", .zh = "姓名。"),
                (names, "Every name they go by.", .zh = "用过的所有姓名。"),
                (addresses, "Mail addresses, numbers and handles.", .zh = "邮箱地址、号码和账号。"),
                (items, "How many items name them.", .zh = "提到此人的条目数。"), (written, "How many of these they wrote.", .zh = "其中由此人所写的条目数。"),
                (first, "When they were first seen.", .zh = "第一次出现的时间。"), (last, "When they were last seen.", .zh = "最近一次出现的时间。"),
                (kinds, "How many items of each kind.", .zh = "各种类的条目数。"), (recent, "The latest items.", .zh = "最近的条目。"),
                (companions, "Who is named with them most often.", .zh = "最常一同出现的人。"),
                (merged, "Who was merged into them.", .zh = "合并进来的人。"))

struct MergePeopleInput {
  std::string keep;
  std::string other;
};
HEARTH_DESCRIBE(MergePeopleInput,
                (keep, "The person who stays.", .zh = "保留的人。", .maximum_length = 20, .resource = "memory_person"),
                (other, "The person who is the same one.", .zh = "与其为同一人的另一个人。", .maximum_length = 20, .resource = "memory_person"))

struct MergePeopleOutput {
  std::string merge;
  std::string person;
};
HEARTH_DESCRIBE(MergePeopleOutput, (merge, "The merge's id, to take it back.", .zh = "合并的编号，用于撤销。"),
                (person, "The person that both are now.", .zh = "合并后的人。"))

struct UndoMergeInput {
  std::string merge;
};
HEARTH_DESCRIBE(UndoMergeInput, (merge, "The merge to take back.", .zh = "要撤销的合并。", .maximum_length = 20))

struct MergeSuggestionsInput {
  int limit = 50;
};
HEARTH_DESCRIBE(MergeSuggestionsInput, (limit, "How many at most.", .zh = "最多个数。", .defaulted = true, .minimum = 1, .maximum = 500))

// Why two look like one. SameNameAndAccount: the same full name, and the same part of the address before the @. SameName: the
// same full name, of which one has no mail address.
enum class MergeReason { SameNameAndAccount, SameName };
HEARTH_DESCRIBE_ENUM(MergeReason, SameNameAndAccount, SameName)

struct MergeSuggestion {
  PersonEntry keep;
  PersonEntry other;
  MergeReason reason = MergeReason::SameName;
};
HEARTH_DESCRIBE(MergeSuggestion, (keep, "The one with more items.", .zh = "条目较多者。"), (other, "The other one.", .zh = "另一个人。"),
                (reason, "Why they look like one.", .zh = "为何看似同一人。"))

struct MergeSuggestionsOutput {
  std::vector<MergeSuggestion> suggestions;
};
HEARTH_DESCRIBE(MergeSuggestionsOutput, (suggestions, "People who may be the same; nothing is merged by itself but what a contact card says.",
                                         .zh = "可能是同一人的成对人员；除名片所示外不会自动合并。"))

}  // namespace hearth::memory
