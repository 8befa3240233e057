#include "gateway/cookies.h"

namespace hearth::gateway {
namespace {

constexpr std::string_view kPrefix = "hearth_";

// Whether `name` is ours. The prefixes that browsers give meaning to ("__Host-") do not make it another's.
bool is_ours(std::string_view name) {
  if (starts_with_lower(name, "__host-")) name.remove_prefix(7);
  if (starts_with_lower(name, "__secure-")) name.remove_prefix(9);
  return starts_with_lower(name, kPrefix);
}

bool contains_lower(std::string_view text, std::string_view lower) {
  for (std::size_t i = 0; i + lower.size() <= text.size(); ++i) {
    if (equals_lower(text.substr(i, lower.size()), lower)) return true;
  }
  return false;
}

// Whether a cookie of that Domain would be sent to the box's own host.
bool reaches(std::string_view cookie_domain, std::string_view domain) {
  while (cookie_domain.starts_with('.')) cookie_domain.remove_prefix(1);
  if (cookie_domain.size() > domain.size()) return false;
  const auto end = domain.substr(domain.size() - cookie_domain.size());
  return equals_ignoring_case(cookie_domain, end) &&
         (cookie_domain.size() == domain.size() || domain[domain.size() - cookie_domain.size() - 1] == '.');
}

}  // namespace

bool has_hearth_cookie(std::string_view field) { return contains_lower(field, kPrefix); }

void append_without_hearth_cookies(std::string& out, std::string_view field) {
  bool first = true;
  for_each_cookie(field, [&](std::string_view name, std::string_view value) {
    if (is_ours(name) || (name.empty() && is_ours(value))) return;
    if (!first) out += "; ";
    first = false;
    if (!name.empty()) {
      out += name;
      out += '=';
    }
    out += value;
  });
}

bool append_set_cookie(std::string& out, std::string_view field, std::string_view domain) {
  const auto pair = trim(field.substr(0, field.find(';')));
  const auto name = trim(pair.substr(0, pair.find('=')));
  if (is_ours(name)) return false;
  // A cookie without a name takes its name from its value when it is sent back.
  if (name.empty() && is_ours(trim(pair.substr(pair.find('=') + 1)))) return false;
  if (!contains_lower(field, "domain")) {
    out += field;
    return true;
  }
  bool first = true;
  while (true) {
    const auto semicolon = field.find(';');
    const auto part = field.substr(0, semicolon);
    const auto equals = part.find('=');
    const bool is_domain = !first && equals_lower(trim(part.substr(0, equals)), "domain");
    const auto value = equals == std::string_view::npos ? std::string_view() : trim(part.substr(equals + 1));
    if (!is_domain || !reaches(value, domain)) {
      if (!first) out += ';';
      out += part;
    }
    first = false;
    if (semicolon == std::string_view::npos) return true;
    field.remove_prefix(semicolon + 1);
  }
}

}  // namespace hearth::gateway
