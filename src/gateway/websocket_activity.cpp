#include "gateway/websocket_activity.h"

#include <deque>

#include "base/bytes.h"
#include "gateway/ascii.h"
#include "gateway/home_exchange.h"
#include "gateway/signal.h"
#include "gateway/worker.h"

namespace hearth::gateway {
namespace {
constexpr std::uint32_t kUndeliveredLimit = 16;
}

class HomeWebSocket final : public WebSocket {
 public:
  explicit HomeWebSocket(std::shared_ptr<WebSocketLink> link) : link_(std::move(link)), changed_(link_->home->executor()) {
    link_->home_end = this;
  }
  ~HomeWebSocket() override {
    link_->home_end = nullptr;
    if (!closed_) tell([](WebSocketActivity& end) { end.close(1001, ""); });
  }

  Task<Result<std::optional<std::string>>> receive() override {
    while (messages_.empty() && !closed_) co_await changed_.wait();
    if (messages_.empty()) co_return std::optional<std::string>();
    std::optional<std::string> message = std::move(messages_.front());
    messages_.pop_front();
    tell([](WebSocketActivity& end) {
      end.received();
    });
    co_return message;
  }

  Task<Result<>> send(std::string text) override {
    if (closed_) co_return fail(Code::Cancelled, "The WebSocket is closed.");
    ahead_ += text.size();
    tell([text = std::move(text)](WebSocketActivity& end) mutable { end.send(std::move(text)); });
    while (ahead_ > kWriteAhead && !closed_) co_await changed_.wait();
    if (closed_) co_return fail(Code::Cancelled, "The WebSocket is closed.");
    co_return Result<>();
  }

  void close(std::uint16_t code, std::string_view reason) override {
    if (closed_) return;
    closed_ = true;
    tell([code, reason = std::string(reason)](WebSocketActivity& end) { end.close(code, reason); });
    changed_.notify();
  }

  // Posted by the gateway thread.
  void deliver(std::string message) {
    messages_.push_back(std::move(message));
    changed_.notify();
  }
  void acknowledge(std::size_t bytes) {
    ahead_ -= bytes;
    changed_.notify();
  }
  void lose_client() {
    closed_ = true;
    changed_.notify();
  }

 private:
  template <typename F>
  void tell(F what) {
    link_->loop->post([link = link_, what = std::move(what)]() mutable {
      if (link->gateway_end) what(*link->gateway_end);
    });
  }

  std::shared_ptr<WebSocketLink> link_;
  std::deque<std::string> messages_;
  std::size_t ahead_ = 0;
  bool closed_ = false;
  Signal changed_;
};

Result<std::string> websocket_key(const Request& request) {
  const auto key = request.headers.find("sec-websocket-key");
  const auto upgrade = request.headers.find("upgrade");
  const auto version = request.headers.find("sec-websocket-version");
  if (request.method != "GET" || !upgrade || !equals_lower(*upgrade, "websocket") || !key) {
    return fail(Code::InvalidInput, "This address is for WebSockets: ask for one.");
  }
  if (version != "13") return fail(Code::InvalidInput, "The WebSocket version must be 13.");
  if (const auto bytes = from_base64(*key); !bytes || bytes->size() != 16) {
    return fail(Code::InvalidInput, "Sec-WebSocket-Key is not 16 bytes in base64.");
  }
  return std::string(*key);
}

std::unique_ptr<WebSocket> make_home_websocket(std::shared_ptr<WebSocketLink> link) {
  return std::make_unique<HomeWebSocket>(std::move(link));
}

void report_lost(const std::shared_ptr<WebSocketLink>& link) {
  link->home->post([link] {
    if (link->home_end) link->home_end->lose_client();
  });
}

WebSocketActivity::WebSocketActivity(Connection& connection, std::shared_ptr<WebSocketLink> link)
    : connection_(connection), link_(std::move(link)) {
  link_->gateway_end = this;
}

void WebSocketActivity::let_go() {
  link_->gateway_end = nullptr;
  report_lost(link_);
}

void WebSocketActivity::pump() {
  acknowledge();
  read_frames();
}

void WebSocketActivity::read_frames() {
  auto& input = connection_.input();
  while (link_->gateway_end) {
    while (!input.empty() && undelivered_ < kUndeliveredLimit) {
      std::size_t consumed = 0;
      const auto event = decoder_.next(input.bytes(), consumed);
      input.consume(consumed);
      switch (event) {
        case FrameDecoder::Event::NeedMore:
        case FrameDecoder::Event::Pong:
          break;
        case FrameDecoder::Event::Message:
          ++undelivered_;
          link_->home->post([link = link_, message = decoder_.take_payload()]() mutable {
            if (link->home_end) link->home_end->deliver(std::move(message));
          });
          break;
        case FrameDecoder::Event::Ping:
          // A client that pings without reading has its pings counted as what it does not take.
          if (connection_.output().size() > kWriteAhead) return connection_.close();
          if (!connection_.send(make_frame(Opcode::Pong, decoder_.take_payload()))) return;
          break;
        case FrameDecoder::Event::Close:
          return end(decoder_.close_code() == 1005 ? 1000 : decoder_.close_code(), "");
        case FrameDecoder::Event::Failed:
          return end(decoder_.close_code(), "");
      }
    }
    if (undelivered_ >= kUndeliveredLimit) {
      if (!connection_.client_gone() || !input.empty()) return;
    }
    const auto outcome = connection_.read_raw();
    if (outcome == Stream::Outcome::Blocked) {
      input.release_if_empty();
      return;
    }
    if (outcome != Stream::Outcome::Moved) return connection_.close();
  }
}

void WebSocketActivity::end(std::uint16_t code, std::string_view reason) {
  if (!connection_.send(make_close_frame(code, reason))) return;
  connection_.end_after_this();
  connection_.finish();
}

void WebSocketActivity::send(std::string text) {
  unacknowledged_ += text.size();
  if (!connection_.send(make_frame(Opcode::Text, text))) return;
  connection_.drive();
}

void WebSocketActivity::close(std::uint16_t code, const std::string& reason) {
  end(code, reason);
  connection_.drive();
}

void WebSocketActivity::received() {
  --undelivered_;
  connection_.drive();
}

void WebSocketActivity::acknowledge() {
  const auto waiting = connection_.output().size();
  const auto flushed = unacknowledged_ > waiting ? unacknowledged_ - waiting : 0;
  if (flushed < kWriteAhead / 4) return;
  unacknowledged_ -= flushed;
  link_->home->post([link = link_, flushed] {
    if (link->home_end) link->home_end->acknowledge(flushed);
  });
}

}  // namespace hearth::gateway
