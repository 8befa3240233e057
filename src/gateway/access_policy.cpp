#include "gateway/access_policy.h"

#include <algorithm>

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

std::optional<Access> access_of(const Entrance& entrance, std::string_view path) {
  if (entrance.rules.empty()) return entrance.access;
  const auto normal = normalise_path(path);
  if (!normal) return std::nullopt;
  auto access = stricter(judge(entrance, path, Case::Exact), judge(entrance, path, Case::Ignored));
  if (*normal != path) {
    access = stricter(access, stricter(judge(entrance, *normal, Case::Exact), judge(entrance, *normal, Case::Ignored)));
  }
  return access;
}

}  // namespace hearth::gateway
