#include "memory/live/imap.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/text/unicode.h"

namespace hearth::memory::live {
namespace {

constexpr std::size_t kLongestLine = 8 << 20;       // a SEARCH of a large folder is one line
constexpr std::size_t kLongestResponse = 64 << 20;  // beside a message
constexpr std::size_t kMostFolders = 5000;

// What a server said, fit for a person's eyes.
std::string said(std::string_view text) {
  std::string result;
  for (const char c : text.substr(0, 200)) result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return to_valid_utf8(result);
}

// The number after a response code: "OK [UIDVALIDITY 3]".
std::optional<std::uint64_t> code_number(std::string_view text, std::string_view name) {
  const auto start = upper(text.substr(0, 200)).find("[" + std::string(name) + " ");
  if (start == std::string::npos) return std::nullopt;
  auto rest = text.substr(start + name.size() + 2);
  return number_of({ImapValue::Kind::Atom, std::string(rest.substr(0, rest.find(']'))), {}});
}

// The value after a name in a FETCH or STATUS list.
ImapValue* value_of(std::vector<ImapValue>& items, std::string_view name) {
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (is_word(items[i], name)) return &items[i + 1];
  }
  return nullptr;
}

std::optional<std::uint32_t> uid_of(std::vector<ImapValue>& items) {
  const auto* value = value_of(items, "UID");
  const auto number = value ? number_of(*value) : std::nullopt;
  if (!number || *number == 0 || *number > 0xFFFF'FFFF) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::vector<ImapValue>* fetched(std::vector<ImapValue>& values) {
  return values.size() >= 3 && is_word(values[1], "FETCH") && values[2].kind == ImapValue::Kind::List ? &values[2].items : nullptr;
}

}  // namespace

Result<std::unique_ptr<ImapClient>> ImapClient::open(Options options, const Stop& stop) {
  options.server.reach = options.protection == Protection::None ? Reach::ThisMachine : Reach::Anywhere;
  auto stream = TRY(Stream::open(options.server, stop));
  std::unique_ptr<ImapClient> client(new ImapClient(std::move(options), std::move(stream)));
  if (client->options_.protection == Protection::Tls) TRY(client->stream_->start_tls());
  TRY(client->greet());
  if (client->options_.protection == Protection::StartTls) {
    TRY(client->run("STARTTLS", Code::Unavailable));
    TRY(client->stream_->start_tls());
  }
  TRY(client->read_capabilities());
  TRY(client->log_in());
  TRY(client->read_capabilities());
  TRY(client->say_who_asks());
  return client;
}

Result<> ImapClient::greet() {
  const auto greeting = TRY(read());
  if (greeting.tag != "*" || greeting.values.empty() || is_word(greeting.values[0], "BYE")) {
    return fail(Code::Unavailable, "{} does not serve mail just now: {}", options_.server.host, said(greeting.text));
  }
  return {};
}

Result<> ImapClient::read_capabilities() {
  capabilities_.clear();
  return run("CAPABILITY", Code::Unavailable, [this](Response& response) {
    if (response.values.empty() || !is_word(response.values[0], "CAPABILITY")) return;
    for (const auto& value : response.values) capabilities_.insert(upper(value.text));
  });
}

Result<> ImapClient::log_in() {
  if (capabilities_.contains("AUTH=PLAIN")) {
    // RFC 4616, RFC 4959: the answer is sent with the command where the server takes it so.
    const auto answer = to_base64(std::string(1, '\0') + options_.user + std::string(1, '\0') + options_.password);
    if (capabilities_.contains("SASL-IR")) return run("AUTHENTICATE PLAIN " + answer, Code::Unauthenticated);
    const auto tag = TRY(send("AUTHENTICATE PLAIN"));
    while (true) {
      const auto response = TRY(read());
      if (response.tag == "+") break;
      if (response.tag == tag) return fail(Code::Unauthenticated, "{} refuses the sign-in: {}", options_.server.host, said(response.text));
    }
    TRY(stream_->write(answer + "\r\n"));
    return finish(tag, Code::Unauthenticated);
  }
  if (capabilities_.contains("LOGINDISABLED")) {
    return fail(Code::Unauthenticated, "{} takes no password this way. It may want another kind of sign-in.", options_.server.host);
  }
  return run("LOGIN " + imap_string(options_.user) + " " + imap_string(options_.password), Code::Unauthenticated);
}

// RFC 2971: some servers open no folder to a program that does not say its name.
Result<> ImapClient::say_who_asks() {
  if (!capabilities_.contains("ID")) return {};
  const auto said = run("ID (\"name\" \"Hearth\")", Code::NotFound);
  return said || said.error().code() == Code::NotFound ? Result<>() : said;
}

Result<std::string> ImapClient::send(const std::string& command) {
  auto tag = fmt::format("h{}", ++tags_);
  TRY(stream_->write(fmt::format("{} {}\r\n", tag, command)));
  return tag;
}

Result<ImapClient::Response> ImapClient::read() {
  std::string whole;
  std::vector<std::string> literals;
  std::size_t literal_bytes = 0;
  while (true) {
    const auto line = TRY(stream_->read_line(kLongestLine));
    whole += line;
    const auto size = literal_after(line);
    if (!size) break;
    if (*size > options_.largest_message + 1024 || whole.size() > kLongestResponse || literals.size() > 10'000 ||
        literal_bytes + *size > options_.largest_message + kLongestResponse) {
      return fail(Code::TooLarge, "{} sends more than is read.", options_.server.host);
    }
    literal_bytes += *size;
    std::string literal;
    TRY(stream_->read_bytes(static_cast<std::size_t>(*size), literal));
    literals.push_back(std::move(literal));
  }
  Response response;
  const auto space = std::min(whole.find(' '), whole.size());
  response.tag = whole.substr(0, space);
  response.text = whole.substr(std::min(space + 1, whole.size()));
  // Text for people follows "OK" and its like: it need not be well-formed. Everything else must be.
  const auto word = upper(std::string_view(response.text).substr(0, response.text.find(' ')));
  const bool words = word == "OK" || word == "NO" || word == "BAD" || word == "BYE" || word == "PREAUTH";
  if (words || response.tag == "+") {
    response.values.push_back({ImapValue::Kind::Atom, word, {}});
  } else {
    response.values = TRY(parse_imap(response.text, literals));
  }
  note(response);
  if (word == "BYE" && response.tag == "*" && tags_ > 0) return fail(Code::Unavailable, "{} ended the connection: {}", options_.server.host, said(response.text));
  return response;
}

void ImapClient::note(const Response& response) {
  if (response.tag == "*" && response.values.size() == 2 && (is_word(response.values[1], "EXISTS") || is_word(response.values[1], "RECENT"))) news_ = true;
}

Result<> ImapClient::finish(const std::string& tag, Code refused, const std::function<void(Response&)>& take) {
  while (true) {
    auto response = TRY(read());
    if (response.tag == tag) {
      if (!response.values.empty() && is_word(response.values[0], "OK")) return {};
      if (refused == Code::Unauthenticated) {
        return fail(Code::Unauthenticated, "{} refuses the sign-in: {}", options_.server.host, said(response.text));
      }
      return std::unexpected(Error(refused, translated("{} refuses: {}", options_.server.host, said(response.text))));
    }
    if (response.tag == "*" && take) take(response);
  }
}

Result<> ImapClient::run(const std::string& command, Code refused, const std::function<void(Response&)>& take) {
  return finish(TRY(send(command)), refused, take);
}

Result<std::vector<ImapClient::Folder>> ImapClient::folders() {
  std::vector<Folder> found;
  const auto take = [&](Response& response) {
    auto& values = response.values;
    if (values.size() < 4 || !is_word(values[0], "LIST") || found.size() == kMostFolders) return;
    Folder folder{values[3].text, folder_to_utf8(values[3].text), {}};
    for (const auto& attribute : values[1].items) folder.attributes.insert(lower(attribute.text));
    if (!folder.attributes.contains("\\noselect") && !folder.attributes.contains("\\nonexistent")) found.push_back(std::move(folder));
  };
  const bool special = capabilities_.contains("SPECIAL-USE") && capabilities_.contains("LIST-EXTENDED");
  TRY(run(special ? "LIST \"\" \"*\" RETURN (SPECIAL-USE)" : "LIST \"\" \"*\"", Code::Unavailable, take));
  return found;
}

Result<ImapClient::Selected> ImapClient::examine(const std::string& name) {
  Selected selected;
  const auto done = run("EXAMINE " + imap_string(name), Code::Forbidden, [&](Response& response) {
    if (const auto number = code_number(response.text, "UIDVALIDITY")) selected.validity = static_cast<std::uint32_t>(*number);
    if (const auto number = code_number(response.text, "UIDNEXT")) selected.next = static_cast<std::uint32_t>(*number);
    if (const auto number = code_number(response.text, "HIGHESTMODSEQ")) selected.changes = *number;
    if (response.values.size() == 2 && is_word(response.values[1], "EXISTS")) selected.exists = number_of(response.values[0]).value_or(0);
  });
  if (!done && done.error().code() == Code::Forbidden && upper(done.error().message()).find("[NONEXISTENT]") != std::string::npos) {
    return fail(Code::NotFound, "{} is not there any more.", name);
  }
  if (!done) return std::unexpected(done.error());
  news_ = false;
  return selected;
}

Result<std::vector<std::uint32_t>> ImapClient::search_all() {
  UidSet seen;
  std::vector<std::uint32_t> uids;
  TRY(run("UID SEARCH ALL", Code::Unavailable, [&](Response& response) {
    if (response.values.empty() || !is_word(response.values[0], "SEARCH")) return;
    for (std::size_t i = 1; i < response.values.size(); ++i) {
      const auto number = number_of(response.values[i]);
      if (!number || *number == 0 || *number > 0xFFFF'FFFF) continue;
      const auto uid = static_cast<std::uint32_t>(*number);
      if (seen.contains(uid)) continue;
      seen.add(uid);
      uids.push_back(uid);
    }
  }));
  return uids;
}

Result<std::string> ImapClient::status(const std::string& name) {
  const bool numbered = capabilities_.contains("CONDSTORE") || capabilities_.contains("QRESYNC");
  std::string text;
  const auto done = run(fmt::format("STATUS {} (MESSAGES UIDNEXT UIDVALIDITY{})", imap_string(name), numbered ? " HIGHESTMODSEQ" : ""), Code::NotFound,
                        [&](Response& response) {
                          if (response.values.size() < 3 || !is_word(response.values[0], "STATUS")) return;
                          for (const auto& one : response.values[2].items) text += one.text + " ";
                        });
  if (!done && done.error().code() == Code::NotFound) return "";
  if (!done) return std::unexpected(done.error());
  return text;
}

Result<std::vector<ImapClient::Size>> ImapClient::sizes(const UidSet& uids) {
  std::vector<Size> sizes;
  TRY(run("UID FETCH " + uids.text() + " (UID RFC822.SIZE)", Code::Unavailable, [&](Response& response) {
    auto* items = fetched(response.values);
    if (!items) return;
    const auto uid = uid_of(*items);
    const auto* size = value_of(*items, "RFC822.SIZE");
    const auto bytes = size ? number_of(*size) : std::nullopt;
    if (uid && bytes && uids.contains(*uid)) sizes.push_back({*uid, *bytes});
  }));
  return sizes;
}

Result<std::vector<ImapClient::Head>> ImapClient::heads(const UidSet& uids) {
  std::vector<Head> heads;
  const auto done = run("UID FETCH " + uids.text() + " (UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT)])", Code::NotFound,
                        [&](Response& response) {
                          auto* items = fetched(response.values);
                          const auto uid = items ? uid_of(*items) : std::nullopt;
                          if (!uid || !uids.contains(*uid)) return;
                          const auto* size = value_of(*items, "RFC822.SIZE");
                          Head head{*uid, size ? number_of(*size).value_or(0) : 0, ""};
                          for (std::size_t i = 0; i + 1 < items->size(); i += 2) {
                            if (upper((*items)[i].text).starts_with("BODY[HEADER")) head.fields = (*items)[i + 1].text;
                          }
                          heads.push_back(std::move(head));
                        });
  if (!done && done.error().code() != Code::NotFound) return std::unexpected(done.error());
  return heads;
}

Result<> ImapClient::fetch(const UidSet& uids) {
  asked_ = uids;
  fetching_ = TRY(send("UID FETCH " + uids.text() + " (UID BODY.PEEK[])"));
  return {};
}

Result<std::optional<ImapClient::Message>> ImapClient::next_message() {
  while (!fetching_.empty()) {
    auto response = TRY(read());
    if (response.tag == fetching_) {
      fetching_.clear();
      if (!is_word(response.values.empty() ? ImapValue{} : response.values[0], "OK")) {
        return fail(Code::Unavailable, "{} does not give the messages: {}", options_.server.host, said(response.text));
      }
      break;
    }
    auto* items = fetched(response.values);
    if (!items) continue;
    const auto uid = uid_of(*items);
    auto* body = value_of(*items, "BODY[]");
    if (uid && body && asked_.contains(*uid)) return Message{*uid, std::move(body->text)};
  }
  return std::nullopt;
}

Result<bool> ImapClient::idle(Duration time) {
  const auto until = std::chrono::steady_clock::now() + time;
  const auto tag = TRY(send("IDLE"));
  while (true) {
    const auto response = TRY(read());
    if (response.tag == "+") break;
    if (response.tag == tag) return fail(Code::Unavailable, "{} does not tell what is new: {}", options_.server.host, said(response.text));
  }
  while (!news_) {
    const auto left = std::chrono::duration_cast<Duration>(until - std::chrono::steady_clock::now());
    if (left <= Duration::zero() || !TRY(stream_->readable(left))) break;
    TRY(read());
  }
  TRY(stream_->write("DONE\r\n"));
  TRY(finish(tag, Code::Unavailable));
  return take_news();
}

}  // namespace hearth::memory::live
