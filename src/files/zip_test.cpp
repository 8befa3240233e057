#include "files/zip.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/temporary_folder.h"

namespace hearth::files {
namespace {

const Time kTime(std::chrono::seconds(1'700'000'000));

// Written to a file and read by Python's zipfile, which knows ZIP64 and checks every sum: prints "name:size," for each.
std::string read_back(const std::string& archive) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a.zip";
  std::ofstream(path, std::ios::binary) << archive;
  const auto command = fmt::format(
      "python3 -c \"import zipfile; z = zipfile.ZipFile('{}'); bad = z.testzip(); "
      "print(bad or ''.join(f'{{i.filename}}:{{i.file_size}},' for i in z.infolist()[:9]), len(z.infolist()))\" 2>&1",
      path.string());
  std::string output;
  auto* pipe = ::popen(command.c_str(), "r");
  char buffer[4096];
  while (const auto count = ::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, count);
  ::pclose(pipe);
  return output;
}

std::string archive_of(ZipWriter zip) {
  std::string out = zip.folder("照片", kTime);
  out += zip.begin_file("照片/a.txt", kTime, 200'000);
  out += zip.bytes(std::string(150'000, 'x'));  // over several stored blocks
  out += zip.bytes("end");
  out += zip.end_file();
  out += zip.begin_file("照片/empty", kTime, 0);
  out += zip.end_file();
  return out + zip.finish();
}

TEST(Zip, IsReadByOthers) {
  EXPECT_EQ(read_back(archive_of(ZipWriter())), "照片/:0,照片/a.txt:150003,照片/empty:0, 3\n");
}

// All the ZIP64 records, without the 4 GB.
TEST(Zip, WritesZip64) {
  const auto archive = archive_of(ZipWriter(1000));
  EXPECT_NE(archive.find("PK\x06\x06"), std::string::npos);
  EXPECT_EQ(read_back(archive), "照片/:0,照片/a.txt:150003,照片/empty:0, 3\n");
}

TEST(Zip, TakesMoreFilesThanTheOldCountHolds) {
  ZipWriter zip;
  std::string out;
  for (int i = 0; i < 70'000; ++i) {
    out += zip.begin_file(fmt::format("{}", i), kTime, 0);
    out += zip.end_file();
  }
  EXPECT_TRUE(read_back(out + zip.finish()).ends_with(" 70000\n"));
}

}  // namespace
}  // namespace hearth::files
