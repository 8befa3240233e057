#pragma once
#include <memory>

#include "gateway/connection.h"
#include "gateway/home_port.h"
#include "gateway/http.h"
#include "gateway/websocket_frame.h"

namespace hearth::gateway {

class WebSocketActivity;
class HomeWebSocket;

// The two ends of one WebSocket of the box; each is touched only by its own thread.
struct WebSocketLink {
  std::shared_ptr<EventLoop> loop;
  std::shared_ptr<HomePort> home;
  WebSocketActivity* gateway_end = nullptr;
  HomeWebSocket* home_end = nullptr;
};

// The gateway thread's end: frames to messages and back, pings answered.
class WebSocketActivity final : public Activity {
 public:
  WebSocketActivity(Connection& connection, std::shared_ptr<WebSocketLink> link);

  void pump() override;
  void let_go() override;
  bool endless() const override { return true; }

  // Posted by the home thread.
  void send(std::string text);
  void close(std::uint16_t code, const std::string& reason);
  void received();

 private:
  void read_frames();
  void end(std::uint16_t code, std::string_view reason);
  void acknowledge();

  Connection& connection_;
  std::shared_ptr<WebSocketLink> link_;
  FrameDecoder decoder_;
  std::uint32_t undelivered_ = 0;
  std::size_t unacknowledged_ = 0;
};

// The key of a request for a WebSocket; InvalidInput when it is none.
Result<std::string> websocket_key(const Request& request);
// The home thread's end. Its destruction closes the socket.
std::unique_ptr<WebSocket> make_home_websocket(std::shared_ptr<WebSocketLink> link);

// Tells the home thread's end that there is no client. Gateway thread.
void report_lost(const std::shared_ptr<WebSocketLink>& link);

}  // namespace hearth::gateway
