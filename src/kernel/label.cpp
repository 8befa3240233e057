#include "kernel/label.h"

#include <algorithm>

namespace hearth::kernel {

Label join(const Label& a, const Label& b) {
  return {std::max(a.confidentiality, b.confidentiality), a.owner == b.owner ? a.owner : "",
          std::max(a.integrity, b.integrity)};
}

}  // namespace hearth::kernel
