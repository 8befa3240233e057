#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "files/root.h"
#include "gateway/http.h"

namespace hearth::files {

// An exchange without a network: for tests and fuzzers. The body is what the test gives, in pieces.
class FakeExchange final : public gateway::Exchange {
 public:
  explicit FakeExchange(std::string method, std::string target, gateway::Headers headers = {}) {
    request_.method = std::move(method);
    const auto question = target.find('?');
    request_.path = target.substr(0, question);
    if (question != std::string::npos) request_.query = target.substr(question + 1);
    request_.host = "hearth.localhost";
    request_.port = 8080;
    request_.headers = std::move(headers);
    request_.peer.address = "192.0.2.7";
  }

  FakeExchange& with_body(std::string body) {
    request_.content_length = body.size();
    pieces_.push_back(std::move(body));
    return *this;
  }
  FakeExchange& with_pieces(std::deque<std::string> pieces) {
    pieces_ = std::move(pieces);
    return *this;
  }
  // The connection breaks after the pieces.
  FakeExchange& breaking() {
    breaks_ = true;
    return *this;
  }

  const gateway::Request& request() const override { return request_; }
  Task<Result<std::string>> read() override {
    if (pieces_.empty()) {
      if (breaks_) co_return fail(Code::Cancelled, "The client has gone.");
      co_return std::string();
    }
    auto piece = std::move(pieces_.front());
    pieces_.pop_front();
    co_return piece;
  }
  Task<Result<>> respond(gateway::Response response) override {
    answer = std::move(response);
    answered = true;
    co_return Result<>();
  }
  Task<Result<>> respond_file(gateway::Response head, gateway::FileSlice file) override {
    answer = std::move(head);
    answered = true;
    CO_TRY(answer.body, read_at(file.descriptor(), file.offset(), file.length()));
    co_return Result<>();
  }
  Task<Result<>> begin(gateway::Response head) override {
    answer = std::move(head);
    answered = true;
    co_return Result<>();
  }
  Task<Result<>> write(std::string bytes) override {
    answer.body += bytes;
    co_return Result<>();
  }
  Task<Result<>> end() override {
    ended = true;
    co_return Result<>();
  }
  void set_endless() override {}
  Task<> disconnected() override { co_return; }
  Task<Result<std::unique_ptr<gateway::WebSocket>>> upgrade() override {
    co_return fail(Code::Unsupported, "No WebSocket here.");
  }

  std::string header(std::string_view name) const { return std::string(answer.headers.find(name).value_or("")); }

  gateway::Response answer;
  bool answered = false;
  bool ended = false;

 private:
  gateway::Request request_;
  std::deque<std::string> pieces_;
  bool breaks_ = false;
};

}  // namespace hearth::files
