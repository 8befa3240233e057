#include "gateway/replies.h"

#include <charconv>

#include "base/json.h"

namespace hearth::gateway {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 207: return "Multi-Status";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 423: return "Locked";
    case 424: return "Failed Dependency";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "Status";
  }
}

void append_status_line(std::string& head, int status) {
  head += "HTTP/1.1 ";
  head += static_cast<char>('0' + status / 100 % 10);
  head += static_cast<char>('0' + status / 10 % 10);
  head += static_cast<char>('0' + status % 10);
  head += ' ';
  head += reason_phrase(status);
  head += "\r\n";
}

void append_number_field(std::string& head, std::string_view name_and_colon, std::uint64_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  head += name_and_colon;
  head.append(digits, end);
  head += "\r\n";
}

std::string error_json(std::string_view code, const Message& message, Language language) {
  return Json::object({{"error", Json::object({{"code", code}, {"message", message.in(language)}})}}).dump();
}

std::string error_page(std::string_view title, std::string_view text, std::string_view title_zh,
                       std::string_view text_zh) {
  std::string page =
      "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>";
  page += title;
  page +=
      "</title><style>:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-content:center;"
      "padding:24px;box-sizing:border-box;font:16px/1.6 system-ui,\"Noto Sans CJK SC\",\"PingFang SC\",\"Microsoft "
      "YaHei\",sans-serif;background:#faf6f0;color:#2b2622}main{max-width:34rem}h1{font-size:1.4rem;margin:0 0 8px}"
      "p{margin:0 0 24px}@media(prefers-color-scheme:dark){body{background:#191614;color:#ece4da}}</style><main><h1>";
  page += title;
  page += "</h1><p>";
  page += text;
  page += "</p><div lang=\"zh-CN\"><h1>";
  page += title_zh;
  page += "</h1><p>";
  page += text_zh;
  page += "</p></div></main></html>\n";
  return page;
}

}  // namespace hearth::gateway
