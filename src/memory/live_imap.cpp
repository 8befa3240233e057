#include <algorithm>
#include <array>
#include <deque>
#include <set>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/live.h"
#include "memory/live/imap.h"
#include "memory/memory_file.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using live::ImapClient;
using live::Stop;
using live::UidSet;

constexpr std::size_t kAtOnce = 200;                      // messages between two notes of how far reading came
constexpr std::uint64_t kBytesAtOnce = 32 << 20;          // of them
constexpr std::size_t kLargestMessage = 128 << 20;
constexpr std::uint64_t kSizeUnsaid = 1 << 20;            // what a message is taken for whose size the server does not say
constexpr int kTries = 3;                                 // of a message over which the server breaks off, or that does not come
constexpr std::size_t kMostMarks = 32;                    // of a folder
constexpr std::size_t kNewestMarks = 8;                   // of them, those that are kept although they stand close together
constexpr Duration kLongestIdle = std::chrono::minutes(28);  // servers may hang up after 30 (RFC 2177)

// How far a folder was read. Numbers are good for one validity alone; what a message is told by is its bytes.
// A message that was read, by which it is seen whether its number is another one's now.
struct Mark {
  std::uint32_t uid = 0;
  std::uint64_t bytes = 0;  // as the server says; 0: it does not
  std::string head;         // a digest of header fields; "" when it has none
};
HEARTH_DESCRIBE(Mark, (uid, ""), (bytes, ""), (head, ""))

struct FolderState {
  std::uint32_t validity = 0;
  std::string seen;    // a UidSet
  std::string status;  // as the folder was then
  std::optional<std::uint32_t> next;          // UIDNEXT
  std::optional<std::vector<Mark>> marks;     // in the order of their numbers
};
HEARTH_DESCRIBE(FolderState, (validity, ""), (seen, ""), (status, ""), (next, ""), (marks, ""))
struct State {
  std::map<std::string, FolderState> folders;
};
HEARTH_DESCRIBE(State, (folders, ""))

State read_state(const std::string& text) {
  const auto json = Json::parse(text);
  auto state = json ? from_json<State>(*json) : Result<State>(State{});
  return state ? *std::move(state) : State{};
}

