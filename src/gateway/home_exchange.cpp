#include "gateway/home_exchange.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.h"
#include "gateway/ascii.h"
#include "gateway/cookies.h"
#include "gateway/replies.h"
#include "gateway/signal.h"
#include "gateway/websocket_activity.h"
#include "gateway/worker.h"

namespace hearth::gateway {
namespace {

std::unexpected<Error> gone() { return fail(Code::Cancelled, "The client has gone."); }

}  // namespace

// The home thread's end.
class HomeExchange final : public Exchange {
 public:
  HomeExchange(Request request, std::shared_ptr<ExchangeLink> link, std::string first_piece, bool body_ended)
      : request_(std::move(request)),
        link_(std::move(link)),
        piece_(std::move(first_piece)),
        body_ended_(body_ended),
        changed_(link_->home->executor()) {
    link_->home_end = this;
  }
  ~HomeExchange() override { link_->home_end = nullptr; }

  const Request& request() const override { return request_; }

  Task<Result<std::string>> read() override {
    if (piece_.empty() && !body_ended_ && !gone_) {
      tell([](HomeActivity& end) { end.want_body(); });
      while (piece_.empty() && !body_ended_ && !over()) co_await changed_.wait();
    }
    if (over()) co_return gone();
    co_return std::exchange(piece_, {});
  }

  Task<Result<>> respond(Response response) override {
    if (gone_) co_return gone();
    expire_planted_cookies(response.headers, request_);
    complete();
    tell([response = std::move(response)](HomeActivity& end) mutable { end.respond(std::move(response)); });
    co_return Result<>();
  }

  Task<Result<>> respond_file(Response head, FileSlice file) override {
    if (gone_) co_return gone();
    complete();
    tell([head = std::move(head), file = std::move(file)](HomeActivity& end) mutable {
      end.respond_file(std::move(head), std::move(file));
    });
    while (!file_sent_ && !gone_) co_await changed_.wait();
    if (!file_sent_) co_return gone();
    co_return Result<>();
  }

  void set_endless() override {
    tell([](HomeActivity& end) { end.set_endless(); });
  }

  Task<Result<>> begin(Response head) override {
    if (gone_) co_return gone();
    state_ = State::Streaming;
    tell([head = std::move(head)](HomeActivity& end) mutable { end.begin_stream(std::move(head)); });
    co_return Result<>();
  }

  Task<Result<>> write(std::string bytes) override {
    if (gone_) co_return gone();
    if (bytes.empty()) co_return Result<>();
    ahead_ += bytes.size();
    tell([bytes = std::move(bytes)](HomeActivity& end) mutable { end.write(std::move(bytes)); });
    while (ahead_ > kWriteAhead && !gone_) co_await changed_.wait();
    if (gone_) co_return gone();
    co_return Result<>();
  }

  Task<Result<>> end() override {
    if (gone_) co_return gone();
    complete();
    tell([](HomeActivity& end) { end.end_stream(); });
    co_return Result<>();
  }

  Task<> disconnected() override {
    while (!over()) co_await changed_.wait();
  }

  Task<Result<std::unique_ptr<WebSocket>>> upgrade() override {
    const auto key = websocket_key(request_);
    if (!key) co_return std::unexpected(key.error());
    if (gone_) co_return gone();
    complete();
    auto socket_link = std::make_shared<WebSocketLink>(link_->loop, link_->home);
    auto socket = make_home_websocket(socket_link);
    link_->loop->post([link = link_, key = *key, socket_link] {
      if (link->gateway_end) return link->gateway_end->accept_websocket(key, socket_link);
      report_lost(socket_link);
    });
    co_return socket;
  }

  // Posted by the gateway thread.
  void deliver(std::string piece, bool ended) {
    piece_ = std::move(piece);
    body_ended_ = ended;
    changed_.notify();
  }
  void acknowledge(std::size_t bytes) {
    ahead_ -= bytes;
    changed_.notify();
  }
  void file_sent() {
    file_sent_ = true;
    changed_.notify();
  }
  void lose_client() {
    gone_ = true;
    changed_.notify();
  }

  // After the handler has ended, whichever way.
  void settle() {
    if (gone_ || state_ == State::Complete) return;
    if (state_ == State::Streaming) {
      tell([](HomeActivity& end) { end.abandon(); });
      return;
    }
    Response response{500, {{"Content-Type", "application/json"}}, {}};
    response.body = error_json("internal", translated("Something went wrong inside the box. Its log says more."), request_.language());
    tell([response = std::move(response)](HomeActivity& end) mutable { end.respond(std::move(response)); });
  }

