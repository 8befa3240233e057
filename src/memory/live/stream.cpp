#include "memory/live/stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cstring>

namespace hearth::memory::live {
namespace {

constexpr std::size_t kRead = 64 << 10;

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

bool is_loopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    return ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr) >> 24 == 127;
  }
  return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
}

std::string tls_reason() {
  const auto error = ::ERR_get_error();
  const char* reason = error != 0 ? ::ERR_reason_error_string(error) : nullptr;
  ::ERR_clear_error();
  return reason ? reason : "the connection was closed";
}

Result<> trust(SSL_CTX* context, const std::string& authority) {
  if (::SSL_CTX_set_default_verify_paths(context) != 1) return fail(Code::Unavailable, "The system's certificates cannot be read.");
  if (authority.empty()) return {};
  const std::unique_ptr<BIO, FreeWith<::BIO_free>> bytes(::BIO_new_mem_buf(authority.data(), static_cast<int>(authority.size())));
  int count = 0;
  while (true) {
    const std::unique_ptr<X509, FreeWith<::X509_free>> certificate(::PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr));
    if (!certificate) break;
    ::X509_STORE_add_cert(::SSL_CTX_get_cert_store(context), certificate.get());
    ++count;
  }
  ::ERR_clear_error();
  if (count == 0) return fail(Code::InvalidInput, "The authority is no certificate in PEM form.");
  return {};
}

}  // namespace

struct Stream::Tls {
  std::unique_ptr<SSL_CTX, FreeWith<::SSL_CTX_free>> context;
  std::unique_ptr<SSL, FreeWith<::SSL_free>> connection;
};

bool names_this_machine(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  in_addr address{};
  return ::inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

Stream::Stream(Options options, const Stop& stop, Descriptor socket)
    : options_(std::move(options)), stop_(stop), socket_(std::move(socket)) {}
Stream::~Stream() = default;

Result<std::unique_ptr<Stream>> Stream::open(Options options, const Stop& stop) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
  if (names_this_machine(options.host)) hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &hints, &found); error != 0) {
    return fail(Code::Unavailable, "{} was not found: {}.", options.host, ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, FreeWith<::freeaddrinfo>> addresses(found);
  std::string reason = "it has no address";
  for (const auto* one = found; one; one = one->ai_next) {
    if (options.reach == Reach::ThisMachine && !is_loopback(one->ai_addr)) {
      return fail(Code::Forbidden, "{} is not this machine: use tls.", options.host);
    }
    Descriptor socket(::socket(one->ai_family, one->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, one->ai_protocol));
    if (!socket) continue;
    if (::connect(socket.get(), one->ai_addr, one->ai_addrlen) != 0 && errno != EINPROGRESS) {
      reason = ::strerror(errno);
      continue;
    }
    const auto woken = stop.wait(socket.get(), POLLOUT, options.patience);
    if (woken == Stop::Woken::Stop) return fail(Code::Cancelled, "Connecting was stopped.");
    int error = ETIMEDOUT;
    socklen_t size = sizeof(error);
    if (woken == Stop::Woken::Ready) ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
      reason = ::strerror(error);
      continue;
    }
    const int yes = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    ::setsockopt(socket.get(), SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes));  // a line that is quiet for long may be dead
    return std::unique_ptr<Stream>(new Stream(std::move(options), stop, std::move(socket)));
  }
  return fail(Code::Unavailable, "{} does not answer at port {}: {}.", options.host, options.port, reason);
}

Result<> Stream::wait(short events) {
  switch (stop_.wait(socket_.get(), events, options_.patience)) {
    case Stop::Woken::Ready: return {};
    case Stop::Woken::Stop: return fail(Code::Cancelled, "The connection was stopped.");
    case Stop::Woken::Time: break;
  }
  return fail(Code::Unavailable, "{} said nothing for {} seconds.", options_.host,
              std::chrono::duration_cast<std::chrono::seconds>(options_.patience).count());
}

