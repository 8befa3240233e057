#include "kernel/audit_anchor.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "base/bytes.h"

namespace hearth::kernel {
namespace {

// "<seq> <hash in hex> <lost>\n", of one length, so that each is written over the one before: numbers of 19 digits.
constexpr std::size_t kDigits = 19;
constexpr std::size_t kHash = 64;
constexpr std::size_t kRecord = kDigits + 1 + kHash + 1 + kDigits + 1;

std::optional<std::int64_t> number(std::string_view digits) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<AuditAnchor> AuditAnchor::open(const std::filesystem::path& path) {
  AuditAnchor anchor;
  if (path.empty()) {
    anchor.is_new_ = true;
    return anchor;
  }
  anchor.file_ = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  std::array<char, kRecord + 1> bytes{};
  const auto got = anchor.file_ ? ::pread(anchor.file_.get(), bytes.data(), bytes.size(), 0) : -1;
  if (got < 0) return std::unexpected(Error::from_errno(errno, "opening {}", path.string()));
  anchor.is_new_ = got == 0;
  if (anchor.is_new_) return anchor;
  const std::string_view record(bytes.data(), static_cast<std::size_t>(got));
  const auto seq = number(record.substr(0, kDigits));
  const auto hash = record.size() == kRecord ? from_hex(record.substr(kDigits + 1, kHash)) : std::nullopt;
  const auto lost = record.size() == kRecord ? number(record.substr(kDigits + 1 + kHash + 1, kDigits)) : std::nullopt;
  if (!seq || !hash || !lost) return fail(Code::Corrupt, "The key {} is damaged. Restore it from a backup.", path.string());
  anchor.mark_ = {*seq, *hash};
  if (*lost > 0) anchor.lost_ = *lost;
  return anchor;
}

Result<> AuditAnchor::move(const AuditMark& mark) {
  if (lost_ || (!is_new_ && mark.seq <= mark_.seq)) return {};
  is_new_ = false;
  mark_ = mark;
  return write();
}

Result<> AuditAnchor::found_lost(std::int64_t seq) {
  if (lost_) return {};
  lost_ = seq;
  return write();
}

Result<> AuditAnchor::write() const {
  if (!file_) return {};
  const auto hash = mark_.hash.empty() ? std::string(kHash, '0') : to_hex(mark_.hash);
  const auto record = fmt::format("{:019} {} {:019}\n", mark_.seq, hash, lost_.value_or(0));
  if (::pwrite(file_.get(), record.data(), record.size(), 0) != static_cast<ssize_t>(record.size())) {
    return std::unexpected(Error::from_errno(errno, "writing the audit's anchor"));
  }
  return {};
}

}  // namespace hearth::kernel
