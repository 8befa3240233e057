#include "gateway/connection.h"

#include <openssl/ssl.h>
#include <sys/epoll.h>

#include <array>

#include "base/message.h"
#include "gateway/replies.h"
#include "gateway/worker.h"

namespace hearth::gateway {
namespace {

constexpr std::uint32_t kHandshakeSeconds = 10;
constexpr std::uint32_t kHeadSeconds = 10;   // from a head's first byte to its last
constexpr std::uint32_t kIdleSeconds = 75;   // between requests
constexpr std::uint32_t kLingerSeconds = 5;
constexpr std::uint32_t kProgressBytes = 256;  // of a body, in that time
constexpr std::uint64_t kDrainLimit = 256 * 1024;

}  // namespace

Connection::Connection(Worker& worker, int descriptor, Peer peer, ssl_st* ssl)
    : worker_(worker), stream_(descriptor), input_(worker.buffers()), peer_(std::move(peer)) {
  if (ssl) {
    stream_.secure_with(ssl);
    phase_ = Phase::Handshake;
  }
  worker_.loop().set_deadline(*this, ssl ? kHandshakeSeconds : kIdleSeconds);
}

Connection::~Connection() = default;

void Connection::on_events(std::uint32_t events) {
  stream_.note(events);
  drive();
}

void Connection::drive() {
  if (driving_ || phase_ == Phase::Closed) return;
  driving_ = true;
  bool more = true;
  while (more && phase_ != Phase::Closed) {
    if (!flush()) break;
    switch (phase_) {
      case Phase::Handshake:
        more = shake_hands();
        break;
      case Phase::Head:
        more = output_.empty() && read_head();
        break;
      case Phase::Serving:
        activity_->pump();
        more = phase_ != Phase::Serving;
        break;
      case Phase::Draining:
        more = output_.empty() && drain();
        break;
      case Phase::Lingering:
        more = output_.empty() && linger();
        break;
      case Phase::Closed:
        break;
    }
  }
  driving_ = false;
  if (phase_ == Phase::Closed) return;
  wait_for_client();
  if (yielded_) {
    yielded_ = false;
    worker_.loop().again(*this);
  }
}

// Sets the deadline that fits what the client is waited for. An open stream has none: the body may pause once the answer has
// begun, and a reader may pause in it, since its socket holds the answer back. Keep-alive finds the peers that have died.
void Connection::wait_for_client() {
  const bool waiting = output_.empty() && body_wanted_ && !(phase_ == Phase::Serving && answer_begun_);
  if (phase_ == Phase::Serving || phase_ == Phase::Draining) {
    if (waiting && !progress_watched_) {
      progress_watched_ = true;
      progress_ = 0;
      worker_.loop().set_deadline(*this, worker_.common().options.progress_seconds);
    } else if (!waiting) {
      progress_watched_ = false;
      worker_.loop().clear_deadline(*this);
    }
  }
  if (phase_ == Phase::Head && output_.empty()) input_.release_if_empty();
}

void Connection::on_deadline() {
  const bool was_watched = progress_watched_;
  progress_watched_ = false;
  switch (phase_) {
    case Phase::Serving:
    case Phase::Draining:
      if (was_watched && output_.empty() && body_wanted_ && progress_ < kProgressBytes &&
          !(phase_ == Phase::Serving && answer_begun_)) {
        refuse_body(Refusal{408, "The rest of the request did not arrive in time."});
        return drive();
      }
      return wait_for_client();
    case Phase::Head:
      if (!output_.empty()) return worker_.loop().set_deadline(*this, kIdleSeconds);  // it still takes its last answer
      if (!input_.empty()) {
        refuse({408, "The request did not arrive within 10 seconds."});
        return drive();
      }
      return close();
    default:
      return close();
  }
}

void Connection::close() {
  if (phase_ == Phase::Closed) return;
  phase_ = Phase::Closed;
  end_activity();
  worker_.loop().forget(stream_.descriptor());
  worker_.loop().forget_again(*this);
  worker_.release(*this);
}

void Connection::end_activity() {
  if (!activity_) return;
  activity_->let_go();
  worker_.loop().destroy_later(std::move(activity_));  // it may be the caller
}

void Connection::replace_activity(std::unique_ptr<Activity> activity) {
  worker_.loop().destroy_later(std::move(activity_));
  activity_ = std::move(activity);
}

bool Connection::shake_hands() {
  switch (stream_.shake_hands()) {
    case Stream::Outcome::Moved:
      phase_ = Phase::Head;
      worker_.loop().set_deadline(*this, kIdleSeconds);
      return true;
    case Stream::Outcome::Blocked:
      return false;
    default:
      if (!stream_.spoke_plainly()) {
        close();
        return false;
      }
      stream_.go_on_plainly();
      refuse({400, "This port speaks HTTPS: use an address that begins with https://."});
      return true;
  }
}

bool Connection::read_head() {
  for (;;) {
    if (!input_.empty()) {
      switch (scanner_.scan(input_.view())) {
        case HeadScanner::State::Complete:
          scanner_.reset();
          reading_head_ = false;
          begin_request();
          return true;
        case HeadScanner::State::Refused:
          refuse(scanner_.refusal());
          return true;
        case HeadScanner::State::Incomplete:
          break;
      }
      if (!reading_head_) {
        reading_head_ = true;
        worker_.loop().set_deadline(*this, kHeadSeconds);
      }
    }
    if (!stream_.readable()) return false;
    const auto step = stream_.read(input_.room());
    switch (step.outcome) {
      case Stream::Outcome::Moved:
        input_.filled(step.bytes);
        break;
      case Stream::Outcome::Blocked:
        return false;
      default:
        close();
        return false;
    }
  }
}

void Connection::begin_request() {
  auto& head = worker_.head();
  if (const auto refusal = parse_request_head(input_.view(), head)) return refuse(*refusal);
  phase_ = Phase::Serving;
  progress_watched_ = false;
  body_wanted_ = false;
  answer_begun_ = false;
  worker_.loop().clear_deadline(*this);
  input_.consume(head.length);  // its bytes stay in place until the next read
  minor_version_ = static_cast<std::int8_t>(head.minor_version);
  keep_alive_ = head.keep_alive && !worker_.draining();
  is_head_request_ = head.method == "HEAD";
  expect_continue_ = head.expect_continue && head.has_body();
  content_left_ = head.content_length.value_or(0);
  chunks_.reset();
  if (head.chunked) chunks_.emplace();
  worker_.dispatch(*this, head);
}

bool Connection::body_finished() const { return chunks_ ? chunks_->done() : content_left_ == 0; }

std::optional<std::uint64_t> Connection::body_left() const {
  return chunks_ ? std::nullopt : std::optional(content_left_);
}

BodyPiece Connection::read_body() {
  using enum BodyPiece::State;
  body_wanted_ = false;
  for (;;) {
    if (body_finished()) return {End, {}};
    if (!input_.empty()) {
      if (chunks_) {
        const auto bytes = input_.bytes();
        const auto step = chunks_->decode(bytes);
        if (step.bad) return {Broken, {}};
        input_.consume(step.consumed);
        if (step.payload > 0) return {Bytes, bytes.first(step.payload)};
        continue;
      }
      const auto bytes = input_.bytes();
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), content_left_));
      content_left_ -= count;
      input_.consume(count);
      return {Bytes, bytes.first(count)};
    }
    if (expect_continue_) {
      expect_continue_ = false;
      if (!send({"HTTP/1.1 100 Continue\r\n\r\n"})) return {Failed, {}};
    }
    if (!stream_.readable()) {
      body_wanted_ = true;
      return {Blocked, {}};
    }
    const auto room = input_.room();
    const auto step = stream_.read(room);
    if (step.outcome == Stream::Outcome::Blocked) {
      body_wanted_ = true;
      input_.release_if_empty();
      return {Blocked, {}};
    }
    if (step.outcome != Stream::Outcome::Moved) {
      read_ended_ = true;
      return {Failed, {}};
    }
    input_.filled(step.bytes);
    progress_ += static_cast<std::uint32_t>(step.bytes);
  }
}

