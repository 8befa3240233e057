#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/describe.h"
#include "kernel/label.h"
#include "memory/extract/wire.h"

// What a person does with their memory beside reading it: searches they keep, labels, forgetting, moving out.
namespace hearth::memory {

struct SearchFilters {
  std::string source;
  std::string person;
  std::optional<Time> after;
  std::optional<Time> before;
  std::vector<extract::ItemKind> kinds;
  std::vector<std::string> tags;
  std::optional<bool> attachment;
};
HEARTH_DESCRIBE(SearchFilters, (source, "Only in this source.", .zh = "仅在此来源中。", .defaulted = true, .maximum_length = 20),
                (person, "Only with this person: their id, an address, or a part of a name.", .zh = "仅与此人相关：编号、地址或姓名的一部分。",
                 .defaulted = true, .maximum_length = 300),
                (after, "Not before this time.", .zh = "不早于。"), (before, "Not after this time.", .zh = "不晚于。"),
                (kinds, "Only items of these kinds.", .zh = "仅限这些种类。", .maximum_length = 20),
                (tags, "Only items with all of these tags, in capitals or not.", .zh = "仅限带有全部这些标签的条目，不分大小写。", .maximum_length = 20),
                (attachment, "Only items with attachments, or only those without.", .zh = "仅限有附件（或无附件）的条目。"))

struct SaveSearchInput {
  std::string name;
  std::string query;
  SearchFilters filters;
  bool replace = false;
};
HEARTH_DESCRIBE(SaveSearchInput, (name, "What to call it.", .zh = "名称。", .maximum_length = 200),
                (query, "What to look for.", .zh = "要找的内容。", .defaulted = true, .maximum_length = 2000),
                (filters, "What to look in.", .zh = "筛选条件。", .defaulted = true),
                (replace, "Put it in the place of the one that has this name; else that is a conflict.",
                 .zh = "替换已有的同名搜索；否则视为冲突。", .defaulted = true))

struct SaveSearchOutput {
  std::string search;
};
HEARTH_DESCRIBE(SaveSearchOutput, (search, "The saved search's id.", .zh = "已存搜索的编号。"))

struct SavedSearch {
  std::string id;
  std::string name;
  std::string query;
  SearchFilters filters;
  Time created;
};
HEARTH_DESCRIBE(SavedSearch, (id, "Its id.", .zh = "编号。"), (name, "Its name.", .zh = "名称。"), (query, "What it looks for.", .zh = "要找的内容。"),
                (filters, "What it looks in.", .zh = "筛选条件。"), (created, "When it was saved.", .zh = "保存时间。"))

struct SavedSearchesOutput {
  std::vector<SavedSearch> searches;
};
HEARTH_DESCRIBE(SavedSearchesOutput, (searches, "Your saved searches, by name.", .zh = "你保存的搜索，按名称排列。"))

struct RemoveSearchInput {
  std::string search;
};
HEARTH_DESCRIBE(RemoveSearchInput, (search, "The saved search to remove.", .zh = "要删除的已存搜索。", .maximum_length = 20))

struct LabelInput {
  std::string source;
  std::string item;
  std::optional<kernel::Confidentiality> confidentiality;
  std::optional<kernel::Integrity> integrity;
};
HEARTH_DESCRIBE(LabelInput,
                (source, "The source to label.", .zh = "要设置标签的来源。", .defaulted = true, .maximum_length = 20, .resource = "memory"),
                (item, "The item to label, in place of its source's label.", .zh = "要设置标签的条目（取代其来源的标签）。", .defaulted = true,
                 .maximum_length = 20, .resource = "memory_item"),
                (confidentiality, "How far it may travel; as it is when left out.", .zh = "可以传到多远；留空则不变。"),
                (integrity, "Who could have written it; as it is when left out.", .zh = "可能由谁写下；留空则不变。"))

struct LabelOutput {
  kernel::Label before;
  kernel::Label label;
};
HEARTH_DESCRIBE(LabelOutput, (before, "The label it had.", .zh = "原来的标签。"), (label, "The label it has now.", .zh = "现在的标签。"))

struct ForgetInput {
  std::string source;
  std::string item;
  std::string person;
  bool mentions = false;
  std::optional<Time> after;
  std::optional<Time> before;
};
HEARTH_DESCRIBE(ForgetInput,
                (source, "Forget this source with everything found only there; with a person or a time, only those items of it.",
                 .zh = "遗忘此来源及仅在其中的内容；若同时给出人员或时间，则仅遗忘其中相应的条目。", .defaulted = true, .maximum_length = 20,
                 .resource = "memory"),
                (item, "Forget this item; reading its source again does not bring it back.", .zh = "遗忘此条目；重新读取来源也不会恢复。",
                 .defaulted = true, .maximum_length = 20, .resource = "memory_item"),
                (person, "Forget what this person wrote: their id. Reading it again does not bring it back.",
                 .zh = "遗忘此人（编号）所写的内容；重新读取也不会恢复。", .defaulted = true, .maximum_length = 20, .resource = "memory_person"),
                (mentions, "Of a person: also what was written to them or names them.", .zh = "对人员：也包括写给此人或列出此人的条目。",
                 .defaulted = true),
                (after, "Forget what is not older than this time.", .zh = "遗忘不早于此时间的条目。"),
                (before, "Forget what is not newer than this time.", .zh = "遗忘不晚于此时间的条目。"))

struct ForgetOutput {
  std::string job;
  std::int64_t items = 0;
};
HEARTH_DESCRIBE(ForgetOutput,
                (job, "The job that overwrites what is left on the disk. Nothing of it is found from now on.",
                 .zh = "清除磁盘残留的任务；从现在起已无法搜到。"),
                (items, "How many items leave the memory.", .zh = "离开记忆的条目数。"))

struct ForgetPreviewOutput {
  std::int64_t items = 0;
  std::int64_t attached = 0;
  std::int64_t shared = 0;
  std::optional<Time> first;
  std::optional<Time> last;
};
HEARTH_DESCRIBE(ForgetPreviewOutput, (items, "How many items would leave the memory.", .zh = "将离开记忆的条目数。"),
                (attached, "How many of them only because they are attached to another one.", .zh = "其中仅因附于其他条目而离开的个数。"),
                (shared, "Of a source: how many of its items stay, because another source has them too.", .zh = "对来源：因其他来源也有而保留的条目数。"),
                (first, "The time of the oldest.", .zh = "最早条目的时间。"), (last, "The time of the newest.", .zh = "最新条目的时间。"))

struct ExportInput {
  std::vector<std::string> sources;
  std::string path;
};
HEARTH_DESCRIBE(ExportInput, (sources, "Only these sources; all when left out.", .zh = "仅限这些来源；留空则全部。", .maximum_length = 1000),
                (path, "The folder to make in your files; named after the day when left out.", .zh = "要在你的文件中新建的文件夹；留空则按日期命名。",
                 .defaulted = true, .maximum_length = 4096, .format = "path"))

struct ExportOutput {
  std::string job;
  std::string path;
};
HEARTH_DESCRIBE(ExportOutput, (job, "The job that writes it.", .zh = "执行导出的任务。"), (path, "Where it will be in your files.", .zh = "导出后在你的文件中的位置。"))

}  // namespace hearth::memory
