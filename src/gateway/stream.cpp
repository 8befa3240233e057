#include "gateway/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hearth::gateway {

void Stream::note(std::uint32_t events) {
  if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) readable_ = true;
  if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) writable_ = true;
  if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) peer_ended_ = true;
}

void Stream::secure_with(ssl_st* ssl) {
  ssl_ = ssl;
  SSL_set_fd(ssl_, descriptor_);
  SSL_set_accept_state(ssl_);
}

Stream::Step Stream::tls_outcome(int result) {
  const int error = SSL_get_error(ssl_, result);
  switch (error) {
    case SSL_ERROR_WANT_READ:
      readable_ = false;
      return {Outcome::Blocked};
    case SSL_ERROR_WANT_WRITE:
      writable_ = false;
      return {Outcome::Blocked};
    case SSL_ERROR_ZERO_RETURN:
      return {Outcome::Ended};
    default:
      spoke_plainly_ = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
      ERR_clear_error();
      return {Outcome::Failed};
  }
}

void Stream::go_on_plainly() {
  SSL_free(ssl_);
  ssl_ = nullptr;
}

Stream::Outcome Stream::shake_hands() {
  const int result = SSL_do_handshake(ssl_);
  return result == 1 ? Outcome::Moved : tls_outcome(result).outcome;
}

Stream::Step Stream::read(std::span<char> room) {
  if (ssl_) {
    const int result = SSL_read(ssl_, room.data(), static_cast<int>(room.size()));
    if (result > 0) return {Outcome::Moved, static_cast<std::size_t>(result)};
    return tls_outcome(result);
  }
  for (;;) {
    const auto result = ::recv(descriptor_, room.data(), room.size(), 0);
    if (result > 0) {
      // A short read has emptied the socket: the next edge tells of more, unless the end was announced already.
      if (static_cast<std::size_t>(result) < room.size() && !peer_ended_) readable_ = false;
      return {Outcome::Moved, static_cast<std::size_t>(result)};
    }
    if (result == 0) return {Outcome::Ended};
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return {Outcome::Failed};
    readable_ = false;
    return {Outcome::Blocked};
  }
}

Stream::Step Stream::write(std::span<const iovec> pieces, std::span<char> scratch, More more) {
  if (ssl_) {
    const void* data = pieces[0].iov_base;
    std::size_t size = pieces[0].iov_len;
    if (pieces.size() > 1 && size < scratch.size()) {
      size = 0;
      for (const auto& piece : pieces) {
        const auto count = std::min(piece.iov_len, scratch.size() - size);
        std::memcpy(scratch.data() + size, piece.iov_base, count);
        size += count;
        if (size == scratch.size()) break;
      }
      data = scratch.data();
    }
    const int result = SSL_write(ssl_, data, static_cast<int>(std::min<std::size_t>(size, 1 << 20)));
    if (result > 0) return {Outcome::Moved, static_cast<std::size_t>(result)};
    return tls_outcome(result);
  }
  const int flags = MSG_NOSIGNAL | (more == More::Follows ? MSG_MORE : 0);
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces.data());
  message.msg_iovlen = pieces.size();
  for (;;) {
    const auto result = pieces.size() == 1
                            ? ::send(descriptor_, pieces[0].iov_base, pieces[0].iov_len, flags)
                            : ::sendmsg(descriptor_, &message, flags);
    if (result >= 0) return {Outcome::Moved, static_cast<std::size_t>(result)};
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return {Outcome::Failed};
    writable_ = false;
    return {Outcome::Blocked};
  }
}

Stream::Step Stream::send_file(int file, std::uint64_t offset, std::uint64_t length, std::span<char> scratch) {
  if (!ssl_) {
    auto position = static_cast<off_t>(offset);
    for (;;) {
      const auto result = ::sendfile(descriptor_, file, &position, std::min<std::uint64_t>(length, 2 << 20));
      if (result > 0) return {Outcome::Moved, static_cast<std::size_t>(result)};
      if (result == 0) return {Outcome::Failed};  // the file has become shorter than was promised
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return {Outcome::Failed};
      writable_ = false;
      return {Outcome::Blocked};
    }
  }
  const auto count = ::pread(file, scratch.data(), std::min<std::uint64_t>(length, scratch.size()),
                             static_cast<off_t>(offset));
  if (count <= 0) return {Outcome::Failed};
  const iovec piece{scratch.data(), static_cast<std::size_t>(count)};
  return write({&piece, 1}, scratch);
}

void Stream::end_writing() {
  if (ssl_) {
    SSL_shutdown(ssl_);
    ERR_clear_error();
  }
  ::shutdown(descriptor_, SHUT_WR);
}

void Stream::close() {
  if (ssl_) {
    SSL_free(ssl_);
    ssl_ = nullptr;
  }
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace hearth::gateway
