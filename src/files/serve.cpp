#include "base/bytes.h"
#include "base/log.h"
#include "files/answers.h"
#include "files/implementation.h"

namespace hearth::files {
namespace {

// The part after `prefix` when the path is that prefix or below it.
std::optional<std::string_view> below(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  if (!path.empty() && !path.starts_with('/')) return std::nullopt;
  return path;
}

gateway::Response sign_in_first(bool dav, Language language) {
  auto response = problem(Error(Code::Unauthenticated, translated("Sign in first.")), language);
  if (dav) {
    response.headers.add("WWW-Authenticate", R"(Basic realm="Hearth", charset="UTF-8")");
  }
  return response;
}

}  // namespace

Task<> Files::serve(gateway::Exchange& exchange, kernel::Principal principal, kernel::Origin origin) {
  auto& files = *implementation_;
  const auto& path = exchange.request().path;
  if (const auto rest = below(path, "/s")) {
    co_await serve_share(files, exchange, *rest);
    co_return;
  }
  const auto dav = below(path, "/dav");
  if (principal.person.empty()) {
    (void)co_await exchange.respond(sign_in_first(dav.has_value(), exchange.request().language()));
  } else if (dav) {
    co_await serve_dav(*this, files, exchange, std::move(principal), std::move(origin));
  } else if (const auto download = below(path, "/files")) {
    co_await serve_download(files, exchange, std::move(principal), std::move(origin), *download);
  } else if (const auto upload = below(path, "/uploads")) {
    co_await serve_upload(files, exchange, std::move(principal), std::move(origin), *upload);
  } else {
    (void)co_await exchange.respond(problem(Error(Code::NotFound, translated("There is nothing at this address.")), exchange.request().language()));
  }
}

Task<> serve_download(Files::Implementation& files, gateway::Exchange& exchange, kernel::Principal principal,
                      kernel::Origin origin, std::string_view rest) {
  const auto& request = exchange.request();
  if (request.method != "GET" && request.method != "HEAD") {
    gateway::Response response{405, {{"Allow", "GET, HEAD"}}, ""};
    (void)co_await exchange.respond(std::move(response));
    co_return;
  }
  const auto decoded = percent_decode(rest);
  auto path = clean_path(decoded && !decoded->empty() ? *decoded : decoded ? "/" : "");
  if (!path) {
    (void)co_await exchange.respond(problem(path.error(), request.language()));
    co_return;
  }
  const auto person = principal.person;
  auto permitted = co_await files.doors.permit(std::move(principal), std::move(origin), "files.read", "files:" + *path);
  if (!permitted) {
    (void)co_await exchange.respond(problem(permitted.error(), request.language()));
    co_return;
  }
  struct Opened {
    Descriptor file;
    Status status;
  };
  auto opened = co_await files.on_disk(person, [path = *path](const Home& home) -> Result<Opened> {
    auto file = TRY(home.home.open_file(path));
    const auto status = TRY(status_of(file.get()));
    return Opened{std::move(file), status};
  });
  if (!opened) {
    (void)co_await exchange.respond(problem(opened.error(), request.language()));
    co_return;
  }
  const auto show = request.query_parameter("download") ? Show::Attachment : Show::WhereSafe;
  (void)co_await respond_with_file(exchange, std::move(opened->file), opened->status, path_name(*path), show);
}

}  // namespace hearth::files