Result<> Stream::start_tls() {
  buffer_.clear();  // an attacker may have put words into the server's mouth before
  at_ = 0;
  auto tls = std::make_unique<Tls>();
  tls->context.reset(::SSL_CTX_new(::TLS_client_method()));
  if (!tls->context) return fail(Code::Internal, "TLS cannot be used: {}.", tls_reason());
  ::SSL_CTX_set_min_proto_version(tls->context.get(), TLS1_2_VERSION);
  ::SSL_CTX_set_verify(tls->context.get(), SSL_VERIFY_PEER, nullptr);
  TRY(trust(tls->context.get(), options_.authority));
  tls->connection.reset(::SSL_new(tls->context.get()));
  auto* connection = tls->connection.get();
  auto* parameters = ::SSL_get0_param(connection);
  if (::X509_VERIFY_PARAM_set1_ip_asc(parameters, options_.host.c_str()) != 1) {
    ::X509_VERIFY_PARAM_set1_host(parameters, options_.host.c_str(), options_.host.size());
    SSL_set_tlsext_host_name(connection, options_.host.c_str());
  }
  ::ERR_clear_error();
  ::SSL_set_fd(connection, socket_.get());
  while (true) {
    const int done = ::SSL_connect(connection);
    if (done == 1) break;
    const int error = ::SSL_get_error(connection, done);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
      TRY(wait(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT));
      continue;
    }
    if (const auto verdict = ::SSL_get_verify_result(connection); verdict != X509_V_OK) {
      ::ERR_clear_error();
      return fail(Code::Unavailable, "{} shows a certificate that is not trusted: {}.", options_.host, ::X509_verify_cert_error_string(verdict));
    }
    return fail(Code::Unavailable, "{} does not speak TLS at port {}: {}.", options_.host, options_.port, tls_reason());
  }
  tls_ = std::move(tls);
  return {};
}

Result<> Stream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!tls_) {
      const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      if (sent >= 0 || errno == EINTR) continue;
      if (errno != EAGAIN) return fail(Code::Unavailable, "{} closed the connection.", options_.host);
      TRY(wait(POLLOUT));
      continue;
    }
    const int sent = ::SSL_write(tls_->connection.get(), bytes.data(), static_cast<int>(std::min(bytes.size(), kRead)));
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    const int error = ::SSL_get_error(tls_->connection.get(), sent);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
      ::ERR_clear_error();
      return fail(Code::Unavailable, "{} closed the connection.", options_.host);
    }
    TRY(wait(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT));
  }
  return {};
}

Result<> Stream::fill() {
  if (at_ > 0) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  const auto filled = buffer_.size();
  while (true) {
    buffer_.resize(filled + kRead);
    short events = POLLIN;
    ssize_t got = 0;
    bool again = false;
    if (tls_) {
      got = ::SSL_read(tls_->connection.get(), buffer_.data() + filled, static_cast<int>(kRead));
      if (got <= 0) {
        const int error = ::SSL_get_error(tls_->connection.get(), static_cast<int>(got));
        again = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
        if (error == SSL_ERROR_WANT_WRITE) events = POLLOUT;
        ::ERR_clear_error();
      }
    } else {
      got = ::recv(socket_.get(), buffer_.data() + filled, kRead, 0);
      again = got < 0 && (errno == EAGAIN || errno == EINTR);
    }
    buffer_.resize(filled + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got > 0) return {};
    if (!again) return fail(Code::Unavailable, "{} closed the connection.", options_.host);
    TRY(wait(events));
  }
}

Result<std::string> Stream::read_line(std::size_t most) {
  std::size_t searched = 0;
  while (true) {
    const auto end = buffer_.find('\n', at_ + searched);
    if (end != buffer_.npos) {
      auto line = buffer_.substr(at_, end - at_);
      at_ = end + 1;
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    searched = buffer_.size() - at_;
    if (searched > most) return fail(Code::TooLarge, "{} sent a line that does not end.", options_.host);
    TRY(fill());
  }
}

Result<> Stream::read_bytes(std::size_t count, std::string& into) {
  while (count > 0) {
    if (at_ == buffer_.size()) TRY(fill());
    const auto piece = std::min(count, buffer_.size() - at_);
    into.append(buffer_, at_, piece);
    at_ += piece;
    count -= piece;
  }
  return {};
}

Result<bool> Stream::readable(Duration time) {
  if (at_ < buffer_.size() || (tls_ && ::SSL_pending(tls_->connection.get()) > 0)) return true;
  switch (stop_.wait(socket_.get(), POLLIN, time)) {
    case Stop::Woken::Ready: return true;
    case Stop::Woken::Time: return false;
    case Stop::Woken::Stop: break;
  }
  return fail(Code::Cancelled, "The connection was stopped.");
}

}  // namespace hearth::memory::live
