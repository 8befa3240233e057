#include <algorithm>
#include <deque>

#include "base/bytes.h"
#include "memory/live.h"
#include "memory/live/imap.h"
#include "memory/memory_file.h"

namespace hearth::memory {
namespace {

using live::ImapClient;
using live::Stop;
using live::UidSet;

constexpr std::size_t kAtOnce = 200;                      // messages between two notes of how far reading came
constexpr std::uint64_t kBytesAtOnce = 32 << 20;          // of them
constexpr std::size_t kLargestMessage = 128 << 20;
constexpr int kTries = 3;                                 // of a message over which the server breaks off
constexpr Duration kLongestIdle = std::chrono::minutes(28);  // servers may hang up after 30 (RFC 2177)

// How far a folder was read. Numbers are good for one validity alone; what a message is told by is its bytes.
struct FolderState {
  std::uint32_t validity = 0;
  std::string seen;    // a UidSet
  std::string status;  // as the folder was then
};
HEARTH_DESCRIBE(FolderState, (validity, ""), (seen, ""), (status, ""))
struct State {
  std::map<std::string, FolderState> folders;
};
HEARTH_DESCRIBE(State, (folders, ""))

State read_state(const std::string& text) {
  const auto json = Json::parse(text);
  auto state = json ? from_json<State>(*json) : Result<State>(State{});
  return state ? *std::move(state) : State{};
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

class Mailbox final : public Connector {
 public:
  Mailbox(LiveSettings settings, std::string password, const std::string& state)
      : settings_(std::move(settings)), password_(std::move(password)), state_(read_state(state)) {}

  Result<std::unique_ptr<Supply>> more() override;
  Reached reached() override;
  Result<> wait() override;
  void stop() override { stop_.set(); }

 private:
  class Messages;

  Result<std::unique_ptr<Supply>> find_more();
  void leave_out(std::uint32_t uid, std::string reason);  // of the open folder
  void keep_seen();
  Result<> connect();
  bool is_wanted(const ImapClient::Folder& folder) const;
  // Opens the next folder that may hold something new and finds what; false when there is none.
  Result<bool> open_next();
  Result<> look_at_all();

  LiveSettings settings_;
  std::string password_;
  State state_;
  Stop stop_;
  std::unique_ptr<ImapClient> client_;
  std::vector<ImapClient::Folder> folders_;
  std::deque<std::size_t> to_visit_;       // of folders_
  std::optional<std::size_t> open_;        // of folders_
  std::string open_status_;
  UidSet seen_;                            // of the open folder
  std::vector<std::uint32_t> fresh_;       // of the open folder, the newest at the end
  std::vector<std::uint32_t> asked_;       // by the last supply
  std::vector<std::uint32_t> taken_;       // of them, what came
  std::vector<Failure> failures_;
  std::map<std::pair<std::string, std::uint32_t>, int> tries_;
  std::size_t careful_ = 0;                // so many messages are asked for one by one
  std::optional<Error> broken_;            // why the last supply ended early
};

// The messages of one fetch. When the connection breaks, it ends; the mailbox then says why.
class Mailbox::Messages final : public Supply {
 public:
  Messages(Mailbox& mailbox, std::string path) : mailbox_(mailbox), path_(std::move(path)) {}

  std::optional<SourceFile> next() override {
    if (mailbox_.broken_) return std::nullopt;
    auto message = mailbox_.client_->next_message();
    if (!message) {
      mailbox_.broken_ = message.error();
      return std::nullopt;
    }
    if (!*message) return std::nullopt;
    const auto& bytes = (*message)->bytes;
    auto file = memory_file(bytes);
    if (!file) {
      mailbox_.broken_ = file.error();
      return std::nullopt;
    }
    mailbox_.taken_.push_back((*message)->uid);
    // The place is made of the contents: whatever number a server gives it today, it is the same message.
    const auto digest = to_hex(sha256(bytes)).substr(0, 32);
    return SourceFile{path_ + "/" + digest, digest + ".eml", extract::Format::Message, static_cast<std::int64_t>(bytes.size()), Time(), *std::move(file)};
  }
  std::int64_t unreadable() const override { return 0; }

 private:
  Mailbox& mailbox_;
  std::string path_;
};

Result<> Mailbox::connect() {
  ImapClient::Options options;
  const auto protection = settings_.security == Security::Tls        ? ImapClient::Protection::Tls
                          : settings_.security == Security::StartTls ? ImapClient::Protection::StartTls
                                                                     : ImapClient::Protection::None;
  options.protection = protection;
  options.server.host = settings_.server;
  options.server.port = settings_.port.value_or(protection == ImapClient::Protection::Tls ? 993 : 143);
  options.server.authority = settings_.authority;
  options.user = settings_.user;
  options.password = password_;
  options.largest_message = kLargestMessage;
  client_ = TRY(ImapClient::open(std::move(options), stop_));
  folders_.clear();
  to_visit_.clear();
  open_.reset();
  fresh_.clear();
  for (auto& folder : TRY(client_->folders())) {
    if (is_wanted(folder)) folders_.push_back(std::move(folder));
  }
  if (folders_.empty()) return fail(Code::NotFound, "The account has none of the folders that are to be read.");
  // The one in which mail arrives first.
  const auto inbox = std::find_if(folders_.begin(), folders_.end(), [](const auto& folder) { return lower(folder.path) == "inbox"; });
  if (inbox != folders_.end()) std::rotate(folders_.begin(), inbox, inbox + 1);
  for (std::size_t i = 0; i < folders_.size(); ++i) to_visit_.push_back(i);
  return {};
}

bool Mailbox::is_wanted(const ImapClient::Folder& folder) const {
  if (!settings_.folders.empty()) {
    return std::any_of(settings_.folders.begin(), settings_.folders.end(), [&](const auto& name) { return lower(name) == lower(folder.path); });
  }
  for (const auto* left_out : {"\\junk", "\\trash", "\\drafts"}) {
    if (folder.attributes.contains(left_out)) return false;
  }
  const auto name = lower(folder.path.substr(folder.path.find_last_of("/.") + 1));
  static constexpr std::array<std::string_view, 10> kLeftOut = {"junk", "spam", "trash", "drafts", "deleted items", "deleted messages",
                                                               "junk e-mail", "垃圾邮件", "草稿箱", "已删除"};
  return std::find(kLeftOut.begin(), kLeftOut.end(), name) == kLeftOut.end();
}

Result<bool> Mailbox::open_next() {
  while (!to_visit_.empty()) {
    const auto index = to_visit_.front();
    const auto& folder = folders_[index];
    open_.reset();
    open_status_ = TRY(client_->status(folder.name));
    const auto selected = client_->examine(folder.name);
    if (!selected && selected.error().code() == Code::NotFound) {  // gone since it was listed, or not ours to read
      to_visit_.pop_front();
      continue;
    }
    if (!selected) return std::unexpected(selected.error());
    auto& state = state_.folders[folder.path];
    if (state.validity != selected->validity) state = {selected->validity, "", ""};
    seen_ = UidSet::parse(state.seen);
    fresh_.clear();
    if (selected->exists > 0) fresh_ = TRY(client_->search_all());
    std::erase_if(fresh_, [&](auto uid) { return seen_.contains(uid); });
    std::sort(fresh_.begin(), fresh_.end());
    open_ = index;
    to_visit_.pop_front();
    if (!fresh_.empty()) return true;
    state.status = open_status_;
  }
  return false;
}

Result<std::unique_ptr<Supply>> Mailbox::more() {
  if (broken_) {
    client_.reset();
    return std::unexpected(*std::exchange(broken_, std::nullopt));
  }
  auto supply = find_more();
  if (!supply) client_.reset();
  return supply;
}

Result<std::unique_ptr<Supply>> Mailbox::find_more() {
  if (!client_) TRY(connect());
  if (fresh_.empty() && !TRY(open_next())) return nullptr;
  const auto& folder = folders_[*open_];
  UidSet listed;
  std::vector<std::uint32_t> asked;
  while (asked.size() < (careful_ > 0 ? 1 : kAtOnce) && !fresh_.empty()) {
    asked.push_back(fresh_.back());
    listed.add(fresh_.back());
    fresh_.pop_back();
  }
  std::map<std::uint32_t, std::uint64_t> sizes;
  for (const auto& [uid, size] : TRY(client_->sizes(listed))) sizes.emplace(uid, size);
  UidSet fetch;
  std::uint64_t bytes = 0;
  asked_.clear();
  for (const auto uid : asked) {
    const auto size = sizes.find(uid);
    if (size == sizes.end()) {  // listed, and now the server knows nothing of it
      seen_.add(uid);
    } else if (size->second > kLargestMessage) {
      leave_out(uid, fmt::format("Larger than {} MB.", kLargestMessage >> 20));
    } else if (tries_[{folder.path, uid}] >= kTries) {
      leave_out(uid, "The server breaks off over this message.");
    } else if (bytes > kBytesAtOnce) {
      fresh_.push_back(uid);
    } else {
      fetch.add(uid);
      asked_.push_back(uid);
      bytes += size->second;
    }
  }
  std::sort(fresh_.begin(), fresh_.end());
  // Also of nothing: what is left out is told behind it.
  if (!asked_.empty()) TRY(client_->fetch(fetch));
  return std::make_unique<Messages>(*this, folder.path);
}

void Mailbox::leave_out(std::uint32_t uid, std::string reason) {
  failures_.push_back({folders_[*open_].path, uid, std::move(reason)});
  seen_.add(uid);
}

void Mailbox::keep_seen() {
  auto& state = state_.folders[folders_[*open_].path];
  state.seen = seen_.text();
  if (fresh_.empty() && !broken_) state.status = open_status_;
}

Reached Mailbox::reached() {
  for (const auto uid : taken_) seen_.add(uid);
  if (broken_) {
    // One of those that did not come is to blame: the next ones are asked for one by one.
    if (asked_.size() == 1 && taken_.empty()) ++tries_[{folders_[*open_].path, asked_.front()}];
    careful_ = asked_.size() - std::min(asked_.size(), taken_.size()) + 1;
  } else {
    for (const auto uid : asked_) seen_.add(uid);  // what did not come although all is well is not there
    careful_ -= std::min(careful_, asked_.size());
  }
  asked_.clear();
  taken_.clear();
  keep_seen();
  return {to_json(state_).dump(), std::exchange(failures_, {}), {}, {}};
}

Result<> Mailbox::look_at_all() {
  for (std::size_t i = 0; i < folders_.size(); ++i) {
    const auto now = TRY(client_->status(folders_[i].name));
    if (now.empty() || now != state_.folders[folders_[i].path].status) to_visit_.push_back(i);
  }
  return {};
}

Result<> Mailbox::wait() {
  const Duration interval = std::chrono::seconds(settings_.interval);
  auto waited = [&]() -> Result<> {
    if (!client_) return {};
    if (!client_->can_idle()) {
      if (stop_.wait(-1, 0, interval) == Stop::Woken::Stop) return {};
      return look_at_all();
    }
    if (open_ != std::size_t{0}) {  // one folder can be listened to: the one in which mail arrives
      to_visit_.push_back(0);
      open_.reset();
      if (TRY(open_next())) return {};
    }
    if (client_->take_news() || TRY(client_->idle(std::min(interval, kLongestIdle)))) {
      to_visit_.push_back(0);
      return {};
    }
    return look_at_all();
  }();
  if (!waited) client_.reset();
  if (!waited && waited.error().code() == Code::Cancelled) return {};
  return waited;
}

}  // namespace

std::unique_ptr<Connector> connect_imap(LiveSettings settings, std::string password, std::string state) {
  return std::make_unique<Mailbox>(std::move(settings), std::move(password), state);
}

}  // namespace hearth::memory
