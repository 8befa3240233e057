#pragma once
#include <filesystem>
#include <memory>

#include "memory/items.h"
#include "memory/originals.h"
#include "store/store.h"

namespace hearth::memory {

// One person's memory: everything lies in their folder.
class PersonalMemory {
 public:
  // Opens or makes <folder>/memory.db and <folder>/originals/.
  static Result<std::shared_ptr<PersonalMemory>> open(const std::filesystem::path& folder);

  store::Database& database() { return *database_; }
  const Originals& originals() const { return originals_; }

  // Writes the write-ahead log back and empties it, so that no page of what was forgotten is left in it. Blocking, waits
  // for readers; false when one did not end in time.
  Result<bool> empty_log();

 private:
  PersonalMemory(std::unique_ptr<store::Database> database, Originals originals)
      : database_(std::move(database)), originals_(std::move(originals)) {}

  std::unique_ptr<store::Database> database_;
  Originals originals_;
};

}  // namespace hearth::memory
