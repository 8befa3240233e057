#include "files/path.h"

#include <utf8proc.h>

#include <cstdlib>

#include "base/bytes.h"

namespace hearth::files {
namespace {

constexpr std::size_t kLongestName = 255;  // NAME_MAX of Linux
constexpr std::size_t kLongestPath = 4096;

// Runs utf8proc over well-formed UTF-8.
std::string map_utf8(std::string_view text, unsigned options) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &mapped, static_cast<utf8proc_option_t>(options));
  if (length < 0) return std::string(text);
  std::string result(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
  std::free(mapped);
  return result;
}

bool is_forbidden(utf8proc_int32_t c) {
  if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) return true;    // C0, DEL, C1
  if (c >= 0x202a && c <= 0x202e) return true;              // bidirectional overrides: make "exe.gpj" look like a picture
  if (c >= 0x2066 && c <= 0x2069) return true;
  if (c == 0x200e || c == 0x200f || c == 0x061c) return true;  // marks that turn what stands beside them
  if (c == 0x2028 || c == 0x2029 || c == 0xfeff) return true;  // line separators, byte order mark
  return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;  // noncharacters
}

// Nothing of it is seen, wherever it stands.
bool is_invisible(utf8proc_int32_t c) {
  const auto kind = utf8proc_category(c);
  return kind == UTF8PROC_CATEGORY_ZS || kind == UTF8PROC_CATEGORY_CF || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<std::string> clean_name(std::string_view name) {
  if (name.empty()) return fail(Code::InvalidInput, "A name must not be empty.");
  if (name == "." || name == "..") return fail(Code::InvalidInput, "“{}” is not a name; write the path without it.", name);
  if (!is_utf8(name)) return fail(Code::InvalidInput, "A name must be UTF-8 text.");
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(name.data());
  bool seen = false;
  for (std::size_t i = 0; i < name.size();) {
    utf8proc_int32_t c = 0;
    const auto step = utf8proc_iterate(bytes + i, static_cast<utf8proc_ssize_t>(name.size() - i), &c);
    if (step <= 0) return fail(Code::InvalidInput, "A name must be UTF-8 text.");
    if (c == '/') return fail(Code::InvalidInput, "A name must not contain “/”.");
    if (is_forbidden(c)) return fail(Code::InvalidInput, "A name must not contain the character U+{:04X}.", c);
    seen = seen || !is_invisible(c);
    i += static_cast<std::size_t>(step);
  }
  if (!seen) return fail(Code::InvalidInput, "A name needs a character that can be seen.");
  auto clean = map_utf8(name, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  if (clean.size() > kLongestName) {
    return fail(Code::InvalidInput, "The name is {} bytes long; the limit is {} (85 Chinese characters).", clean.size(),
                kLongestName);
  }
  return clean;
}

Result<std::string> clean_path(std::string_view path) {
  if (path.size() > kLongestPath) return fail(Code::InvalidInput, "The path is longer than {} bytes.", kLongestPath);
  if (!path.starts_with('/')) {
    return fail(Code::InvalidInput, "A path starts with “/”, the root of the home: “/Documents/letter.txt”.");
  }
  path.remove_prefix(1);
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with('/')) return fail(Code::InvalidInput, "A path must not have an empty name in it.");
  std::string clean;
  while (!path.empty()) {
    const auto slash = path.find('/');
    if (slash == 0) return fail(Code::InvalidInput, "A path must not have an empty name in it.");
    clean += '/';
    clean += TRY(clean_name(path.substr(0, slash)));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  if (clean.empty()) clean = "/";
  if (clean.size() > kLongestPath) return fail(Code::InvalidInput, "The path is longer than {} bytes.", kLongestPath);
  return clean;
}

Result<> check_canonical(std::string_view path) {
  const auto clean = TRY(clean_path(path));
  if (clean != path) return fail(Code::InvalidInput, "Write the path in its canonical form: “{}”.", clean);
  return {};
}

std::vector<std::string> path_names(std::string_view path) {
  std::vector<std::string> names;
  for (std::size_t at = 1; at < path.size();) {
    const auto slash = std::min(path.find('/', at), path.size());
    names.emplace_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return names;
}

std::string path_name(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

std::string path_parent(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == 0 || slash == std::string_view::npos ? "/" : std::string(path.substr(0, slash));
}

std::string path_join(std::string_view folder, std::string_view name) {
  return folder == "/" ? fmt::format("/{}", name) : fmt::format("{}/{}", folder, name);
}

bool path_is_within(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string fold(std::string_view text) {
  return map_utf8(text, UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE |
                            UTF8PROC_STRIPMARK);
}

std::string natural_key(std::string_view text) {
  const auto folded = fold(text);
  std::string key;
  for (std::size_t i = 0; i < folded.size();) {
    if (!is_digit(folded[i])) {
      key += folded[i++];
      continue;
    }
    std::size_t end = i;
    while (end < folded.size() && is_digit(folded[end])) ++end;
    while (i + 1 < end && folded[i] == '0') ++i;
    // A digit, the length of the number in two bytes, its digits: shorter numbers first, all numbers where '0' sorts.
    key += '0';
    key += static_cast<char>((end - i) >> 8);
    key += static_cast<char>((end - i) & 0xff);
    key.append(folded, i, end - i);
    i = end;
  }
  // Names that fold alike keep a fixed order.
  key += '\0';
  key += text;
  return key;
}

bool natural_less(std::string_view a, std::string_view b) { return natural_key(a) < natural_key(b); }

std::string numbered_name(std::string_view name, int number) {
  // An extension is at most two short parts of letters and digits: ".gz", ".tar.gz", not ". Smith" of "J. Smith".
  std::size_t stem = name.size();
  for (int parts = 0; parts < 2; ++parts) {
    const auto dot = name.substr(0, stem).rfind('.');
    if (dot == std::string_view::npos || dot == 0) break;
    const auto part = name.substr(dot + 1, stem - dot - 1);
    const auto plain = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (part.empty() || part.size() > 8 || !std::ranges::all_of(part, plain)) break;
    if (parts == 1 && part != "tar") break;
    stem = dot;
  }
  const auto suffix = fmt::format(" ({}){}", number, name.substr(stem));
  auto base = name.substr(0, stem);
  while (base.size() + suffix.size() > kLongestName) {
    base.remove_suffix(1);
    while (!base.empty() && !is_utf8(base)) base.remove_suffix(1);
  }
  return std::string(base) + suffix;
}

}  // namespace hearth::files
