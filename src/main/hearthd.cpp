// The box: hearthd [--home DIR] [--http ADDR:PORT] [--https ADDR:PORT] [--desktop DIR] [--approval-time SECONDS]
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <cstdlib>
#include <iostream>

#include "base/log.h"
#include "base/temporary_folder.h"
#include "main/box.h"
#include "main/home_path.h"

namespace hearth {
namespace {

constexpr std::string_view kUsage =
    R"(usage: hearthd [--home DIR] [--http ADDR:PORT] [--https ADDR:PORT] [--desktop DIR] [--approval-time SECONDS]
       hearthd --describe typescript|markdown|markdown-zh
       hearthd --version

  --home DIR         where everything of the box is kept (default: $HEARTH_HOME, else ~/.hearth)
  --http ADDR:PORT   where to listen (default 127.0.0.1:8080); port 0 takes a free one
  --https ADDR:PORT  listen with TLS too, with a certificate of the box's own authority
  --desktop DIR      the built desktop (default: found beside the program)
  --approval-time SECONDS
                     how long a call waits for a person's approval before silence means no (default 600)
  --describe FORM    print what the operations' definitions give, and exit
)";

constexpr std::string_view kUsageZh =
    R"(用法: hearthd [--home 目录] [--http 地址:端口] [--https 地址:端口] [--desktop 目录] [--approval-time 秒数]
      hearthd --describe typescript|markdown|markdown-zh
      hearthd --version

  --home 目录        盒子的一切都保存在这里（默认：$HEARTH_HOME，否则 ~/.hearth）
  --http 地址:端口   监听地址（默认 127.0.0.1:8080）；端口 0 表示任选一个空闲端口
  --https 地址:端口  同时用 TLS 监听，证书由盒子自己的证书机构签发
  --desktop 目录     构建好的桌面（默认：在程序旁边查找）
  --approval-time 秒数
                     调用等待成员审批的时间，过时未答复即视为拒绝（默认 600）
  --describe 格式    输出由操作定义生成的内容，然后退出
)";

struct Arguments {
  Box::Options box;
  std::string describe;
  bool version = false;
  bool help = false;
};

// What is not part of the program lies beside it, in a build tree or in an installation. "" when it is in neither.
std::filesystem::path find_beside(const std::filesystem::path& built, const std::filesystem::path& installed) {
  std::error_code error;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (const auto& candidate : {folder / built, folder / "../share/hearth" / installed}) {
    if (std::filesystem::exists(candidate, error)) return std::filesystem::canonical(candidate, error);
  }
  return {};
}

std::filesystem::path find_desktop() { return find_beside("../../../web/dist/index.html", "desktop/index.html").parent_path(); }

Result<Duration> parse_seconds(std::string_view name, std::string_view value) {
  int seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error != std::errc() || end != value.data() + value.size() || seconds < 1) {
    return fail(Code::InvalidInput, "{} takes a number of seconds, at least 1, not {}. See: hearthd --help", name, value);
  }
  return std::chrono::seconds(seconds);
}

Result<Arguments> parse(std::vector<std::string> words) {
  Arguments arguments;
  arguments.box.home = home_of_environment();
  arguments.box.http = "127.0.0.1:8080";
  for (std::size_t i = 0; i < words.size(); ++i) {
    auto name = words[i];
    std::optional<std::string> value;
    if (const auto equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    }
    if (name == "--help" || name == "-h") {
      arguments.help = true;
      continue;
    }
    if (name == "--version") {
      arguments.version = true;
      continue;
    }
    if (name != "--home" && name != "--http" && name != "--https" && name != "--desktop" && name != "--describe" &&
        name != "--approval-time") {
      return fail(Code::InvalidInput, "There is no option {}. See: hearthd --help", name);
    }
    if (!value && i + 1 < words.size()) value = words[++i];
    if (!value || value->empty()) return fail(Code::InvalidInput, "{} needs a value. See: hearthd --help", name);
    if (name == "--home") arguments.box.home = *value;
    if (name == "--http") arguments.box.http = *value;
    if (name == "--https") arguments.box.https = *value;
    if (name == "--desktop") arguments.box.desktop = *value;
    if (name == "--describe") arguments.describe = *value;
    if (name == "--approval-time") arguments.box.approval_time = TRY(parse_seconds(name, *value));
  }
  const bool runs = !arguments.help && !arguments.version && arguments.describe.empty();
  if (runs) TRY(check_named(arguments.box.home));
  if (arguments.box.desktop.empty()) arguments.box.desktop = find_desktop();
  arguments.box.words = find_beside("../../words.vec", "words.vec");
  return arguments;
}

int report(const Error& error) {
  for (const auto& step : error.context()) log::info("while {}", step);
  std::cerr << "hearthd: " << error.message(language_of_environment()) << "\n";
  return error.code() == Code::InvalidInput ? 2 : 1;
}

int describe(const std::string& form) {
  const TemporaryFolder folder;
  boost::asio::io_context context(1);
  SystemClock clock;
  const auto box = Box::open({.home = folder.path(), .http = "", .https = "", .desktop = ""}, context.get_executor(), clock);
  if (!box) return report(box.error());
  if (form == "typescript") {
    std::cout << surfaces::typescript_client((*box)->kernel());
  } else if (form == "markdown") {
    std::cout << surfaces::markdown_reference((*box)->kernel(), Language::English);
  } else if (form == "markdown-zh") {
    std::cout << surfaces::markdown_reference((*box)->kernel(), Language::Chinese);
  } else {
    return report(Error(Code::InvalidInput, translated("--describe takes typescript, markdown or markdown-zh, not {}.", form)));
  }
  return 0;
}

// Many connections need many descriptors: as many as the system lets this process have.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Task<> run(Box& box, boost::asio::io_context& context, int& status) {
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  if (const auto started = co_await box.start(); !started) {
    status = report(started.error());
  } else {
    box.announce(std::cout, language_of_environment());
    co_await signals.async_wait(boost::asio::use_awaitable);
    log::info("stopping");
  }
  co_await box.stop();
  context.stop();
}

int serve(Box::Options options) {
  raise_descriptor_limit();
  ::signal(SIGPIPE, SIG_IGN);
  boost::asio::io_context context(1);
  SystemClock clock;
  auto box = Box::open(std::move(options), context.get_executor(), clock);
  if (!box) return report(box.error());
  int status = 0;
  boost::asio::co_spawn(context, run(**box, context, status), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
  return status;
}

int main(std::vector<std::string> words) {
  auto arguments = parse(std::move(words));
  if (!arguments) return report(arguments.error());
  if (arguments->help) {
    std::cout << (language_of_environment() == Language::Chinese ? kUsageZh : kUsage);
    return 0;
  }
  if (arguments->version) {
    std::cout << "hearthd " HEARTH_VERSION "\n";
    return 0;
  }
  if (!arguments->describe.empty()) return describe(arguments->describe);
  return serve(std::move(arguments->box));
}

}  // namespace
}  // namespace hearth

int main(int count, char** arguments) { return hearth::main({arguments + 1, arguments + count}); }
