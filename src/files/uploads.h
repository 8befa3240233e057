#pragma once
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "gateway/http.h"

namespace hearth::files {

// Who is writing to which upload. A client whose connection broke comes back while the box still waits for the old one:
// the newcomer takes over, and the old writer finds that out before it writes another byte. Home thread.
class UploadSlots {
 public:
  explicit UploadSlots(Executor executor) : executor_(std::move(executor)) {}

  class Turn {
   public:
    Turn(UploadSlots& slots, std::string id);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    // Waits until whoever had the turn before has put down the pen.
    Task<> settle();
    // Between these, a newcomer waits. False: a newcomer has taken over.
    bool begin_write();
    void end_write();
    bool mine() const;

   private:
    friend class UploadSlots;
    UploadSlots& slots_;
    std::string id_;
    std::uint64_t number_;
  };

 private:
  struct Slot {
    explicit Slot(Executor executor) : idle(std::move(executor), boost::asio::steady_timer::time_point::max()) {}
    std::uint64_t latest = 0;
    std::size_t turns = 0;
    bool writing = false;
    boost::asio::steady_timer idle;
  };
  Executor executor_;
  std::map<std::string, std::unique_ptr<Slot>> slots_;
};

// --- the tus protocol's headers (https://tus.io/protocols/resumable-upload, 1.0.0) ---

// "filename d29ybGQ=,is_confidential": keys with base64 values; none when malformed.
std::optional<std::map<std::string, std::string>> parse_upload_metadata(std::string_view header);

struct UploadChecksum {
  enum class Algorithm { Sha1, Sha256 };
  Algorithm algorithm;
  std::string digest;
};
std::optional<UploadChecksum> parse_upload_checksum(std::string_view header);

// Digits only, at most 2^63 - 1.
std::optional<std::int64_t> parse_upload_number(std::string_view text);

// The path that an upload is for: metadata "path", or "filename" in "folder" (or in the root). InvalidInput without.
Result<std::string> upload_target(const std::map<std::string, std::string>& metadata);

}  // namespace hearth::files
