#include "main/box_client.h"

#include <curl/curl.h>

#include <cerrno>
#include <memory>
#include <optional>

namespace hearth {
namespace {

using LineHandler = std::function<void(std::string_view)>;

struct Body {
  std::string pending;
  const LineHandler* on_line = nullptr;
};

// An error as the box sent it: {"error": {"code", "message"}}.
std::optional<Error> error_in(const Json& answer) {
  const auto* error = answer.find("error");
  if (!error || error->text("message").empty()) return std::nullopt;
  for (int code = 0; code <= static_cast<int>(Code::Internal); ++code) {
    if (code_name(static_cast<Code>(code)) == error->text("code")) {
      return Error(static_cast<Code>(code), std::string(error->text("message")));
    }
  }
  return Error(Code::Internal, std::string(error->text("message")));
}

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& body = *static_cast<Body*>(user);
  body.pending.append(bytes, size * count);
  for (auto end = body.pending.find('\n'); body.on_line && end != std::string::npos; end = body.pending.find('\n')) {
    (*body.on_line)(std::string_view(body.pending).substr(0, end));
    body.pending.erase(0, end + 1);
  }
  return size * count;
}

Result<> post(const std::string& socket, Language language, std::string_view operation, const Json& input, Body& body) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"), curl_slist_free_all);
  const auto* accepted = language == Language::Chinese ? "Accept-Language: zh-CN" : "Accept-Language: en";
  if (auto* longer = curl_slist_append(headers.get(), accepted)) {
    (void)headers.release();
    headers.reset(longer);
  }
  const auto url = fmt::format("http://hearth.localhost/api/{}", operation);
  const auto text = input.dump();
  curl_easy_setopt(curl.get(), CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(text.size()));
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, text.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);  // a closed pipe behind us ends us, as it does others
  const auto result = curl_easy_perform(curl.get());
  if (result == CURLE_COULDNT_CONNECT) {
    long reason = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_OS_ERRNO, &reason);
    if (reason == EACCES || reason == EPERM) {
      return fail(Code::Forbidden, "The box at {} belongs to another user: run this as that user, or with sudo.", socket);
    }
    return fail(Code::Unavailable, "No box is running at {}. Start it with ./run.sh, or name its home with --home DIR.", socket);
  }
  if (result == CURLE_PARTIAL_FILE || result == CURLE_GOT_NOTHING || result == CURLE_RECV_ERROR || result == CURLE_SEND_ERROR) {
    return fail(Code::Unavailable, "The box stopped while it answered. See whether it runs, and ask again.");
  }
  if (result != CURLE_OK) return fail(Code::Unavailable, "The box did not answer: {}.", curl_easy_strerror(result));
  return {};
}

}  // namespace

Result<Json> BoxClient::call(std::string_view operation, const Json& input) const {
  Body body;
  TRY(post(socket_, language_, operation, input, body));
  auto answer = TRY(Json::parse(body.pending));
  if (auto error = error_in(answer)) return std::unexpected(*std::move(error));
  return answer;
}

Result<> BoxClient::stream(std::string_view operation, const Json& input,
                           const std::function<void(const Json&)>& event) const {
  std::optional<Error> failure;
  const LineHandler on_line = [&](std::string_view line) {
    const auto json = Json::parse(line);
    if (!json) return;
    if (auto error = error_in(*json)) {
      failure = std::move(error);
    } else {
      event(*json);
    }
  };
  Body body{"", &on_line};
  TRY(post(socket_, language_, operation, input, body));
  if (failure) return std::unexpected(*std::move(failure));
  return {};
}

}  // namespace hearth
