#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/process.h"
#include "memory/extract/wire.h"

namespace hearth::memory {

// A running hearth-extract. What it says is checked here, since what it reads may have taken it over. Blocking: for pool
// threads.
class Extractor {
 public:
  struct Answer {
    extract::Reply reply;
    std::string text;  // UTF-8
    std::optional<std::string> original;  // of an item whose original is no range of the input
  };

  static Result<Extractor> start(const std::filesystem::path& program);

  // Hands over an open file, and those that help to read it, in the order of `request.beside`. Waits while the process has
  // enough to do; Unavailable when it has ended.
  Result<> send(const extract::Request& request, int file, std::span<const int> beside = {});

  // The next answer. None: the process ended, said what it may not say, or said nothing for `patience`; it is of no more use.
  std::optional<Answer> receive(Duration patience);

  // Why receive() gave none.
  const Message& trouble() const { return trouble_; }

 private:
  Extractor(Process process, Descriptor requests, Descriptor replies)
      : process_(std::move(process)), requests_(std::move(requests)), replies_(std::move(replies)) {}

  // Makes `count` bytes available; false when they do not come.
  bool fill(std::size_t count, Duration patience);
  std::optional<Answer> give_up(fmt::format_string<> trouble);

  Process process_;
  Descriptor requests_;
  Descriptor replies_;
  std::string buffer_;
  std::size_t at_ = 0;
  Message trouble_;
};

}  // namespace hearth::memory
