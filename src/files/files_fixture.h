#pragma once
#include <gtest/gtest.h>

#include <fstream>

#include "base/temporary_folder.h"
#include "files/fake_exchange.h"
#include "files/files.h"
#include "files/root.h"

// A box's files without a kernel: for the tests of this room.
namespace hearth::files {

inline std::string code_of(const auto& result) { return result ? "ok" : std::string(code_name(result.error().code())); }

class FilesTest : public testing::Test {
 protected:
  using Body = std::function<Task<>(FilesTest&)>;

  // Opens the files, as a start of the box does, and runs `body` with them.
  void with_files(std::function<Task<>()> body) {
    auto system = *store::Database::open(folder_.path() / "system.db", {files_schema()});
    run_until_done([&](Executor executor) -> Task<> {
      files = *Files::open({.folder = folder_.path() / "files"}, *system, clock, executor, doors());
      co_await body();
      co_await files->stop();
      files.reset();
    });
  }

  Doors doors() {
    return {
        [this](kernel::Principal, kernel::Origin, std::string operation, std::string resource) -> Task<Result<>> {
          permitted.push_back(operation + " " + resource);
          if (refuse) co_return fail(Code::Forbidden, "No grant covers this.");
          co_return Result<>();
        },
        [this](kernel::Principal, std::string action, std::string resource, std::string outcome) -> Task<Result<>> {
          recorded.push_back(action + " " + resource + " " + outcome);
          co_return Result<>();
        },
        [this](kernel::Event event) { published.push_back(event.data.text("path").data()); },
    };
  }

  // Serves one exchange as Ann.
  Task<> serve(FakeExchange& exchange) {
    return files->serve(exchange, kernel::Principal::of_person("ann", kernel::Role::Member), {});
  }

  std::filesystem::path home(std::string_view person = "ann") const {
    return folder_.path() / "files" / person / "home";
  }
  void put(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((home() / name).parent_path());
    std::ofstream(home() / name) << text;
  }
  std::string content(const std::string& name) const {
    std::ifstream in(home() / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  TemporaryFolder folder_;
  ManualClock clock;
  std::unique_ptr<Files> files;
  std::vector<std::string> permitted;
  std::vector<std::string> recorded;
  std::vector<std::string> published;
  bool refuse = false;
};

}  // namespace hearth::files
