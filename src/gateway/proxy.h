#pragma once
#include <memory>
#include <string>

#include "gateway/chunked.h"
#include "gateway/connection.h"
#include "gateway/entrance_gate.h"
#include "gateway/router.h"
#include "gateway/upstream.h"

namespace hearth::gateway {

// One request passed on to an app: its head rewritten, bodies streamed both ways, each side held back while the other is
// full. A WebSocket becomes a tunnel that holds no buffer while it is quiet.
class Proxy final : public Activity {
 public:
  // Why there is no answer.
  enum class Failure : std::uint8_t { Unreachable, ClosedEarly, NotHttp, HeadTooLong, Contradictory, TooSlow };

  static void begin(Connection& connection, const RequestHead& head, const RoutingTable::Target& target,
                    const Identity& identity);

  void pump() override;
  void let_go() override;
  bool endless() const override { return stage_ == Stage::Tunnel || (stage_ == Stage::Body && event_stream_); }
  bool still_allowed(const RoutingTable& table) const override;

 private:
  enum class Stage : std::uint8_t { Connecting, Head, Body, Tunnel };
  enum class Framing : std::uint8_t { None, Length, Chunked, UntilClose };

  Proxy(Connection& connection, const RequestHead& head, const RoutingTable::Target& target, const Identity& identity);
  bool connect();
  bool push_request();
  bool push_body();
  void await_answer();
  void give_up_request();
  void pull_response();
  bool read_upstream(bool& blocked);
  bool take_head();
  bool pass_body();
  void compose_head(std::string& text, Framing client_framing);
  void pump_tunnel();
  void begin_tunnel();
  void append_status(std::string& text);
  void append_fields(std::string& text, Framing client_framing);
  void complete();
  void upstream_failed();
  void refuse(Failure failure);

  Connection& connection_;
  std::shared_ptr<const RoutingTable> table_;  // the entrance and its domain live there
  const RoutedEntrance& entrance_;
  std::string_view domain_;
  std::unique_ptr<Upstream> upstream_;
  std::string request_;  // the head, until the response begins: a stale connection costs one retry
  std::string path_;     // judged anew when the policy changes
  std::optional<RoutingTable::Digest> session_;
  ChunkedDecoder chunks_;
  std::uint64_t content_left_ = 0;
  Stage stage_ = Stage::Connecting;
  Framing framing_ = Framing::None;         // of the upstream's response
  Framing client_framing_ = Framing::None;  // of what the client gets
  bool request_chunked_ = false;
  bool head_sent_ = false;
  bool request_done_ = false;   // all of it has gone, or no more will
  bool request_ended_ = false;  // its end is sent, or waits to go
  bool request_cut_ = false;    // the app did not take all of it
  bool wants_websocket_ = false;
  bool wants_page_ = false;
  bool retriable_ = false;
  bool upstream_keeps_alive_ = false;
  bool event_stream_ = false;
};

}  // namespace hearth::gateway
