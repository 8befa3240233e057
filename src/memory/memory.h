#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/describe.h"
#include "base/task.h"
#include "gateway/http.h"
#include "kernel/kernel.h"
#include "memory/extract/wire.h"
#include "memory/keeping.h"
#include "memory/people.h"
#include "memory/promises.h"
#include "memory/source_kind.h"
#include "memory/timeline.h"
#include "memory/why.h"

// The memory: what a person has, kept word for word with where it came from, and found again.
//
// source (a mailbox, a folder) → item (one mail, one note) → passage (a searchable piece). No language model takes part.
namespace hearth::memory {

struct ImportInput {
  std::optional<SourceKind> kind;
  std::string path;
  std::string name;
  std::optional<bool> watch;
};
HEARTH_DESCRIBE(ImportInput,
                (kind, "What it is; found out by looking when left out. Folder: files of any format that is read. Files: all of your"
                       " own files, watched. A server is added with memory.connect.",
                 .zh = "种类；留空则自动识别。folder：任何可读取格式的文件。files：你的全部文件，并持续关注。服务器请用 memory.connect 添加。"),
                (path, "Where it is: a path in your files, or, for the owner, any path on the box. A folder that memory.export made brings all of it back. Not needed for kind files.",
                 .zh = "位置：你的文件中的路径；主人可用盒子上的任意路径。由 memory.export 导出的文件夹会全部恢复。种类为 files 时不需要。", .defaulted = true,
                 .maximum_length = 4096, .format = "path"),
                (name, "What to call it; the file's name when left out.", .zh = "名称；留空则用文件名。", .defaulted = true,
                 .maximum_length = 200),
                (watch, "Read what is new or changed there as soon as it is; no ends that. Left out, it stays as it is.",
                 .zh = "有新增或更改时立即读取；否则停止关注。留空则保持不变。"))

// How a connection is kept from others' eyes. None: only to this machine itself.
enum class Security { Tls, StartTls, None };
HEARTH_DESCRIBE_ENUM(Security, Tls, StartTls, None)

struct ConnectInput {
  SourceKind kind = SourceKind::Imap;
  std::string server;
  std::optional<int> port;
  Security security = Security::Tls;
  std::string user;
  std::string password;
  std::vector<std::string> folders;
  std::string name;
  int interval = 300;
  std::string authority;
};
HEARTH_DESCRIBE(ConnectInput, (kind, "What the server holds: imap, caldav or carddav.", .zh = "服务器类型：imap（邮件）、caldav（日历）或 carddav（联系人）。"),
                (server, "Its host name; a calendar or address book may also be given by its web address.",
                 .zh = "主机名；日历和通讯录也可填网址。", .maximum_length = 1000),
                (port, "Its port; the usual one when left out.", .zh = "端口；留空则用默认值。", .minimum = 1, .maximum = 65535),
                (security, "How the connection is protected. None is for a server on this box alone.",
                 .zh = "连接的加密方式。none 仅用于本机上的服务器。", .defaulted = true),
                (user, "The account's name there.", .zh = "帐号名。", .maximum_length = 300),
                (password, "Its password, or one made for this use. It is kept sealed and never shown.",
                 .zh = "密码或应用专用密码；加密保存，永不显示。", .maximum_length = 1000, .secret = true),
                (folders, "Only these mail folders, calendars or address books, by name; all when left out. Of mail, junk, trash and"
                          " drafts are left out unless they are named.",
                 .zh = "仅这些邮件文件夹、日历或通讯录（按名称）；留空则为全部。垃圾邮件、已删除和草稿须列出才会读取。", .maximum_length = 200),
                (name, "What to call it; the account's name when left out.", .zh = "名称；留空则用帐号名。", .defaulted = true,
                 .maximum_length = 200),
                (interval, "How often to look for news, in seconds, where the server does not tell by itself.",
                 .zh = "服务器不主动通知时，每隔多少秒查看一次。", .defaulted = true, .minimum = 1, .maximum = 86400),
                (authority, "The certificate of an authority to trust beside the public ones (PEM), for a server of your own.",
                 .zh = "除公共机构外还信任的证书机构（PEM），用于自建服务器。", .defaulted = true, .maximum_length = 65536,
                 .format = "multiline"))

struct ConnectOutput {
  std::string source;
};
HEARTH_DESCRIBE(ConnectOutput, (source, "The source's id.", .zh = "来源编号。"))

struct ImportOutput {
  std::string source;
  std::string job;
};
HEARTH_DESCRIBE(ImportOutput, (source, "The source's id; empty for an exported memory, which brings its own.", .zh = "来源编号；导入已导出的记忆时为空，因其自带来源。"), (job, "The job that reads it.", .zh = "读取它的任务。"))

struct ImportResult {
  std::int64_t added = 0;
  std::int64_t known = 0;
  std::int64_t failed = 0;
  std::int64_t passed_over = 0;
};
HEARTH_DESCRIBE(ImportResult, (added, "Items that are new.", .zh = "新增条目数。"),
                (known, "Items that were there already.", .zh = "已有条目数。"),
                (failed, "Items that could not be read; the source lists them.", .zh = "无法读取的条目数；见来源的列表。"),
                (passed_over, "Files in formats that are not read.", .zh = "格式不支持而略过的文件数。"))

struct ReadFailure {
  std::string place;
  std::int64_t offset = 0;
  std::string reason;
  std::string reason_zh;
  Time time;
};
HEARTH_DESCRIBE(ReadFailure, (place, "The file, below the source.", .zh = "来源内的文件。"),
                (offset, "Where in the file.", .zh = "文件中的位置。"), (reason, "What is wrong with it.", .zh = "原因。"),
                (reason_zh, "The same in Chinese; empty when it is equal.", .zh = "同上，中文；相同时为空。"),
                (time, "When it was tried.", .zh = "尝试时间。"))

struct SourceProgress {
  std::int64_t done = 0;
  std::int64_t total = 0;
  std::string note;
};
HEARTH_DESCRIBE(SourceProgress, (done, "Units done: bytes read.", .zh = "已完成的数量：已读取的字节数。"),
                (total, "Units in all; 0 when not known.", .zh = "总数；0 表示未知。"), (note, "What it is doing now.", .zh = "正在做什么。"))

// Connecting: or connecting again. Reading: something is new. Current: all that is there was read; what is new comes by
// itself. Waiting: something is wrong, and it will be tried again.
enum class LiveState { Connecting, Reading, Current, Waiting };
HEARTH_DESCRIBE_ENUM(LiveState, Connecting, Reading, Current, Waiting)

struct LiveStatus {
  LiveState state = LiveState::Connecting;
  std::string error;
  std::string error_zh;
  std::optional<Time> current;
  std::int64_t added = 0;
};
HEARTH_DESCRIBE(LiveStatus, (state, "Where it stands.", .zh = "状态。"), (error, "What is wrong; empty when all is well.", .zh = "问题；正常时为空。"),
                (error_zh, "The same in Chinese; empty when it is equal.", .zh = "同上，中文；相同时为空。"),
                (current, "When it last was up to date.", .zh = "上次与来源一致的时间。"),
                (added, "How many items came since the box started.", .zh = "盒子启动以来新增的条目数。"))

struct Source {
  std::string id;
  SourceKind kind = SourceKind::Mail;
  std::string name;
  std::string origin;
  std::int64_t items = 0;
  std::int64_t passages = 0;
  std::int64_t original_bytes = 0;
  kernel::Label label;
  Time created;
  std::optional<Time> finished;
  std::string job;
  std::optional<SourceProgress> progress;
  bool forgetting = false;
  std::int64_t failed = 0;
  std::vector<ReadFailure> failures;
  std::optional<LiveStatus> live;
};
HEARTH_DESCRIBE(Source, (id, "Its id.", .zh = "编号。"), (kind, "What it is.", .zh = "种类。"), (name, "Its name.", .zh = "名称。"),
                (origin, "Where it is read from.", .zh = "读取位置。"), (items, "How many items it holds.", .zh = "条目数。"),
                (passages, "How many searchable passages.", .zh = "可搜索片段数。"),
                (original_bytes, "How many bytes of originals are kept.", .zh = "保存的原件字节数。"),
                (label, "What the system knows about its contents.", .zh = "内容的标签。"),
                (created, "When it was added.", .zh = "添加时间。"),
                (finished, "When it was last read to its end.", .zh = "上次读完的时间。"),
                (job, "The last job that worked on it.", .zh = "最近处理它的任务。"),
                (progress, "How far that job is, while it is under way.", .zh = "该任务进行中时的进度。"),
                (forgetting, "It is being forgotten.", .zh = "正在遗忘。"),
                (failed, "How many items could not be read.", .zh = "无法读取的条目数。"),
                (failures, "The first hundred of them.", .zh = "其中前一百个。"),
                (live, "Of a server, or a place that is watched: how it is doing.", .zh = "服务器或被关注的位置的状况。"))

struct SourcesOutput {
  std::vector<Source> sources;
};
HEARTH_DESCRIBE(SourcesOutput, (sources, "Your sources.", .zh = "你的来源。"))

struct SearchInput {
  std::string query;
  std::string source;
  std::string person;
  std::optional<Time> after;
  std::optional<Time> before;
  std::vector<ItemKind> kinds;
  std::vector<std::string> tags;
  std::optional<bool> attachment;
  int limit = 20;
  int offset = 0;
  bool typing = false;
};
HEARTH_DESCRIBE(SearchInput,
                (query, "What to look for. Words between \"quotation marks\" must stand together. Left out, all that the filters let"
                        " through is listed, newest first.",
                 .zh = "要找的内容。引号内的词必须连在一起。留空则列出筛选出的全部条目，最新的在前。", .defaulted = true, .maximum_length = 2000),
                (source, "Only in this source.", .zh = "仅在此来源中。", .defaulted = true, .maximum_length = 20, .resource = "memory"),
                (person, "Only with this person: their id, an address, or a part of a name.", .zh = "仅与此人相关：编号、地址或姓名的一部分。",
                 .defaulted = true, .maximum_length = 300),
                (after, "Not before this time.", .zh = "不早于。"), (before, "Not after this time.", .zh = "不晚于。"),
                (kinds, "Only items of these kinds.", .zh = "仅限这些种类。", .maximum_length = 20),
                (tags, "Only items with all of these tags, in capitals or not.", .zh = "仅限带有全部这些标签的条目，不分大小写。", .maximum_length = 20),
                (attachment, "Only items with attachments, or only those without.", .zh = "仅限有附件（或无附件）的条目。"),
                (limit, "How many results at most.", .zh = "最多结果数。", .defaulted = true, .minimum = 1, .maximum = 100),
                (offset, "How many results to pass over.", .zh = "跳过的结果数。", .defaulted = true, .minimum = 0, .maximum = 200),
                (typing, "The last word may not be finished.", .zh = "最后一个词可能尚未输完。", .defaulted = true))

// A piece of text, marked where it matches. A text is the pieces one after the other.
struct Piece {
  std::string text;
  bool match = false;
};
HEARTH_DESCRIBE(Piece, (text, "The text.", .zh = "文字。"), (match, "It is one of the words looked for.", .zh = "是否匹配。"))

struct Found {
  std::string item;
  std::string passage;
  std::string source;
  std::string source_name;
  std::string title;
  std::vector<std::string> authors;
  std::optional<Time> time;
  std::vector<Piece> snippet;
  double score = 0;
  std::vector<Why> why;
  ItemKind kind = ItemKind::Document;
};
HEARTH_DESCRIBE(Found, (item, "The item.", .zh = "条目。"), (passage, "The passage of the item.", .zh = "条目中的片段。"),
                (source, "The source.", .zh = "来源。"), (source_name, "The source's name.", .zh = "来源名称。"),
                (title, "The item's title.", .zh = "标题。"), (authors, "Who wrote it.", .zh = "作者。"),
                (time, "When it was written.", .zh = "时间。"), (snippet, "The place that fits best.", .zh = "最相关的文字。"),
                (score, "How well it fits; only for comparison within one answer.", .zh = "相关度，仅在同一结果中可比。"),
                (why, "Why it was found.", .zh = "命中的原因。"), (kind, "What the item is.", .zh = "条目的种类。"))

struct SearchOutput {
  std::vector<Found> results;
  bool more = false;
};
HEARTH_DESCRIBE(SearchOutput, (results, "What was found, best first.", .zh = "结果，最佳在前。"),
                (more, "There are more results.", .zh = "还有更多结果。"))

struct AskInput {
  std::string question;
  std::string source;
  int limit = 5;
};
HEARTH_DESCRIBE(AskInput, (question, "The question, in English or Chinese.", .zh = "问题，中文或英文。", .maximum_length = 2000),
                (source, "Only from this source.", .zh = "仅根据此来源。", .defaulted = true, .maximum_length = 20, .resource = "memory"),
                (limit, "How many passages at most.", .zh = "最多片段数。", .defaulted = true, .minimum = 1, .maximum = 20))

struct Citation {
  std::string item;
  std::string passage;
  std::string source;
  std::string source_name;
  std::string title;
  std::vector<std::string> authors;
  std::optional<Time> time;
  std::string text;
  std::string sentence;
  std::int64_t sentence_start = 0;
  std::int64_t sentence_length = 0;
  double score = 0;
  std::vector<Why> why;
  ItemKind kind = ItemKind::Document;
};
HEARTH_DESCRIBE(Citation, (item, "The item it stands in.", .zh = "所在条目。"), (passage, "The passage.", .zh = "片段。"),
                (source, "The source.", .zh = "来源。"), (source_name, "The source's name.", .zh = "来源名称。"),
                (title, "The item's title.", .zh = "标题。"), (authors, "Who wrote it.", .zh = "作者。"),
                (time, "When it was written.", .zh = "时间。"), (text, "The passage, word for word.", .zh = "片段原文。"),
                (sentence, "The sentence that answers best.", .zh = "最能回答问题的句子。"),
                (sentence_start, "Where it begins in the passage, in characters (Unicode code points).",
                 .zh = "该句在片段中的起始位置（按字符）。"),
                (sentence_length, "How many characters it has.", .zh = "该句的字符数。"),
                (score, "How well it fits; only for comparison within one answer.", .zh = "相关度，仅在同一结果中可比。"),
                (why, "Why it was found.", .zh = "命中的原因。"), (kind, "What the item is.", .zh = "条目的种类。"))

struct AnswerSentence {
  std::string text;
  std::vector<std::int64_t> citations;
};
HEARTH_DESCRIBE(AnswerSentence, (text, "The sentence.", .zh = "句子。"),
                (citations, "The citations that it rests on, counted from 0.", .zh = "所依据的出处，从 0 起。"))

struct AskOutput {
  bool answered = false;
  std::string answer;
  std::vector<AnswerSentence> sentences;
  std::vector<Citation> citations;
};
HEARTH_DESCRIBE(AskOutput, (answered, "Whether the memory holds something that fits.", .zh = "记忆中是否有相关内容。"),
                (answer, "The best sentence, word for word; or that nothing fits, in the question's language.",
                 .zh = "最佳句子原文；若无相关内容，则以提问的语言说明。"),
                (sentences, "A written answer, sentence by sentence, when a model wrote one; sentences that their citations do not hold are left out.",
                 .zh = "由模型撰写的回答，逐句列出；出处不支持的句子已略去。"),
                (citations, "Where it stands, best first.", .zh = "出处，最佳在前。"))

struct ItemInput {
  std::string item;
};
HEARTH_DESCRIBE(ItemInput, (item, "The item's id.", .zh = "条目编号。", .maximum_length = 20, .resource = "memory_item"))

enum class PersonRole { Author, To, Copy, Participant, Subject };
HEARTH_DESCRIBE_ENUM(PersonRole, Author, To, Copy, Participant, Subject)

struct ItemPerson {
  PersonRole role = PersonRole::Author;
  std::string name;
  std::string address;
};
HEARTH_DESCRIBE(ItemPerson, (role, "What they have to do with it.", .zh = "角色。"), (name, "Their name.", .zh = "姓名。"),
                (address, "Their address.", .zh = "地址。"))

struct ItemAttachment {
  std::string name;
  std::string type;
  std::int64_t size = 0;
};
HEARTH_DESCRIBE(ItemAttachment, (name, "Its file name.", .zh = "文件名。"), (type, "Its media type.", .zh = "媒体类型。"),
                (size, "Its size in bytes.", .zh = "大小（字节）。"))

struct ItemPlace {
  std::string name;
  std::optional<double> latitude;
  std::optional<double> longitude;
};
HEARTH_DESCRIBE(ItemPlace, (name, "Its name.", .zh = "名称。"), (latitude, "Degrees north.", .zh = "北纬度数。"),
                (longitude, "Degrees east.", .zh = "东经度数。"))

struct ItemPassage {
  std::string id;
  std::string text;
};
HEARTH_DESCRIBE(ItemPassage, (id, "Its id.", .zh = "编号。"), (text, "Its text.", .zh = "文字。"))

struct ThreadEntry {
  std::string item;
  std::string title;
  std::vector<std::string> authors;
  std::optional<Time> time;
};
HEARTH_DESCRIBE(ThreadEntry, (item, "The item.", .zh = "条目。"), (title, "Its title.", .zh = "标题。"),
                (authors, "Who wrote it.", .zh = "作者。"), (time, "When it was written.", .zh = "时间。"))

struct ItemOutput {
  std::string id;
  std::string source;
  std::string source_name;
  ItemKind kind = ItemKind::Document;
  std::string type;
  std::string title;
  std::optional<Time> time;
  std::optional<Time> until;
  TimeCertainty certainty = TimeCertainty::Exact;
  std::optional<int> zone;
  std::vector<ItemPerson> people;
  std::vector<ItemPassage> passages;
  std::vector<ItemAttachment> attachments;
  std::vector<ItemPlace> places;
  std::vector<std::string> tags;
  std::string part_of;
  std::vector<std::string> parts;
  std::vector<std::string> origins;
  std::vector<ThreadEntry> thread;
};
HEARTH_DESCRIBE(ItemOutput, (id, "Its id.", .zh = "编号。"), (source, "The source.", .zh = "来源。"),
                (source_name, "The source's name.", .zh = "来源名称。"), (kind, "What it is.", .zh = "种类。"),
                (type, "Media type of the original.", .zh = "原件的媒体类型。"),
                (title, "Its title.", .zh = "标题。"), (time, "When it was written, or begins.", .zh = "写作或开始的时间。"),
                (until, "When it ends.", .zh = "结束时间。"), (certainty, "How sure the time is.", .zh = "时间的确定程度。"),
                (zone, "The author's clock: minutes east of Greenwich.", .zh = "作者时区：格林威治以东的分钟数。"),
                (people, "Who wrote it, and to whom.", .zh = "作者和收件人。"),
                (passages, "Its text: the passages one after the other.", .zh = "正文：依次相连的片段。"),
                (attachments, "What is attached.", .zh = "附件。"), (places, "Places on the map that it names.", .zh = "其中的地点。"), (tags, "Tags that its source gave it.", .zh = "来源中的标签。"),
                (part_of, "The item that it is attached to.", .zh = "所附于的条目。"),
                (parts, "Items that are attached to it.", .zh = "附带的条目。"),
                (origins, "Where it was found, source by source.", .zh = "所在位置。"),
                (thread, "What came before and after in its thread.", .zh = "同一会话中的前后条目。"))

struct OriginalOutput {
  std::string name;
  std::string type;
  std::int64_t size = 0;
  std::optional<std::string> text;
  std::optional<std::string> base64;
};
HEARTH_DESCRIBE(OriginalOutput, (name, "A file name for it.", .zh = "文件名。"), (type, "Its media type.", .zh = "媒体类型。"),
                (size, "Its size in bytes.", .zh = "大小（字节）。"),
                (text, "Its bytes, when they are text (UTF-8).", .zh = "原文（若为 UTF-8 文本）。"),
                (base64, "Its bytes in base64 otherwise.", .zh = "否则为 base64。"))

// The bytes of an item as they came in, for a download.
struct Original {
  std::string name;
  std::string type;
  std::string bytes;
};

struct Models;
class PersonalMemory;

// Home thread only. Data of one person is never given to another: every function takes the person first.
class Memory {
 public:
  struct Options {
    std::filesystem::path home = {};  // HEARTH_HOME: no source reads what is in it, but for a person's own files
    std::filesystem::path people;     // HEARTH_HOME/people: each person's memory lies in <people>/<id>/
    std::filesystem::path extractor;  // the program hearth-extract; hearth-extract-pages lies beside it
    std::size_t open = 8;             // memories kept open
    int seconds_per_item = 10;        // of processor time; an item that needs more is reported instead of read
    std::filesystem::path files;      // each person's own files lie in <files>/<id>/home
    std::string key;                  // 32 bytes, under which passwords of servers are sealed
    std::filesystem::path words;      // the table of word vectors; nothing is there: searches go without
  };
  // Gives the file that a path of the input stands for, or refuses: members reach only below their own files.
  using ResolvePath = std::function<Task<Result<std::filesystem::path>>(kernel::Call, std::string)>;

