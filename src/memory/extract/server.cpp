#include "memory/extract/server.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "memory/extract/document.h"
#include "memory/extract/mail.h"
#include "memory/extract/mbox.h"
#include "memory/extract/sandbox.h"

namespace hearth::memory::extract {
namespace {

// The open file of a request.
class Input {
 public:
  explicit Input(int descriptor) : descriptor_(descriptor) {}
  Input(Input&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Input& operator=(Input&&) = delete;
  ~Input() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int descriptor() const { return descriptor_; }

  // All of it; TooLarge beyond kLargestItem.
  Result<std::string> read_all() const {
    std::string bytes;
    constexpr std::size_t kPiece = 256 << 10;
    while (true) {
      const auto filled = bytes.size();
      if (filled > kLargestItem) return fail(Code::TooLarge, "Larger than {} MB.", kLargestItem >> 20);
      bytes.resize(filled + kPiece);
      const auto got = ::pread(descriptor_, bytes.data() + filled, kPiece, static_cast<off_t>(filled));
      bytes.resize(filled + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      if (got < 0 && errno != EINTR) return std::unexpected(Error::from_errno(errno, "reading the file"));
      if (got == 0) return bytes;
    }
  }

 private:
  int descriptor_;
};

struct Received {
  Request request;
  Input input;
};

// The next request with its file; none when the other side is gone.
Result<std::optional<Received>> receive(int requests) {
  std::string packet(kLargestRequest, '\0');
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  iovec part{packet.data(), packet.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t got = 0;
  do {
    got = ::recvmsg(requests, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return std::unexpected(Error::from_errno(errno, "waiting for work"));
  if (got == 0) return std::nullopt;
  const auto* header = CMSG_FIRSTHDR(&message);
  if (!header || header->cmsg_type != SCM_RIGHTS) return fail(Code::InvalidInput, "A request came without its file.");
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(header), sizeof(descriptor));
  Input input(descriptor);
  const auto json = TRY(Json::parse(std::string_view(packet).substr(0, static_cast<std::size_t>(got))));
  return Received{TRY(from_json<Request>(json)), std::move(input)};
}

// Collects frames and sends them together.
class Replies {
 public:
  explicit Replies(int descriptor) : descriptor_(descriptor) {}

  void add(const Reply& reply, std::string_view text = "") {
    const auto head = to_json(reply).dump();
    add_size(head.size());
    add_size(text.size());
    buffer_ += head;
    buffer_ += text;
  }
  Result<> flush() {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
      const auto sent = ::write(descriptor_, rest.data(), rest.size());
      if (sent < 0 && errno != EINTR) return std::unexpected(Error::from_errno(errno, "answering"));
      rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
    }
    buffer_.clear();
    return {};
  }

 private:
  void add_size(std::size_t size) {
    for (int shift = 0; shift < 32; shift += 8) buffer_ += static_cast<char>(size >> shift & 0xFF);
  }
  int descriptor_;
  std::string buffer_;
};

Result<> answer_mbox(const Received& received, Replies& replies) {
  MboxReader reader(received.input.descriptor(), received.request.offset, kLargestItem);
  while (true) {
    allow_processor_seconds(received.request.seconds);
    auto message = reader.next();
    if (!message) {
      replies.add({.event = Event::Failed, .offset = reader.offset(), .reason = message.error().message(), .item = {}});
      break;
    }
    if (!*message) break;
    Reply reply{.offset = (*message)->offset,
                .length = (*message)->length,
                .original_start = (*message)->body_start,
                .original_length = (*message)->body_length,
                .reason = {},
                .item = {}};
    if ((*message)->too_large) {
      reply.event = Event::Failed;
      reply.reason = fmt::format("Larger than {} MB.", kLargestItem >> 20);
      replies.add(reply);
      continue;
    }
    reply.event = Event::Begin;
    replies.add(reply);
    TRY(replies.flush());  // together with the item before
    auto read = read_mail(unquote_from((*message)->bytes));
    reply.event = Event::Item;
    reply.item = std::move(read.item);
    replies.add(reply, read.text);
  }
  replies.add({.event = Event::Done, .offset = reader.offset(), .reason = {}, .item = {}});
  return replies.flush();
}

Result<> answer_file(const Received& received, Replies& replies) {
  allow_processor_seconds(received.request.seconds);
  replies.add({.event = Event::Begin, .reason = {}, .item = {}});
  TRY(replies.flush());
  const auto bytes = received.input.read_all();
  Reply reply{.event = Event::Item, .reason = {}, .item = {}};
  if (bytes) {
    auto read = received.request.format == Format::Message
                    ? read_mail(*bytes)
                    : read_document(received.request.format, *bytes, received.request.name, received.request.modified);
    reply.length = reply.original_length = static_cast<std::int64_t>(bytes->size());
    reply.item = std::move(read.item);
    replies.add(reply, read.text);
  } else {
    reply.event = Event::Failed;
    reply.reason = bytes.error().message();
    replies.add(reply);
  }
  replies.add({.event = Event::Done, .offset = reply.length, .reason = {}, .item = {}});
  return replies.flush();
}

}  // namespace

Result<> serve(int requests, int replies_descriptor) {
  Replies replies(replies_descriptor);
  while (true) {
    const auto received = TRY(receive(requests));
    if (!received) return {};
    TRY(received->request.format == Format::Mbox ? answer_mbox(*received, replies) : answer_file(*received, replies));
  }
}

}  // namespace hearth::memory::extract
