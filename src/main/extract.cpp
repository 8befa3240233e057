// hearth-extract: reads mail and documents for hearthd, in a sandbox. Started by hearthd with its request socket and its
// reply pipe as descriptors 3 and 4 (memory/extract/wire.h); of no use to people. hearth-extract-pages is the same program with a
// reader of pages and pictures.
#include <fcntl.h>

#include <cstdio>

#include "base/log.h"
#include "memory/extract/mail.h"
#include "memory/extract/sandbox.h"
#include "memory/extract/server.h"
#include "memory/extract/zones.h"
#ifdef HEARTH_PAGES
#include "memory/extract/pages/pages.h"
#endif

int main() {
  using namespace hearth::memory::extract;
  if (::fcntl(kRequestDescriptor, F_GETFD) < 0 || ::fcntl(kReplyDescriptor, F_GETFD) < 0) {
    std::fputs("hearth-extract is started by hearthd; it does nothing by itself.\n", stderr);
    return 2;
  }
  prepare_mail();
#ifdef HEARTH_PAGES
  prepare_pages();
#endif
  load_zones();
  if (const auto closed = enter_sandbox(); !closed) {
    hearth::log::error("hearth-extract: {}", closed.error().describe());
    return 3;
  }
  const auto served = serve(kRequestDescriptor, kReplyDescriptor);
  if (!served) {
    hearth::log::error("hearth-extract: {}", served.error().describe());
    return 1;
  }
  return 0;
}
