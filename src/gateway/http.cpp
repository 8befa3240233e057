#include "gateway/http.h"

#include <unistd.h>

#include <charconv>
#include <limits>
#include <utility>

#include "base/bytes.h"
#include "gateway/ascii.h"

namespace hearth::gateway {

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& field : fields_) {
    if (equals_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

void Headers::add(std::string_view name, std::string_view value) {
  fields_.push_back({std::string(name), std::string(value)});
}

void Headers::set(std::string_view name, std::string_view value) {
  std::erase_if(fields_, [&](const Header& field) { return equals_ignoring_case(field.name, name); });
  add(name, value);
}

std::optional<std::string> Request::cookie(std::string_view name) const {
  auto found = cookies(name, 1);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<std::string> Request::cookies(std::string_view name, std::size_t limit) const {
  std::vector<std::string> values;
  for (const auto& field : headers.fields()) {
    if (!equals_lower(field.name, "cookie")) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const auto semicolon = rest.find(';');
      const auto pair = trim(rest.substr(0, semicolon));
      const auto equals = pair.find('=');
      if (values.size() < limit && equals != std::string_view::npos && pair.substr(0, equals) == name) {
        values.emplace_back(pair.substr(equals + 1));
      }
      if (semicolon == std::string_view::npos) break;
      rest.remove_prefix(semicolon + 1);
    }
  }
  return values;
}

std::optional<std::string> Request::query_parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const auto ampersand = rest.find('&');
    const auto pair = rest.substr(0, ampersand);
    const auto equals = pair.find('=');
    if (percent_decode(pair.substr(0, equals)) == name) {
      std::string value(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
      for (char& c : value) {
        if (c == '+') c = ' ';
      }
      return percent_decode(value);
    }
    if (ampersand == std::string_view::npos) break;
    rest.remove_prefix(ampersand + 1);
  }
  return std::nullopt;
}

std::string Request::origin() const {
  std::string text = peer.secure ? "https://" : "http://";
  text += host;
  if (port != (peer.secure ? 443 : 80)) text += fmt::format(":{}", port);
  return text;
}

FileSlice::FileSlice(FileSlice&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), offset_(other.offset_), length_(other.length_) {}

FileSlice& FileSlice::operator=(FileSlice&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(offset_, other.offset_);
  std::swap(length_, other.length_);
  return *this;
}

FileSlice::~FileSlice() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Task<Result<std::string>> Exchange::read_all(std::size_t limit) {
  if (request().content_length.value_or(0) > limit) co_return fail(Code::TooLarge, "The request is larger than {} bytes.", limit);
  std::string all;
  for (;;) {
    CO_TRY(auto piece, co_await read());
    if (piece.empty()) co_return all;
    if (piece.size() > limit - all.size()) co_return fail(Code::TooLarge, "The request is larger than {} bytes.", limit);
    if (all.empty()) {
      all = std::move(piece);
    } else {
      all += piece;
    }
  }
}

Language Request::language() const { return language_of_header(headers.find("Accept-Language").value_or("")); }

std::optional<ByteRange> parse_range(std::string_view field, std::uint64_t size) {
  if (!starts_with_lower(field, "bytes=")) return std::nullopt;
  field.remove_prefix(6);
  field = trim(field);
  const auto dash = field.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto parse = [](std::string_view text, std::uint64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) value = std::numeric_limits<std::uint64_t>::max();  // beyond any file
    return (error == std::errc() || error == std::errc::result_out_of_range) && end == text.data() + text.size();
  };
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (dash == 0) {
    std::uint64_t count = 0;
    if (!parse(field.substr(1), count)) return std::nullopt;
    if (count == 0 || size == 0) return ByteRange{false, 0, 0};
    return ByteRange{true, size - std::min(count, size), size - 1};
  }
  if (!parse(field.substr(0, dash), first)) return std::nullopt;
  if (dash + 1 == field.size()) {
    last = size == 0 ? 0 : size - 1;
  } else if (!parse(field.substr(dash + 1), last) || last < first) {
    return std::nullopt;
  }
  if (first >= size) return ByteRange{false, 0, 0};
  return ByteRange{true, first, std::min(last, size - 1)};
}

std::string content_disposition(std::string_view kind, std::string_view name) {
  std::string fallback;
  bool plain = true;
  for (const char c : name) {
    const bool safe = c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '%';
    plain = plain && safe;
    // One '_' for each character that does not fit, not for each byte of it.
    if (safe) {
      fallback += c;
    } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
      fallback += '_';
    }
  }
  if (plain) return fmt::format("{}; filename=\"{}\"", kind, fallback);
  return fmt::format("{}; filename=\"{}\"; filename*=UTF-8''{}", kind, fallback, percent_encode(name));
}

}  // namespace hearth::gateway
