#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "gateway/ascii.h"
#include "gateway/http.h"

// The cookies of entrances: the box's own are named hearth_*, and no app sees or sets them.
namespace hearth::gateway {

// Calls `each(name, value)` for every pair of a Cookie field.
template <typename F>
void for_each_cookie(std::string_view field, F each) {
  while (!field.empty()) {
    const auto semicolon = field.find(';');
    const auto pair = trim(field.substr(0, semicolon));
    if (const auto equals = pair.find('='); equals != std::string_view::npos) {
      each(trim(pair.substr(0, equals)), trim(pair.substr(equals + 1)));
    } else if (!pair.empty()) {
      each(std::string_view(), pair);
    }
    if (semicolon == std::string_view::npos) return;
    field.remove_prefix(semicolon + 1);
  }
}

// Whether a Cookie field holds any cookie of ours, so that it must be rewritten.
bool has_hearth_cookie(std::string_view field);
// Appends the field's value without our cookies; nothing when none is left.
void append_without_hearth_cookies(std::string& out, std::string_view field);

// What an app may set: false when the cookie is named like ours. Appends the field's value to `out`, without a Domain
// attribute that would reach beyond the entrance's host (`domain` is the box's: it, or a parent of it).
bool append_set_cookie(std::string& out, std::string_view field, std::string_view domain);

// Set-Cookie values that take away every cookie of that name which came to `path` of `host` with a Domain.
std::vector<std::string> planted_cookie_ends(std::string_view name, std::string_view host, std::string_view path);

// Where `headers` set or take away the cookie of a sign-in and the request had one: takes away, before, those of the same name
// that came with a Domain. The box sets none; a page of an entrance's host can, for the whole domain, and the browser sends
// them beside the box's own.
void expire_planted_cookies(Headers& headers, const Request& request);

}  // namespace hearth::gateway
