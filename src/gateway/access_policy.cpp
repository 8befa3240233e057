#include "gateway/access_policy.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "gateway/ascii.h"

namespace hearth::gateway {
namespace {

enum class Case { Exact, Ignored };

// Whether a rule's path covers `path`: the same, or above it on segment bounds.
bool covers(std::string_view rule, std::string_view path, Case letters) {
  while (rule.ends_with('/')) rule.remove_suffix(1);
  if (path.size() < rule.size()) return false;
  const auto head = path.substr(0, rule.size());
  if (letters == Case::Exact ? head != rule : !equals_ignoring_case(head, rule)) return false;
  return path.size() == rule.size() || path[rule.size()] == '/';
}

Access judge(const Entrance& entrance, std::string_view path, Case letters) {
  const PathRule* longest = nullptr;
  for (const auto& rule : entrance.rules) {
    if (covers(rule.path, path, letters) && (!longest || rule.path.size() > longest->path.size())) longest = &rule;
  }
  return longest ? longest->access : entrance.access;
}

Access stricter(Access a, Access b) { return std::max(a, b); }
static_assert(Access::Public < Access::Private && Access::Private < Access::TwoFactor);

Access judge(const Entrance& entrance, std::string_view path) {
  return stricter(judge(entrance, path, Case::Exact), judge(entrance, path, Case::Ignored));
}

// Whether every server reads the path as it stands: no encoding, parameter, backslash, empty or dot segment.
bool is_plain(std::string_view path) {
  if (path.empty() || path.front() != '/') return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    switch (path[i]) {
      case '%':
      case ';':
      case '\\':
        return false;
      case '/':
        // ".x" is an ordinary name, but costs only time.
        if (i + 1 < path.size() && (path[i + 1] == '/' || path[i + 1] == '.')) return false;
        break;
      default:
        break;
    }
  }
  return true;
}

// The steps that servers take with a path, each on its own.

enum class Separators { Decoded, Kept };

// Percent-decodes what is well encoded. Kept: "%2f" and "%5c" stay, as with servers that tell them from real ones.
std::string decode(std::string_view path, Separators separators) {
  std::string decoded;
  decoded.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    const int high = path[i] == '%' && i + 2 < path.size() ? hex_digit(path[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex_digit(path[i + 2]);
    const char c = low < 0 ? path[i] : static_cast<char>(high * 16 + low);
    const bool kept = low < 0 || (separators == Separators::Kept && (c == '/' || c == '\\'));
    decoded += kept ? path[i] : c;
    if (!kept) i += 2;
  }
  return decoded;
}

std::string decode_all(std::string_view path) { return decode(path, Separators::Decoded); }
std::string decode_within_segments(std::string_view path) { return decode(path, Separators::Kept); }

std::string turn_backslashes(std::string_view path) {
  std::string turned(path);
  std::ranges::replace(turned, '\\', '/');
  return turned;
}

std::string merge_slashes(std::string_view path) {
  std::string merged;
  for (const char c : path) {
    if (c != '/' || !merged.ends_with('/')) merged += c;
  }
  return merged;
}

// Without ";x" in any segment.
std::string drop_parameters(std::string_view path) {
  std::string rest;
  bool in_parameter = false;
  for (const char c : path) {
    if (c == '/') in_parameter = false;
    if (c == ';') in_parameter = true;
    if (!in_parameter) rest += c;
  }
  return rest;
}

std::string cut_at_parameter(std::string_view path) { return std::string(path.substr(0, path.find(';'))); }
std::string cut_at_query(std::string_view path) { return std::string(path.substr(0, path.find_first_of("?#"))); }

// Dot segments resolved (RFC 3986 §5.2.4); an empty segment counts as one.
std::string resolve_dots(std::string_view path) {
  std::string resolved;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const auto segment = path.substr(0, end);
    path.remove_prefix(end);
    if (segment == "/." || segment == "/..") {
      if (segment == "/..") resolved.resize(resolved.rfind('/') == std::string::npos ? 0 : resolved.rfind('/'));
      if (path.empty()) resolved += '/';
    } else {
      resolved += segment;
    }
  }
  return resolved;
}

// "//host/path" read as a network-path reference (RFC 3986 §4.2; WHATWG URL, which takes more slashes for two, and '\' for one).
std::string drop_authority(std::string_view path) {
  constexpr std::string_view kSlashes = "/\\";
  const auto host = std::min(path.find_first_not_of(kSlashes), path.size());
  if (host < 2) return std::string(path);
  const auto rest = path.substr(std::min(path.find_first_of(kSlashes, host), path.size()));
  return rest.empty() ? "/" : std::string(rest);
}

constexpr std::array kSteps = {decode_all,      decode_within_segments, turn_backslashes, merge_slashes, drop_parameters,
                               cut_at_parameter, cut_at_query,          resolve_dots,     drop_authority};
constexpr std::size_t kReadingLimit = 64;
constexpr std::size_t kReadingBytes = 128 * 1024;  // of all readings together

// The strictest judgement of what can become of the path when servers take any of the steps, in any order. None: that is
// too much to look at.
std::optional<Access> judge_readings(const Entrance& entrance, std::string_view path) {
  std::vector<std::string> readings = {std::string(path)};
  std::size_t bytes = path.size();
  auto access = judge(entrance, path);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    for (const auto step : kSteps) {
      auto reading = step(readings[i]);
      if (std::ranges::find(readings, reading) != readings.end()) continue;
      bytes += reading.size();
      if (readings.size() == kReadingLimit || bytes > kReadingBytes) return std::nullopt;
      access = stricter(access, judge(entrance, reading));
      readings.push_back(std::move(reading));
    }
  }
  return access;
}

}  // namespace

