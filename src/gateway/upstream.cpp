#include "gateway/upstream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/log.h"
#include "gateway/connection.h"

namespace hearth::gateway {
namespace {

constexpr std::size_t kKeptPerHost = 64;
constexpr std::uint32_t kKeptSeconds = 60;
constexpr std::uint32_t kConnectSeconds = 10;

// Whether a connected socket has come to this process at `own_socket`. The entrance's path may have become a link to it: there
// every caller is the machine's owner.
bool is_at_own_socket(int descriptor, std::string_view own_socket) {
  sockaddr_un there{};
  socklen_t size = sizeof(there);
  ucred who{};
  socklen_t who_size = sizeof(who);
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&there), &size) != 0) return true;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &who, &who_size) != 0) return true;
  return who.pid == ::getpid() && own_socket == there.sun_path;
}

}  // namespace

struct Upstream::Host {
  struct Kept {
    std::unique_ptr<Upstream> upstream;
    std::uint32_t since;
  };
  std::vector<Kept> kept;  // the one used last is at the end
};

Upstream::Upstream(UpstreamPool& pool) : input(pool.buffers()), pool_(pool) {}

Upstream::~Upstream() = default;

void Upstream::on_events(std::uint32_t events) {
  stream.note(events);
  if (client) return client->drive();
  // A kept connection has nothing to say: it has ended, or misbehaves.
  if (host_ && (stream.readable() || stream.peer_ended())) pool_.drop_idle(*this);
}

void Upstream::on_deadline() {
  if (client) {
    timed_out_ = true;
    return client->drive();
  }
  if (host_) pool_.drop_idle(*this);
}

Stream::Outcome Upstream::connected() {
  if (!connecting_) return Stream::Outcome::Moved;
  if (timed_out_) return Stream::Outcome::Failed;
  if (!stream.writable()) return Stream::Outcome::Blocked;
  int error = 0;
  socklen_t size = sizeof(error);
  ::getsockopt(stream.descriptor(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return Stream::Outcome::Failed;
  connecting_ = false;
  pool_.loop().clear_deadline(*this);
  return Stream::Outcome::Moved;
}

void Upstream::wait_at_most(std::uint32_t seconds) {
  timed_out_ = false;
  if (seconds == 0) return pool_.loop().clear_deadline(*this);
  pool_.loop().set_deadline(*this, seconds);
}

bool Upstream::flush() {
  if (output.empty() || !stream.writable()) return true;
  std::uint32_t ignored = 0;
  const auto outcome = output.flush(stream, pool_.scratch(), ignored);
  return outcome == Stream::Outcome::Moved || outcome == Stream::Outcome::Blocked;
}

bool Upstream::send(std::initializer_list<std::string_view> pieces) {
  if (!output.empty()) {
    output.push_rest(pieces, 0);
    return true;
  }
  std::size_t total = 0;
  std::array<iovec, 8> vector;
  std::size_t count = 0;
  for (const auto piece : pieces) {
    total += piece.size();
    if (!piece.empty()) vector[count++] = {const_cast<char*>(piece.data()), piece.size()};
  }
  if (count == 0) return true;
  const auto step = stream.write({vector.data(), count}, pool_.scratch());
  if (step.outcome == Stream::Outcome::Failed || step.outcome == Stream::Outcome::Ended) return false;
  if (step.bytes < total) output.push_rest(pieces, step.bytes);
  return true;
}

UpstreamPool::UpstreamPool(EventLoop& loop, BufferPool& buffers, std::span<char> scratch, std::string own_socket)
    : loop_(loop), buffers_(buffers), scratch_(scratch), own_socket_(std::move(own_socket)) {}

UpstreamPool::~UpstreamPool() = default;

std::unique_ptr<Upstream> UpstreamPool::take(std::string_view name, const SocketAddress& address, Age age) {
  auto found = hosts_.find(name);
  if (found == hosts_.end()) found = hosts_.emplace(std::string(name), std::make_unique<Upstream::Host>()).first;
  auto& kept = found->second->kept;
  if (age != Age::New && !kept.empty() && (age == Age::Any || loop_.now() - kept.back().since <= 1)) {
    auto upstream = std::move(kept.back().upstream);
    kept.pop_back();
    loop_.clear_deadline(*upstream);
    return upstream;
  }
  auto upstream = std::make_unique<Upstream>(*this);
  upstream->host_ = found->second.get();
  const int descriptor = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return nullptr;
  upstream->stream.adopt(descriptor);
  if (address.family() != AF_UNIX) {
    const auto set = [&](int level, int name, int value) { ::setsockopt(descriptor, level, name, &value, sizeof(value)); };
    set(IPPROTO_TCP, TCP_NODELAY, 1);
    // A stream has no time limit: this finds the app that has died. No TCP_USER_TIMEOUT, which also ends those that pause.
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 60);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 15);
    set(IPPROTO_TCP, TCP_KEEPCNT, 4);
  }
  if (::connect(descriptor, address.get(), address.size()) != 0 && errno != EINPROGRESS) return nullptr;
  if (address.family() == AF_UNIX && is_at_own_socket(descriptor, own_socket_)) {
    log::warning("the entrance to {} leads to the box's own socket: it is not followed", name);
    return nullptr;
  }
  if (!loop_.watch(descriptor, *upstream, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)) return nullptr;
  loop_.set_deadline(*upstream, kConnectSeconds);
  return upstream;
}

void UpstreamPool::keep(std::unique_ptr<Upstream> upstream) {
  upstream->client = nullptr;
  upstream->reused = true;
  upstream->input.release();
  auto& kept = upstream->host_->kept;
  if (upstream->stream.peer_ended() || kept.size() >= kKeptPerHost) return discard(std::move(upstream));
  loop_.set_deadline(*upstream, kKeptSeconds);
  kept.push_back({std::move(upstream), loop_.now()});
}

void UpstreamPool::discard(std::unique_ptr<Upstream> upstream) {
  upstream->client = nullptr;
  upstream->host_ = nullptr;
  loop_.forget(upstream->stream.descriptor());
  upstream->stream.close();
  loop_.destroy_later(std::move(upstream));
}

void UpstreamPool::drop_idle(Upstream& upstream) {
  auto& kept = upstream.host_->kept;
  const auto found = std::ranges::find_if(kept, [&](const auto& each) { return each.upstream.get() == &upstream; });
  if (found == kept.end()) return;
  auto taken = std::move(found->upstream);
  kept.erase(found);
  discard(std::move(taken));
}

}  // namespace hearth::gateway
