#include "files/share_page.h"

#include "base/bytes.h"

namespace hearth::files {
namespace {

// The desktop's tokens (paper by day, coal by night, ember for the one thing to do next).
constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--paper:#f7f2ea;--card:#fffdf9;--ink:#2b2622;--soft:#6f655c;--line:#e4dacd;--ember:#b8481a;--on:#fff}
@media(prefers-color-scheme:dark){:root{--paper:#191614;--card:#24201d;--ink:#efe7dd;--soft:#a89c90;--line:#3a332d;--ember:#f08a4b;--on:#1d1511}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:720px;margin:0 auto;padding:48px 16px}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:24px}
h1{font-size:24px;line-height:1.3;margin:0 0 4px;overflow-wrap:anywhere}
p{margin:0 0 16px}.soft{color:var(--soft)}
.act{display:inline-block;background:var(--ember);color:var(--on);border:0;border-radius:8px;padding:10px 20px;font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
a{color:var(--ember)}a:focus-visible,input:focus-visible,button:focus-visible{outline:2px solid var(--ember);outline-offset:2px}
table{width:100%;border-collapse:collapse;margin-top:16px}
th{text-align:left;font-weight:400;color:var(--soft);font-size:14px}
td,th{padding:10px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
td:last-child,th:last-child{text-align:right;white-space:nowrap;color:var(--soft);font-variant-numeric:tabular-nums;padding-left:16px}
input{display:block;width:100%;margin:8px 0 16px;padding:10px 12px;border:1px solid var(--line);border-radius:8px;background:var(--paper);color:var(--ink);font:inherit}
.bad{color:var(--ember)}
)";

gateway::Response page(int status, std::string_view title, std::string_view body) {
  gateway::Response response;
  response.status = status;
  response.headers.add("Content-Type", "text/html; charset=utf-8");
  response.headers.add("Cache-Control", "no-store");
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Referrer-Policy", "same-origin");
  response.headers.add("X-Robots-Tag", "noindex");
  response.headers.add("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
                       "frame-ancestors 'none'");
  response.body = fmt::format(
      R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{}</title><style>{}</style></head><body><main><div class="card">{}</div></main></body></html>)",
      escape_html(title), kStyle, body);
  return response;
}

std::string link_to(std::string_view token, std::string_view below) {
  return fmt::format("/s/{}{}", token, percent_encode(below, "/"));
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 6> kUnits = {"B", "kB", "MB", "GB", "TB", "PB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 || value >= 99.5 ? fmt::format("{:.0f} {}", value, kUnits[unit])
                                    : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

gateway::Response share_folder_page(const SharedFolder& folder) {
  std::string rows;
  if (!folder.below.empty()) {
    const auto up = folder.below.substr(0, folder.below.rfind('/'));
    rows += fmt::format(R"(<tr><td><a href="{}">↑ <span>Up</span> · <span lang="zh-CN">上一级</span></a></td><td></td></tr>)",
                        escape_html(link_to(folder.token, up)));
  }
  for (const auto& entry : folder.entries) {
    const bool is_folder = entry.kind == EntryKind::Folder;
    rows += fmt::format(R"(<tr><td><a href="{}">{}{}</a></td><td>{}</td></tr>)",
                        escape_html(link_to(folder.token, folder.below + "/" + entry.name)), escape_html(entry.name),
                        is_folder ? "/" : "", is_folder ? "" : human_size(entry.size));
  }
  if (folder.entries.empty()) {
    rows += R"(<tr><td class="soft">This folder is empty. · <span lang="zh-CN">文件夹是空的。</span></td><td></td></tr>)";
  }
  const auto more =
      folder.complete ? ""
                      : R"(<p class="soft">There is more than fits here; the download has all of it. · <span lang="zh-CN">此处未列出全部，下载内容完整。</span></p>)";
  const auto title = folder.below.empty() ? folder.name : folder.below.substr(folder.below.rfind('/') + 1);
  return page(200, title,
              fmt::format(
                  R"(<h1>{}</h1><p class="soft">A shared folder · <span lang="zh-CN">分享的文件夹</span></p><p><a class="act" href="{}?zip=1">Download all · <span lang="zh-CN">全部下载</span></a></p>{}<table><thead><tr><th scope="col">Name · <span lang="zh-CN">名称</span></th><th scope="col">Size · <span lang="zh-CN">大小</span></th></tr></thead><tbody>{}</tbody></table>)",
                  escape_html(title), escape_html(link_to(folder.token, folder.below)), more, rows));
}

gateway::Response share_file_page(std::string_view token, const Entry& file) {
  return page(200, file.name,
              fmt::format(
                  R"(<h1>{}</h1><p class="soft">{} · {}</p><p><a class="act" href="{}?download=1">Download · <span lang="zh-CN">下载</span></a></p>)",
                  escape_html(file.name), human_size(file.size), format_time(file.modified).substr(0, 10),
                  escape_html(link_to(token, ""))));
}

gateway::Response share_password_page(std::string_view action, PasswordNotice notice, Duration wait) {
  std::string said;
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
  if (notice == PasswordNotice::Wrong) {
    said = R"(<p class="bad" role="alert">That is not the password. · <span lang="zh-CN">密码不正确。</span></p>)";
  } else if (notice == PasswordNotice::Wait) {
    said = fmt::format(
        R"(<p class="bad" role="alert">Too many tries: wait {0} s and try again. · <span lang="zh-CN">尝试次数过多，请等待 {0} 秒后再试。</span></p>)",
        seconds);
  }
  auto response = page(
      notice == PasswordNotice::Wait ? 429 : notice == PasswordNotice::Wrong ? 403 : 200, "Shared with you · 与你分享",
      fmt::format(
          R"(<h1>Shared with you · <span lang="zh-CN">与你分享</span></h1><p class="soft">This link asks for a password. · <span lang="zh-CN">此链接需要密码。</span></p>{}<form method="post" action="{}"><label for="password">Password · <span lang="zh-CN">密码</span></label><input id="password" name="password" type="password" required maxlength="256" autofocus autocomplete="off"><button class="act" type="submit">Open · <span lang="zh-CN">打开</span></button></form>)",
          said, escape_html(action)));
  if (notice == PasswordNotice::Wait) response.headers.add("Retry-After", std::to_string(seconds));
  return response;
}

gateway::Response share_problem_page(int status, std::string_view en, std::string_view zh) {
  return page(status, en,
              fmt::format(R"(<h1>{}</h1><p lang="zh-CN">{}</p>)", escape_html(en), escape_html(zh)));
}

}  // namespace hearth::files
