#include "files/dav_properties.h"

#include "base/bytes.h"
#include "files/answers.h"
#include "files/content_type.h"
#include "files/dav_headers.h"
#include "files/path.h"

namespace hearth::files {
namespace {

constexpr std::size_t kMostProperties = 1000;  // of one file

XmlName dav(std::string_view local) { return {std::string(kDavNamespace), std::string(local)}; }

// "ns\nlocal": how a name is stored.
std::string stored_name(const XmlName& name) { return name.space + "\n" + name.local; }
XmlName loaded_name(std::string_view stored) {
  const auto at = stored.rfind('\n');
  return {std::string(stored.substr(0, at)), std::string(stored.substr(at + 1))};
}

}  // namespace

const std::vector<XmlName>& live_properties() {
  static const std::vector<XmlName> kNames = {
      dav("creationdate"), dav("displayname"),  dav("getcontentlength"), dav("getcontenttype"), dav("getetag"),
      dav("getlastmodified"), dav("resourcetype"), dav("lockdiscovery"),    dav("supportedlock"),
  };
  return kNames;
}

bool is_live_property(const XmlName& name) {
  return std::ranges::find(live_properties(), name) != live_properties().end() || name.is_dav("quota-available-bytes") ||
         name.is_dav("quota-used-bytes") || name.is_dav("getcontentlanguage");
}

std::string lock_discovery(const std::vector<DavLock>& locks) {
  std::string out = "<D:lockdiscovery>";
  for (const auto& lock : locks) {
    out += fmt::format(
        "<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope><D:{}/></D:lockscope><D:depth>{}</D:depth>{}"
        "<D:timeout>Second-{}</D:timeout><D:locktoken><D:href>{}</D:href></D:locktoken><D:lockroot><D:href>{}</D:href>"
        "</D:lockroot></D:activelock>",
        lock.exclusive ? "exclusive" : "shared", lock.infinite ? "infinity" : "0", lock.owner,
        std::chrono::duration_cast<std::chrono::seconds>(lock.timeout).count(), lock.token, dav_href(lock.path, false));
  }
  return out + "</D:lockdiscovery>";
}

std::optional<std::string> live_property(const DavResource& resource, const XmlName& name) {
  if (name.space != kDavNamespace) return std::nullopt;
  const auto& status = resource.status;
  const auto tagged = [&](std::string_view text) {
    return fmt::format("<D:{0}>{1}</D:{0}>", name.local, escape_markup(text));
  };
  if (name.local == "resourcetype") {
    return status.folder ? "<D:resourcetype><D:collection/></D:resourcetype>" : "<D:resourcetype/>";
  }
  if (name.local == "creationdate") {
    return tagged(format_time(std::chrono::floor<std::chrono::seconds>(status.created)));
  }
  if (name.local == "getlastmodified") return tagged(format_http_date(status.modified));
  if (name.local == "displayname") {
    return tagged(resource.path == "/" ? "Hearth" : path_name(resource.path));
  }
  if (name.local == "lockdiscovery") return lock_discovery(resource.locks);
  if (name.local == "supportedlock") {
    return "<D:supportedlock><D:lockentry><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype>"
           "</D:lockentry><D:lockentry><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype>"
           "</D:lockentry></D:supportedlock>";
  }
  if (name.local == "quota-available-bytes" && resource.space_free && status.folder) {
    return tagged(std::to_string(*resource.space_free));
  }
  if (status.folder) return std::nullopt;
  if (name.local == "getcontentlength") return tagged(std::to_string(status.size));
  if (name.local == "getcontenttype") return tagged(content_type_of(resource.path).type);
  if (name.local == "getetag") return tagged(status.etag());
  return std::nullopt;
}

Result<std::map<std::string, DeadProperties>> read_dead_properties(store::Connection& connection, const std::string& person,
                                                                   const std::string& path, Reach reach) {
  std::map<std::string, DeadProperties> found;
  const auto take = [&](store::Statement& row) {
    found[row.text(0)][loaded_name(row.text_view(1))] = row.text(2);
    return 0;
  };
  TRY(connection.all("SELECT path, name, value FROM files_properties WHERE person = ? AND path = ?", take, person, path));
  if (reach == Reach::Children) {
    const auto below = path == "/" ? "/" : path + "/";
    const auto end = path == "/" ? "0" : path + "0";
    TRY(connection.all(R"(SELECT path, name, value FROM files_properties WHERE person = ?1 AND path > ?2 AND path < ?3
                          AND instr(substr(path, length(?2) + 1), '/') = 0)",
                       take, person, below, end));
  }
  return found;
}

Result<> set_dead_property(store::Connection& connection, const std::string& person, const std::string& path,
                           const XmlName& name, const std::string& xml) {
  const auto count = TRY(connection.integer("SELECT count(*) FROM files_properties WHERE person = ? AND path = ?", person, path));
  if (count >= static_cast<std::int64_t>(kMostProperties)) {
    return fail(Code::NoSpace, "“{}” has {} properties already; no more fit.", path, kMostProperties);
  }
  return connection.run(R"(INSERT INTO files_properties (person, path, name, value) VALUES (?, ?, ?, ?)
                           ON CONFLICT DO UPDATE SET value = excluded.value)",
                        person, path, stored_name(name), xml);
}

Result<> remove_dead_property(store::Connection& connection, const std::string& person, const std::string& path,
                              const XmlName& name) {
  return connection.run("DELETE FROM files_properties WHERE person = ? AND path = ? AND name = ?", person, path,
                        stored_name(name));
}

Result<> copy_dead_properties(store::Connection& connection, const std::string& person, const std::string& from,
                              const std::string& to, Reach reach) {
  TRY(connection.run("DELETE FROM files_properties WHERE person = ?1 AND (path = ?2 OR (path >= ?3 AND path < ?4))", person,
                     to, to + "/", to + "0"));
  TRY(connection.run(R"(INSERT INTO files_properties (person, path, name, value)
                        SELECT person, ?3, name, value FROM files_properties WHERE person = ?1 AND path = ?2)",
                     person, from, to));
  if (reach == Reach::Itself) return {};
  return connection.run(R"(INSERT INTO files_properties (person, path, name, value)
                           SELECT person, ?5 || substr(path, length(?2) + 1), name, value FROM files_properties
                           WHERE person = ?1 AND path >= ?3 AND path < ?4)",
                        person, from, from + "/", from + "0", to);
}

}  // namespace hearth::files
