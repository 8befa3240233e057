#include "kernel/operation.h"

namespace hearth::kernel {

Call::Call(Principal principal, Origin origin, std::optional<SessionChange>* session_change)
    : content_(std::make_shared<const Content>(std::move(principal), std::move(origin))), session_change_(session_change) {}

Call::Call(const Call& other) = default;
Call::Call(Call&& other) noexcept = default;
Call& Call::operator=(Call other) noexcept {
  std::swap(content_, other.content_);
  std::swap(session_change_, other.session_change_);
  return *this;
}
Call::~Call() = default;

void Call::change_session(SessionChange change) const {
  if (session_change_) *session_change_ = std::move(change);
}

namespace operation_detail {

Task<Result<Outcome>> refused(Error error) { co_return std::unexpected(std::move(error)); }

}  // namespace operation_detail
}  // namespace hearth::kernel
