#include "kernel/label.h"

#include <algorithm>

namespace hearth::kernel {

Label join(const Label& a, const Label& b) {
  return {std::max(a.confidentiality, b.confidentiality), a.owner == b.owner ? a.owner : "",
          std::max(a.integrity, b.integrity)};
}

Message name_of(Confidentiality confidentiality) {
  switch (confidentiality) {
    case Confidentiality::Public: return translated("public");
    case Confidentiality::Household: return translated("household");
    case Confidentiality::Private: return translated("private");
    case Confidentiality::Secret: return translated("secret");
  }
  return {};
}

}  // namespace hearth::kernel
