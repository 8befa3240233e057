#include "identity/identity.h"
#include "kernel/kernel.h"

namespace hearth::identity {

using kernel::Audience;
using kernel::Call;
using kernel::Effect;

void define_operations(kernel::Kernel& kernel, Identity& identity) {
  // Asked for by every page load, reveals nothing that is not on the page.
  kernel.define("identity.state", Effect::Read,
                {"Tells whether the box has an owner and who is signed in.", "查看盒子是否已有主人，以及当前登录的成员。"},
                [&identity](Call call, Nothing) -> Task<Result<StateOutput>> { return identity.state(std::move(call)); },
                {.audience = Audience::Anyone, .audited = false});
  kernel.define("identity.setup", Effect::Write,
                {"Makes you the owner of a new box.", "成为新盒子的主人。"},
                [&identity](Call call, SetupInput in) -> Task<Result<SignInOutput>> {
                  return identity.setup(std::move(call), std::move(in));
                },
                {.audience = Audience::Anyone});
  kernel.define("identity.sign_in", Effect::Write, {"Signs you in.", "登录。"},
                [&identity](Call call, SignInInput in) -> Task<Result<SignInOutput>> {
                  return identity.sign_in(std::move(call), std::move(in));
                },
                {.audience = Audience::Anyone});
  kernel.define("identity.sign_out", Effect::Write, {"Signs this device out.", "退出此设备的登录。"},
                [&identity](Call call, Nothing) -> Task<Result<void>> { return identity.sign_out(std::move(call)); },
                {.audience = Audience::Guest});
  kernel.define("identity.confirm", Effect::Write,
                {"Confirms with your password that it is you, before a sensitive change.", "在敏感更改之前，用密码确认是你本人。"},
                [&identity](Call call, ConfirmInput in) -> Task<Result<void>> {
                  return identity.confirm(std::move(call), std::move(in));
                },
                {.audience = Audience::Guest});
  kernel.define("identity.devices", Effect::Read, {"Lists the devices on which you are signed in.", "列出你已登录的设备。"},
                [&identity](Call call, Nothing) -> Task<Result<DevicesOutput>> { return identity.devices(std::move(call)); },
                {.audience = Audience::Guest});
  kernel.define("identity.revoke_device", Effect::Write,
                {"Signs another device out at once.", "立即让某台设备退出登录。"},
                [&identity](Call call, SessionInput in) -> Task<Result<void>> {
                  return identity.revoke_device(std::move(call), std::move(in));
                },
                {.audience = Audience::Guest});
}

}  // namespace hearth::identity
