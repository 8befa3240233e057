#include "memory/live/http.h"

#include <curl/curl.h>
#include <arpa/inet.h>
#include <netinet/in.h>

namespace hearth::memory::live {
namespace {

constexpr long kConnectSeconds = 30;
constexpr long kSilentSeconds = 60;
constexpr long kRedirections = 5;

struct Taking {
  std::string* body;
  std::size_t largest;
  bool too_large = false;
};

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& taking = *static_cast<Taking*>(user);
  if (taking.body->size() + size * count > taking.largest) {
    taking.too_large = true;
    return 0;
  }
  taking.body->append(bytes, size * count);
  return size * count;
}

int check_stop(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return static_cast<const Stop*>(user)->is_set() ? 1 : 0; }

// Refuses what is not this machine.
curl_socket_t open_here(void*, curlsocktype, curl_sockaddr* address) {
  const bool here = address->family == AF_INET ? ntohl(reinterpret_cast<const sockaddr_in*>(&address->addr)->sin_addr.s_addr) >> 24 == 127
                                               : address->family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(&address->addr)->sin6_addr);
  return here ? ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol) : CURL_SOCKET_BAD;
}

}  // namespace

struct HttpClient::Handle {
  CURL* curl = ::curl_easy_init();
  ~Handle() {
    if (curl) ::curl_easy_cleanup(curl);
  }
};

HttpClient::HttpClient(Options options, const Stop& stop) : options_(std::move(options)), stop_(stop), handle_(std::make_unique<Handle>()) {}
HttpClient::~HttpClient() = default;

Result<HttpClient::Answer> HttpClient::ask(const std::string& method, const std::string& url, std::vector<std::string> headers, const std::string& body) {
  auto* curl = handle_->curl;
  if (!curl) return fail(Code::Internal, "There is no memory to ask the server.");
  ::curl_easy_reset(curl);  // the connection stays
  Answer answer;
  Taking taking{&answer.body, options_.largest};
  curl_slist* list = nullptr;
  headers.emplace_back("Expect:");
  for (const auto& header : headers) list = ::curl_slist_append(list, header.c_str());
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> owned(list, ::curl_slist_free_all);
  const auto* protocols = options_.clear ? "http" : "https";
  ::curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  ::curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
  ::curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
  ::curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  ::curl_easy_setopt(curl, CURLOPT_MAXREDIRS, kRedirections);
  ::curl_easy_setopt(curl, CURLOPT_POSTREDIR, static_cast<long>(CURL_REDIR_POST_ALL));
  ::curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  if (!body.empty()) {
    ::curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    ::curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  }
  ::curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
  ::curl_easy_setopt(curl, CURLOPT_USERNAME, options_.user.c_str());
  ::curl_easy_setopt(curl, CURLOPT_PASSWORD, options_.password.c_str());
  // Basic goes only over TLS, or within this machine.
  ::curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  ::curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  ::curl_easy_setopt(curl, CURLOPT_WRITEDATA, &taking);
  ::curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  ::curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_stop);
  ::curl_easy_setopt(curl, CURLOPT_XFERINFODATA, const_cast<Stop*>(&stop_));
  ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  ::curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  ::curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kSilentSeconds);
  ::curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
  ::curl_easy_setopt(curl, CURLOPT_USERAGENT, "Hearth");
  ::curl_easy_setopt(curl, CURLOPT_PROXY, "");  // the environment names none for this
  if (options_.clear) ::curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_here);
  if (!options_.authority.empty()) {
    curl_blob authority{const_cast<char*>(options_.authority.data()), options_.authority.size(), CURL_BLOB_COPY};
    ::curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &authority);
  }
  const auto done = ::curl_easy_perform(curl);
  if (stop_.is_set()) return fail(Code::Cancelled, "Asking the server was stopped.");
  if (taking.too_large) return fail(Code::TooLarge, "The server's answer is larger than {} MB.", options_.largest >> 20);
  if (done != CURLE_OK) return fail(Code::Unavailable, "{} does not answer: {}.", url.substr(0, url.find('/', 8)), ::curl_easy_strerror(done));
  long status = 0;
  ::curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  const char* reached = nullptr;
  ::curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &reached);
  answer.status = static_cast<int>(status);
  answer.url = reached ? reached : url;
  if (status == 401) return fail(Code::Unauthenticated, "{} refuses the user or password.", url.substr(0, url.find('/', 8)));
  return answer;
}

std::string resolve_link(std::string_view base, std::string_view link) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(::curl_url(), ::curl_url_cleanup);
  if (!url || ::curl_url_set(url.get(), CURLUPART_URL, std::string(base).c_str(), 0) != CURLUE_OK ||
      ::curl_url_set(url.get(), CURLUPART_URL, std::string(link).c_str(), 0) != CURLUE_OK) {
    return "";
  }
  char* text = nullptr;
  if (::curl_url_get(url.get(), CURLUPART_URL, &text, 0) != CURLUE_OK) return "";
  std::string resolved(text);
  ::curl_free(text);
  return resolved;
}

}  // namespace hearth::memory::live
