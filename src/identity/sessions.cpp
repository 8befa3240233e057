#include "identity/sessions.h"

#include <array>

namespace hearth::identity {

Result<SessionTable> SessionTable::load(store::Connection& connection, Time now, Time unused_since) {
  SessionTable table;
  TRY(connection.run("DELETE FROM identity_sessions WHERE expires <= ? OR seen < ?", now, unused_since));
  auto sessions = TRY(connection.all(
      R"(SELECT id, token, person, two_factor, address, agent, created, confirmed, seen, expires FROM identity_sessions)",
      [](store::Statement& s) {
        return Session{s.text(0), s.text(1), s.text(2), s.integer(3) != 0, s.text(4),
                       s.text(5), s.time(6), s.time(7), s.time(8), s.time(9)};
      }));
  for (auto& session : sessions) table.add(std::move(session));
  auto entrances = TRY(connection.all("SELECT token, session, entrance FROM identity_entrance_sessions", [](store::Statement& s) {
    return EntranceEntry{s.text(0), s.text(1), s.text(2)};
  }));
  for (auto& entry : entrances) table.add(std::move(entry));
  return table;
}

void SessionTable::add(Session session) {
  tokens_[session.token] = session.id;
  session.used = std::make_shared<std::atomic<std::int64_t>>(session.seen.time_since_epoch().count());
  auto id = session.id;
  sessions_.insert_or_assign(std::move(id), std::move(session));
}

void SessionTable::add(EntranceEntry entry) {
  std::erase_if(entrances_, [&](const auto& other) {
    return other.second.session == entry.session && other.second.entrance == entry.entrance;
  });
  auto token = entry.token;
  entrances_.insert_or_assign(std::move(token), std::move(entry));
}

Session* SessionTable::by_token(const std::string& token) {
  const auto found = tokens_.find(token);
  return found == tokens_.end() ? nullptr : by_id(found->second);
}

Session* SessionTable::by_id(const std::string& id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : &found->second;
}

std::vector<Session> SessionTable::end(const std::function<bool(const Session&)>& matches) {
  std::vector<Session> ended;
  for (auto it = sessions_.begin(); it != sessions_.end();) {
    if (!matches(it->second)) {
      ++it;
      continue;
    }
    tokens_.erase(it->second.token);
    moved_.erase(it->first);
    ended.push_back(std::move(it->second));
    it = sessions_.erase(it);
  }
  if (!ended.empty()) {
    std::erase_if(entrances_, [&](const auto& entry) { return !sessions_.contains(entry.second.session); });
  }
  return ended;
}

bool SessionTable::end_entrance(const std::string& token) { return entrances_.erase(token) > 0; }

void SessionTable::saw(Session& session, Time now) {
  if (now <= session.seen) return;
  session.seen = now;
  const auto time = now.time_since_epoch().count();
  if (session.used->load(std::memory_order_relaxed) < time) session.used->store(time, std::memory_order_relaxed);
  moved_.insert(session.id);
}

void SessionTable::gather_seen() {
  for (auto& [id, session] : sessions_) saw(session, Time(Duration(session.used->load(std::memory_order_relaxed))));
}

std::vector<Session> SessionTable::moved() {
  std::vector<Session> moved;
  for (const auto& id : moved_) moved.push_back(sessions_.at(id));
  moved_.clear();
  return moved;
}

namespace {

struct Mark {
  std::string_view in_header;
  std::string_view name;
};

// The first that is found wins: browsers name themselves after their ancestors.
constexpr std::array<Mark, 14> kBrowsers = {{{"Edg/", "Edge"},
                                             {"EdgA/", "Edge"},
                                             {"OPR/", "Opera"},
                                             {"SamsungBrowser/", "Samsung Internet"},
                                             {"MicroMessenger/", "WeChat"},
                                             {"QQBrowser/", "QQ Browser"},
                                             {"UCBrowser/", "UC Browser"},
                                             {"FxiOS/", "Firefox"},
                                             {"Firefox/", "Firefox"},
                                             {"CriOS/", "Chrome"},
                                             {"HeadlessChrome/", "Chrome"},
                                             {"Chrome/", "Chrome"},
                                             {"Safari/", "Safari"},
                                             {"curl/", "curl"}}};
constexpr std::array<Mark, 8> kSystems = {{{"iPhone", "iPhone"},
                                           {"iPad", "iPad"},
                                           {"Android", "Android"},
                                           {"Windows", "Windows"},
                                           {"CrOS", "ChromeOS"},
                                           {"Mac OS X", "macOS"},
                                           {"Linux", "Linux"},
                                           {"FreeBSD", "FreeBSD"}}};

template <std::size_t Count>
std::string_view mark_in(std::string_view agent, const std::array<Mark, Count>& marks) {
  for (const auto& mark : marks) {
    if (agent.find(mark.in_header) != std::string_view::npos) return mark.name;
  }
  return {};
}

}  // namespace

std::string device_name(std::string_view agent) {
  if (agent.starts_with("hearth/")) return "Hearth's command line";
  const auto browser = mark_in(agent, kBrowsers);
  const auto system = mark_in(agent, kSystems);
  if (browser.empty() && system.empty()) return "Unknown device";
  if (browser.empty()) return std::string(system);
  return system.empty() ? std::string(browser) : std::string(browser) + " on " + std::string(system);
}

}  // namespace hearth::identity
