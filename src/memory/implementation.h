#pragma once
#include <deque>

#include "base/task.h"
#include "memory/memory.h"
#include "memory/personal.h"

namespace hearth::memory {

struct ImportJob {
  std::string source;
};
HEARTH_DESCRIBE(ImportJob, (source, "The source to read."))

struct ForgetJob {
  std::string source;               // to forget whole; "" when only traces of items are to be removed
  std::vector<std::string> indexes;  // of these sources
};
HEARTH_DESCRIBE(ForgetJob, (source, "The source to forget."), (indexes, "Sources whose index holds traces."))

struct ForgetResult {
  std::int64_t forgotten = 0;
};
HEARTH_DESCRIBE(ForgetResult, (forgotten, "How many places were forgotten.", .zh = "已遗忘的数量。"))

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
  Options options;
  std::deque<std::pair<std::string, std::shared_ptr<PersonalMemory>>> opened;  // the last used at the end
  ThreadPool pool{"memory", 3};  // two jobs at a time, and what opens

  Task<Result<std::shared_ptr<PersonalMemory>>> open(std::string person);
  Task<Result<ImportResult>> run_import(kernel::JobRun& run, ImportJob job);
  Task<Result<ForgetResult>> run_forget(kernel::JobRun& run, ForgetJob job);
  void tell(const std::string& person, std::int64_t source, std::string_view what);
};

// The number in an id of the API; NotFound when it is none.
Result<std::int64_t> number_of(std::string_view id, std::string_view what);
Result<SourceRow> read_source(store::Connection& connection, std::int64_t source, const std::string& person);
// The labels of all sources that a search would look into, by source.
Result<std::map<std::int64_t, SourceRow>> read_sources(store::Connection& connection, const std::string& person);

}  // namespace hearth::memory
