#include "identity/identity.h"
#include "kernel/kernel.h"

namespace hearth::identity {
namespace {

using kernel::Audience;
using kernel::Call;
using kernel::Effect;
using kernel::Kernel;

void define_sessions(Kernel& kernel, Identity& identity) {
  // Asked for with every page, and reveals nothing that is not on the page.
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
  kernel.define("identity.sign_in", Effect::Write,
                {"Signs you in.", "登录。"},
                [&identity](Call call, SignInInput in) -> Task<Result<SignInOutput>> {
                  return identity.sign_in(std::move(call), std::move(in));
                },
                {.audience = Audience::Anyone});
  kernel.define("identity.sign_out", Effect::Write,
                {"Signs this device out.", "退出此设备的登录。"},
                [&identity](Call call, Nothing) -> Task<Result<void>> { return identity.sign_out(std::move(call)); },
                {.audience = Audience::Guest});
  kernel.define("identity.confirm", Effect::Write,
                {"Confirms with your password that it is you, before a sensitive change.", "在敏感更改之前，用密码确认是你本人。"},
                [&identity](Call call, ConfirmInput in) -> Task<Result<void>> {
                  return identity.confirm(std::move(call), std::move(in));
                },
                {.audience = Audience::Guest});
  kernel.define("identity.devices", Effect::Read,
                {"Lists the devices on which you are signed in.", "列出你已登录的设备。"},
                [&identity](Call call, Nothing) -> Task<Result<DevicesOutput>> { return identity.devices(std::move(call)); },
                {.audience = Audience::Guest});
  kernel.define("identity.revoke_device", Effect::Write,
                {"Signs a device out at once.", "立即让某台设备退出登录。"},
                [&identity](Call call, SessionInput in) -> Task<Result<void>> {
                  return identity.revoke_device(std::move(call), std::move(in));
                },
                {.audience = Audience::Guest});
  kernel.define("identity.events", Effect::Read,
                {"Lists what happened to your account.", "列出你账户上发生的事。"},
                [&identity](Call call, Nothing) -> Task<Result<EventsOutput>> { return identity.events(std::move(call)); },
                {.audience = Audience::Guest});
}

void define_people(Kernel& kernel, Identity& identity) {
  kernel.define("identity.people", Effect::Read,
                {"Lists the people of the box.", "列出盒子的成员。"},
                [&identity](Call call, Nothing) -> Task<Result<PeopleOutput>> { return identity.people(std::move(call)); },
                {.audience = Audience::Member});
  kernel.define("identity.update_profile", Effect::Write,
                {"Changes your display name or language.", "更改你的显示名称或语言。"},
                [&identity](Call call, UpdateProfileInput in) -> Task<Result<Person>> {
                  return identity.update_profile(std::move(call), std::move(in));
                },
                {.audience = Audience::Guest});
  kernel.define("identity.change_password", Effect::Write,
                {"Changes your password and signs your other devices out.", "更改密码，并让其他设备退出登录。"},
                [&identity](Call call, ChangePasswordInput in) -> Task<Result<void>> {
                  return identity.change_password(std::move(call), std::move(in));
                },
                {.audience = Audience::Guest});
  kernel.define("identity.create_person", Effect::Admin,
                {"Adds a person with a first password.", "添加一位成员并设初始密码。"},
                [&identity](Call call, CreatePersonInput in) -> Task<Result<Person>> {
                  return identity.create_person(std::move(call), std::move(in));
                },
                {.audience = Audience::Owner});
  kernel.define("identity.change_role", Effect::Admin,
                {"Changes what a person may do on the box.", "更改成员的角色。"},
                [&identity](Call call, ChangeRoleInput in) -> Task<Result<void>> {
                  return identity.change_role(std::move(call), std::move(in));
                },
                {.audience = Audience::Owner});
  kernel.define("identity.reset_password", Effect::Admin,
                {"Gives a code with which a person chooses a new password, a day later: until then they see it, and end it by signing in.", "生成供某位成员重设密码的代码，一天后生效；在此之前对方会看到，登录即可使其作废。"},
                [&identity](Call call, ResetPasswordInput in) -> Task<Result<CodeOutput>> {
                  return identity.reset_password(std::move(call), std::move(in));
                },
                {.audience = Audience::Owner});
  kernel.define("identity.remove_person", Effect::Admin,
                {"Removes a person, and keeps or removes what was theirs.", "移除一位成员，并保留或删除其数据。"},
                [&identity](Call call, RemovePersonInput in) -> Task<Result<void>> {
                  return identity.remove_person(std::move(call), std::move(in));
                },
                {.audience = Audience::Owner});
  kernel.define("identity.invite", Effect::Admin,
                {"Makes an invitation that lets one new person in.", "生成一份邀请，让一位新成员加入。"},
                [&identity](Call call, InviteInput in) -> Task<Result<CodeOutput>> {
                  return identity.invite(std::move(call), std::move(in));
                },
                {.audience = Audience::Owner});
  kernel.define("identity.invitations", Effect::Read,
                {"Lists the invitations that nobody has used yet.", "列出尚未使用的邀请。"},
                [&identity](Call call, Nothing) -> Task<Result<InvitationsOutput>> { return identity.invitations(std::move(call)); },
                {.audience = Audience::Owner});
  kernel.define("identity.revoke_invitation", Effect::Admin,
                {"Takes an invitation back.", "撤回一份邀请。"},
                [&identity](Call call, InvitationInput in) -> Task<Result<void>> {
                  return identity.revoke_invitation(std::move(call), std::move(in));
                },
                {.audience = Audience::Owner});
  kernel.define("identity.accept_invitation", Effect::Write,
                {"Joins the box with an invitation.", "凭邀请加入盒子。"},
                [&identity](Call call, AcceptInvitationInput in) -> Task<Result<SignInOutput>> {
                  return identity.accept_invitation(std::move(call), std::move(in));
                },
                {.audience = Audience::Anyone});
  kernel.define("identity.set_password", Effect::Write,
                {"Chooses a new password with a code from the owner.", "凭主人给的代码设置新密码。"},
                [&identity](Call call, SetPasswordInput in) -> Task<Result<void>> {
                  return identity.set_password(std::move(call), std::move(in));
                },
                {.audience = Audience::Anyone});
}

void define_factors(Kernel& kernel, Identity& identity) {
  kernel.define("identity.start_codes", Effect::Write,
                {"Begins to set up one-time codes.", "开始设置一次性验证码。"},
                [&identity](Call call, Nothing) -> Task<Result<StartCodesOutput>> { return identity.start_codes(std::move(call)); },
                {.audience = Audience::Guest});
  kernel.define("identity.confirm_codes", Effect::Write,
                {"Turns one-time codes on and gives recovery codes.", "启用一次性验证码，并给出恢复码。"},
                [&identity](Call call, CodeInput in) -> Task<Result<RecoveryCodesOutput>> {
                  return identity.confirm_codes(std::move(call), std::move(in));
                },
                {.audience = Audience::Guest});
  kernel.define("identity.remove_codes", Effect::Write,
                {"Turns one-time codes off.", "停用一次性验证码。"},
                [&identity](Call call, Nothing) -> Task<Result<void>> { return identity.remove_codes(std::move(call)); },
                {.audience = Audience::Guest});
  kernel.define("identity.recovery_codes", Effect::Write,
                {"Makes ten new recovery codes in place of the old ones.", "生成十个新的恢复码，旧的随即作废。"},
                [&identity](Call call, Nothing) -> Task<Result<RecoveryCodesOutput>> { return identity.recovery_codes(std::move(call)); },
                {.audience = Audience::Guest});
  kernel.define("identity.start_passkey", Effect::Write,
                {"Begins to add a passkey.", "开始添加通行密钥。"},
                [&identity](Call call, Nothing) -> Task<Result<StartPasskeyOutput>> { return identity.start_passkey(std::move(call)); },
                {.audience = Audience::Guest});
  kernel.define("identity.finish_passkey", Effect::Write,
                {"Adds the passkey that the browser made.", "添加浏览器生成的通行密钥。"},
                [&identity](Call call, FinishPasskeyInput in) -> Task<Result<Passkey>> {
                  return identity.finish_passkey(std::move(call), std::move(in));
                },
                {.audience = Audience::Guest});
  kernel.define("identity.passkeys", Effect::Read,
                {"Lists your passkeys.", "列出你的通行密钥。"},
                [&identity](Call call, Nothing) -> Task<Result<PasskeysOutput>> { return identity.passkeys(std::move(call)); },
                {.audience = Audience::Guest});
  kernel.define("identity.remove_passkey", Effect::Write,
                {"Removes a passkey.", "移除一个通行密钥。"},
                [&identity](Call call, PasskeyInput in) -> Task<Result<void>> {
                  return identity.remove_passkey(std::move(call), std::move(in));
                },
                {.audience = Audience::Guest});
  // Asked for by every sign-in page, and changes nothing.
  kernel.define("identity.start_passkey_sign_in", Effect::Read,
                {"Begins to sign in with a passkey.", "开始用通行密钥登录。"},
                [&identity](Call call, Nothing) -> Task<Result<StartPasskeySignInOutput>> { return identity.start_passkey_sign_in(std::move(call)); },
                {.audience = Audience::Anyone, .audited = false});
  kernel.define("identity.finish_passkey_sign_in", Effect::Write,
                {"Signs you in with a passkey.", "用通行密钥登录。"},
                [&identity](Call call, FinishPasskeySignInInput in) -> Task<Result<SignInOutput>> {
                  return identity.finish_passkey_sign_in(std::move(call), std::move(in));
                },
                {.audience = Audience::Anyone});
}

void define_tokens(Kernel& kernel, Identity& identity) {
  kernel.define("identity.create_token", Effect::Write,
                {"Makes an access token for an app, run, device or peer that acts for you.", "为代表你行事的应用、智能体运行、设备或其他盒子创建访问令牌。"},
                [&identity](Call call, CreateTokenInput in) -> Task<Result<CreateTokenOutput>> {
                  return identity.create_token(std::move(call), std::move(in));
                },
                {.audience = Audience::Member});
  kernel.define("identity.tokens", Effect::Read,
                {"Lists your access tokens.", "列出你的访问令牌。"},
                [&identity](Call call, Nothing) -> Task<Result<TokensOutput>> { return identity.tokens(std::move(call)); },
                {.audience = Audience::Member});
  kernel.define("identity.revoke_token", Effect::Write,
                {"Revokes an access token, with its grants.", "撤销一个访问令牌及其授权。"},
                [&identity](Call call, TokenInput in) -> Task<Result<void>> {
                  return identity.revoke_token(std::move(call), std::move(in));
                },
                {.audience = Audience::Member});
}

}  // namespace

void define_operations(Kernel& kernel, Identity& identity) {
  define_sessions(kernel, identity);
  define_people(kernel, identity);
  define_factors(kernel, identity);
  define_tokens(kernel, identity);
}

}  // namespace hearth::identity
