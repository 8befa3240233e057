#include <fcntl.h>

#include "base/process.h"
#include "memory/implementation.h"
#include "memory/present.h"

namespace hearth::memory {
namespace {

constexpr std::string_view kPath = "/originals/";

// What a browser may show on the desktop's own origin: it runs no script there, whoever wrote it.
bool is_shown(std::string_view type) {
  return type.starts_with("audio/") || type.starts_with("video/") || type == "image/png" || type == "image/jpeg" ||
         type == "image/gif" || type == "image/webp" || type == "text/plain";
}

gateway::Headers headers_for(const OriginalPlace& place, std::string_view etag) {
  gateway::Headers headers;
  headers.add("ETag", etag);
  // What is forgotten here must not live on in a browser's cache.
  headers.add("Cache-Control", "private, no-store");
  headers.add("Accept-Ranges", "bytes");
  headers.add("Content-Type", place.type.starts_with("text/") ? place.type + "; charset=utf-8" : place.type);
  headers.add("Content-Disposition", gateway::content_disposition(is_shown(place.type) ? "inline" : "attachment", place.name));
  headers.add("X-Content-Type-Options", "nosniff");
  headers.add("Cross-Origin-Resource-Policy", "same-origin");
  headers.add("Content-Security-Policy", "default-src 'none'; media-src 'self'; img-src 'self'; frame-ancestors 'self'; sandbox");
  return headers;
}

}  // namespace

Task<Result<>> Memory::serve(gateway::Exchange& exchange, kernel::Principal principal, kernel::Origin origin) {
  const auto& request = exchange.request();
  if (request.method != "GET" && request.method != "HEAD") {
    co_return co_await exchange.respond({405, {{"Allow", "GET, HEAD"}}, ""});
  }
  if (principal.person.empty()) co_return fail(Code::Unauthenticated, "Sign in first.");
  const auto item = request.path.substr(std::min(kPath.size(), request.path.size()));
  const auto person = principal.person;
  CO_TRY(const auto id, number_of(item, "item"));
  CO_TRY(const auto memory, co_await implementation_->open(person));
  const auto place = co_await memory->database().read([person, id](store::Connection& c) { return find_original(c, person, id); });
  // Asked even where there is nothing, so that those without a grant cannot tell.
  CO_CHECK(co_await implementation_->kernel.permit(std::move(principal), std::move(origin), "memory.original",
                                                   "memory_item:" + std::to_string(id),
                                                   place ? std::optional(place->label) : std::nullopt));
  CO_CHECK(place);

  const auto etag = fmt::format("\"{}-{}-{}\"", place->source, place->start, place->length);
  if (const auto known = request.headers.find("If-None-Match"); known && (*known == "*" || *known == etag)) {
    co_return co_await exchange.respond({304, {{"ETag", etag}, {"Cache-Control", "private, no-store"}}, ""});
  }
  const auto size = static_cast<std::uint64_t>(place->length);
  gateway::Response head{200, headers_for(*place, etag), ""};
  gateway::ByteRange part{true, 0, size - 1};
  const auto asked = request.headers.find("Range");
  const auto condition = request.headers.find("If-Range");
  if (asked && request.method == "GET" && (!condition || *condition == etag)) {
    if (const auto range = gateway::parse_range(*asked, size)) {
      if (!range->satisfiable) {
        head.status = 416;
        head.headers.add("Content-Range", fmt::format("bytes */{}", size));
        co_return co_await exchange.respond(std::move(head));
      }
      part = *range;
      head.status = 206;
      head.headers.add("Content-Range", fmt::format("bytes {}-{}/{}", part.first, part.last, size));
    }
  }
  const auto path = memory->originals().path_of(place->source);
  CO_TRY(auto file, co_await offload(implementation_->pool, [path]() -> Result<Descriptor> {
    Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened) return std::unexpected(Error::from_errno(errno, "opening {}", path.string()));
    return opened;
  }));
  co_return co_await exchange.respond_file(
      std::move(head), gateway::FileSlice(file.release(), static_cast<std::uint64_t>(place->start) + part.first,
                                          size == 0 ? 0 : part.last - part.first + 1));
}

}  // namespace hearth::memory
