#include "files/watches.h"

#include <boost/asio/use_awaitable.hpp>
#include <sys/inotify.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>

#include "files/path.h"

namespace hearth::files {
namespace {

constexpr std::size_t kLongestQueue = 256;
constexpr std::uint32_t kWanted = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ATTRIB |
                                  IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

std::optional<ChangeKind> kind_of(std::uint32_t mask) {
  if (mask & (IN_CREATE | IN_MOVED_TO)) return ChangeKind::Created;
  if (mask & (IN_DELETE | IN_MOVED_FROM)) return ChangeKind::Removed;
  if (mask & (IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB)) return ChangeKind::Changed;
  return std::nullopt;
}

}  // namespace

struct Watches::Listener {
  Listener(Executor executor, std::string folder)
      : path(std::move(folder)), wake(std::move(executor), boost::asio::steady_timer::time_point::max()) {}

  void add(Change change) {
    // A file being written changes a thousand times: once is enough until it has been told.
    for (const auto& waiting : queue) {
      if (waiting.kind == change.kind && waiting.path == change.path && change.kind == ChangeKind::Changed) return;
    }
    if (queue.size() >= kLongestQueue) {
      queue.clear();
      change = {ChangeKind::Lost, path};
    }
    queue.push_back(std::move(change));
    wake.cancel();
  }
  void end() {
    ended = true;
    wake.cancel();
  }

  std::string path;
  boost::asio::steady_timer wake;
  std::deque<Change> queue;
  bool ended = false;
};

Watches::Watches(Executor executor) : executor_(executor), inotify_(executor), tasks_(executor) {}
Watches::~Watches() { stop(); }

void Watches::stop() {
  stopped_ = true;
  for (auto& [watch, listener] : listeners_) listener->end();
  boost::system::error_code ignored;
  inotify_.close(ignored);
}

Result<> Watches::start() {
  if (stopped_) return fail(Code::Cancelled, "The box is stopping.");
  if (inotify_.is_open()) return {};
  const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) return std::unexpected(Error::from_errno(errno, "Watching folders"));
  inotify_.assign(fd);
  tasks_.spawn("files: watches", read_events());
  return {};
}

Task<> Watches::read_events() {
  alignas(struct inotify_event) std::array<char, 16384> buffer;
  while (true) {
    boost::system::error_code error;
    const auto count = co_await inotify_.async_read_some(
        boost::asio::buffer(buffer), boost::asio::redirect_error(boost::asio::use_awaitable, error));
    if (error) break;
    for (std::size_t at = 0; at + sizeof(struct inotify_event) <= count;) {
      const auto* event = reinterpret_cast<const struct inotify_event*>(buffer.data() + at);
      deliver(event->wd, event->mask, event->len > 0 ? std::string_view(event->name) : std::string_view());
      at += sizeof(struct inotify_event) + event->len;
    }
  }
}

void Watches::deliver(int watch, std::uint32_t mask, std::string_view name) {
  if (mask & IN_Q_OVERFLOW) {
    for (auto& [any, listener] : listeners_) listener->add({ChangeKind::Lost, listener->path});
    return;
  }
  const auto [begin, end] = listeners_.equal_range(watch);
  for (auto at = begin; at != end; ++at) {
    auto& listener = *at->second;
    if (mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) {
      if (!listener.ended) listener.add({ChangeKind::Removed, listener.path});
      listener.end();
    } else if (const auto kind = kind_of(mask); kind && clean_name(name) == std::string(name)) {
      listener.add({*kind, path_join(listener.path, name)});
    }
  }
}

Task<Result<>> Watches::watch(Descriptor folder, std::string path, std::function<Task<Result<>>(Change)> emit) {
  CO_CHECK(start());
  // By its descriptor, so that no link or rename between resolving and watching leads elsewhere.
  const int watch = ::inotify_add_watch(inotify_.native_handle(), fmt::format("/proc/self/fd/{}", folder.get()).c_str(),
                                        kWanted);
  if (watch < 0) {
    if (errno == ENOSPC) {
      co_return fail(Code::TooMany, "Too many folders are being watched. Close some windows, or raise "
                                    "fs.inotify.max_user_watches.");
    }
    co_return std::unexpected(Error::from_errno(errno, "Watching the folder"));
  }
  auto listener = std::make_shared<Listener>(executor_, std::move(path));
  const auto place = listeners_.emplace(watch, listener);
  struct Leave {  // also when the coroutine is cancelled
    Watches& watches;
    std::multimap<int, std::shared_ptr<Listener>>::iterator place;
    ~Leave() {
      const int id = place->first;
      watches.listeners_.erase(place);
      if (!watches.listeners_.contains(id) && watches.inotify_.is_open()) {
        ::inotify_rm_watch(watches.inotify_.native_handle(), id);
      }
    }
  } leave{*this, place};
  while (true) {
    while (!listener->queue.empty()) {
      auto change = std::move(listener->queue.front());
      listener->queue.pop_front();
      CO_CHECK(co_await emit(std::move(change)));
    }
    if (listener->ended) co_return Result<>();
    boost::system::error_code woken;
    co_await listener->wake.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    // Cancelled as a whole, not only woken?
    if ((co_await boost::asio::this_coro::cancellation_state).cancelled() != boost::asio::cancellation_type::none) {
      co_return fail(Code::Cancelled, "Nobody listens any more.");
    }
  }
}

}  // namespace hearth::files
