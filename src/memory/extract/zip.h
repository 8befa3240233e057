#pragma once
#include <memory>
#include <string>
#include <vector>

#include "memory/extract/inflate.h"

namespace hearth::memory::extract {

// What an archive says of one of its members.
struct Member {
  std::string name;  // a path in UTF-8, "/" between folders: without "..", a drive or control characters
  std::int64_t size = 0;
  std::optional<Time> modified;
};

struct ZipMember : Member {
  std::int64_t header = 0;  // where its local header is
  std::int64_t packed = 0;  // bytes
  int method = 0;
  bool encrypted = false;
};

// A ZIP archive (PKWARE APPNOTE 6.3.10, with ZIP64), by its central directory. Office documents, e-books and most exports
// are such archives, and read single members by their names. The input outlives it.
class Zip {
 public:
  static bool begins_like_one(std::string_view head) { return head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06"); }
  // Corrupt when its directory cannot be read.
  static Result<Zip> open(const Input& input);

  // Without folders, in the order of the directory.
  const std::vector<ZipMember>& members() const { return members_; }
  const ZipMember* find(std::string_view name) const;

  // A member's bytes. TooLarge beyond `most`; Unsupported when it is encrypted or compressed in a rare way.
  Result<std::string> read(const ZipMember& member, std::size_t most) const;
  // The same by name; NotFound without such a member.
  Result<std::string> read(std::string_view name, std::size_t most) const;

  // A member as an input: in a window when it is compressed, so that its size does not matter. It outlives the archive's
  // input no more than the archive does.
  Result<std::unique_ptr<Input>> open_member(const ZipMember& member) const;
  // Where its bytes lie in the archive's input, when they are not compressed.
  Result<std::optional<Extent>> stored_at(const ZipMember& member) const;

 private:
  explicit Zip(const Input& input) : input_(&input) {}
  Result<Extent> packed_at(const ZipMember& member) const;

  const Input* input_;
  std::vector<ZipMember> members_;
};

// A member's name as it may be shown and used as a place.
std::string tidy_member_name(std::string_view raw, bool utf8);

}  // namespace hearth::memory::extract
