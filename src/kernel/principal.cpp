#include "kernel/principal.h"

namespace hearth::kernel {

std::string Principal::name() const {
  return id.empty() ? enum_name(kind) : fmt::format("{}:{}", enum_name(kind), id);
}

}  // namespace hearth::kernel
