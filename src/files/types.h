#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/describe.h"

// What the operations of files take and give.
namespace hearth::files {

enum class EntryKind { File, Folder };
HEARTH_DESCRIBE_ENUM(EntryKind, File, Folder)

struct Entry {
  std::string name;
  std::string path;
  EntryKind kind = EntryKind::File;
  std::uint64_t size = 0;
  Time modified;
  std::string type;
};
HEARTH_DESCRIBE(Entry, (name, "Its name.", .zh = "名称。"),
                (path, "Where it is, from the root of the home.", .zh = "从个人文件夹根起的路径。"),
                (kind, "A file or a folder.", .zh = "文件或文件夹。"),
                (size, "Bytes; 0 of a folder.", .zh = "字节数；文件夹为 0。"),
                (modified, "When its content last changed.", .zh = "内容最后修改时间。"),
                (type, "The media type its name suggests; empty of a folder.", .zh = "由名称推断的媒体类型；文件夹为空。"))

struct PathInput {
  std::string path;
};
HEARTH_DESCRIBE(PathInput, (path, "The path, from the root of your home.", .zh = "从个人文件夹根起的路径。",
                            .maximum_length = 4096, .resource = "files", .format = "path"))

enum class Order { Name, Modified, Size };
HEARTH_DESCRIBE_ENUM(Order, Name, Modified, Size)

struct ListInput {
  std::string path = "/";
  std::optional<std::string> after;
  int limit = 500;
  Order order = Order::Name;
};
HEARTH_DESCRIBE(ListInput,
                (path, "The folder, from the root of your home.", .zh = "从个人文件夹根起的文件夹路径。", .defaulted = true,
                 .maximum_length = 4096, .resource = "files", .format = "path"),
                (after, "Continue after this name: `next` of the page before.", .zh = "从此名称之后继续，即上一页的 next。"),
                (limit, "How many entries at most.", .zh = "最多条数。", .defaulted = true, .minimum = 1, .maximum = 5000),
                (order, "By name (numbers by value, folders first), newest first, or biggest first.",
                 .zh = "按名称（数字按大小，文件夹在前）、最新在前或最大在前。", .defaulted = true))

struct ListOutput {
  std::vector<Entry> entries;
  std::optional<std::string> next;
  std::int64_t total = 0;
  std::int64_t unreadable = 0;
};
HEARTH_DESCRIBE(ListOutput, (entries, "What is in it.", .zh = "其中的内容。"),
                (next, "Where the next page begins; absent on the last.", .zh = "下一页的起点；最后一页没有。"),
                (total, "How many entries the folder has.", .zh = "文件夹中的总条数。"),
                (unreadable, "Entries passed over: symbolic links, devices, names that are not valid.",
                 .zh = "略过的条目数：符号链接、设备或名称无效者。"))

struct MoveInput {
  std::string from;
  std::string to;
  bool replace = false;
};
HEARTH_DESCRIBE(MoveInput,
                (from, "What to move.", .zh = "要移动的路径。", .maximum_length = 4096, .resource = "files", .format = "path"),
                (to, "Where it goes: the new path, name included.", .zh = "新的完整路径，包括名称。", .maximum_length = 4096,
                 .resource = "files", .format = "path"),
                (replace, "Put a file that is there already into the trash, instead of failing.",
                 .zh = "若目标已存在，则移入回收站，而不是报错。", .defaulted = true))

struct CopyInput {
  std::string from;
  std::string to;
};
HEARTH_DESCRIBE(CopyInput,
                (from, "What to copy.", .zh = "要复制的路径。", .maximum_length = 4096, .resource = "files", .format = "path"),
                (to, "The path of the copy, name included; it must not exist.", .zh = "副本的完整路径，不能已存在。",
                 .maximum_length = 4096, .resource = "files", .format = "path"))

struct CopyOutput {
  std::optional<Entry> entry;
  std::optional<std::string> job;
};
HEARTH_DESCRIBE(CopyOutput, (entry, "The copy, when it was made at once.", .zh = "立即完成时的副本。"),
                (job, "The job that makes it: copying a folder.", .zh = "复制文件夹时，执行复制的任务编号。"))

struct CopyJobOutput {
  std::string path;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
};
HEARTH_DESCRIBE(CopyJobOutput, (path, "The copy.", .zh = "副本的路径。"), (files, "Files copied.", .zh = "复制的文件数。"),
                (bytes, "Bytes copied.", .zh = "复制的字节数。"))

struct TrashedEntry {
  std::string id;
  std::string path;
  EntryKind kind = EntryKind::File;
  std::uint64_t size = 0;
  Time trashed;
};
HEARTH_DESCRIBE(TrashedEntry, (id, "Its id in the trash.", .zh = "在回收站中的编号。"),
                (path, "Where it was.", .zh = "原来的路径。"), (kind, "A file or a folder.", .zh = "文件或文件夹。"),
                (size, "Bytes; 0 of a folder.", .zh = "字节数；文件夹为 0。"), (trashed, "When.", .zh = "删除时间。"))

struct TrashedInput {
  std::optional<std::string> after;
  int limit = 500;
};
HEARTH_DESCRIBE(TrashedInput, (after, "Continue after this id.", .zh = "从此编号之后继续。"),
                (limit, "How many at most.", .zh = "最多条数。", .defaulted = true, .minimum = 1, .maximum = 5000))

struct TrashedOutput {
  std::vector<TrashedEntry> entries;
  std::optional<std::string> next;
};
HEARTH_DESCRIBE(TrashedOutput, (entries, "What is in the trash, newest first.", .zh = "回收站内容，最新在前。"),
                (next, "Where the next page begins; absent on the last.", .zh = "下一页的起点；最后一页没有。"))

struct RestoreInput {
  std::string id;
  std::optional<std::string> to;
};
HEARTH_DESCRIBE(RestoreInput, (id, "Its id in the trash.", .zh = "在回收站中的编号。"),
                (to, "Another path for it; else where it was, with a number added when the name is taken.",
                 .zh = "另选路径；留空则放回原处，重名时加编号。", .maximum_length = 4096, .resource = "files",
                 .format = "path"))

struct EmptyTrashInput {
  std::vector<std::string> ids;
};
HEARTH_DESCRIBE(EmptyTrashInput, (ids, "Only these; none: everything in the trash.", .zh = "只清除这些；留空则清空回收站。",
                                  .maximum_length = 10000))

struct EmptyTrashOutput {
  std::int64_t removed = 0;
};
HEARTH_DESCRIBE(EmptyTrashOutput, (removed, "How many were removed for good.", .zh = "永久删除的条数。"))

struct SearchInput {
  std::string text;
  std::string path = "/";
  int limit = 100;
};
HEARTH_DESCRIBE(SearchInput,
                (text, "Part of the name; case, accents and full-width forms do not matter.",
                 .zh = "名称中的一部分；不分大小写、重音与全半角。", .maximum_length = 255),
                (path, "The folder to search.", .zh = "在此文件夹中搜索。", .defaulted = true, .maximum_length = 4096,
                 .resource = "files", .format = "path"),
                (limit, "How many at most.", .zh = "最多条数。", .defaulted = true, .minimum = 1, .maximum = 1000))

struct SearchOutput {
  std::vector<Entry> entries;
  bool complete = true;
};
HEARTH_DESCRIBE(SearchOutput, (entries, "What was found, best first.", .zh = "找到的条目，最相关在前。"),
                (complete, "False when there is more than was looked at or given.", .zh = "为 false 表示还有未列出的结果。"))

struct ReadTextInput {
  std::string path;
  std::int64_t limit = 262144;
};
HEARTH_DESCRIBE(ReadTextInput,
                (path, "The file.", .zh = "文件路径。", .maximum_length = 4096, .resource = "files", .format = "path"),
                (limit, "How many bytes of it at most.", .zh = "最多读取的字节数。", .defaulted = true, .minimum = 1,
                 .maximum = 1048576))

struct ReadTextOutput {
  std::string text;
  std::string encoding;
  bool complete = true;
  std::string etag;
};
HEARTH_DESCRIBE(ReadTextOutput, (text, "The text.", .zh = "文本内容。"),
                (encoding, "What it was written in: utf-8, utf-16 or gb18030.", .zh = "原文编码：utf-8、utf-16 或 gb18030。"),
                (complete, "False when the file is longer.", .zh = "为 false 表示文件更长。"),
                (etag, "The version read: give it to files.write to replace just this one.",
                 .zh = "所读版本；传给 files.write 可确保只替换这一版本。"))

struct WriteInput {
  std::string path;
  std::string text;
  bool replace = false;
  std::optional<std::string> etag;
};
HEARTH_DESCRIBE(WriteInput,
                (path, "The file.", .zh = "文件路径。", .maximum_length = 4096, .resource = "files", .format = "path"),
                (text, "What it is to hold.", .zh = "文件内容。", .maximum_length = 4194304, .format = "multiline"),
                (replace, "Replace a file that is there already.", .zh = "若文件已存在则替换。", .defaulted = true),
                (etag, "Replace it only if it is still this version.", .zh = "仅当仍是此版本时才替换。"))

struct ShareInput {
  std::string path;
  std::optional<Time> expires;
  std::optional<std::string> password;
  std::optional<std::int64_t> uses;
};
HEARTH_DESCRIBE(ShareInput,
                (path, "The file or folder to share.", .zh = "要分享的文件或文件夹。", .maximum_length = 4096,
                 .resource = "files", .format = "path"),
                (expires, "When the link ends; else it lasts until you end it.", .zh = "链接到期时间；留空则直到你取消。"),
                (password, "A password that visitors must give.", .zh = "访问者需要输入的密码。", .maximum_length = 256,
                 .secret = true),
                (uses, "How many visitors may download: one use is one browser within 12 hours.",
                 .zh = "可下载的访问者人数：同一浏览器 12 小时内算一次。", .minimum = 1, .maximum = 1000000))

struct Share {
  std::string id;
  std::string path;
  std::string address;  // "/s/<token>"
  Time created;
  std::optional<Time> expires;
  bool has_password = false;
  std::optional<std::int64_t> uses_left;
  std::int64_t used = 0;
};
HEARTH_DESCRIBE(Share, (id, "Its id.", .zh = "编号。"), (path, "What is shared.", .zh = "分享的路径。"),
                (address, "The link, below the box's own address.", .zh = "链接，接在盒子的网址之后。"),
                (created, "When it was made.", .zh = "创建时间。"), (expires, "When it ends.", .zh = "到期时间。"),
                (has_password, "Whether visitors must give a password.", .zh = "是否需要密码。"),
                (uses_left, "How many visitors may still download.", .zh = "剩余可下载人数。"),
                (used, "How many have.", .zh = "已下载人数。"))

struct SharesOutput {
  std::vector<Share> shares;
};
HEARTH_DESCRIBE(SharesOutput, (shares, "Your links, newest first.", .zh = "你的分享链接，最新在前。"))

struct UnshareInput {
  std::string id;
};
HEARTH_DESCRIBE(UnshareInput, (id, "The link's id.", .zh = "链接编号。"))

struct SpaceOutput {
  std::uint64_t home = 0;
  std::uint64_t trash = 0;
  std::uint64_t uploads = 0;
  std::uint64_t free = 0;
  std::uint64_t total = 0;
};
HEARTH_DESCRIBE(SpaceOutput, (home, "Bytes in your home.", .zh = "个人文件夹占用字节数。"),
                (trash, "Bytes in your trash.", .zh = "回收站占用字节数。"),
                (uploads, "Bytes of unfinished uploads.", .zh = "未完成的上传占用字节数。"),
                (free, "Bytes free on the disk.", .zh = "磁盘剩余字节数。"), (total, "Bytes of the disk.", .zh = "磁盘总字节数。"))

enum class ChangeKind { Created, Changed, Removed, Lost };
HEARTH_DESCRIBE_ENUM(ChangeKind, Created, Changed, Removed, Lost)

struct Change {
  ChangeKind kind = ChangeKind::Changed;
  std::string path;
};
HEARTH_DESCRIBE(Change,
                (kind, "What happened; lost: too much at once, list the folder again.",
                 .zh = "发生了什么；lost 表示变化太多，请重新列出。"),
                (path, "To what.", .zh = "涉及的路径。"))

}  // namespace hearth::files