 private:
  enum class State { Open, Streaming, Complete };

  bool over() const { return gone_ || state_ == State::Complete; }
  void complete() {
    state_ = State::Complete;
    changed_.notify();
  }

  template <typename F>
  void tell(F what) {
    link_->loop->post([link = link_, what = std::move(what)]() mutable {
      if (link->gateway_end) what(*link->gateway_end);
    });
  }

  Request request_;
  std::shared_ptr<ExchangeLink> link_;
  std::string piece_;
  bool body_ended_;
  bool gone_ = false;
  bool file_sent_ = false;
  State state_ = State::Open;
  std::size_t ahead_ = 0;
  Signal changed_;
};

namespace {

Task<> run_handler(std::shared_ptr<HomePort> home, std::unique_ptr<HomeExchange> exchange) {
  std::exception_ptr failure;
  try {
    co_await home->handler()(*exchange);
  } catch (...) {
    failure = std::current_exception();
  }
  exchange->settle();
  if (failure) std::rethrow_exception(failure);
}

Request make_request(Connection& connection, const RequestHead& head, std::string_view entrance) {
  Request request;
  request.method = head.method;
  request.path = head.path;
  request.query = head.query;
  request.host.resize(head.host.size());
  std::ranges::transform(head.host, request.host.begin(), to_lower);
  request.peer = connection.peer();
  request.port = head.port != 0 ? head.port : static_cast<std::uint16_t>(request.peer.secure ? 443 : 80);
  request.entrance = entrance;
  for (const auto& field : head.fields) request.headers.add(field.name, field.value);
  if (!head.chunked) request.content_length = head.content_length;
  return request;
}

// Whether a field that a handler gave may stand in a head: no line breaks from anyone's input, none of the gateway's own.
bool may_send(const Header& field) {
  if (field.name.empty() || !std::ranges::all_of(field.name, is_token)) return false;
  if (!std::ranges::all_of(field.value, is_field_value)) return false;
  for (const std::string_view own : {"content-length", "date", "connection", "transfer-encoding"}) {
    if (equals_lower(field.name, own)) return false;
  }
  return true;
}

}  // namespace

void HomeActivity::begin(Connection& connection, const RequestHead& head, std::string_view entrance) {
  auto& worker = connection.worker();
  auto request = make_request(connection, head, entrance);
  auto link = std::make_shared<ExchangeLink>();
  link->loop = worker.shared_loop();
  link->home = worker.common().home;
  std::unique_ptr<HomeActivity> activity(new HomeActivity(connection, link));
  link->gateway_end = activity.get();
  connection.serve(std::move(activity));

  // A small body that came with the head goes along.
  std::string piece;
  bool ended = connection.body_finished();
  if (!ended && !connection.input().empty()) {
    const auto bytes = connection.read_body();
    if (bytes.state == BodyPiece::State::Broken) return connection.refuse_body(kBrokenBody);
    if (bytes.state == BodyPiece::State::Failed) return connection.close();
    piece.assign(bytes.bytes.data(), bytes.bytes.size());
    ended = connection.body_finished();
  }
  link->home->post([link, request = std::move(request), piece = std::move(piece), ended]() mutable {
    auto home = link->home;
    auto exchange = std::make_unique<HomeExchange>(std::move(request), std::move(link), std::move(piece), ended);
    home->exchanges().spawn("exchange", run_handler(home, std::move(exchange)));
  });
}

void HomeActivity::let_go() {
  link_->gateway_end = nullptr;
  if (!connection_.closed() && !connection_.body_refused()) return;
  link_->home->post([link = link_] {
    if (link->home_end) link->home_end->lose_client();
  });
}

void HomeActivity::pump() {
  if (body_wanted_) {
    pass_body();
    if (!link_->gateway_end) return;
  }
  if (streaming_) acknowledge();
  if (file_under_way_ && connection_.output().empty()) {
    link_->home->post([link = link_] {
      if (link->home_end) link->home_end->file_sent();
    });
    return connection_.finish();
  }
  if (connection_.client_gone() && connection_.body_finished() && !file_under_way_) connection_.close();
}

void HomeActivity::want_body() {
  body_wanted_ = true;
  connection_.drive();
}

void HomeActivity::pass_body() {
  std::string gathered;
  for (;;) {
    const auto piece = connection_.read_body();
    switch (piece.state) {
      case BodyPiece::State::Bytes:
        gathered.append(piece.bytes.data(), piece.bytes.size());
        if (gathered.size() + BufferPool::kLarge <= kBodyPiece && !connection_.body_finished()) {
          connection_.input().grow_when_empty();
          continue;
        }
        break;
      case BodyPiece::State::Blocked:
        if (gathered.empty()) return;
        break;
      case BodyPiece::State::End:
        break;
      case BodyPiece::State::Broken:
        return connection_.refuse_body(kBrokenBody);
      case BodyPiece::State::Failed:
        return connection_.close();
    }
    break;
  }
  connection_.body_no_longer_wanted();
  body_wanted_ = false;
  link_->home->post([link = link_, gathered = std::move(gathered), ended = connection_.body_finished()]() mutable {
    if (link->home_end) link->home_end->deliver(std::move(gathered), ended);
  });
}

void HomeActivity::acknowledge() {
  const auto flushed = unacknowledged_ > connection_.output().size() ? unacknowledged_ - connection_.output().size() : 0;
  if (flushed < kWriteAhead / 4) return;
  unacknowledged_ -= flushed;
  link_->home->post([link = link_, flushed] {
    if (link->home_end) link->home_end->acknowledge(flushed);
  });
}

// The head up to Content-Length; false when the status allows no content.
bool HomeActivity::compose(std::string& head, const Response& response) {
  const int status = response.status >= 200 && response.status <= 599 ? response.status : 500;
  append_status_line(head, status);
  for (const auto& field : response.headers.fields()) {
    if (!may_send(field)) continue;
    head += field.name;
    head += ": ";
    head += field.value;
    head += "\r\n";
  }
  body_allowed_ = status != 204 && status != 304 && !connection_.is_head_request();
  return status != 204 && status != 304;
}

void HomeActivity::respond(Response response) {
  auto& head = connection_.worker().text();
  head.clear();
  if (compose(head, response)) append_number_field(head, "Content-Length: ", response.body.size());
  connection_.end_head(head);
  bool sent = true;
  if (!body_allowed_ || response.body.size() < 16 * 1024) {
    sent = connection_.send({head, body_allowed_ ? std::string_view(response.body) : std::string_view()});
  } else {
    sent = connection_.send({head}) && connection_.send(std::move(response.body));
  }
  if (sent) connection_.finish();
  connection_.drive();
}

void HomeActivity::respond_file(Response response, FileSlice file) {
  auto& head = connection_.worker().text();
  head.clear();
  const auto length = file.length();
  const auto offset = file.offset();
  if (compose(head, response)) append_number_field(head, "Content-Length: ", length);
  connection_.end_head(head);
  if (!body_allowed_) {
    if (!connection_.send({head})) return;
  } else if (!connection_.send_file(head, std::make_shared<const FileSlice>(std::move(file)), offset, length)) {
    return;
  }
  file_under_way_ = true;
  connection_.drive();
}

void HomeActivity::set_endless() {
  endless_ = true;
  if (connection_.worker().draining()) connection_.close();
}

void HomeActivity::begin_stream(Response response) {
  auto& head = connection_.worker().text();
  head.clear();
  const bool content = compose(head, response);
  streaming_ = true;
  chunked_ = content && connection_.minor_version() == 1;
  if (chunked_) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (content) {
    connection_.end_after_this();
  }
  connection_.end_head(head);
  connection_.send({head});
  connection_.drive();
}

void HomeActivity::write(std::string bytes) {
  if (!streaming_) return;
  unacknowledged_ += bytes.size();
  if (body_allowed_) {
    bool sent = false;
    if (chunked_) {
      const auto size = fmt::format("{:x}\r\n", bytes.size());
      if (bytes.size() < 32 * 1024) {
        sent = connection_.send({size, bytes, "\r\n"});
      } else {
        bytes += "\r\n";
        sent = connection_.send({size}) && connection_.send(std::move(bytes));
      }
    } else {
      sent = connection_.send(std::move(bytes));
    }
    if (!sent) return;
  }
  connection_.drive();
}

void HomeActivity::end_stream() {
  if (!streaming_) return;
  if (chunked_ && body_allowed_ && !connection_.send({"0\r\n\r\n"})) return;
  connection_.finish();
  connection_.drive();
}

void HomeActivity::accept_websocket(const std::string& key, std::shared_ptr<WebSocketLink> socket) {
  auto& head = connection_.worker().text();
  head.clear();
  append_status_line(head, 101);
  head += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
  head += websocket_accept(key);
  head += "\r\n\r\n";
  if (!connection_.send({head})) return report_lost(socket);
  connection_.replace_activity(std::make_unique<WebSocketActivity>(connection_, std::move(socket)));
  connection_.drive();
}

void HomeActivity::abandon() { connection_.close(); }

}  // namespace hearth::gateway
