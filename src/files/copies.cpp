#include <fcntl.h>
#include <unistd.h>

#include "base/bytes.h"
#include "files/copies.h"

namespace hearth::files {

Result<> copy_file_bytes(const Root& from_root, const std::string& from, const Root& to_root, const std::string& to,
                         const std::function<bool()>& stop) {
  const auto source = TRY(from_root.open_file(from));
  const auto status = TRY(status_of(source.get()));
  TRY(to_root.remove_tree(to));  // a part from before a crash
  const auto target = TRY(to_root.create_file(to));
  constexpr std::size_t kPiece = 16 << 20;
  while (true) {
    if (stop && stop()) return fail(Code::Cancelled, "The copy was stopped.");
    if (TRY(writable_space(to_root)) < std::min<std::uint64_t>(kPiece, status.size)) {
      return fail(Code::NoSpace, "The disk is full. Free some space and try again.");
    }
    // Shares the blocks where the file system can; reads and writes inside the kernel elsewhere.
    const auto count = ::copy_file_range(source.get(), nullptr, target.get(), nullptr, kPiece, 0);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno != EXDEV && errno != EINVAL && errno != EOPNOTSUPP && errno != ENOSYS) {
        return std::unexpected(Error::from_errno(errno, "Copying “{}”", from));
      }
      // Not between these two file systems: by hand, from where it stopped.
      const auto offset = TRY(status_of(target.get())).size;
      const auto piece = TRY(read_at(source.get(), offset, 1 << 20));
      if (piece.empty()) break;
      TRY(write_all(target.get(), piece, offset));
      continue;
    }
    if (count == 0) break;
  }
  TRY(to_root.set_modified(to, status.modified));
  if (::fsync(target.get()) != 0) return std::unexpected(Error::from_errno(errno, "Copying “{}”", from));
  return {};
}

Result<std::unique_ptr<TreeCopy>> TreeCopy::create(HomePointer home, std::string from, std::string staging) {
  auto copy = std::unique_ptr<TreeCopy>(new TreeCopy(std::move(home), std::move(from), std::move(staging)));
  if (auto made = copy->home_->uploads.make_folder(copy->staging_);
      !made && made.error().code() != Code::AlreadyExists) {
    return std::unexpected(made.error());
  }
  copy->folders_.emplace_back("");
  return copy;
}

Result<bool> TreeCopy::step(std::chrono::milliseconds budget, const std::function<bool()>& stop) {
  const auto until = std::chrono::steady_clock::now() + budget;
  while (!pending_.empty() || !folders_.empty()) {
    if (std::chrono::steady_clock::now() > until) return false;
    if (pending_.empty()) {
      const auto folder = std::move(folders_.front());
      folders_.pop_front();
      TRY(home_->home.list(from_ + folder, [&](const std::string& name, const Status& status) -> Result<> {
        pending_.push_back({folder + "/" + name, status});
        return {};
      }));
      continue;
    }
    const auto item = std::move(pending_.front());
    pending_.pop_front();
    const auto target = staging_ + item.path;
    if (item.status.folder) {
      if (auto made = home_->uploads.make_folder(target); !made && made.error().code() != Code::AlreadyExists) return std::unexpected(made.error());
      folders_.push_back(item.path);
      continue;
    }
    const auto there = home_->uploads.status(target);
    // Times are set last: a file of this size and time was copied in full by an earlier run.
    const bool done = there && there->size == item.status.size && there->modified == item.status.modified;
    if (!done) {
      const auto copied = copy_file_bytes(home_->home, from_ + item.path, home_->uploads, target, stop);
      if (!copied && copied.error().code() == Code::NotFound) continue;  // gone since it was listed
      TRY(copied);
    }
    ++files_;
    bytes_ += static_cast<std::int64_t>(item.status.size);
    last_ = item.path;
  }
  return true;
}

