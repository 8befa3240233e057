#include <unistd.h>

#include "files/dav.h"

// LOCK and UNLOCK (RFC 4918 §9.10, §9.11).
namespace hearth::files {
namespace {

gateway::Response lock_answer(int status, const DavLock& lock) {
  gateway::Response response{status, {{"Content-Type", "application/xml; charset=utf-8"}}, ""};
  response.body = fmt::format(R"(<?xml version="1.0" encoding="utf-8"?><D:prop xmlns:D="DAV:">{}</D:prop>)",
                              lock_discovery({lock}));
  return response;
}

}  // namespace

DavRequest::Answer DavRequest::lock() {
  CO_CHECK(co_await permit("files.write", path_));
  CO_TRY(auto body, co_await read_xml());
  if (!body) co_return co_await refresh_lock();
  const auto* scope = body->child("lockscope");
  const auto* type = body->child("locktype");
  if (!body->name.is_dav("lockinfo") || !scope || !type || !type->child("write") ||
      (!scope->child("exclusive") && !scope->child("shared"))) {
    co_return fail(Code::InvalidInput, "The body must be a DAV: lockinfo of an exclusive or shared write lock.");
  }
  CO_TRY(auto depth, parse_depth(request_.headers.find("Depth"), Depth::Infinity));
  if (depth == Depth::One) co_return fail(Code::InvalidInput, "A LOCK has Depth 0 or infinity.");
  DavLock wanted;
  wanted.person = person_;
  wanted.path = path_;
  wanted.infinite = depth == Depth::Infinity;
  wanted.exclusive = scope->child("exclusive") != nullptr;
  wanted.timeout = parse_timeout(request_.headers.find("Timeout"));
  if (const auto* owner = body->child("owner")) wanted.owner = write_xml(*owner);

  CO_TRY(auto before, co_await status_of_path(path_));
  if (!before) {
    CO_CHECK(co_await check_parent(path_));
    CO_CHECK(check_locks(path_, Touch::Entry));
  }
  auto locked = inside_.locks->lock(std::move(wanted));
  if (!locked) {
    if (locked.error().code() == Code::Conflict) co_return dav_status(423, "no-conflicting-lock");
    co_return std::unexpected(std::move(locked).error());
  }
  if (!before) {  // a lock on an address where nothing is makes an empty file there (§7.3)
    auto made = co_await inside_.on_disk(person_, [path = path_](const Home& home) -> Result<> {
      const auto file = TRY(home.home.create_file(path));
      if (::fsync(file.get()) != 0) return std::unexpected(Error::from_errno(errno, "Making the file"));
      return home.home.sync_folder(path_parent(path));
    });
    if (!made) {
      inside_.locks->unlock(person_, path_, locked->token);
      co_return std::unexpected(std::move(made).error());
    }
    inside_.changed(person_, path_);
  }
  auto response = lock_answer(before ? 200 : 201, *locked);
  response.headers.add("Lock-Token", fmt::format("<{}>", locked->token));
  co_return response;
}

DavRequest::Answer DavRequest::refresh_lock() {
  if (tokens_.size() != 1) co_return fail(Code::InvalidInput, "A LOCK without a body refreshes the one lock that If names.");
  const auto lock =
      inside_.locks->refresh(person_, path_, tokens_.front(), parse_timeout(request_.headers.find("Timeout")));
  if (!lock) co_return dav_status(412, "lock-token-matches-request-uri");
  co_return lock_answer(200, *lock);
}

DavRequest::Answer DavRequest::unlock() {
  CO_CHECK(co_await permit("files.write", path_));
  const auto header = request_.headers.find("Lock-Token");
  if (!header || header->size() < 3 || !header->starts_with('<') || !header->ends_with('>')) {
    co_return fail(Code::InvalidInput, "The Lock-Token header is missing or malformed.");
  }
  if (inside_.locks->unlock(person_, path_, header->substr(1, header->size() - 2))) co_return dav_status(204);
  co_return dav_status(409, "lock-token-matches-request-uri");
}

}  // namespace hearth::files
