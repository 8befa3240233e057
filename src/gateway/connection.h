#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/buffer.h"
#include "gateway/chunked.h"
#include "gateway/event_loop.h"
#include "gateway/http.h"
#include "gateway/output.h"
#include "gateway/request_head.h"
#include "gateway/stream.h"

namespace hearth::gateway {

class Worker;
class Connection;
class RoutingTable;

inline constexpr Refusal kBrokenBody = {400, "The chunks of the request's body are malformed."};

// What a connection does for one request: serves it from the home thread, or from an upstream.
class Activity {
 public:
  virtual ~Activity() = default;
  // Moves whatever can move now. Called when anything changed on either side; must bear being called without cause.
  virtual void pump() = 0;
  // Whether this goes on until somebody hangs up (a tunnel, a stream of events): it does not hold up a stop.
  virtual bool endless() const { return false; }
  // Whether this may go on under a new table: what was begun with a session ends when the session does, and what is no longer
  // allowed ends as well.
  virtual bool still_allowed(const RoutingTable&) const { return true; }
  // The connection has ended this, by finish() or because the client has gone: release the other side now. Destroyed
  // soon after.
  virtual void let_go() = 0;
};

// A piece of a request's body. Broken: its chunks are malformed. Failed: the client has gone.
struct BodyPiece {
  enum class State : std::uint8_t { Bytes, Blocked, End, Broken, Failed } state;
  std::span<char> bytes;  // valid until the next call that reads
};

// A client's connection: reads heads, hands each request to what serves it, keeps the line in order.
//
//            ┌────────────── keep-alive ─────────────┐
//   Handshake ─► Head ─► Serving ─► (flushed) ─► Draining ─► Lingering ─► closed
//
// Draining reads the rest of a small body so that the next head is found; Lingering discards what a client still sends
// after an early answer, so that the answer is not lost to a reset.
class Connection final : public EventSource, public Deadline {
 public:
  Connection(Worker& worker, int descriptor, Peer peer, struct ssl_st* ssl);
  ~Connection() override;

  void on_events(std::uint32_t events) override;
  void on_deadline() override;

  // Takes every step that can be taken; every outside event ends here.
  void drive();
  void close();
  bool closed() const { return phase_ == Phase::Closed; }
  // Between requests, with nothing half read.
  bool idle() const { return phase_ == Phase::Head && input_.empty() && output_.empty(); }
  // No further request after the one under way.
  void end_after_this() { keep_alive_ = false; }

  // For activities, while serving.
  Worker& worker() { return worker_; }
  const Peer& peer() const { return peer_; }
  Stream& stream() { return stream_; }
  Buffer& input() { return input_; }
  Output& output() { return output_; }
  bool keep_alive() const { return keep_alive_; }
  int minor_version() const { return minor_version_; }
  bool is_head_request() const { return is_head_request_; }
  bool body_finished() const;
  std::optional<std::uint64_t> body_left() const;  // none: chunked
  BodyPiece read_body();
  void body_no_longer_wanted() { body_wanted_ = false; }
  // Says why the body was not taken, and ends the activity as finish() does; closes when an answer has begun already.
  void refuse_body(const Refusal& refusal);
  // For let_go(): whether refuse_body() was what ended the activity.
  bool body_refused() const { return body_refused_; }
  // Reads into input() without regard to a body: after an upgrade. Blocked, or Failed when the client has gone.
  Stream::Outcome read_raw();
  bool client_gone() const { return stream_.peer_ended() || read_ended_; }

  // Writes now what the socket takes, queues the rest. False when the client is gone (the connection is closed).
  bool send(std::initializer_list<std::string_view> pieces);
  bool send(std::string piece);
  // A head and the part of a file that follows it.
  bool send_file(std::string_view head, std::shared_ptr<const FileSlice> file, std::uint64_t offset,
                 std::uint64_t length);
  bool flush();
  // Comes back to pump() after others have had their turn.
  void yield() { yielded_ = true; }

  // The answer is complete. Ends the activity (which may be the caller: touch nothing of it afterwards).
  void finish();
  void serve(std::unique_ptr<Activity> activity) { activity_ = std::move(activity); }
  // Goes on with another activity, as after an upgrade, without letting the old one go.
  void replace_activity(std::unique_ptr<Activity> activity);
  Activity* activity() { return activity_.get(); }
  // Appends the fields every answer ends with: Date, and Connection where it must be said; and the empty line.
  void end_head(std::string& head);
  // A whole answer from memory. `fields` are complete lines with CR LF.
  void answer(int status, std::string_view fields, std::string_view content_type, std::string_view body);

  // Intrusive list of the worker's connections.
  Connection* previous = nullptr;
  Connection* next = nullptr;

 private:
  enum class Phase : std::uint8_t { Handshake, Head, Serving, Draining, Lingering, Closed };

  bool shake_hands();
  bool read_head();
  void begin_request();
  bool drain();
  bool linger();
  void refuse(const Refusal& refusal);
  void say(const Refusal& refusal);
  void wait_for_client();
  void end_activity();

  Worker& worker_;
  Stream stream_;
  Buffer input_;
  Output output_;
  std::unique_ptr<Activity> activity_;
  Peer peer_;
  HeadScanner scanner_;
  std::uint64_t content_left_ = 0;
  std::uint64_t drained_ = 0;
  std::optional<ChunkedDecoder> chunks_;
  std::uint32_t progress_ = 0;  // bytes of body read since the deadline was set
  Phase phase_ = Phase::Head;
  std::int8_t minor_version_ = 1;
  bool keep_alive_ = true;
  bool is_head_request_ = false;
  bool expect_continue_ = false;
  bool reading_head_ = false;   // the deadline is the head's
  bool body_wanted_ = false;    // someone waits for body
  bool answer_begun_ = false;   // of the request under way, the final head
  bool body_refused_ = false;
  bool progress_watched_ = false;
  bool read_ended_ = false;
  bool driving_ = false;
  bool yielded_ = false;
};

}  // namespace hearth::gateway
