#include "memory/extractor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/bytes.h"

namespace hearth::memory {
namespace {

constexpr int kPipeSize = 1 << 20;
constexpr std::size_t kRead = 256 << 10;

bool is_sound(const Extractor::Answer& answer) {
  const auto& reply = answer.reply;
  if (reply.offset < 0 || reply.length < 0 || reply.original_start < 0 || reply.original_length < 0) return false;
  if (reply.event != extract::Event::Item) return true;
  if (!reply.item || !is_utf8(answer.text)) return false;
  if (answer.original && static_cast<std::int64_t>(answer.original->size()) != reply.original_length) return false;
  const auto is_key = [](const std::string& text) {
    const auto key = from_hex(text);
    return key && key->size() == 16;
  };
  if (!is_key(reply.item->key) || (!reply.item->part_of.empty() && !is_key(reply.item->part_of))) return false;
  if (reply.item->zone && (*reply.item->zone < -24 * 60 || *reply.item->zone > 24 * 60)) return false;
  std::int64_t last = -1;
  for (const auto start : reply.item->passages) {
    if (start <= last || (last < 0 && start != 0) || start >= static_cast<std::int64_t>(answer.text.size())) return false;
    if ((static_cast<unsigned char>(answer.text[static_cast<std::size_t>(start)]) & 0xC0) == 0x80) return false;
    last = start;
  }
  return true;
}

}  // namespace

Result<Extractor> Extractor::start(const std::filesystem::path& program) {
  std::array<int, 2> socket{};
  std::array<int, 2> pipe{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, socket.data()) != 0) {
    return std::unexpected(Error::from_errno(errno, "making a socket for hearth-extract"));
  }
  Descriptor requests(socket[0]);
  const Descriptor their_requests(socket[1]);
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return std::unexpected(Error::from_errno(errno, "making a pipe for hearth-extract"));
  Descriptor replies(pipe[0]);
  const Descriptor their_replies(pipe[1]);
  (void)::fcntl(replies.get(), F_SETPIPE_SZ, kPipeSize);  // fewer switches between the two
  auto process = TRY(Process::start({program,
                                     {},
                                     // It may start no threads; GLib's own pieces of memory would never go back.
                                     {"LC_ALL=C.UTF-8", "OMP_THREAD_LIMIT=1", "G_SLICE=always-malloc"},
                                     {{extract::kRequestDescriptor, their_requests.get()},
                                      {extract::kReplyDescriptor, their_replies.get()}}}));
  return Extractor(std::move(process), std::move(requests), std::move(replies));
}

Result<> Extractor::send(const extract::Request& request, int file, std::span<const int> beside) {
  auto packet = to_json(request).dump();
  std::array<int, 1 + extract::kMostBeside> files{file};
  const auto count = 1 + std::min(beside.size(), extract::kMostBeside);
  std::copy_n(beside.begin(), count - 1, files.begin() + 1);
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(files))> control{};
  iovec part{packet.data(), packet.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = CMSG_SPACE(count * sizeof(int));
  auto* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(count * sizeof(int));
  std::memcpy(CMSG_DATA(header), files.data(), count * sizeof(int));
  while (::sendmsg(requests_.get(), &message, MSG_NOSIGNAL) < 0) {
    if (errno == EINTR) continue;
    return fail(Code::Unavailable, "The parser process has ended.");
  }
  return {};
}

bool Extractor::fill(std::size_t count, Duration patience) {
  if (at_ > 0 && buffer_.size() - at_ < count) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  const auto until = std::chrono::steady_clock::now() + patience;
  while (buffer_.size() - at_ < count) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd waiting{replies_.get(), POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) {
      trouble_ = translated("Reading it took too long.");
      process_.signal(SIGKILL);
      return false;
    }
    const auto filled = buffer_.size();
    buffer_.resize(filled + kRead);
    const auto got = ::read(replies_.get(), buffer_.data() + filled, kRead);
    buffer_.resize(filled + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const auto status = process_.wait();
      trouble_ = status.signal == SIGPROF ? translated("Reading it took too long.") : translated("The parser {}.", status.describe());
      return false;
    }
  }
  return true;
}

std::optional<Extractor::Answer> Extractor::give_up(fmt::format_string<> trouble) {
  trouble_ = translated(trouble);
  process_.signal(SIGKILL);
  return std::nullopt;
}

std::optional<Extractor::Answer> Extractor::receive(Duration patience) {
  if (!fill(12, patience)) return std::nullopt;
  const auto size_at = [&](std::size_t at) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size |= static_cast<std::size_t>(static_cast<unsigned char>(buffer_[at_ + at + i])) << (8 * i);
    return size;
  };
  const auto head_size = size_at(0);
  const auto text_size = size_at(4);
  const auto original_size = size_at(8);
  if (head_size > extract::kLargestHead || text_size > extract::kLargestText || original_size > extract::kLargestOriginal) return give_up("The parser answered too much.");
  const auto size = 12 + head_size + text_size + original_size;
  if (!fill(size, patience)) return std::nullopt;
  const auto frame = std::string_view(buffer_).substr(at_ + 12);
  const auto json = Json::parse(frame.substr(0, head_size));
  if (!json) return give_up("The parser answered nonsense.");
  auto reply = from_json<extract::Reply>(*json);
  if (!reply) return give_up("The parser answered nonsense.");
  Answer answer{*std::move(reply), std::string(frame.substr(head_size, text_size)), {}};
  if (original_size > 0) answer.original = frame.substr(head_size + text_size, original_size);
  at_ += size;
  if (!is_sound(answer)) return give_up("The parser answered nonsense.");
  return answer;
}

}  // namespace hearth::memory
