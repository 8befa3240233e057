#include "memory/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace hearth::memory {

Result<Descriptor> memory_file(std::string_view bytes) {
  Descriptor file(::memfd_create("hearth", MFD_CLOEXEC));
  if (!file) return std::unexpected(Error::from_errno(errno, "keeping a message in memory"));
  for (std::size_t written = 0; written < bytes.size();) {
    const auto count = ::pwrite(file.get(), bytes.data() + written, bytes.size() - written, static_cast<off_t>(written));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(Error::from_errno(errno, "keeping a message in memory"));
    written += static_cast<std::size_t>(count);
  }
  return file;
}

}  // namespace hearth::memory
