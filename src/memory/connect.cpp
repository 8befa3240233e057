#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/live.h"
#include "memory/live/stream.h"

namespace hearth::memory {
namespace {

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; });
}

// "https://cal.example.org/dav/" as its parts; of a bare host name only that.
struct Address {
  std::string scheme;
  std::string host;
};
Address address_of(std::string_view server) {
  Address address;
  if (const auto colon = server.find("://"); colon != server.npos) {
    address.scheme = lower(std::string(server.substr(0, colon)));
    server.remove_prefix(colon + 3);
  }
  auto host = server.substr(0, server.find_first_of("/?#"));
  if (const auto at = host.rfind('@'); at != host.npos) host.remove_prefix(at + 1);
  if (host.starts_with('[')) {
    host = host.substr(1, host.find(']') - 1);
  } else if (host.find(':') == host.rfind(':')) {
    host = host.substr(0, host.find(':'));
  }
  address.host = lower(std::string(host));
  return address;
}

Result<> check(const ConnectInput& input) {
  if (!is_server(input.kind)) return fail(Code::InvalidInput, "The kind is imap, caldav or carddav. Files and folders are read with memory.import.");
  for (const auto& text : {input.server, input.user, input.name}) {
    if (has_controls(text)) return fail(Code::InvalidInput, "The server, user and name are one line each.");
  }
  const auto address = address_of(input.server);
  if (address.host.empty() || address.host.find(' ') != std::string::npos) return fail(Code::InvalidInput, "{} is no server's name.", input.server);
  if (input.user.empty()) return fail(Code::InvalidInput, "Say which account to read.");
  if (input.kind == SourceKind::Imap && !address.scheme.empty()) return fail(Code::InvalidInput, "Give the mail server's host name alone.");
  if (input.kind != SourceKind::Imap && input.security == Security::StartTls) {
    return fail(Code::InvalidInput, "Calendars and contacts are reached with security tls.");
  }
  if (!address.scheme.empty() && address.scheme != "https" && address.scheme != "http") {
    return fail(Code::InvalidInput, "{} is no web address.", input.server);
  }
  const bool open = input.security == Security::None || address.scheme == "http";
  if (open && !live::names_this_machine(address.host)) {
    return fail(Code::InvalidInput, "Without encryption the password would be readable on the way to {}: use tls.", address.host);
  }
  return {};
}

std::string origin_of(const ConnectInput& input) {
  const auto address = address_of(input.server);
  auto where = address.scheme.empty() ? address.host : input.server;
  if (input.port) where += fmt::format(":{}", *input.port);
  return fmt::format("{}@{}", input.user, where);
}

}  // namespace

Task<Result<ConnectOutput>> Memory::connect(kernel::Call call, ConnectInput input) {
  auto& state = *implementation_;
  CO_CHECK(check(input));
  const auto person = call.person();
  const auto origin = origin_of(input);
  const auto name = input.name.empty() ? input.user : input.name;
  const auto secret = seal(state.options.key, input.password);
  const LiveSettings settings{input.server, input.port, input.security, input.user, input.folders, input.interval, input.authority};
  CO_TRY(const auto memory, co_await state.open(person));
  const auto now = state.clock.now();
  // Whoever can write to the account may have written what is there.
  const kernel::Label label{kernel::Confidentiality::Private, person, kernel::Integrity::Untrusted};
  CO_TRY(const auto source, co_await memory->database().write([=, kind = input.kind](store::Connection& c) -> Result<std::int64_t> {
    const auto known = TRY(find_or_add_source(c, kind, name, origin, label, now));
    TRY(write_live(c, known, settings, secret));
    return known;
  }));
  if (state.live) co_await state.live->follow(person, source);
  state.tell(person, source, "connecting");
  co_return ConnectOutput{std::to_string(source)};
}

}  // namespace hearth::memory
