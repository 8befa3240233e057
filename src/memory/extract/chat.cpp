#include "memory/extract/chat.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr auto kPause = std::chrono::hours(6);
constexpr std::size_t kMostOthers = 8;
constexpr std::size_t kLongestName = 300;

std::string shortened(std::string text) {
  text.resize(beginning_of(text, kLongestName).size());
  return text;
}

}  // namespace

std::string Chat::conversation(const ChatMessage& message) {
  if (!message.when) return conversation_.empty() ? service_ + "/" + id_ : conversation_;
  const auto time = message.when->time;
  if (conversation_.empty() || !last_ || time - *last_ > kPause || *last_ - time > kPause) {
    conversation_ = fmt::format("{}/{}/{}", service_, id_, format_time(time));
  }
  last_ = time;
  return conversation_;
}

ItemText Chat::item(ChatMessage message) {
  ItemText result;
  auto& item = result.item;
  item.kind = ItemKind::Message;
  item.title = title_;
  item.type = std::move(message.type);
  item.external_id = message.id;
  if (message.when) {
    item.time = message.when->time;
    item.zone = message.when->zone;
    item.certainty = message.when->certainty;
  } else {
    item.certainty = TimeCertainty::File;
  }
  const auto conversation_now = conversation(message);
  item.thread = message.thread.empty() ? conversation_now : fmt::format("{}/{}/{}", service_, id_, message.thread);
  message.author.role = Role::Author;
  message.author.name = shortened(std::move(message.author.name));
  const auto author = message.author.address.empty() ? message.author.name : message.author.address;
  if (!author.empty()) item.people.push_back(std::move(message.author));
  for (auto& other : message.others) {
    if (item.people.size() > kMostOthers) break;
    other.name = shortened(std::move(other.name));
    const bool known = std::any_of(item.people.begin(), item.people.end(), [&](const auto& one) {
      return other.address.empty() ? one.name == other.name : one.address == other.address;
    });
    if (!known && (!other.name.empty() || !other.address.empty())) item.people.push_back(std::move(other));
  }
  result.text = std::move(message.text);
  if (trim(result.text).empty()) {  // so that a file is found by its name
    result.text.clear();
    for (const auto& attachment : message.attachments) {
      if (!attachment.name.empty()) result.text += (result.text.empty() ? "" : "\n") + attachment.name;
    }
  }
  item.attachments = std::move(message.attachments);
  item.places = std::move(message.places);
  item.tags = std::move(message.tags);

  const auto time = item.time ? format_time(*item.time) : "";
  auto place = message.id;
  if (place.empty()) {
    place = fmt::format("{}/{}", time, to_hex(sha256(author)).substr(0, 8));
    if (message.replaces == ChatMessage::Replaces::Itself) place += "/" + to_hex(sha256(result.text)).substr(0, 16);
  }
  const auto count = ++places_[place];
  if (count > 1) place += fmt::format("/{}", count);
  // Without an id, equal words at equal times are told apart by their number.
  const auto identity = message.id.empty() ? std::to_string(count) : place;
  item.key = content_key({service_, id_, identity, time, author, result.text});
  result.within = id_.empty() ? place : id_ + "/" + place;
  cut_passages(result);
  return result;
}

std::string international_number(std::string_view text) {
  std::string digits;
  bool international = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = code_point_at(text, at);
    at += point.length;
    if (point.value >= '0' && point.value <= '9') {
      digits += static_cast<char>(point.value);
    } else if (point.value == '+' && digits.empty() && !international) {
      international = true;
    } else if (point.value != ' ' && point.value != '-' && point.value != '(' && point.value != ')' && point.value != '.' &&
               point.value != 0xA0 && point.value != 0x202F && point.value != 0x2011 && (point.value < 0x200B || point.value > 0x200F) &&
               (point.value < 0x202A || point.value > 0x202E)) {
      return "";
    }
  }
  return international && digits.size() >= 6 && digits.size() <= 15 ? "tel:+" + digits : "";
}

std::string address_of(std::string_view handle, std::string_view scheme) {
  handle = trim(handle);
  if (handle.empty()) return "";
  if (auto telephone = international_number(handle); !telephone.empty()) return telephone;
  const auto at = handle.find('@');
  if (at != handle.npos && at > 0 && handle.find('.', at) != handle.npos && handle.find(' ') == handle.npos) {
    std::string mail(handle);
    std::transform(mail.begin(), mail.end(), mail.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return mail;
  }
  return fmt::format("{}:{}", scheme, handle);
}

std::string title_of_file(std::string_view path) {
  auto name = path.substr(path.rfind('/') + 1);
  if (const auto dot = name.rfind('.'); dot != name.npos && dot > 0) name = name.substr(0, dot);
  if (name.ends_with(')')) {
    const auto open = name.rfind(" (");
    const bool number = open != name.npos && open > 0 && name.size() - open <= 6 &&
                        std::all_of(name.begin() + static_cast<std::ptrdiff_t>(open) + 2, name.end() - 1, [](char c) { return c >= '0' && c <= '9'; });
    if (number) name = name.substr(0, open);
  }
  return to_valid_utf8(name);
}

std::string folder_of_file(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == path.npos || slash == 0) return "";
  path = path.substr(0, slash);
  return to_valid_utf8(path.substr(path.rfind('/') + 1));
}

}  // namespace hearth::memory::extract
