#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// What IMAP (RFC 3501) is made of. Servers may send anything: no input crashes, deep nesting and length are bounded.
namespace hearth::memory::live {

struct ImapValue {
  enum class Kind { Atom, String, List };
  Kind kind = Kind::Atom;
  std::string text;              // of an atom as it came; NIL is an empty atom
  std::vector<ImapValue> items;  // of a list
};

// The values of a response: atoms, strings, lists; literals are in `literals`, in order, where "{n}" stands at a line's end,
// and lines are joined there. InvalidInput when it is none.
Result<std::vector<ImapValue>> parse_imap(std::string_view response, std::vector<std::string>& literals);

// The size of the literal that follows a line, when it ends in "{n}" or "{n+}".
std::optional<std::uint64_t> literal_after(std::string_view line);

// Whether an atom is this word, whatever its case.
bool is_word(const ImapValue& value, std::string_view word);
// The number that an atom is.
std::optional<std::uint64_t> number_of(const ImapValue& value);

std::string imap_string(std::string_view text);  // without CR, LF and NUL, which no name may hold

// Folder names are in modified UTF-7 (RFC 3501 §5.1.3). What is none is taken as it is.
std::string folder_to_utf8(std::string_view name);
std::string folder_from_utf8(std::string_view name);

// A set of message numbers, as IMAP writes it: "1:400,405".
class UidSet {
 public:
  static UidSet parse(std::string_view text);  // what is no number is left out
  void add(std::uint32_t uid) { add(uid, uid); }
  void add(std::uint32_t first, std::uint32_t last);
  bool contains(std::uint32_t uid) const;
  bool empty() const { return ranges_.empty(); }
  std::string text() const;
  std::uint64_t size() const;

 private:
  std::map<std::uint32_t, std::uint32_t> ranges_;  // first to last, apart from one another
};

}  // namespace hearth::memory::live