Stream::Outcome Connection::read_raw() {
  if (!stream_.readable()) return Stream::Outcome::Blocked;
  const auto room = input_.room();
  if (room.empty()) return Stream::Outcome::Moved;
  const auto step = stream_.read(room);
  if (step.outcome == Stream::Outcome::Moved) input_.filled(step.bytes);
  if (step.outcome == Stream::Outcome::Ended) read_ended_ = true;
  return step.outcome;
}

bool Connection::flush() {
  if (output_.empty()) return true;
  if (!stream_.writable()) return true;
  std::uint32_t ignored = 0;
  const auto outcome = output_.flush(stream_, worker_.scratch(), ignored);
  if (output_.paused()) yield();
  if (outcome == Stream::Outcome::Moved || outcome == Stream::Outcome::Blocked) return true;
  close();
  return false;
}

bool Connection::send(std::initializer_list<std::string_view> pieces) {
  std::size_t total = 0;
  for (const auto piece : pieces) total += piece.size();
  if (total == 0) return true;
  if (!output_.empty()) {
    output_.push_rest(pieces, 0);
    return true;
  }
  std::array<iovec, 8> vector;
  std::size_t count = 0;
  for (const auto piece : pieces) {
    if (!piece.empty()) vector[count++] = {const_cast<char*>(piece.data()), piece.size()};
  }
  const auto step = stream_.write({vector.data(), count}, worker_.scratch());
  if (step.outcome == Stream::Outcome::Failed || step.outcome == Stream::Outcome::Ended) {
    close();
    return false;
  }
  if (step.bytes < total) {
    output_.push_rest(pieces, step.bytes);
    return flush();
  }
  return true;
}

