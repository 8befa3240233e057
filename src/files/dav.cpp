#include "files/dav.h"

#include "files/dav_xml.h"

#include "base/bytes.h"
#include "base/log.h"
#include "files/answers.h"

namespace hearth::files {
namespace {

constexpr std::string_view kAllow =
    "OPTIONS, GET, HEAD, PUT, DELETE, MKCOL, COPY, MOVE, PROPFIND, PROPPATCH, LOCK, UNLOCK";

// The status is kept in the error's trail, where only this room looks for it.
constexpr std::string_view kStatusMark = "HTTP status ";

}  // namespace

Error dav_error(int status, Message message) {
  const auto code = status == 404   ? Code::NotFound
                    : status == 403 ? Code::Forbidden
                    : status == 507 ? Code::NoSpace
                    : status == 409 || status == 412 || status == 423 ? Code::Conflict
                                                                      : Code::InvalidInput;
  return Error(code, std::move(message)).with(fmt::format("{}{}", kStatusMark, status));
}

int dav_status_of(const Error& error) {
  for (const auto& step : error.context()) {
    if (step.starts_with(kStatusMark)) return std::stoi(step.substr(kStatusMark.size()));
  }
  // "Unavailable" is only said of another server (dav_path).
  if (error.code() == Code::Unavailable) return 502;
  return http_status_of(error.code());
}

gateway::Response dav_status(int status, std::string_view precondition, std::string_view href) {
  gateway::Response response;
  response.status = status;
  if (!precondition.empty()) {
    response.headers.add("Content-Type", "application/xml; charset=utf-8");
    const auto of = href.empty() ? "" : fmt::format("<D:href>{}</D:href>", escape_markup(href));
    response.body = fmt::format(R"(<?xml version="1.0" encoding="utf-8"?><D:error xmlns:D="DAV:"><D:{0}>{1}</D:{0}></D:error>)", precondition, of);
  }
  return response;
}

Task<> DavRequest::serve() {
  auto answer = co_await dispatch();
  if (answer && !*answer) co_return;  // it has answered itself
  gateway::Response response;
  if (answer) {
    response = **std::move(answer);
  } else {
    const auto& error = answer.error();
    response = dav_status(dav_status_of(error), dav_status_of(error) == 423 ? "lock-token-submitted" : "", request_.path);
    if (response.body.empty() && request_.method != "HEAD") {
      response.headers.add("Content-Type", "text/plain; charset=utf-8");
      response.body = error.message(request_.language()) + "\n";
    }
    if (error.code() == Code::Internal || error.code() == Code::Corrupt) log::warning("webdav: {}", error.describe());
  }
  if (response.status == 405) response.headers.set("Allow", kAllow);
  (void)co_await exchange_.respond(std::move(response));
}

DavRequest::Answer DavRequest::dispatch() {
  CO_TRY(path_, dav_path(request_.path, request_));
  const auto& method = request_.method;
  if (method == "OPTIONS") co_return co_await options();
  CO_CHECK(co_await check_if());
  if (method == "GET" || method == "HEAD") co_return co_await get();
  if (method == "PUT") co_return co_await put();
  if (method == "MKCOL") co_return co_await make_folder();
  if (method == "DELETE") co_return co_await remove();
  if (method == "COPY") co_return co_await copy();
  if (method == "MOVE") co_return co_await move();
  if (method == "PROPFIND") co_return co_await find_properties();
  if (method == "PROPPATCH") co_return co_await patch_properties();
  if (method == "LOCK") co_return co_await lock();
  if (method == "UNLOCK") co_return co_await unlock();
  co_return dav_status(405);
}

DavRequest::Answer DavRequest::options() {
  gateway::Response response{200, {}, ""};
  response.headers.add("DAV", "1, 2");
  response.headers.add("MS-Author-Via", "DAV");  // without it Windows takes this for a web folder of another kind
  response.headers.add("Allow", kAllow);
  co_return response;
}

DavRequest::Answer DavRequest::get() {
  CO_CHECK(co_await permit("files.read", path_));
  struct Opened {
    Status status;
    Descriptor file;
  };
  CO_TRY(auto opened, co_await inside_.on_disk(person_, [path = path_](const Home& home) -> Result<Opened> {
    Opened result{TRY(home.home.status(path)), {}};
    if (!result.status.folder) {
      result.file = TRY(home.home.open_file(path));
      result.status = TRY(status_of(result.file.get()));
    }
    return result;
  }));
  if (opened.status.folder) co_return dav_status(405);
  (void)co_await respond_with_file(exchange_, std::move(opened.file), opened.status, path_name(path_), Show::WhereSafe);
  co_return std::nullopt;
}

Task<Result<>> DavRequest::permit(std::string operation, std::string path) {
  return inside_.doors.permit(principal_, origin_, std::move(operation), "files:" + std::move(path));
}

Task<Result<std::optional<Status>>> DavRequest::status_of_path(std::string path) {
  auto status = co_await inside_.on_disk(person_, [path](const Home& home) { return home.home.status(path); });
  if (status) co_return *status;
  if (status.error().code() == Code::NotFound) co_return std::nullopt;
  co_return std::unexpected(std::move(status).error());
}

Task<Result<>> DavRequest::check_parent(std::string path) {
  CO_TRY(auto parent, co_await status_of_path(path_parent(path)));
  if (parent && parent->folder) co_return Result<>();
  co_return std::unexpected(dav_error(409, translated("There is no folder “{}”.", path_parent(path))));
}

Task<Result<>> DavRequest::check_if() {
  const auto header = request_.headers.find("If");
  if (!header) co_return Result<>();
  CO_TRY(auto lists, parse_if(*header));
  bool holds = false;
  for (const auto& list : lists) {
    auto path = path_;
    bool here = true;  // a resource of another server never matches
    if (list.resource) {
      auto named = dav_path(*list.resource, request_);
      here = named.has_value();
      if (here) path = *std::move(named);
    }
    const auto locks = inside_.locks->covering(person_, path);
    bool all = true;
    for (const auto& condition : list.conditions) {
      bool matches = false;
      if (condition.is_etag) {
        CO_TRY(auto status, co_await status_of_path(path));
        matches = here && status && !status->folder && status->etag() == condition.value;
      } else {
        tokens_.push_back(condition.value);
        matches = here && std::ranges::any_of(locks, [&](const DavLock& lock) { return lock.token == condition.value; });
      }
      all = all && matches != condition.negated;
    }
    holds = holds || all;
  }
  if (holds) co_return Result<>();
  co_return std::unexpected(dav_error(412, translated("The If header does not hold.")));
}

Result<> DavRequest::check_locks(const std::string& path, Touch touch) {
  auto locks = inside_.locks->covering(person_, path);
  if (touch != Touch::Content && path != "/") {
    // A folder's own lock, of whatever depth, guards what comes into it and goes out of it (RFC 4918 §7.4).
    std::ranges::move(inside_.locks->covering(person_, path_parent(path)), std::back_inserter(locks));
  }
  if (touch == Touch::Tree) std::ranges::move(inside_.locks->within(person_, path), std::back_inserter(locks));
  // Of several (shared) locks on one thing, the token of one is enough.
  for (const auto& lock : locks) {
    const bool opened = std::ranges::any_of(locks, [&](const DavLock& other) {
      return other.path == lock.path && std::ranges::find(tokens_, other.token) != tokens_.end();
    });
    if (!opened) return std::unexpected(dav_error(423, translated("“{}” is locked by another program.", lock.path)));
  }
  return {};
}

Task<Result<std::optional<XmlElement>>> DavRequest::read_xml() {
  CO_TRY(auto body, co_await exchange_.read_all(kLongestXml));
  if (body.empty()) co_return std::nullopt;
  CO_TRY(auto element, parse_xml(body));
  co_return element;
}

Task<> serve_dav(Files& files, Files::Implementation& inside, gateway::Exchange& exchange, kernel::Principal principal,
                 kernel::Origin origin) {
  DavRequest request(files, inside, exchange, std::move(principal), std::move(origin));
  co_await request.serve();
}

}  // namespace hearth::files
