#include "files/dav.h"

// PROPFIND and PROPPATCH (RFC 4918 §9.1, §9.2).
namespace hearth::files {
namespace {

constexpr std::string_view kBegin = R"(<?xml version="1.0" encoding="utf-8"?><D:multistatus xmlns:D="DAV:">)";
constexpr std::string_view kEnd = "</D:multistatus>";
constexpr std::size_t kMostNames = 500;
constexpr std::size_t kFlush = 64 << 10;

struct Wish {
  enum class Kind { All, Names, Some };
  Kind kind = Kind::All;
  std::vector<XmlName> names;  // Some: these; All: these too ("include")

  bool wants(std::string_view dav_name) const {
    return std::ranges::any_of(names, [&](const XmlName& name) { return name.is_dav(dav_name); });
  }
};

Result<Wish> parse_wish(const std::optional<XmlElement>& body) {
  Wish wish;
  if (!body) return wish;
  if (!body->name.is_dav("propfind")) return fail(Code::InvalidInput, "The body must be a DAV: propfind.");
  const XmlElement* names = nullptr;
  if (body->child("propname")) {
    wish.kind = Wish::Kind::Names;
  } else if (const auto* prop = body->child("prop")) {
    wish.kind = Wish::Kind::Some;
    names = prop;
  } else if (body->child("allprop")) {
    names = body->child("include");
  } else {
    return fail(Code::InvalidInput, "A propfind has prop, propname or allprop in it.");
  }
  if (!names) return wish;
  for (const auto* name : names->children()) wish.names.push_back(name->name);
  if (wish.names.size() > kMostNames) return fail(Code::InvalidInput, "At most {} properties at once.", kMostNames);
  return wish;
}

std::string propstat(std::string_view properties, std::string_view status) {
  return fmt::format("<D:propstat><D:prop>{}</D:prop><D:status>HTTP/1.1 {}</D:status></D:propstat>", properties, status);
}

std::string response_of(const DavResource& resource, const DeadProperties& dead, const Wish& wish) {
  std::string found;
  std::string missing;
  const auto add_live = [&](const XmlName& name) {
    auto xml = live_property(resource, name);
    if (xml) found += wish.kind == Wish::Kind::Names ? empty_tag(name) : *xml;
    return xml.has_value();
  };
  if (wish.kind != Wish::Kind::Some) {
    for (const auto& name : live_properties()) add_live(name);
    for (const auto& [name, xml] : dead) found += wish.kind == Wish::Kind::Names ? empty_tag(name) : xml;
  }
  for (const auto& name : wish.names) {
    if (wish.kind == Wish::Kind::All &&
        (dead.contains(name) || std::ranges::find(live_properties(), name) != live_properties().end())) {
      continue;
    }
    if (add_live(name)) continue;
    const auto stored = dead.find(name);
    (stored != dead.end() ? found : missing) += stored != dead.end() ? stored->second : empty_tag(name);
  }
  auto out = fmt::format("<D:response><D:href>{}</D:href>", dav_href(resource.path, resource.status.folder));
  if (!found.empty() || missing.empty()) out += propstat(found, "200 OK");
  if (!missing.empty()) out += propstat(missing, "404 Not Found");
  return out + "</D:response>";
}

gateway::Response multistatus_head() {
  return {207, {{"Content-Type", "application/xml; charset=utf-8"}, {"Cache-Control", "no-store"}}, ""};
}

}  // namespace

DavRequest::Answer DavRequest::find_properties() {
  CO_TRY(auto depth, parse_depth(request_.headers.find("Depth"), Depth::Infinity));
  CO_TRY(auto body, co_await read_xml());
  CO_TRY(auto wish, parse_wish(body));
  CO_CHECK(co_await permit(depth == Depth::Zero ? "files.stat" : "files.list", path_));
  CO_TRY(auto status, co_await status_of_path(path_));
  if (!status) co_return dav_status(404);
  // Of a whole home that would be an answer without end (§9.1 lets a server refuse it).
  if (status->folder && depth == Depth::Infinity) co_return dav_status(403, "propfind-finite-depth");

  struct Child {
    std::string path;
    Status status;
  };
  std::vector<Child> all = {{path_, *status}};
  std::optional<std::uint64_t> space;
  if (wish.wants("quota-available-bytes")) {
    CO_TRY(space, co_await inside_.on_disk(person_, [](const Home& home) { return writable_space(home.uploads); }));
  }
  if (status->folder && depth == Depth::One) {
    CO_TRY(auto children, co_await inside_.on_disk(person_, [path = path_](const Home& home) -> Result<std::vector<Child>> {
      std::vector<Child> found;
      TRY(home.home.list(path, [&](const std::string& name, const Status& child) -> Result<> {
        found.push_back({path_join(path, name), child});
        return {};
      }));
      return found;
    }));
    std::ranges::move(children, std::back_inserter(all));
  }
  // Asked for once: a folder may have very many children.
  auto locks = inside_.locks->covering(person_, path_);
  for (auto& lock : inside_.locks->within(person_, path_)) {
    if (!lock.covers(path_)) locks.push_back(std::move(lock));
  }
  const auto reach = all.size() > 1 ? Reach::Children : Reach::Itself;
  CO_TRY(auto dead, co_await inside_.system.read([person = person_, path = path_, reach](store::Connection& c) {
    return read_dead_properties(c, person, path, reach);
  }));
  if (!co_await exchange_.begin(multistatus_head())) co_return std::nullopt;
  static const DeadProperties kNone;
  std::string out(kBegin);
  for (const auto& child : all) {
    DavResource described{child.path, child.status, {}, space};
    std::ranges::copy_if(locks, std::back_inserter(described.locks), [&](const DavLock& l) { return l.covers(child.path); });
    const auto stored = dead.find(child.path);
    out += response_of(described, stored == dead.end() ? kNone : stored->second, wish);
    if (out.size() < kFlush) continue;
    if (!co_await exchange_.write(std::exchange(out, {}))) co_return std::nullopt;
  }
  out += kEnd;
  if (co_await exchange_.write(std::move(out))) (void)co_await exchange_.end();
  co_return std::nullopt;
}

DavRequest::Answer DavRequest::patch_properties() {
  CO_TRY(auto body, co_await read_xml());
  if (!body || !body->name.is_dav("propertyupdate")) {
    co_return fail(Code::InvalidInput, "The body must be a DAV: propertyupdate.");
  }
  CO_CHECK(co_await permit("files.write", path_));
  CO_TRY(auto status, co_await status_of_path(path_));
  if (!status) co_return dav_status(404);
  CO_CHECK(check_locks(path_, Touch::Content));
  struct Change {
    XmlName name;
    std::optional<std::string> xml;  // none: remove
  };
  std::vector<Change> changes;
  bool allowed = true;
  for (const auto* step : body->children()) {
    const bool set = step->name.is_dav("set");
    if (!set && !step->name.is_dav("remove")) continue;
    const auto* prop = step->child("prop");
    if (!prop) co_return fail(Code::InvalidInput, "set and remove have a prop in them.");
    for (const auto* property : prop->children()) {
      changes.push_back({property->name, set ? std::optional(write_xml(*property)) : std::nullopt});
      allowed = allowed && !is_live_property(property->name);
    }
  }
  if (changes.empty()) co_return fail(Code::InvalidInput, "There is nothing to set or remove.");
  if (changes.size() > kMostNames) co_return fail(Code::InvalidInput, "At most {} properties at once.", kMostNames);
  if (allowed) {  // all or nothing (§9.2)
    CO_CHECK(co_await inside_.system.write([person = person_, path = path_, changes](store::Connection& c) -> Result<> {
      for (const auto& change : changes) {
        if (change.xml) {
          TRY(set_dead_property(c, person, path, change.name, *change.xml));
        } else {
          TRY(remove_dead_property(c, person, path, change.name));
        }
      }
      return {};
    }));
  }
  std::string done;
  std::string refused;
  std::string not_done;
  for (const auto& change : changes) {
    (allowed ? done : is_live_property(change.name) ? refused : not_done) += empty_tag(change.name);
  }
  auto response = multistatus_head();
  response.body = fmt::format("{}<D:response><D:href>{}</D:href>", kBegin, dav_href(path_, status->folder));
  if (!done.empty()) response.body += propstat(done, "200 OK");
  if (!refused.empty()) response.body += propstat(refused, "403 Forbidden");
  if (!not_done.empty()) response.body += propstat(not_done, "424 Failed Dependency");
  response.body += fmt::format("</D:response>{}", kEnd);
  co_return response;
}

}  // namespace hearth::files
