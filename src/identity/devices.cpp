#include "identity/identity.h"

namespace hearth::identity {

Task<Result<DevicesOutput>> Identity::devices(kernel::Call call) {
  CO_CHECK(require_person(call));
  sessions_.gather_seen();
  DevicesOutput output;
  const auto now = clock_.now();
  for (const auto& [id, s] : sessions_.sessions()) {
    if (s.person != call.person() || is_over(s, now)) continue;
    output.devices.push_back({s.id, device_name(s.agent), s.address, s.id == call.origin().session, s.two_factor, s.created,
                              s.seen, s.expires});
  }
  std::ranges::sort(output.devices, [](const Device& a, const Device& b) { return a.seen > b.seen; });
  co_return output;
}

Task<Result<>> Identity::revoke_device(kernel::Call call, SessionInput input) {
  CO_CHECK(require_person(call));
  const auto* session = sessions_.by_id(input.id);
  if (!session || session->person != call.person()) {
    co_return fail(Code::NotFound, "No such device is signed in as you.");
  }
  forget_sessions([&](const Session& s) { return s.id == input.id; });
  if (input.id == call.origin().session) call.change_session({"", Time()});
  co_return co_await system_.write(
      [&input](store::Connection& c) { return c.run("DELETE FROM identity_sessions WHERE id = ?", input.id); });
}

}  // namespace hearth::identity
