#pragma once
#include <arpa/inet.h>
#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <string_view>
#include <thread>

#include "base/bytes.h"
#include "gateway/gateway.h"

// For tests of the whole gateway: a home thread, and a client that speaks in raw bytes.
namespace hearth::gateway::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gateway_test.XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }
  void write(std::string_view name, std::string_view text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }

 private:
  std::filesystem::path path_;
};

// An event loop on a thread of its own.
class HomeThread {
 public:
  HomeThread() : work_(boost::asio::make_work_guard(context_)), thread_([this] { context_.run(); }) {}
  ~HomeThread() {
    work_.reset();
    context_.stop();
    thread_.join();
  }
  Executor executor() { return context_.get_executor(); }
  // Runs `work` there and waits for it.
  template <typename F>
  auto run(F work) {
    std::packaged_task<std::invoke_result_t<F>()> task(std::move(work));
    auto result = task.get_future();
    boost::asio::post(context_, [&task] { task(); });
    return result.get();
  }
  void run_task(Task<> task) {
    std::promise<void> done;
    boost::asio::co_spawn(context_, std::move(task), [&](std::exception_ptr) { done.set_value(); });
    done.get_future().get();
  }

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

// A blocking client socket; reads give up after ten seconds.
class Client {
 public:
  explicit Client(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    limit_waits();
  }
  struct Adopt {};
  Client(Adopt, int descriptor) : descriptor_(descriptor) { limit_waits(); }
  Client(Client&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), rest_(std::move(other.rest_)) {}
  ~Client() { close(); }

  int descriptor() const { return descriptor_; }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void end_writing() { ::shutdown(descriptor_, SHUT_WR); }

  // Until the peer closes, or ten quiet seconds have gone.
  std::string read_to_end() {
    while (fill()) {
    }
    return std::exchange(rest_, {});
  }
  std::string read_exactly(std::size_t count) {
    while (rest_.size() < count && fill()) {
    }
    auto result = rest_.substr(0, count);
    rest_.erase(0, result.size());
    return result;
  }
  std::string read_until(std::string_view mark) {
    while (rest_.find(mark) == std::string::npos && fill()) {
    }
    const auto found = rest_.find(mark);
    const auto count = found == std::string::npos ? rest_.size() : found + mark.size();
    auto result = rest_.substr(0, count);
    rest_.erase(0, count);
    return result;
  }

  struct Answer {
    int status = 0;
    std::string head;
    std::string body;
    std::string field(std::string_view name) const {
      const auto at = head.find(fmt::format("\r\n{}: ", name));
      if (at == std::string::npos) return {};
      const auto start = at + name.size() + 4;
      return head.substr(start, head.find("\r\n", start) - start);
    }
  };
  // The next response; `with_body` false after HEAD. Chunked bodies are decoded.
  enum class Body { Present, None };
  Answer read_answer(Body body = Body::Present) {
    Answer answer;
    answer.head = read_until("\r\n\r\n");
    if (answer.head.size() < 12) return answer;
    answer.status = std::atoi(answer.head.c_str() + 9);
    if (body == Body::None || answer.status == 304 || answer.status == 204 || answer.status < 200) return answer;
    read_body(answer);
    return answer;
  }
  // As a server: the next request.
  Answer read_request() {
    Answer request;
    request.head = read_until("\r\n\r\n");
    if (!request.field("Content-Length").empty() || !request.field("Transfer-Encoding").empty()) read_body(request);
    return request;
  }

 private:
  void read_body(Answer& answer) {
    if (const auto length = answer.field("Content-Length"); !length.empty()) {
      answer.body = read_exactly(std::stoull(length));
    } else if (answer.field("Transfer-Encoding") == "chunked") {
      for (;;) {
        const auto size = std::stoull(read_until("\r\n"), nullptr, 16);
        if (size == 0) break;
        answer.body += read_exactly(size);
        read_exactly(2);
      }
      read_until("\r\n");
    } else {
      answer.body = read_to_end();
    }
  }

 public:
  Answer ask(std::string_view request) {
    send(request);
    return read_answer(request.starts_with("HEAD") ? Body::None : Body::Present);
  }
  Answer get(std::string_view path, std::string_view host = "localhost", std::string_view fields = "") {
    return ask(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", path, host, fields));
  }

 private:
  void limit_waits() {
    const timeval limit{10, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  }
  bool fill() {
    char buffer[65536];
    const auto count = ::recv(descriptor_, buffer, sizeof(buffer), 0);
    if (count <= 0) return false;
    rest_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  int descriptor_;
  std::string rest_;
};

}  // namespace hearth::gateway::test
