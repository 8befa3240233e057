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
.bad{color:var(--ember)}.mark{width:40px;height:40px;display:block;margin:0 0 16px}
)";

std::string_view in(Language language, std::string_view en, std::string_view zh) { return language == Language::Chinese ? zh : en; }

gateway::Response page(int status, Language language, std::string_view title, std::string_view body) {
  gateway::Response response;
  response.status = status;
  response.headers.add("Content-Type", "text/html; charset=utf-8");
  response.headers.add("Cache-Control", "no-store");
  response.headers.add("Vary", "Accept-Language");
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Referrer-Policy", "same-origin");
  response.headers.add("X-Robots-Tag", "noindex");
  response.headers.add("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                       "frame-ancestors 'none'");
  response.body = fmt::format(
      R"(<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{}</title><style>{}</style></head><body><main><img class="mark" src="/icon.svg" alt=""><div class="card">{}</div></main></body></html>)",
      in(language, "en", "zh-CN"), escape_markup(title), kStyle, body);
  return response;
}

std::string link_to(std::string_view token, std::string_view below) {
  return fmt::format("/s/{}{}", token, percent_encode(below, "/"));
}

}  // namespace

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

gateway::Response share_folder_page(const SharedFolder& folder, Language language) {
  const auto said = [&](std::string_view en, std::string_view zh) { return in(language, en, zh); };
  std::string rows;
  if (!folder.below.empty()) {
    const auto up = folder.below.substr(0, folder.below.rfind('/'));
    rows += fmt::format(R"(<tr><td><a href="{}">↑ {}</a></td><td></td></tr>)", escape_markup(link_to(folder.token, up)), said("Up", "上一级"));
  }
  for (const auto& entry : folder.entries) {
    const bool is_folder = entry.kind == EntryKind::Folder;
    rows += fmt::format(R"(<tr><td><a href="{}">{}{}</a></td><td>{}</td></tr>)",
                        escape_markup(link_to(folder.token, folder.below + "/" + entry.name)), escape_markup(entry.name),
                        is_folder ? "/" : "", is_folder ? "" : human_size(entry.size));
  }
  if (folder.entries.empty()) {
    rows += fmt::format(R"(<tr><td class="soft">{}</td><td></td></tr>)", said("This folder is empty.", "文件夹是空的。"));
  }
  const auto more = folder.complete ? "" : fmt::format(R"(<p class="soft">{}</p>)", said("There is more than fits here; the download has all of it.", "此处未列出全部，下载内容完整。"));
  const auto title = folder.below.empty() ? folder.name : folder.below.substr(folder.below.rfind('/') + 1);
  return page(200, language, title,
              fmt::format(
                  R"(<h1>{}</h1><p class="soft">{}</p><p><a class="act" href="{}?zip=1">{}</a></p>{}<table><thead><tr><th scope="col">{}</th><th scope="col">{}</th></tr></thead><tbody>{}</tbody></table>)",
                  escape_markup(title), said("A shared folder", "分享的文件夹"), escape_markup(link_to(folder.token, folder.below)), said("Download all", "全部下载"), more,
                  said("Name", "名称"), said("Size", "大小"), rows));
}

gateway::Response share_file_page(std::string_view token, const Entry& file, Language language) {
  return page(200, language, file.name,
              fmt::format(
                  R"(<h1>{}</h1><p class="soft">{} · {}</p><p><a class="act" href="{}?download=1">{}</a></p>)",
                  escape_markup(file.name), human_size(file.size), format_time(file.modified).substr(0, 10), escape_markup(link_to(token, "")),
                  in(language, "Download", "下载")));
}

gateway::Response share_password_page(std::string_view action, PasswordNotice notice, Duration wait, Language language) {
  const auto said = [&](std::string_view en, std::string_view zh) { return std::string(in(language, en, zh)); };
  std::string problem;
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
  if (notice == PasswordNotice::Wrong) {
    problem = said("That is not the password.", "密码不正确。");
  } else if (notice == PasswordNotice::Wait) {
    problem = said(fmt::format("Too many tries: wait {} s and try again.", seconds), fmt::format("尝试次数过多，请等待 {} 秒后再试。", seconds));
  }
  if (!problem.empty()) problem = fmt::format(R"(<p class="bad" role="alert">{}</p>)", problem);
  const auto title = said("Shared with you", "与你分享");
  auto response = page(
      notice == PasswordNotice::Wait ? 429 : notice == PasswordNotice::Wrong ? 403 : 200, language, title,
      fmt::format(
          R"(<h1>{}</h1><p class="soft">{}</p>{}<form method="post" action="{}"><label for="password">{}</label><input id="password" name="password" type="password" required maxlength="256" autofocus autocomplete="off"><button class="act" type="submit">{}</button></form>)",
          title, said("This link asks for a password.", "此链接需要密码。"), problem, escape_markup(action), said("Password", "密码"), said("Open", "打开")));
  if (notice == PasswordNotice::Wait) response.headers.add("Retry-After", std::to_string(seconds));
  return response;
}

gateway::Response share_problem_page(int status, std::string_view en, std::string_view zh, Language language) {
  const auto said = in(language, en, zh);
  return page(status, language, said, fmt::format("<h1>{}</h1>", escape_markup(said)));
}

}  // namespace hearth::files
