#include "gateway/proxy.h"

#include <sys/epoll.h>

#include <array>
#include <charconv>
#include <utility>

#include "base/log.h"
#include "gateway/access_policy.h"
#include "gateway/ascii.h"
#include "gateway/cookies.h"
#include "gateway/replies.h"
#include "gateway/response_head.h"
#include "gateway/worker.h"

namespace hearth::gateway {
namespace {

constexpr int kTurn = 16;  // reads in one direction, before other connections have theirs

// "1a2b\r\n" for a chunk of that size.
std::string_view chunk_size_line(std::size_t size, std::array<char, 20>& buffer) {
  char* end = std::to_chars(buffer.data(), buffer.data() + 16, size, 16).ptr;
  *end++ = '\r';
  *end++ = '\n';
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

// Server-sent events: no end of their own.
bool is_event_stream(const ResponseHead& head) {
  return std::ranges::any_of(head.fields, [](const ResponseHead::Field& field) {
    return starts_with_lower(field.line, "content-type:") && starts_with_lower(field.value, "text/event-stream");
  });
}

bool nominated(const RequestHead& head, std::string_view name) {
  bool found = false;
  for (const auto& field : head.fields) {
    if (field.known != FieldName::Connection) continue;
    for_each_element(field.value, [&](std::string_view element) { found = found || equals_ignoring_case(element, name); });
  }
  return found;
}

void append_field(std::string& text, std::string_view name, std::string_view value) {
  text += name;
  text += value;
  text += "\r\n";
}

// The head that the app gets: the client's, less what is ours or of this hop, plus who asks and from where.
void compose_request(std::string& text, const Peer& peer, const RequestHead& head, const Identity& identity) {
  constexpr std::size_t kForwardedFields = 192;  // what is added, without the identity
  text.reserve(head.length + identity.fields.size() + 2 * peer.address.size() + 2 * head.host.size() + kForwardedFields);
  text += head.method;
  text += ' ';
  text += head.target;
  text += " HTTP/1.1\r\n";
  bool host_seen = false;
  for (const auto& field : head.fields) {
    switch (field.known) {
      case FieldName::Connection:
      case FieldName::KeepAlive:
      case FieldName::ProxyAny:
      case FieldName::Te:
      case FieldName::Trailer:
      case FieldName::TransferEncoding:
      case FieldName::Upgrade:
      case FieldName::Expect:
      case FieldName::ContentLength:
      case FieldName::Forwarded:
      case FieldName::XForwardedAny:
      case FieldName::XOtherUrl:
      case FieldName::XRealIp:
      case FieldName::HearthAny:
        continue;
      case FieldName::Cookie:
        if (has_hearth_cookie(field.value)) {
          const auto before = text.size();
          text += "Cookie: ";
          append_without_hearth_cookies(text, field.value);
          if (text.size() == before + 8) {
            text.resize(before);
          } else {
            text += "\r\n";
          }
          continue;
        }
        break;
      case FieldName::Host:
        host_seen = true;
        break;
      case FieldName::Other:
        if (head.connection_names_fields && nominated(head, field.name)) continue;
        break;
      default:
        break;
    }
    text += field.name;
    text += ": ";
    text += field.value;
    text += "\r\n";
  }
  if (head.chunked) {
    text += "Transfer-Encoding: chunked\r\n";
  } else if (head.content_length) {
    append_number_field(text, "Content-Length: ", *head.content_length);
  }
  if (head.upgrade_websocket) text += "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  append_field(text, "X-Forwarded-For: ", peer.address);
  text += peer.secure ? "X-Forwarded-Proto: https\r\n" : "X-Forwarded-Proto: http\r\n";
  if (host_seen) {
    text += "X-Forwarded-Host: ";
    text += head.find(FieldName::Host);
    text += "\r\n";
  }
  append_field(text, "X-Real-IP: ", peer.address);
  text += identity.fields;
  text += "\r\n";
}

Message describe(Proxy::Failure failure) {
  switch (failure) {
    case Proxy::Failure::Unreachable: return translated("The app cannot be reached: nothing answers where it should listen.");
    case Proxy::Failure::ClosedEarly: return translated("The app closed the connection before it answered.");
    case Proxy::Failure::NotHttp: return translated("The app answered with something that is not HTTP.");
    case Proxy::Failure::HeadTooLong: return translated("The head of the app's answer is too long (64 KiB at most).");
    case Proxy::Failure::Contradictory: return translated("The app's answer gives more than one length.");
    case Proxy::Failure::TooSlow: return translated("The app has the request, but did not begin to answer in time.");
  }
  return {};
}

}  // namespace

Proxy::Proxy(Connection& connection, const RequestHead& head, const RoutingTable::Target& target,
             const Identity& identity)
    : connection_(connection),
      table_(connection.worker().shared_table()),
      entrance_(*target.entrance),
      domain_(target.domain),
      path_(head.path),
      request_chunked_(head.chunked),
      wants_websocket_(head.upgrade_websocket),
      wants_page_(head.find(FieldName::Accept).find("text/html") != std::string_view::npos) {
  retriable_ = !head.has_body() && (head.method == "GET" || head.method == "HEAD" || head.method == "OPTIONS" ||
                                    head.method == "PUT" || head.method == "DELETE");
  if (identity.session) session_ = identity.digest;
  compose_request(request_, connection.peer(), head, identity);
}

void Proxy::begin(Connection& connection, const RequestHead& head, const RoutingTable::Target& target,
                  const Identity& identity) {
  std::unique_ptr<Proxy> proxy(new Proxy(connection, head, target, identity));
  auto* activity = proxy.get();
  connection.serve(std::move(proxy));
  if (!activity->connect()) activity->refuse(Failure::Unreachable);
}

bool Proxy::connect() {
  auto& pool = connection_.worker().upstreams();
  if (!entrance_.upstream) return false;
  // What cannot be repeated does not go to a connection that may have died unnoticed.
  const auto age = head_sent_ ? UpstreamPool::Age::New : retriable_ ? UpstreamPool::Age::Any : UpstreamPool::Age::Fresh;
  upstream_ = pool.take(entrance_.entrance->upstream, *entrance_.upstream, age);
  if (!upstream_) return false;
  upstream_->client = &connection_;
  stage_ = Stage::Connecting;
  head_sent_ = false;
  return true;
}

void Proxy::let_go() {
  if (upstream_) connection_.worker().upstreams().discard(std::move(upstream_));
}

bool Proxy::still_allowed(const RoutingTable& table) const {
  const auto* entrance = table.entrance(entrance_.entrance->id);
  if (!entrance || !table.has_domain(domain_)) return false;
  const EntranceSession* session = nullptr;
  if (session_) {
    session = table.session(*session_);
    if (!session || session->entrance != entrance->entrance->id) return false;
  }
  const auto access = access_of(*entrance->entrance, path_);
  return access && passes(*access, session);
}

void Proxy::pump() {
  if (!upstream_) return;
  if (stage_ == Stage::Tunnel) return pump_tunnel();
  if (stage_ == Stage::Connecting) {
    switch (upstream_->connected()) {
      case Stream::Outcome::Moved:
        stage_ = Stage::Head;
        break;
      case Stream::Outcome::Blocked:
        if (connection_.client_gone() && connection_.body_finished()) connection_.close();
        return;
      default:
        return refuse(Failure::Unreachable);
    }
  }
  if (!request_done_ && !push_request()) return;
  pull_response();
  if (!upstream_ || stage_ == Stage::Tunnel) return;
  if (stage_ == Stage::Head && upstream_->timed_out()) return refuse(Failure::TooSlow);
  if (connection_.client_gone() && connection_.body_finished()) connection_.close();
}

// Sends what the app can take of the request. False when that ended this.
bool Proxy::push_request() {
  const auto waiting = upstream_->output.size();
  if (!upstream_->flush()) return give_up_request(), true;
  if (upstream_->output.size() < waiting) await_answer();
  if (!head_sent_) {
    head_sent_ = true;
    if (!upstream_->send({request_})) return give_up_request(), true;
    await_answer();
  }
  return push_body();
}

bool Proxy::push_body() {
  std::array<char, 20> size_line;
  for (int reads = 0; upstream_->output.empty(); ++reads) {
    if (reads == kTurn) {
      connection_.yield();
      return true;
    }
    const auto piece = connection_.read_body();
    switch (piece.state) {
      case BodyPiece::State::Bytes: {
        const std::string_view bytes(piece.bytes.data(), piece.bytes.size());
        const bool sent = request_chunked_ ? upstream_->send({chunk_size_line(bytes.size(), size_line), bytes, "\r\n"})
                                           : upstream_->send({bytes});
        if (!sent) return give_up_request(), true;
        await_answer();
        connection_.input().grow_when_empty();
        continue;
      }
      case BodyPiece::State::Blocked:
        return true;
      case BodyPiece::State::End:
        if (request_chunked_ && !request_ended_ && !upstream_->send({"0\r\n\r\n"})) return give_up_request(), true;
        request_ended_ = true;
        request_done_ = upstream_->output.empty();
        return true;
      case BodyPiece::State::Broken:
        connection_.refuse_body(kBrokenBody);
        return false;
      case BodyPiece::State::Failed:
        connection_.close();
        return false;
    }
  }
  return true;
}

// The app has got on with the request: from now on it has so long to begin its answer.
void Proxy::await_answer() {
  if (stage_ == Stage::Head) upstream_->wait_at_most(connection_.worker().common().options.answer_seconds);
}

// The app takes no more. It may have answered before it closed: what it said is passed on.
void Proxy::give_up_request() {
  request_done_ = true;
  request_cut_ = true;
  upstream_->output.clear();
  upstream_->stream.note(EPOLLIN);
}

// Reads from the app. False when it has ended or failed; `blocked` when nothing is there yet.
bool Proxy::read_upstream(bool& blocked) {
  blocked = !upstream_->stream.readable();
  if (blocked) return true;
  const auto room = upstream_->input.room();
  if (room.empty()) return false;  // a head larger than the largest buffer
  const auto step = upstream_->stream.read(room);
  if (step.outcome == Stream::Outcome::Blocked) {
    blocked = true;
    return true;
  }
  if (step.outcome != Stream::Outcome::Moved) return false;
  upstream_->input.filled(step.bytes);
  return true;
}

void Proxy::pull_response() {
  for (int reads = 0; upstream_ && connection_.output().empty(); ++reads) {
    if (reads == kTurn) return connection_.yield();
    if (stage_ == Stage::Tunnel) return pump_tunnel();
    if (!upstream_->input.empty()) {
      const bool on = stage_ == Stage::Head ? take_head() : pass_body();
      if (!on || !upstream_) return;
      if (upstream_->input.empty() || stage_ != Stage::Head) continue;
    }
    bool blocked = false;
    if (!read_upstream(blocked)) {
      if (stage_ == Stage::Body && framing_ == Framing::UntilClose) {
        if (client_framing_ == Framing::Chunked && !connection_.send({"0\r\n\r\n"})) return;
        upstream_keeps_alive_ = false;
        return complete();
      }
      return upstream_failed();
    }
    if (blocked) {
      upstream_->input.release_if_empty();
      return;
    }
  }
}

// Parses the response's head when it is all there, and passes it on with the first of the body. False when that ended
// this.
bool Proxy::take_head() {
  auto& head = connection_.worker().response_head();
  switch (parse_response_head(upstream_->input.view(), head)) {
    case HeadState::Incomplete:
      return true;
    case HeadState::Contradictory:
      return refuse(Failure::Contradictory), false;
    case HeadState::Broken:
      return refuse(Failure::NotHttp), false;
    case HeadState::Complete:
      break;
  }
  if (head.status == 101) {
    if (!wants_websocket_) return refuse(Failure::NotHttp), false;
    begin_tunnel();
    return !connection_.closed();
  }
  if (head.status < 200) {
    await_answer();
    // 100 is between the gateway and each side; others (103) go on to those who understand them.
    if (head.status != 100 && connection_.minor_version() == 1) {
      auto& text = connection_.worker().text();
      text.clear();
      append_status(text);
      append_fields(text, Framing::None);
      text += "\r\n";
      if (!connection_.send({text})) return false;
    }
    upstream_->input.consume(head.length);
    return upstream_->input.empty() || take_head();  // the final head may be here already
  }

  const bool no_content = connection_.is_head_request() || head.status == 204 || head.status == 304;
  if (no_content) {
    framing_ = Framing::None;
  } else if (head.chunked) {
    framing_ = Framing::Chunked;
    chunks_ = ChunkedDecoder();
  } else if (head.content_length) {
    framing_ = Framing::Length;
    content_left_ = *head.content_length;
  } else {
    framing_ = Framing::UntilClose;
  }
  client_framing_ = framing_;
  if (framing_ == Framing::Chunked || framing_ == Framing::UntilClose) {
    client_framing_ = connection_.minor_version() == 1 ? Framing::Chunked : Framing::UntilClose;
    if (client_framing_ == Framing::UntilClose) connection_.end_after_this();
  }
  event_stream_ = framing_ != Framing::Length && is_event_stream(head);
  upstream_keeps_alive_ = head.keep_alive;
  upstream_->wait_at_most(0);
  stage_ = Stage::Body;
  request_ = std::string();

  auto& text = connection_.worker().text();
  compose_head(text, client_framing_);
  upstream_->input.consume(head.length);
  if (framing_ == Framing::None || (framing_ == Framing::Length && content_left_ == 0)) {
    if (!connection_.send({text})) return false;
    complete();
    return false;
  }
  if (framing_ == Framing::Length && !upstream_->input.empty()) {
    // The usual small answer goes out in one piece.
    const auto view = upstream_->input.view();
    const auto bytes = view.substr(0, std::min<std::uint64_t>(view.size(), content_left_));
    content_left_ -= bytes.size();
    upstream_->input.consume(bytes.size());
    if (!connection_.send({text, bytes})) return false;
    if (content_left_ == 0) return complete(), false;
    upstream_->input.grow_when_empty();
    return true;
  }
  return connection_.send({text});
}

void Proxy::append_status(std::string& text) {
  const auto& head = connection_.worker().response_head();
  text += "HTTP/1.1 ";
  text += static_cast<char>('0' + head.status / 100);
  text += static_cast<char>('0' + head.status / 10 % 10);
  text += static_cast<char>('0' + head.status % 10);
  text += ' ';
  text += head.reason;
  text += "\r\n";
}

// The fields of the app's head that pass on: not those of its hop, nor what would reach into other hosts of the box.
void Proxy::append_fields(std::string& text, Framing client_framing) {
  const auto& head = connection_.worker().response_head();
  const bool interim = head.status < 200 && head.status != 101;
  // RFC 9110 §8.6; in a 304 it may stand, but need not.
  bool length_due = head.status >= 200 && head.status != 204 && head.status != 304 && client_framing != Framing::Chunked &&
                    client_framing != Framing::UntilClose;
  for (const auto& field : head.fields) {
    switch (field.name) {
      case ResponseHead::Name::HopByHop:
      case ResponseHead::Name::Connection:
      case ResponseHead::Name::Upgrade:
      case ResponseHead::Name::TransferEncoding:
      case ResponseHead::Name::ClearSiteData:  // "cookies" goes for every host of the domain: it would sign out of the desktop
      case ResponseHead::Name::Date:           // end_head() gives its own
        continue;
      case ResponseHead::Name::ContentLength:
        if (!std::exchange(length_due, false)) continue;
        break;
      case ResponseHead::Name::SetCookie: {
        const auto before = text.size();
        text += "Set-Cookie: ";
        if (!interim && append_set_cookie(text, field.value, domain_)) {
          text += "\r\n";
        } else {
          text.resize(before);
        }
        continue;
      }
      case ResponseHead::Name::Other:
        break;
    }
    text += field.line;
    text += "\r\n";
  }
}

void Proxy::compose_head(std::string& text, Framing client_framing) {
  text.clear();
  append_status(text);
  append_fields(text, client_framing);
  if (client_framing == Framing::Chunked) text += "Transfer-Encoding: chunked\r\n";
  connection_.end_head(text);
}

// Passes on what has been read of the body. False when that ended this.
bool Proxy::pass_body() {
  auto& input = upstream_->input;
  const bool filled = input.size() >= BufferPool::kSmall / 2;
  std::string_view bytes;
  bool ended = false;
  if (framing_ == Framing::Chunked) {
    const auto raw = input.bytes();
    const auto step = chunks_.decode(raw);
    if (step.bad) {
      connection_.close();  // cut off, so that the client does not take it for whole
      return false;
    }
    bytes = {raw.data(), step.payload};
    input.consume(step.consumed);
    ended = chunks_.done();
  } else if (framing_ == Framing::Length) {
    bytes = input.view().substr(0, std::min<std::uint64_t>(input.size(), content_left_));
    content_left_ -= bytes.size();
    input.consume(bytes.size());
    ended = content_left_ == 0;
  } else {
    bytes = input.view();
    input.consume(bytes.size());
  }
  bool sent = true;
  if (client_framing_ == Framing::Chunked) {
    std::array<char, 20> size_line;
    if (!bytes.empty()) {
      sent = connection_.send({chunk_size_line(bytes.size(), size_line), bytes, ended ? "\r\n0\r\n\r\n" : "\r\n"});
    } else if (ended) {
      sent = connection_.send({"0\r\n\r\n"});
    }
  } else {
    sent = connection_.send({bytes});
  }
  if (!sent) return false;
  if (ended) return complete(), false;
  if (filled) input.grow_when_empty();
  return true;
}

void Proxy::complete() {
  auto& pool = connection_.worker().upstreams();
  if (upstream_keeps_alive_ && request_done_ && !request_cut_ && upstream_->input.empty() && upstream_->output.empty()) {
    pool.keep(std::move(upstream_));
  } else {
    pool.discard(std::move(upstream_));
  }
  connection_.finish();
}

// The app's connection broke. Before the response: once more on a new connection, if this one was old and nothing is
// lost by it; else 502. In the middle of it: the client's connection ends too, so that nobody takes a part for the whole.
void Proxy::upstream_failed() {
  if (stage_ == Stage::Body || stage_ == Stage::Tunnel) return connection_.close();
  const bool again = upstream_->reused && retriable_ && upstream_->input.empty();
  const bool full = upstream_->input.size() >= BufferPool::kLarge;
  connection_.worker().upstreams().discard(std::move(upstream_));
  if (again) {
    request_done_ = request_ended_ = request_cut_ = false;
    retriable_ = false;
    if (connect()) return;  // an event tells when it stands
    return refuse(Failure::Unreachable);
  }
  refuse(full ? Failure::HeadTooLong : Failure::ClosedEarly);
}

void Proxy::refuse(Failure failure) {
  if (upstream_) connection_.worker().upstreams().discard(std::move(upstream_));
  const auto what = describe(failure);
  log::warning("the entrance {}: {}", entrance_.entrance->id, what.english());
  const int status = failure == Failure::TooSlow ? 504 : 502;
  if (wants_page_) {
    return connection_.answer(
        status, "Cache-Control: no-store\r\n", "text/html; charset=utf-8",
        error_page("The app does not answer",
                   what.english() + " It may be starting, or something is wrong with it. Wait a moment and reload this page; the "
                                    "desktop shows the state of your apps.",
                   "应用没有响应", what.chinese() + "它可能正在启动，或出了问题。请稍候再刷新本页；桌面上可以查看应用的状态。"));
  }
  RequestHead head;  // that of the client is gone; this has its language, even where it is no whole request
  static_cast<void>(parse_request_head(request_, head));
  connection_.answer(status, "Cache-Control: no-store\r\n", "application/json", error_json("unavailable", what, head.language()));
}

void Proxy::begin_tunnel() {
  auto& text = connection_.worker().text();
  text.assign("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
  append_fields(text, Framing::None);
  text += "\r\n";
  upstream_->wait_at_most(0);
  upstream_->input.consume(connection_.worker().response_head().length);
  request_ = std::string();
  stage_ = Stage::Tunnel;
  connection_.end_after_this();
  connection_.send({text});
}

void Proxy::pump_tunnel() {
  auto& input = connection_.input();
  for (int reads = 0;; ++reads) {  // the client's bytes
    if (reads == kTurn) {
      connection_.yield();
      break;
    }
    if (!upstream_->flush()) return connection_.close();
    if (!upstream_->output.empty()) break;
    if (!input.empty()) {
      const auto view = input.view();
      if (!upstream_->send({view})) return connection_.close();
      input.consume(view.size());
    }
    const auto outcome = connection_.read_raw();
    if (outcome == Stream::Outcome::Blocked) break;
    if (outcome != Stream::Outcome::Moved) return connection_.close();
  }
  input.release_if_empty();
  auto& back = upstream_->input;
  for (int reads = 0; connection_.output().empty(); ++reads) {  // the app's
    if (reads == 2 * kTurn) {
      connection_.yield();
      break;
    }
    if (!back.empty()) {
      const auto view = back.view();
      if (!connection_.send({view})) return;
      back.consume(view.size());
      continue;
    }
    bool blocked = false;
    if (!read_upstream(blocked)) {
      // What the app said before it left has gone out: the connection ends with it.
      return connection_.finish();
    }
    if (blocked) break;
  }
  back.release_if_empty();
}

}  // namespace hearth::gateway
