#include "gateway/cookies.h"

#include <array>

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

constexpr std::string_view kStatePrefix = "hearth_state_";
constexpr std::array<std::string_view, 2> kSignInCookies = {"hearth_session", "hearth_entrance"};
constexpr std::size_t kPlantedPaths = 40;
constexpr std::size_t kPlantedPathLength = 1024;  // browsers keep no longer one
constexpr std::size_t kPlantedDomains = 3;

// The domains for which a page of a host beside or below `host` can set cookies that come to it.
std::vector<std::string_view> domains_above(std::string_view host) {
  std::vector<std::string_view> domains;
  if (host.starts_with('[') || is_digit(host.back())) return domains;  // an address
  while (domains.size() < kPlantedDomains && host.find('.') != std::string_view::npos) {
    domains.push_back(host);
    host.remove_prefix(host.find('.') + 1);
  }
  return domains;
}

// The paths of cookies that come with a request for `path`.
std::vector<std::string_view> paths_above(std::string_view path) {
  std::vector<std::string_view> paths = {"/"};
  if (path.find(';') != std::string_view::npos) return paths;
  for (auto slash = path.find('/', 1); slash != std::string_view::npos && paths.size() + 2 < kPlantedPaths;
       slash = path.find('/', slash + 1)) {
    if (slash >= kPlantedPathLength) return paths;
    paths.push_back(path.substr(0, slash));
    paths.push_back(path.substr(0, slash + 1));
  }
  if (path.size() > 1 && path.size() <= kPlantedPathLength && paths.back() != path) paths.push_back(path);
  return paths;
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

std::vector<std::string> planted_cookie_ends(std::string_view name, std::string_view host, std::string_view path) {
  std::vector<std::string> ends;
  for (const auto domain : domains_above(host)) {
    for (const auto above : paths_above(path)) {
      ends.push_back(fmt::format("{}=; Domain={}; Path={}; HttpOnly; SameSite=Lax; Max-Age=0", name, domain, above));
    }
  }
  return ends;
}

void expire_planted_cookies(Headers& headers, const Request& request) {
  const auto sign_in_cookie = [&](const Header& field) -> std::string_view {
    if (field.name != "Set-Cookie") return {};
    const auto name = std::string_view(field.value).substr(0, field.value.find('='));
    const bool known = name.starts_with(kStatePrefix) || std::ranges::find(kSignInCookies, name) != kSignInCookies.end();
    return known && request.cookie(name) ? name : std::string_view();
  };
  if (request.host.empty() || std::ranges::all_of(headers.fields(), [&](const auto& field) { return sign_in_cookie(field).empty(); })) {
    return;
  }
  Headers all;
  for (const auto& field : headers.fields()) {
    if (const auto name = sign_in_cookie(field); !name.empty()) {
      for (const auto& end : planted_cookie_ends(name, request.host, request.path)) all.add("Set-Cookie", end);
    }
    all.add(field.name, field.value);
  }
  headers = std::move(all);
}

}  // namespace hearth::gateway