std::optional<std::string> normalise_path(std::string_view path) {
  auto decoded = percent_decode(path);
  if (!decoded) return std::nullopt;
  if (std::ranges::any_of(*decoded, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) return std::nullopt;
  // "%252e": a server that decodes twice would see a dot.
  for (std::size_t at = decoded->find('%'); at != std::string::npos; at = decoded->find('%', at + 1)) {
    const auto code = std::string_view(*decoded).substr(at + 1, 2);
    if (equals_lower(code, "2e") || equals_lower(code, "2f") || equals_lower(code, "5c") || equals_lower(code, "25") ||
        equals_lower(code, "00") || equals_lower(code, "3b")) {
      return std::nullopt;
    }
  }
  std::ranges::replace(*decoded, '\\', '/');
  std::vector<std::string_view> segments;
  std::string_view rest = *decoded;
  bool slash_at_end = false;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    auto segment = rest.substr(0, slash);
    slash_at_end = slash != std::string_view::npos;
    rest = slash_at_end ? rest.substr(slash + 1) : std::string_view();
    segment = segment.substr(0, segment.find(';'));
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") {
      if (segments.empty()) return std::nullopt;
      segments.pop_back();
      continue;
    }
    segments.push_back(segment);
  }
  std::string normal;
  for (const auto segment : segments) {
    normal += '/';
    normal += segment;
  }
  if (normal.empty() || slash_at_end) normal += '/';
  return normal;
}

bool passes(Access access, const EntranceSession* session) {
  return access == Access::Public || (session && (access == Access::Private || session->two_factor));
}

std::optional<Access> access_of(const Entrance& entrance, std::string_view path) {
  if (entrance.rules.empty()) return entrance.access;
  if (is_plain(path)) return judge(entrance, path);
  const auto normal = normalise_path(path);
  if (!normal) return std::nullopt;
  const auto access = judge_readings(entrance, path);
  if (!access) return std::nullopt;
  return stricter(*access, judge(entrance, *normal));
}

}  // namespace hearth::gateway