Task<Result<Entry>> Files::copy_file(std::string person, CopyInput input) {
  CO_TRY(auto from, clean_path(input.from));
  CO_TRY(auto to, clean_path(input.to));
  auto& files = *implementation_;
  auto done = co_await files.on_disk(person, [from, to](const Home& home) -> Result<Entry> {
    if (TRY(home.home.status(from)).folder) return fail(Code::Unsupported, "“{}” is a folder.", from);
    if (home.home.status(to)) return fail(Code::AlreadyExists, "There already is a “{}”.", to);
    const auto temporary = home.temporary();
    auto copied = copy_file_bytes(home.home, from, home.uploads, temporary, {});
    if (copied) {
      auto placed = place(home, home.uploads, temporary, to, Taken::Refuse);
      if (!placed) copied = std::unexpected(placed.error());
    }
    if (!copied) {
      (void)home.uploads.remove_tree(temporary);
      return std::unexpected(std::move(copied).error());
    }
    return entry_of(to, TRY(home.home.status(to)));
  });
  if (done) files.changed(person, to);
  co_return done;
}

Task<Result<CopyJobOutput>> Files::stage_copy(std::string person, CopyInput input, std::string copy_id,
                                              CopyProgress progress) {
  CO_TRY(auto from, clean_path(input.from));
  CO_TRY(auto to, clean_path(input.to));
  if (!is_id(copy_id)) co_return fail(Code::InvalidInput, "“{}” is no id.", copy_id);
  if (path_is_within(to, from)) co_return fail(Code::InvalidInput, "A folder cannot be copied into itself.");
  auto& files = *implementation_;
  CO_TRY(auto home, co_await files.home_of(person));
  const auto staging = std::string(kCopyPrefix) + copy_id;
  auto stopped = std::make_shared<std::atomic<bool>>(false);
  const auto work = [&]() -> Task<Result<CopyJobOutput>> {
    CO_CHECK(co_await offload(files.pool, [home, from, to]() -> Result<> {
      if (home->home.status(to)) return fail(Code::AlreadyExists, "There already is a “{}”.", to);
      if (!TRY(home->home.status(from)).folder) return fail(Code::InvalidInput, "“{}” is no folder.", from);
      if (!TRY(home->home.status(path_parent(to))).folder) return fail(Code::NotFound, "There is no “{}”.", path_parent(to));
      return {};
    }));
    CO_TRY(auto made, co_await offload(files.pool, [home, from, staging] { return TreeCopy::create(home, from, staging); }));
    const std::shared_ptr<TreeCopy> copy = std::move(made);  // shared with the pool
    while (true) {
      CO_CHECK(progress(copy->files(), copy->bytes(), copy->last()));
      CO_TRY(auto done, co_await offload(files.pool, [copy, stopped] {
        return copy->step(std::chrono::milliseconds(200), [stopped] { return stopped->load(); });
      }));
      if (done) break;
    }
    CO_CHECK(progress(copy->files(), copy->bytes(), copy->last()));
    co_return CopyJobOutput{to, copy->files(), copy->bytes()};
  };
  auto outcome = co_await work();
  // Stopped, it may be resumed; failed, it will not be.
  if (!outcome && outcome.error().code() != Code::Cancelled) {
    (void)co_await offload(files.pool, [home, staging] { return home->uploads.remove_tree(staging); });
  }
  co_return outcome;
}

Task<Result<>> Files::place_copy(std::string person, CopyInput input, std::string copy_id) {
  CO_TRY(auto to, clean_path(input.to));
  if (!is_id(copy_id)) co_return fail(Code::InvalidInput, "“{}” is no id.", copy_id);
  auto& files = *implementation_;
  auto placed = co_await files.on_disk(person, [to, staging = std::string(kCopyPrefix) + copy_id](const Home& home) -> Result<> {
    // Placed before a crash already?
    if (!home.uploads.status(staging) && home.home.status(to)) return {};
    auto moved = place(home, home.uploads, staging, to, Taken::Refuse);
    if (moved) return {};
    (void)home.uploads.remove_tree(staging);
    return std::unexpected(std::move(moved).error());
  });
  if (placed) files.changed(person, to);
  co_return placed;
}

Task<Result<>> Files::drop_copy(std::string person, std::string copy_id) {
  if (!is_id(copy_id)) co_return fail(Code::InvalidInput, "“{}” is no id.", copy_id);
  co_return co_await implementation_->on_disk(person, [staging = std::string(kCopyPrefix) + copy_id](const Home& home) {
    return home.uploads.remove_tree(staging);
  });
}

}  // namespace hearth::files