bool Connection::send(std::string piece) {
  if (piece.size() < 32 * 1024 && output_.empty()) return send({std::string_view(piece)});
  output_.push(std::move(piece));
  return flush();
}

bool Connection::send_file(std::string_view head, std::shared_ptr<const FileSlice> file, std::uint64_t offset,
                           std::uint64_t length) {
  if (length == 0) return send({head});
  if (!output_.empty()) {
    output_.push(std::string(head));
  } else {
    const iovec piece{const_cast<char*>(head.data()), head.size()};
    const auto step = stream_.write({&piece, 1}, worker_.scratch(), Stream::More::Follows);
    if (step.outcome == Stream::Outcome::Failed || step.outcome == Stream::Outcome::Ended) {
      close();
      return false;
    }
    output_.push(std::string(head.substr(step.bytes)));
  }
  output_.push_file(std::move(file), offset, length);
  return flush();
}

void Connection::finish() {
  if (phase_ != Phase::Serving) return;
  end_activity();
  body_wanted_ = false;
  drained_ = 0;
  if (!keep_alive_) {
    phase_ = Phase::Lingering;
  } else if (!body_finished()) {
    phase_ = Phase::Draining;
  } else {
    phase_ = Phase::Head;
  }
  progress_watched_ = false;
  if (phase_ == Phase::Head) worker_.loop().set_deadline(*this, kIdleSeconds);
  if (phase_ == Phase::Lingering) worker_.loop().clear_deadline(*this);
}

bool Connection::drain() {
  for (;;) {
    const auto piece = read_body();
    switch (piece.state) {
      case BodyPiece::State::Bytes:
        drained_ += piece.bytes.size();
        if (drained_ > kDrainLimit) {
          keep_alive_ = false;
          phase_ = Phase::Lingering;
          return true;
        }
        continue;
      case BodyPiece::State::End:
        phase_ = Phase::Head;
        worker_.loop().set_deadline(*this, kIdleSeconds);
        return true;
      case BodyPiece::State::Blocked:
        return false;
      case BodyPiece::State::Broken:
      case BodyPiece::State::Failed:
        close();
        return false;
    }
  }
}

bool Connection::linger() {
  if (!reading_head_) {  // first time here: say that nothing more comes
    reading_head_ = true;
    drained_ = 0;
    if (body_finished() && input_.empty() && stream_.peer_ended()) {
      close();
      return false;
    }
    stream_.end_writing();
    worker_.loop().set_deadline(*this, kLingerSeconds);
  }
  for (;;) {
    input_.release();
    const auto outcome = read_raw();
    if (outcome == Stream::Outcome::Blocked) {
      input_.release();
      return false;
    }
    drained_ += input_.size();
    if (outcome != Stream::Outcome::Moved || drained_ > (8u << 20)) {
      close();
      return false;
    }
  }
}

void Connection::refuse(const Refusal& refusal) {
  phase_ = Phase::Serving;
  keep_alive_ = false;
  reading_head_ = false;
  is_head_request_ = false;
  expect_continue_ = false;
  chunks_.reset();
  content_left_ = 0;
  say(refusal);
}

void Connection::refuse_body(const Refusal& refusal) {
  if (phase_ != Phase::Serving || answer_begun_) return close();
  keep_alive_ = false;
  body_refused_ = true;
  say(refusal);
}

// In both languages: nobody knows any more which one the sender reads.
void Connection::say(const Refusal& refusal) {
  const auto reason = recognised(refusal.reason);
  answer(refusal.status, {}, "text/plain; charset=utf-8", fmt::format("{}\n{}\n", reason.english(), reason.chinese()));
}

void Connection::end_head(std::string& head) {
  answer_begun_ = true;
  // What is left of a long body is not read for the sake of keeping the connection.
  if (keep_alive_ && !body_finished() && (expect_continue_ || content_left_ > kDrainLimit)) keep_alive_ = false;
  head += "Date: ";
  head += worker_.loop().date();
  if (!keep_alive_) {
    head += "\r\nConnection: close\r\n\r\n";
  } else if (minor_version_ == 0) {
    head += "\r\nConnection: keep-alive\r\n\r\n";
  } else {
    head += "\r\n\r\n";
  }
}

void Connection::answer(int status, std::string_view fields, std::string_view content_type, std::string_view body) {
  auto& head = worker_.text();
  head.clear();
  append_status_line(head, status);
  head += fields;
  if (!content_type.empty()) {
    head += "Content-Type: ";
    head += content_type;
    head += "\r\n";
  }
  if (status != 204 && status != 304) append_number_field(head, "Content-Length: ", body.size());
  end_head(head);
  const bool with_body = !is_head_request_ && status != 204 && status != 304;
  if (send({head, with_body ? body : std::string_view()})) finish();
}

}  // namespace hearth::gateway
