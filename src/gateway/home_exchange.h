#pragma once
#include <memory>
#include <optional>
#include <string>

#include "gateway/connection.h"
#include "gateway/home_port.h"
#include "gateway/http.h"
#include "gateway/request_head.h"

namespace hearth::gateway {

class HomeExchange;
class HomeActivity;
struct WebSocketLink;

// The two ends of one exchange. Each end is touched only by its own thread; the other posts to it.
struct ExchangeLink {
  std::shared_ptr<EventLoop> loop;
  std::shared_ptr<HomePort> home;
  HomeActivity* gateway_end = nullptr;  // gateway thread
  HomeExchange* home_end = nullptr;     // home thread
};

// The gateway thread's end: reads the body when the home thread asks, writes what it answers.
class HomeActivity final : public Activity {
 public:
  // Hands the request to the home thread. `entrance` is the id when an entrance's host was asked.
  static void begin(Connection& connection, const RequestHead& head, std::string_view entrance);

  void pump() override;
  void let_go() override;
  bool endless() const override { return endless_; }

  // Posted by the home thread.
  void set_endless();
  void want_body();
  void respond(Response response);
  void respond_file(Response head, FileSlice file);
  void begin_stream(Response head);
  void write(std::string bytes);
  void end_stream();
  void accept_websocket(const std::string& key, std::shared_ptr<WebSocketLink> socket);
  void abandon();  // the handler ended in the middle of its answer

 private:
  HomeActivity(Connection& connection, std::shared_ptr<ExchangeLink> link)
      : connection_(connection), link_(std::move(link)) {}
  void pass_body();
  void acknowledge();
  bool compose(std::string& head, const Response& response);

  Connection& connection_;
  std::shared_ptr<ExchangeLink> link_;
  bool body_wanted_ = false;
  bool streaming_ = false;
  bool chunked_ = false;
  bool endless_ = false;
  bool body_allowed_ = true;
  bool file_under_way_ = false;
  std::size_t unacknowledged_ = 0;
};

// Bytes a writer may be ahead of the client, and a WebSocket's sender.
constexpr std::size_t kWriteAhead = 256 * 1024;
constexpr std::size_t kBodyPiece = 256 * 1024;

}  // namespace hearth::gateway
