#include "base/bytes.h"
#include "files/implementation.h"

// The trash: <person>/trash/<id> is the thing itself, its row in files_trash says where it was. The row is written before
// the thing is moved in, and removed after it is moved out, so that a crash leaves at most a row without a thing, which
// nobody sees.
namespace hearth::files {
namespace {


TrashedEntry read_entry(store::Statement& s) {
  return {s.text(0), s.text(1), s.integer(2) ? EntryKind::Folder : EntryKind::File,
          static_cast<std::uint64_t>(s.integer(3)), s.time(4)};
}

}  // namespace

Task<Result<TrashedEntry>> Files::trash(std::string person, std::string path_in) {
  CO_TRY(auto path, clean_path(path_in));
  if (path == "/") co_return fail(Code::InvalidInput, "The home itself cannot go into the trash.");
  auto& files = *implementation_;
  CO_TRY(auto status, co_await files.on_disk(person, [path](const Home& home) { return home.home.status(path); }));
  const TrashedEntry entry = {make_id(), path, status.folder ? EntryKind::Folder : EntryKind::File, status.size,
                              files.clock.now()};
  CO_CHECK(co_await files.system.write([person, entry](store::Connection& c) {
    return c.run("INSERT INTO files_trash (id, person, path, folder, size, trashed) VALUES (?, ?, ?, ?, ?, ?)", entry.id,
                 person, entry.path, entry.kind == EntryKind::Folder, entry.size, entry.trashed);
  }));
  auto moved = co_await files.on_disk(person, [path, entry](const Home& home) -> Result<> {
    TRY(home.home.rename(path, home.trash, "/" + entry.id, Root::Existing::Refuse));
    TRY(home.trash.sync_folder("/"));
    return home.home.sync_folder(path_parent(path));
  });
  if (!moved) {
    CO_CHECK(co_await files.system.write(
        [id = entry.id](store::Connection& c) { return c.run("DELETE FROM files_trash WHERE id = ?", id); }));
    co_return std::unexpected(std::move(moved).error());
  }
  // Links to it end: something else may take its name, and must not be shared by that.
  CO_CHECK(co_await files.moved(person, path, ""));
  files.changed(person, path);
  co_return entry;
}

Task<Result<TrashedOutput>> Files::trashed(std::string person, TrashedInput input) {
  auto& files = *implementation_;
  CO_TRY(auto rows, co_await files.system.read([person, input](store::Connection& c) {
    // Ids sort by time: newest first.
    return c.all(R"(SELECT id, path, folder, size, trashed FROM files_trash WHERE person = ?1 AND id < ?2
                    ORDER BY id DESC LIMIT ?3)",
                 read_entry, person, input.after.value_or("~"), input.limit + 1);
  }));
  TrashedOutput output;
  if (rows.size() > static_cast<std::size_t>(input.limit)) {
    rows.pop_back();
    output.next = rows.back().id;
  }
  CO_TRY(output.entries, co_await files.on_disk(person, [rows](const Home& home) -> Result<std::vector<TrashedEntry>> {
    auto there = rows;
    std::erase_if(there, [&](const auto& entry) { return !home.trash.status("/" + entry.id); });
    return there;
  }));
  co_return output;
}

Task<Result<std::vector<std::string>>> Files::trashed_paths(std::string person, std::vector<std::string> ids) {
  co_return co_await implementation_->system.read([person, ids](store::Connection& c) -> Result<std::vector<std::string>> {
    std::vector<std::string> paths;
    for (const auto& id : ids) {
      auto path = TRY(c.one("SELECT path FROM files_trash WHERE id = ? AND person = ?",
                            [](store::Statement& s) { return s.text(0); }, id, person));
      if (path) paths.push_back(*std::move(path));
    }
    return paths;
  });
}

Task<Result<Entry>> Files::restore(std::string person, RestoreInput input) {
  auto& files = *implementation_;
  CO_TRY(auto row, co_await files.system.read([person, id = input.id](store::Connection& c) {
    return c.one("SELECT id, path, folder, size, trashed FROM files_trash WHERE id = ? AND person = ?", read_entry, id,
                 person);
  }));
  if (!row) co_return fail(Code::NotFound, "The trash holds nothing with the id “{}”.", input.id);
  CO_TRY(auto path, clean_path(input.to.value_or(row->path)));
  if (path == "/") co_return fail(Code::InvalidInput, "to: give the path with its name.");
  const auto taken = input.to ? Taken::Refuse : Taken::Number;
  auto entry = co_await files.on_disk(person, [path, taken, id = row->id](const Home& home) -> Result<Entry> {
    // The folder it was in may have gone meanwhile, and a file may have taken its name.
    const auto made = home.home.make_folders(path_parent(path));
    if (!made && made.error().code() == Code::AlreadyExists) {
      return fail(Code::AlreadyExists, "{} Give another path in the field to.", made.error().sentence());
    }
    TRY(made);
    const auto placed = TRY(place(home, home.trash, "/" + id, path, taken));
    TRY(home.trash.sync_folder("/"));
    return entry_of(placed, TRY(home.home.status(placed)));
  });
  if (!entry) co_return entry;
  CO_CHECK(co_await files.system.write(
      [id = row->id](store::Connection& c) { return c.run("DELETE FROM files_trash WHERE id = ?", id); }));
  files.changed(person, entry->path);
  co_return entry;
}

Task<Result<EmptyTrashOutput>> Files::empty_trash(std::string person, EmptyTrashInput input) {
  auto& files = *implementation_;
  std::vector<std::string> ids;
  if (input.ids.empty()) {
    CO_TRY(ids, co_await files.system.read([person](store::Connection& c) {
      return c.all("SELECT id FROM files_trash WHERE person = ?", [](store::Statement& s) { return s.text(0); }, person);
    }));
  } else {
    // Ids come from outside and become names on the disk: only those that are this person's own rows count.
    for (const auto& id : input.ids) {
      CO_TRY(auto count, co_await files.system.read([person, id](store::Connection& c) {
        return c.integer("SELECT count(*) FROM files_trash WHERE id = ? AND person = ?", id, person);
      }));
      if (count == 0) co_return fail(Code::NotFound, "The trash holds nothing with the id “{}”; nothing was removed.", id);
      ids.push_back(id);
    }
  }
  EmptyTrashOutput output;
  for (const auto& id : ids) {
    CO_CHECK(co_await files.on_disk(person, [id](const Home& home) { return home.trash.remove_tree("/" + id); }));
    CO_CHECK(co_await files.system.write(
        [id](store::Connection& c) { return c.run("DELETE FROM files_trash WHERE id = ?", id); }));
    ++output.removed;
  }
  co_return output;
}

}  // namespace hearth::files
