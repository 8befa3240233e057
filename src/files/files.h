#pragma once
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "files/types.h"
#include "gateway/http.h"
#include "kernel/kernel.h"
#include "store/store.h"

// The room of files: a home folder per person, its trash, uploads and shares, and the byte surfaces on them.
namespace hearth::files {

struct Options {
  std::string folder;  // "<HEARTH_HOME>/files": holds <person id>/home, /trash and /uploads
  Duration upload_lifetime = std::chrono::days(7);
};

// What files asks of the kernel for byte streams, which are no operation calls (kernel.h: permit, record, publish).
struct Doors {
  std::function<Task<Result<>>(kernel::Principal, kernel::Origin, std::string operation, std::string resource)> permit;
  std::function<Task<Result<>>(kernel::Principal, std::string action, std::string resource, std::string outcome)> record;
  std::function<void(kernel::Event)> publish;
};
Doors doors_of(kernel::Kernel& kernel);  // the kernel outlives what uses them

// Home thread; disk work goes to a pool of its own. Paths follow the rule in files/path.h. What a Task returns once it
// has succeeded is on the disk: it survives a power cut.
class Files {
 public:
  // `system` was opened with files_schema(). All references outlive the object.
  static Result<std::unique_ptr<Files>> open(Options options, store::Database& system, Clock& clock, Executor home,
                                             Doors doors);
  ~Files();
  // Ends watches and clean-up. Once, before destruction.
  Task<> stop();

  Task<Result<ListOutput>> list(std::string person, ListInput input);
  Task<Result<Entry>> stat(std::string person, std::string path);
  Task<Result<Entry>> make_folder(std::string person, std::string path);
  Task<Result<Entry>> move(std::string person, MoveInput input);
  // Copies one file at once; a folder is Unsupported here: it takes a job of stage_copy and place_copy.
  Task<Result<Entry>> copy_file(std::string person, CopyInput input);
  // Copies a folder beside the home, file by file; `progress` is called a few times a second and fails to stop it. After a
  // stop or a crash, the same `copy_id` goes on: files copied in full are kept.
  using CopyProgress = std::function<Result<>(std::int64_t files, std::int64_t bytes, std::string path)>;
  Task<Result<CopyJobOutput>> stage_copy(std::string person, CopyInput input, std::string copy_id, CopyProgress progress);
  // Puts a staged copy into its place, at once and whole. Again after a crash: no error.
  Task<Result<>> place_copy(std::string person, CopyInput input, std::string copy_id);
  Task<Result<>> drop_copy(std::string person, std::string copy_id);

  Task<Result<TrashedEntry>> trash(std::string person, std::string path);
  Task<Result<TrashedOutput>> trashed(std::string person, TrashedInput input);
  // Where things in the trash were; ids that are not the person's are passed over.
  Task<Result<std::vector<std::string>>> trashed_paths(std::string person, std::vector<std::string> ids);
  Task<Result<Entry>> restore(std::string person, RestoreInput input);
  Task<Result<EmptyTrashOutput>> empty_trash(std::string person, EmptyTrashInput input);

  Task<Result<SearchOutput>> search(std::string person, SearchInput input);
  Task<Result<ReadTextOutput>> read_text(std::string person, ReadTextInput input);
  Task<Result<Entry>> write(std::string person, WriteInput input);

  Task<Result<Share>> share(std::string person, ShareInput input);
  Task<Result<SharesOutput>> shares(std::string person);
  Task<Result<>> unshare(std::string person, std::string id);
  Task<Result<SpaceOutput>> space(std::string person);

  // Emits the changes in one folder (not below it), whoever makes them, until cancelled or `emit` fails.
  Task<Result<>> watch(std::string person, std::string path, std::function<Task<Result<>>(Change)> emit);

  // Ends a person's links and uploads and lets go of their folders, which the caller may then move away.
  Task<Result<>> release_person(std::string person);
  // The same, and removes the folders for good.
  Task<Result<>> forget_person(std::string person);

  // The byte surfaces: /files/…, /uploads…, /dav/… and /s/…; NotFound for other paths. `principal` is who the surface found
  // the caller to be; without one, all but /s/ answer 401 (with a Basic challenge under /dav/). Always answers.
  Task<> serve(gateway::Exchange& exchange, kernel::Principal principal, kernel::Origin origin);

  struct Implementation;

 private:
  explicit Files(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

store::Schema files_schema();

// Defines files.*.
void define_operations(kernel::Kernel& kernel, Files& files);

}  // namespace hearth::files