// A digest of what a message's header says it is, the same whether all of the header is there or these fields alone.
std::string head_digest(std::string_view bytes) {
  static constexpr std::array<std::string_view, 4> kFields = {"message-id:", "date:", "from:", "subject:"};
  std::array<std::string, kFields.size()> values;
  std::string* value = nullptr;
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    auto line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    if (line.front() != ' ' && line.front() != '\t') {
      value = nullptr;
      for (std::size_t i = 0; i < kFields.size(); ++i) {
        if (!values[i].empty() || lower(std::string(line.substr(0, kFields[i].size()))) != kFields[i]) continue;
        value = &values[i];
        line.remove_prefix(kFields[i].size());
        break;
      }
    }
    if (!value) continue;
    for (const char c : line) {
      if (static_cast<unsigned char>(c) > ' ') *value += c;
    }
  }
  std::string all;
  for (const auto& one : values) all += one + "\n";
  return all.size() == values.size() ? "" : to_hex(sha256(all)).substr(0, 16);
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
  // Whether the numbers of the open folder are those of the messages that were read. `listed` are in order.
  Result<bool> keeps_numbers(const FolderState& state, const ImapClient::Selected& selected, const std::vector<std::uint32_t>& listed);
  void mark(std::uint32_t uid, std::string_view bytes);
  // The server does not open a folder that it lists.
  void note_refused(const ImapClient::Folder& folder, const Error& error);
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
  std::set<std::uint32_t> empty_;          // of them, what came without a byte
  std::map<std::uint32_t, std::uint64_t> sizes_;  // of them, where the server says it
  std::set<std::string> refused_;          // folders of which that was told
  std::optional<Error> refusal_;           // of a folder that must not be missing
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
    while (message && *message && (*message)->bytes.find_first_not_of("\r\n") == std::string::npos) {
      mailbox_.empty_.insert((*message)->uid);
      message = mailbox_.client_->next_message();
    }
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
    mailbox_.mark((*message)->uid, bytes);
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
  refusal_.reset();
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
  for (const auto* left_out : {"\\junk", "\\spam", "\\trash", "\\drafts"}) {
    if (folder.attributes.contains(left_out)) return false;
  }
  // As mail programs and servers call them in their languages.
  static const auto kLeftOut = [] {
    std::set<std::string> names;
    for (const auto* name :
         {"Junk", "Junk E-Mail", "Junk Email", "Junk Mail", "Spam", "Bulk", "Bulk Mail", "Trash", "Bin", "Deleted", "Deleted Items", "Deleted Messages",
          "Draft", "Drafts", "Junk-E-Mail", "Spamverdacht", "Unerwünscht", "Papierkorb", "Gelöscht", "Gelöschte Elemente", "Gelöschte Objekte",
          "Entwurf", "Entwürfe", "Courrier indésirable", "Indésirables", "Pourriel", "Corbeille", "Éléments supprimés", "Messages supprimés",
          "Brouillon", "Brouillons", "Correo no deseado", "Correo basura", "Papelera", "Elementos eliminados", "Borrador", "Borradores",
          "Lixo", "Lixo Eletrônico", "Lixeira", "Itens Excluídos", "Rascunhos", "Posta indesiderata", "Cestino", "Posta eliminata", "Bozze",
          "Ongewenst", "Ongewenste e-mail", "Prullenbak", "Prullenmand", "Verwijderde items", "Concepten", "Kosz", "Elementy usunięte", "Szkice",
          "Wersje robocze", "Спам", "Нежелательная почта", "Корзина", "Удаленные", "Удалённые", "Удаленные элементы", "Черновики",
          "垃圾邮件", "广告邮件", "病毒邮件", "垃圾箱", "垃圾桶", "回收站", "已删除", "已删除邮件", "已删除的邮件", "草稿", "草稿箱", "草稿夹",
          "垃圾郵件", "已刪除", "已刪除郵件", "已刪除的郵件", "刪除的郵件", "草稿匣", "迷惑メール", "ごみ箱", "ゴミ箱", "削除済みアイテム", "下書き",
          "스팸", "스팸메일함", "휴지통", "임시보관함"}) {
      names.insert(folded(name));
    }
    return names;
  }();
  return !kLeftOut.contains(folded(folder.path.substr(folder.path.find_last_of("/.") + 1)));
}

void Mailbox::note_refused(const ImapClient::Folder& folder, const Error& error) {
  if (!settings_.folders.empty() || lower(folder.path) == "inbox") {
    if (!refusal_) refusal_ = Error(Code::Unavailable, error.sentence());  // when the others are read
  } else if (refused_.insert(folder.path).second) {
    failures_.push_back({folder.path, 0, error.message()});
  }
}

void Mailbox::mark(std::uint32_t uid, std::string_view bytes) {
  auto& state = state_.folders[folders_[*open_].path];
  if (!state.marks) state.marks.emplace();
  auto& marks = *state.marks;
  const auto size = sizes_.find(uid);
  const Mark made{uid, size == sizes_.end() ? 0 : size->second, head_digest(bytes)};
  const auto at = std::lower_bound(marks.begin(), marks.end(), uid, [](const Mark& one, std::uint32_t number) { return one.uid < number; });
  if (at != marks.end() && at->uid == uid) {
    *at = made;
    return;
  }
  marks.insert(at, made);
  if (marks.size() <= kMostMarks) return;
  // The newest stay; of the others one goes whose neighbours are closest, so that they are spread over all numbers.
  std::size_t closest = 1;
  for (std::size_t i = 1; i + kNewestMarks < marks.size(); ++i) {
    if (marks[i + 1].uid - marks[i - 1].uid < marks[closest + 1].uid - marks[closest - 1].uid) closest = i;
  }
  marks.erase(marks.begin() + static_cast<std::ptrdiff_t>(closest));
}