  // The references outlive the memory. `resolve` finds what is there already; `place`, a path in the person's own files where
  // there is nothing yet, in a folder that is there.
  Memory(kernel::Kernel& kernel, Clock& clock, ResolvePath resolve, ResolvePath place, Options options);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  // Starts reading a source, or reading it again: what is there already is not added twice.
  Task<Result<ImportOutput>> import(kernel::Call call, ImportInput input);
  // Adds a server as a source, or changes how it is reached, and reads it from now on. Nothing is said yet about whether
  // it answers: that is in the source's LiveStatus.
  Task<Result<ConnectOutput>> connect(kernel::Call call, ConnectInput input);
  Task<Result<kernel::Labelled<SourcesOutput>>> sources(std::string person);
  Task<Result<kernel::Labelled<SearchOutput>>> search(std::string person, SearchInput input);
  Task<Result<kernel::Labelled<AskOutput>>> ask(std::string person, AskInput input);
  Task<Result<kernel::Labelled<ItemOutput>>> item(std::string person, std::string item);
  Task<Result<kernel::Labelled<Original>>> original(std::string person, std::string item);
  // GET and HEAD /originals/<item>: what memory.original gives, of any size and in ranges (RFC 9110 §14), as a stream. Fails
  // before it has answered anything: the caller answers with the error.
  Task<Result<>> serve(gateway::Exchange& exchange, kernel::Principal principal, kernel::Origin origin);
  Task<Result<ForgetOutput>> forget(std::string person, ForgetInput input);
  // Writes what a person has, in open formats, to a folder of their files.
  Task<Result<ExportOutput>> export_to(kernel::Call call, ExportInput input);

  // Begins to follow everybody's servers and watched folders. Once, after the kernel's start. They run on `home`, the
  // caller's own executor, and on a thread each.
  Task<Result<>> start(Executor home);
  // Stops following. Once, before destruction when it was started.
  Task<> stop();

  // The models that are there from now on. What was embedded by another one is embedded again by the next import.
  void set_models(Models models);

  // Closes a person's memory, so that their folder can be moved or removed; their jobs have ended before.
  Task<> close(std::string person);

  struct Implementation;

 private:
  friend void define_operations(kernel::Kernel& kernel, Memory& memory);

  std::unique_ptr<Implementation> implementation_;
};

// Defines memory.*, and the jobs behind them.
void define_operations(kernel::Kernel& kernel, Memory& memory);

}  // namespace hearth::memory
