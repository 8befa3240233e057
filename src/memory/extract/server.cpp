#include "memory/extract/server.h"

#include <malloc.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "memory/extract/formats.h"
#include "memory/extract/sandbox.h"
#include "memory/extract/sqlite_input.h"

namespace hearth::memory::extract {
namespace {

constexpr int kMostFailures = 1000;  // of one input: a file of a million broken lines is one that is broken

struct Received {
  Request request;
  FileInput input;
};

// The next request with its file; none when the other side is gone.
Result<std::optional<Received>> receive(int requests) {
  std::string packet(kLargestRequest, '\0');
  std::array<int, 1 + kMostBeside> files{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(files))> control{};
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
  const auto count = std::min((header->cmsg_len - CMSG_LEN(0)) / sizeof(int), files.size());
  if (count == 0) return fail(Code::InvalidInput, "A request came without its file.");
  std::memcpy(files.data(), CMSG_DATA(header), count * sizeof(int));
  FileInput input(files[0]);
  std::vector<std::shared_ptr<const Input>> beside;
  for (std::size_t i = 1; i < count; ++i) beside.push_back(std::make_shared<FileInput>(files[i]));
  const auto json = TRY(Json::parse(std::string_view(packet).substr(0, static_cast<std::size_t>(got))));
  auto request = TRY(from_json<Request>(json));
  for (std::size_t i = 0; i < std::min(beside.size(), request.beside.size()); ++i) input.put_beside(request.beside[i], beside[i]);
  return Received{std::move(request), std::move(input)};
}

// Collects frames and sends them together.
class Replies {
 public:
  explicit Replies(int descriptor) : descriptor_(descriptor) {}

  void add(const Reply& reply, std::string_view text = "", std::string_view original = "") {
    const auto head = to_json(reply).dump();
    add_size(head.size());
    add_size(text.size());
    add_size(original.size());
    buffer_ += head;
    buffer_ += text;
    buffer_ += original;
  }
  bool empty() const { return buffer_.empty(); }
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

// What a format reads becomes replies.
class Answer final : public Sink {
 public:
  Answer(const Request& request, const FormatReader& format, Replies& replies)
      : request_(request), format_(format), replies_(replies) {}

  Result<bool> begin(Extent at) override {
    at_ = at;
    told_ = true;
    if (std::find(request_.skip.begin(), request_.skip.end(), at.offset) != request_.skip.end()) return false;
    return begin(reply(Event::Begin));
  }

  Result<> item(ItemText item, Original original) override {
    auto made = reply(Event::Item);
    if (original.bytes && original.bytes->size() > kLargestOriginal) return failed("Its original is too large.");
    if (item.text.size() > kLargestText) return failed("Its text is too large.");
    made.original_start = original.extent.offset;
    made.original_length = original.bytes ? static_cast<std::int64_t>(original.bytes->size()) : original.extent.length;
    made.within = std::move(item.within);
    made.pictures_unread = item.pictures_unread;
    if (made.within.empty() && format_.many) made.within = item.item.key;
    made.item = std::move(item.item);
    if (!made.item->time) made.item->certainty = TimeCertainty::File;  // of what is not there nobody is sure
    replies_.add(made, item.text, original.bytes ? *original.bytes : "");
    return {};
  }

  // Whether anything was told of the input.
  bool told() const { return told_; }

  Result<> failed(std::string reason) override {
    if (needs_pages_) return needs_pages();  // whoever was reading passes on why it ended
    told_ = true;
    if (++failures_ > kMostFailures) return {};
    if (failures_ == kMostFailures) reason = translated("More of it cannot be read than is listed here.").english();
    auto made = reply(Event::Failed);
    made.within = begun_.within;
    made.reason = std::move(reason);
    replies_.add(made);
    return {};
  }

  Result<bool> begin_part(std::string_view path) override {
    auto begun = reply(Event::Begin);
    begun.within = path;
    return begin(std::move(begun));
  }

  Result<> more_time(int seconds) override {
    allow_processor_seconds(seconds);
    if (replies_.empty()) replies_.add(begun_);  // a sign of life
    return replies_.flush();
  }

  void within(std::string_view path) override {
    within_ = path;
    begun_.within = path;
  }

  Result<> foreign() override {
    replies_.add(reply(Event::Unknown));
    return {};
  }

  Result<> needs_pages() override {
    if (!needs_pages_) replies_.add(reply(Event::NeedsPages));
    needs_pages_ = true;
    return fail(Code::Unavailable, "It needs hearth-extract-pages.");
  }
  bool ended_for_pages() const { return needs_pages_; }

 private:
  Result<bool> begin(Reply begun) {
    begun_ = std::move(begun);
    allow_processor_seconds(request_.seconds);
    replies_.add(begun_);
    TRY(replies_.flush());  // together with the item before
    return true;
  }
  Reply reply(Event event) const {
    Reply made;
    made.event = event;
    made.offset = at_.offset;
    made.length = at_.length;
    made.many = format_.many;
    made.within = within_;
    return made;
  }

  const Request& request_;
  const FormatReader& format_;
  Replies& replies_;
  Extent at_;
  Reply begun_;
  std::string within_;
  bool told_ = false;
  bool needs_pages_ = false;
  int failures_ = 0;
};

// False when this process can answer no more.
Result<bool> answer(const Received& received, Replies& replies) {
  const auto& request = received.request;
  allow_processor_seconds(request.seconds);
  Reply done;
  const auto* format = find_format(request, received.input);
  if (format) {
    done.format = format->name;
    done.kind = format->kind;
    done.many = format->many;
  } else {
    Reply unknown;
    unknown.event = Event::Unknown;
    // A database of no kind that is read is passed over; one that cannot even be looked into may have been.
    if (const auto damage = request.recognise ? std::nullopt : damage_of_sqlite(received.input, request.name)) {
      unknown.event = Event::Failed;
      unknown.reason = *damage;
    }
    replies.add(unknown);
  }
  if (format && !request.recognise) {
    Answer answer(request, *format, replies);
    const auto read = format->read(request, received.input, answer);
    if (answer.ended_for_pages()) {
      TRY(replies.flush());
      return false;
    }
    if (!read) {
      answer.within("");
      TRY(answer.failed(read.error().message()));
    } else if (const auto damage = damage_of_sqlite(received.input, request.name)) {  // what there is was read
      answer.within("");
      TRY(answer.failed(*damage));
    }
    if (!answer.told() && format->many && request.offset == 0) TRY(answer.foreign());  // nothing in it is of its format
    done.offset = received.input.size();
  }
  replies.add(done);
  TRY(replies.flush());
  return true;
}

constexpr std::size_t kMostFree = 8 << 20;  // bytes

}  // namespace

Result<> serve(int requests, int replies_descriptor) {
  Replies replies(replies_descriptor);
  while (true) {
    const auto received = TRY(receive(requests));
    if (!received) return {};
    if (!TRY(answer(*received, replies))) return {};
    // What a large item left free goes back, so that the next large one does not come on top of it.
    if (::mallinfo2().fordblks > kMostFree) ::malloc_trim(0);
  }
}

}  // namespace hearth::memory::extract