Result<bool> Mailbox::keeps_numbers(const FolderState& state, const ImapClient::Selected& selected, const std::vector<std::uint32_t>& listed) {
  if (state.next && selected.next != 0 && selected.next < *state.next) return false;
  if (!state.marks) return true;
  std::map<std::uint32_t, std::vector<ImapClient::Head>> found;
  UidSet asked;
  for (const auto& mark : *state.marks) {
    if (std::binary_search(listed.begin(), listed.end(), mark.uid)) asked.add(mark.uid);
  }
  if (asked.empty()) return true;
  for (auto& head : TRY(client_->heads(asked))) found[head.uid].push_back(std::move(head));
  for (const auto& mark : *state.marks) {
    const auto heads = found.find(mark.uid);
    if (heads == found.end()) continue;
    // Sizes of the same message may differ where a server guesses them: they count only where there is no header.
    const bool same = std::any_of(heads->second.begin(), heads->second.end(), [&](const ImapClient::Head& head) {
      const auto digest = head_digest(head.fields);
      if (!digest.empty() && !mark.head.empty()) return digest == mark.head;
      return head.bytes == 0 || mark.bytes == 0 || head.bytes == mark.bytes;
    });
    if (!same) return false;
  }
  return true;
}

Result<bool> Mailbox::open_next() {
  while (!to_visit_.empty()) {
    const auto index = to_visit_.front();
    const auto& folder = folders_[index];
    open_.reset();
    open_status_ = TRY(client_->status(folder.name));
    const auto selected = client_->examine(folder.name);
    if (!selected && (selected.error().code() == Code::NotFound || selected.error().code() == Code::Forbidden)) {  // NotFound: gone since it was listed
      if (selected.error().code() == Code::Forbidden || lower(folder.path) == "inbox") note_refused(folder, selected.error());
      to_visit_.pop_front();
      continue;
    }
    if (!selected) return std::unexpected(selected.error());
    auto& state = state_.folders[folder.path];
    if (state.validity != selected->validity) state = {selected->validity, "", "", {}, {}};
    fresh_.clear();
    std::vector<std::uint32_t> listed;
    if (selected->exists > 0) listed = TRY(client_->search_all());
    std::sort(listed.begin(), listed.end());
    if (!TRY(keeps_numbers(state, *selected, listed))) {
      state = {selected->validity, "", "", {}, {}};
      std::erase_if(tries_, [&](const auto& one) { return one.first.first == folder.path; });
    }
    if (selected->next != 0) state.next = selected->next;
    seen_ = UidSet::parse(state.seen);
    fresh_ = std::move(listed);
    std::erase_if(fresh_, [&](auto uid) { return seen_.contains(uid); });
    open_ = index;
    to_visit_.pop_front();
    if (!fresh_.empty()) return true;
    state.status = open_status_;
  }
  if (refusal_ && failures_.empty()) return std::unexpected(*std::exchange(refusal_, std::nullopt));
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
  if (fresh_.empty() && !TRY(open_next())) {
    if (failures_.empty()) return nullptr;
    return std::make_unique<Messages>(*this, "");  // of nothing, behind which they are told
  }
  const auto& folder = folders_[*open_];
  UidSet listed;
  std::vector<std::uint32_t> asked;
  while (asked.size() < (careful_ > 0 ? 1 : kAtOnce) && !fresh_.empty()) {
    asked.push_back(fresh_.back());
    listed.add(fresh_.back());
    fresh_.pop_back();
  }
  sizes_.clear();
  for (const auto& [uid, size] : TRY(client_->sizes(listed))) sizes_.emplace(uid, size);
  UidSet fetch;
  std::uint64_t bytes = 0;
  asked_.clear();
  for (const auto uid : asked) {
    const auto known = sizes_.find(uid);
    const auto size = known == sizes_.end() ? kSizeUnsaid : known->second;
    if (size > kLargestMessage) {
      leave_out(uid, fmt::format("Larger than {} MB.", kLargestMessage >> 20));
    } else if (tries_[{folder.path, uid}] >= kTries) {
      leave_out(uid, translated("The server breaks off over this message.").english());
    } else if (bytes > kBytesAtOnce) {
      fresh_.push_back(uid);
    } else {
      fetch.add(uid);
      asked_.push_back(uid);
      bytes += size;
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
    for (const auto uid : asked_) {
      if (seen_.contains(uid)) continue;
      if (++tries_[{folders_[*open_].path, uid}] < kTries) {
        fresh_.push_back(uid);
      } else if (empty_.contains(uid) || sizes_.contains(uid)) {
        leave_out(uid, translated("The server does not give this message.").english());
      } else {  // listed, and the server knows nothing of it
        seen_.add(uid);
      }
    }
    std::sort(fresh_.begin(), fresh_.end());
    careful_ -= std::min(careful_, asked_.size());
  }
  asked_.clear();
  taken_.clear();
  empty_.clear();
  if (open_) keep_seen();
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
