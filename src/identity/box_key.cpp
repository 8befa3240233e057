#include "identity/box_key.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/bytes.h"

namespace hearth::identity {
namespace {

constexpr std::size_t kKeySize = 32;

struct Descriptor {
  int value;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
};

Result<> write_all(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::unexpected(Error::from_errno(errno, "writing {}", path));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) return std::unexpected(Error::from_errno(errno, "writing {}", path));
  return {};
}

Result<std::string> make_key(const std::filesystem::path& folder, const std::string& path) {
  // Whole under another name first: a power cut leaves no half key.
  const auto fresh = path + ".new";
  auto key = random_bytes(kKeySize);
  {
    const Descriptor file{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (file.value < 0) return std::unexpected(Error::from_errno(errno, "making {}", fresh));
    TRY(write_all(file.value, key, fresh));
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return std::unexpected(Error::from_errno(errno, "making {}", path));
  const Descriptor parent{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (parent.value >= 0) ::fsync(parent.value);
  return key;
}

}  // namespace

Result<std::string> load_box_key(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return std::unexpected(Error::from_errno(failure.value(), "making {}", folder.string()));
  const auto path = (folder / "identity.key").string();
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.value < 0) {
    if (errno == ENOENT) return make_key(folder, path);
    return std::unexpected(Error::from_errno(errno, "reading {}", path));
  }
  std::string key(kKeySize + 1, '\0');
  const auto size = ::read(file.value, key.data(), key.size());
  if (size < 0) return std::unexpected(Error::from_errno(errno, "reading {}", path));
  if (static_cast<std::size_t>(size) != kKeySize) {
    return fail(Code::Corrupt, "{} is damaged: put it back from a backup. It opens the one-time codes of the box's people.", path);
  }
  key.resize(kKeySize);
  return key;
}

std::string readable(std::string_view bytes) {
  static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text;
  unsigned held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += kAlphabet[held >> bits & 31];
    }
    held &= (1U << bits) - 1;
  }
  return text;
}

std::string normal_code(std::string_view typed) {
  std::string code;
  for (char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (c == 'I' || c == 'L') c = '1';
    if (c == 'O') c = '0';
    code += c;
  }
  return code;
}

std::string grouped(std::string_view code, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < code.size(); i += size) {
    if (i > 0) text += '-';
    text += code.substr(i, size);
  }
  return text;
}

}  // namespace hearth::identity
