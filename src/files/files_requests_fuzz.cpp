#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>

#include "base/temporary_folder.h"
#include "files/fake_exchange.h"
#include "files/files.h"

using namespace hearth;
using namespace hearth::files;

namespace {

constexpr std::string_view kSecret = "bob's letter, which ann must never see";

// One box for all inputs: what one leaves behind, the next finds.
struct Box {
  Box() {
    std::filesystem::create_directories(folder.path() / "files" / "bob" / "home");
    std::ofstream(folder.path() / "files" / "bob" / "home" / "letter") << kSecret;
    std::ofstream(folder.path() / "letter") << kSecret;
    refill();
  }

  void refill() {
    const auto home = folder.path() / "files" / "ann" / "home";
    std::error_code error;
    std::filesystem::create_directories(home, error);
    for (const auto& entry : std::filesystem::directory_iterator(home)) std::filesystem::remove_all(entry, error);
    std::filesystem::create_directories(home / "a" / "b", error);
    std::ofstream(home / "a" / "file") << "content";
    std::filesystem::create_symlink(folder.path() / "letter", home / "link", error);
    std::filesystem::create_directory_symlink(folder.path(), home / "out", error);
  }

  // Shared memory: the disk's fsync is not what is tested.
  int shared_memory = ::setenv("TMPDIR", "/dev/shm", 0);
  TemporaryFolder folder;
  std::unique_ptr<store::Database> system = *store::Database::open(folder.path() / "system.db", {files_schema()});
  ManualClock clock;
  boost::asio::io_context loop;
  Doors doors = {[](auto...) -> Task<Result<>> { co_return Result<>(); },
                 [](auto...) -> Task<Result<>> { co_return Result<>(); }, [](kernel::Event) {}};
  std::unique_ptr<Files> files = *Files::open({.folder = folder.path() / "files"}, *system, clock, loop.get_executor(), doors);
};

// "METHOD target", header lines, an empty line, the body.
std::optional<FakeExchange> exchange_of(std::string_view input) {
  const auto line = [&input] {
    const auto end = std::min(input.find('\n'), input.size());
    const auto text = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    return text;
  };
  const auto first = line();
  const auto space = first.find(' ');
  if (space == std::string_view::npos || !first.substr(space + 1).starts_with('/')) return std::nullopt;
  gateway::Headers headers;
  for (auto header = line(); !header.empty(); header = line()) {
    const auto colon = header.find(": ");
    if (colon != std::string_view::npos) headers.add(header.substr(0, colon), header.substr(colon + 2));
  }
  FakeExchange exchange(std::string(first.substr(0, space)), std::string(first.substr(space + 1)), headers);
  if (!input.empty()) exchange.with_body(std::string(input));
  return exchange;
}

}  // namespace

// Whole requests to /files, /uploads, /dav and /s: each is answered, none as an internal error, none with another's letter.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Box box;
  static int count = 0;
  // The fuzzer learns the letter from the comparison below: what it wrote itself proves nothing.
  if (std::string_view(reinterpret_cast<const char*>(data), size).contains(kSecret)) return 0;
  if (++count % 500 == 0) box.refill();
  auto exchange = exchange_of({reinterpret_cast<const char*>(data), size});
  if (!exchange) return 0;
  bool done = false;
  boost::asio::co_spawn(box.loop, box.files->serve(*exchange, kernel::Principal::of_person("ann", kernel::Role::Member), {}),
                        [&done](std::exception_ptr failure) {
                          if (failure) std::abort();
                          done = true;
                        });
  box.loop.restart();
  while (!done) box.loop.run_one();
  if (!exchange->answered || exchange->answer.status == 500 || exchange->answer.body.contains(kSecret)) std::abort();
  return 0;
}
