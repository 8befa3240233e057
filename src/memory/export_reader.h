#pragma once
#include <filesystem>
#include <memory>

#include "memory/moving.h"

namespace hearth::memory {

// An exported memory (moving.h), as it lies in its folder. Nothing it says is trusted: what does not hold together, or lies
// outside of the folder, is InvalidInput. Blocking: for pool threads, one at a time.
class ExportReader {
 public:
  // An item with the bytes of its originals, beside item.origins.
  struct Arrived {
    ExportedItem item;
    std::string text;
    std::vector<std::string> originals;
  };
  struct Page {
    std::vector<Arrived> items;
    std::int64_t offset = 0;  // in items.jsonl, of what follows
    bool finished = false;
  };
  struct People {
    std::vector<ExportedPerson> people;
    std::vector<ExportedMerge> merges;
  };
  struct Rest {
    std::vector<ExportedSearch> searches;
    std::vector<ExportedSettled> settled;
    std::vector<ExportedForgotten> forgotten;
    std::vector<ExportedFailure> failures;
  };

  // `offset`: that of the page to go on with.
  static Result<ExportReader> open(std::filesystem::path folder, std::int64_t offset);

  const std::vector<ExportedSource>& sources() const { return sources_; }
  std::int64_t total() const { return total_; }  // items, as the export says
  Result<Page> next_page();
  Result<People> people() const;
  Result<Rest> rest() const;

 private:
  class Lines;
  ExportReader(std::filesystem::path folder, std::vector<ExportedSource> sources, std::shared_ptr<Lines> items, std::int64_t total)
      : folder_(std::move(folder)), sources_(std::move(sources)), items_(std::move(items)), total_(total) {}
  Result<Arrived> arrive(ExportedItem item) const;
  template <typename T>
  static Result<std::vector<T>> read_all(const std::filesystem::path& folder, const std::string& name);

  std::filesystem::path folder_;
  std::vector<ExportedSource> sources_;
  std::shared_ptr<Lines> items_;
  std::int64_t total_ = 0;
};

}  // namespace hearth::memory
