#pragma once
#include <deque>
#include <set>

#include "base/task.h"
#include "memory/memory.h"
#include "memory/personal.h"
#include "memory/reader.h"
#include "memory/text/word_vectors.h"
#include "memory/vectors.h"

namespace hearth::memory {

class Live;

struct ImportJob {
  std::string source;
};
HEARTH_DESCRIBE(ImportJob, (source, "The source to read."))

struct EmbedJob {
  std::string embedder;  // for whose vectors
};
HEARTH_DESCRIBE(EmbedJob, (embedder, "The embedding model."))

struct EmbedResult {
  std::int64_t embedded = 0;
};
HEARTH_DESCRIBE(EmbedResult, (embedded, "How many passages got a vector.", .zh = "已生成向量的片段数。"))

struct ForgetResult {
  std::int64_t forgotten = 0;
};
HEARTH_DESCRIBE(ForgetResult, (forgotten, "How many items were removed.", .zh = "已清除的条目数。"))

struct ExportJob {
  std::vector<std::string> sources;  // none: all
  std::string target;                // the folder to make, on the disk
};
HEARTH_DESCRIBE(ExportJob, (sources, "The sources."), (target, "The folder."))

struct ExportResult {
  std::int64_t items = 0;
  std::int64_t people = 0;
  std::string folder;
};
HEARTH_DESCRIBE(ExportResult, (items, "How many items it holds.", .zh = "条目数。"), (people, "How many people it names.", .zh = "人员数。"),
                (folder, "The folder's name.", .zh = "文件夹名称。"))

struct RestoreJob {
  std::string folder;  // an export, on the disk
};
HEARTH_DESCRIBE(RestoreJob, (folder, "The folder."))

// A source as its row has it.
struct SourceRow {
  std::int64_t id = 0;
  SourceKind kind = SourceKind::Mail;
  std::string name;
  std::string origin;
  kernel::Label label;
  bool forgetting = false;
};

// Where an item's original lies: in the pack of a source.
struct OriginalPlace {
  std::int64_t source = 0;
  std::int64_t start = 0;
  std::int64_t length = 0;
  std::string type;
  std::string name;  // a file name for it
  kernel::Label label;
};
// NotFound when the item is not there, or is being forgotten.
Result<OriginalPlace> find_original(store::Connection& connection, const std::string& person, std::int64_t item);

struct Memory::Implementation {
  kernel::Kernel& kernel;
  Clock& clock;
  ResolvePath resolve;
  ResolvePath place;
  Options options;
  std::deque<std::pair<std::string, std::shared_ptr<PersonalMemory>>> opened;  // the last used at the end
  std::set<std::string> finishing;  // people whose job to forget is under way
  Models models = {};
  std::unique_ptr<const WordVectors> words;  // nullptr: without
  std::mutex opening;            // a memory is opened by one thread at a time
  ThreadPool pool{"memory", 3};  // two jobs at a time, and what opens
  std::unique_ptr<Live> live;    // once started

  Implementation(kernel::Kernel& with, Clock& now, ResolvePath path, ResolvePath free_path, Options chosen);
  ~Implementation();

  Task<Result<std::shared_ptr<PersonalMemory>>> open(std::string person);
  // Reads, or writes in one transaction, a person's database.
  template <typename F>
  Task<std::invoke_result_t<F, store::Connection&>> reading(std::string person, F read) {
    CO_TRY(const auto memory, co_await open(std::move(person)));
    co_return co_await memory->database().read(std::move(read));
  }
  template <typename F>
  Task<std::invoke_result_t<F, store::Connection&>> writing(std::string person, F write) {
    CO_TRY(const auto memory, co_await open(std::move(person)));
    co_return co_await memory->database().write(std::move(write));
  }
  Task<Result<ImportResult>> run_import(kernel::JobRun& run, ImportJob job);
  // Removes whatever is doomed or being forgotten, by whatever call: what an earlier job left undone too.
  Task<Result<ForgetResult>> run_forget(kernel::JobRun& run);
  Task<Result<std::int64_t>> forget_source(kernel::JobRun& run, std::shared_ptr<PersonalMemory> memory, std::int64_t id);
  Task<Result<ExportResult>> run_export(kernel::JobRun& run, ExportJob job);
  // Takes in an export, of this box or another.
  Task<Result<ImportResult>> run_restore(kernel::JobRun& run, RestoreJob job);
  Task<Result<bool>> is_forgetting(std::shared_ptr<PersonalMemory> memory);
  Task<Result<EmbedResult>> run_embed(kernel::JobRun& run, EmbedJob job);
  Task<std::optional<AskedMeaning>> meaning_of(std::string text);
  void tell(const std::string& person, std::int64_t source, std::string_view what);
  // How files of this kind of source are read.
  SourceReader::Options reader_options(SourceKind kind) const;
  // Where a source lies on the disk.
  std::string place_of(const SourceRow& source, const std::string& person) const;
};

// What the reader asks about what is stored already; on a pool thread. The memory outlives it.
SourceReader::Known known_to(PersonalMemory& memory, std::int64_t source);
Task<Result<Stored>> store(std::shared_ptr<PersonalMemory> memory, std::int64_t source, std::shared_ptr<const Batch> batch, Time now);

// What comes in at once lies in pieces in its source's index, each of which every search looks into: this makes one of them.
// It pays when much was added. Once `stopping`, the rest stays as it is.
Task<Result<>> merge_after_much(std::shared_ptr<PersonalMemory> memory, std::int64_t source, std::int64_t added, std::function<bool()> stopping);

// How much a call to forget would remove.
Result<ForgetPreviewOutput> preview_forget(store::Connection& connection, const ForgetInput& input);

void define_model_operations(kernel::Kernel& kernel, Memory::Implementation& implementation);

// The source that is read from there; a new one gets the label. Conflict while it is being forgotten.
Result<std::int64_t> find_or_add_source(store::Connection& connection, SourceKind kind, const std::string& name, const std::string& origin,
                                        const kernel::Label& label, Time now);

// The number in an id of the API; NotFound when it is none.
Result<std::int64_t> number_of(std::string_view id, fmt::format_string<> what);
Result<SourceRow> read_source(store::Connection& connection, std::int64_t source, const std::string& person);
// The labels of all sources that a search would look into, by source.
Result<std::map<std::int64_t, SourceRow>> read_sources(store::Connection& connection, const std::string& person);

}  // namespace hearth::memory
