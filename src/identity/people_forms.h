#pragma once
#include "identity/forms.h"

// What goes into and comes out of the operations on people, invitations and tokens.
namespace hearth::identity {

// What to do with a removed person's data.
enum class DataDecision { Keep, Remove };
HEARTH_DESCRIBE_ENUM(DataDecision, Keep, Remove)

struct ChangePasswordInput {
  std::optional<std::string> current;
  std::string password;
};
HEARTH_DESCRIBE(ChangePasswordInput,
                (current, "Your current password; not needed within ten minutes of giving it.",
                 .zh = "当前密码；十分钟内输入过则不需要。", .maximum_length = 1024, .secret = true),
                (password, "The new password: at least 10 characters.", .zh = "新密码：至少 10 个字符。", .maximum_length = 1024,
                 .secret = true))

struct UpdateProfileInput {
  std::optional<std::string> display_name;
  std::optional<std::string> language;
};
HEARTH_DESCRIBE(UpdateProfileInput, (display_name, "The name that others see.", .zh = "显示名称。", .maximum_length = 256),
                (language, "en or zh-CN.", .zh = "en 或 zh-CN。", .maximum_length = 16))

struct CreatePersonInput {
  std::string name;
  std::string display_name;
  kernel::Role role = kernel::Role::Member;
  std::string password;
  std::string language = "en";
};
HEARTH_DESCRIBE(CreatePersonInput, (name, "The name to sign in with.", .zh = "登录名。", .maximum_length = 256),
                (display_name, "The name that others see.", .zh = "显示名称。", .maximum_length = 256),
                (role, "What they may do on the box.", .zh = "在盒子上的角色。", .defaulted = true),
                (password, "Their first password: at least 10 characters. They should change it.",
                 .zh = "初始密码：至少 10 个字符，请对方自行更改。", .maximum_length = 1024, .secret = true),
                (language, "en or zh-CN.", .zh = "en 或 zh-CN。", .defaulted = true, .maximum_length = 16))

struct InviteInput {
  kernel::Role role = kernel::Role::Member;
  std::string display_name;
};
HEARTH_DESCRIBE(InviteInput, (role, "What they may do on the box.", .zh = "在盒子上的角色。", .defaulted = true),
                (display_name, "Whom the invitation is for.", .zh = "邀请谁。", .maximum_length = 256))

// A code that lets somebody in once: a new person, or one who chooses a new password.
struct CodeOutput {
  std::string id;
  std::string code;
  Time valid_from;
  Time expires;
};
HEARTH_DESCRIBE(CodeOutput, (id, "The id of the invitation.", .zh = "邀请编号。"),
                (code, "The code, shown only now: give it to the person.", .zh = "代码，仅显示这一次，请交给对方。", .secret = true),
                (valid_from, "From when it works. A reset waits a day, unless it is made at the console.", .zh = "何时起有效。重设须等一天，除非在控制台上发起。"),
                (expires, "Until when it works.", .zh = "有效期至。"))

struct Invitation {
  std::string id;
  std::string display_name;
  kernel::Role role = kernel::Role::Member;
  bool new_password = false;
  std::string made_by;
  Time created;
  Time expires;
};
HEARTH_DESCRIBE(Invitation, (id, "The id of the invitation.", .zh = "邀请编号。"),
                (display_name, "Whom it is for.", .zh = "邀请谁。"), (role, "What they may do on the box.", .zh = "角色。"),
                (new_password, "Whether it lets a person choose a new password.", .zh = "是否用于重设密码。"),
                (made_by, "The id of the person who made it.", .zh = "发出者的成员编号。"),
                (created, "When it was made.", .zh = "创建时间。"), (expires, "Until when it works.", .zh = "有效期至。"))

struct InvitationsOutput {
  std::vector<Invitation> invitations;
};
HEARTH_DESCRIBE(InvitationsOutput, (invitations, "The invitations that nobody has used yet.", .zh = "尚未使用的邀请。"))

struct InvitationInput {
  std::string id;
};
HEARTH_DESCRIBE(InvitationInput, (id, "The id of the invitation.", .zh = "邀请编号。", .maximum_length = 64))

struct AcceptInvitationInput {
  std::string code;
  std::string name;
  std::optional<std::string> display_name;
  std::string password;
  std::string language = "en";
};
HEARTH_DESCRIBE(AcceptInvitationInput,
                (code, "The code of the invitation.", .zh = "邀请码。", .maximum_length = 64, .secret = true),
                (name, "The name to sign in with.", .zh = "登录名。", .maximum_length = 256),
                (display_name, "The name that others see; left out, the one in the invitation.",
                 .zh = "显示名称；留空则用邀请中的名称。", .maximum_length = 256),
                (password, "At least 10 characters.", .zh = "至少 10 个字符。", .maximum_length = 1024, .secret = true),
                (language, "en or zh-CN.", .zh = "en 或 zh-CN。", .defaulted = true, .maximum_length = 16))

struct SetPasswordInput {
  std::string code;
  std::string password;
};
HEARTH_DESCRIBE(SetPasswordInput,
                (code, "The code that the owner gave you.", .zh = "主人给你的代码。", .maximum_length = 64, .secret = true),
                (password, "Your new password: at least 10 characters.", .zh = "新密码：至少 10 个字符。", .maximum_length = 1024,
                 .secret = true))

struct PersonInput {
  std::string person;
};
HEARTH_DESCRIBE(PersonInput, (person, "The person's id.", .zh = "成员编号。", .maximum_length = 64, .format = "person"))

struct ChangeRoleInput {
  std::string person;
  kernel::Role role = kernel::Role::Member;
};
HEARTH_DESCRIBE(ChangeRoleInput, (person, "The person's id.", .zh = "成员编号。", .maximum_length = 64, .format = "person"),
                (role, "What they may do from now on.", .zh = "新的角色。"))

struct ResetPasswordInput {
  std::string person;
  bool second_factor = false;
};
HEARTH_DESCRIBE(ResetPasswordInput,
                (person, "The person's id.", .zh = "成员编号。", .maximum_length = 64, .format = "person"),
                (second_factor, "Also remove their one-time codes and passkeys, for somebody who lost them.",
                 .zh = "同时移除其一次性验证码和通行密钥（用于遗失的情况）。", .defaulted = true))

struct RemovePersonInput {
  std::string person;
  DataDecision data = DataDecision::Keep;
};
HEARTH_DESCRIBE(RemovePersonInput, (person, "The person's id.", .zh = "成员编号。", .maximum_length = 64, .format = "person"),
                (data, "Whether the box keeps or removes what was theirs: files, memory.",
                 .zh = "其文件和记忆是保留还是删除。"))

enum class EventKind {
  Claimed,
  SignedIn,
  PasswordChanged,
  PasswordReset,
  CodesAdded,
  CodesRemoved,
  RecoveryCodesMade,
  PasskeyAdded,
  PasskeyRemoved,
  PasskeyRefused,
  RoleChanged,
  TokenMade,
  TokenRevoked,
  Joined,
};
HEARTH_DESCRIBE_ENUM(EventKind, Claimed, SignedIn, PasswordChanged, PasswordReset, CodesAdded, CodesRemoved,
                     RecoveryCodesMade, PasskeyAdded, PasskeyRemoved, PasskeyRefused, RoleChanged, TokenMade, TokenRevoked,
                     Joined)

struct AccountEvent {
  Time at;
  EventKind kind = EventKind::SignedIn;
  std::string by_person;
  std::string device;
  std::string address;
};
HEARTH_DESCRIBE(AccountEvent, (at, "When it happened.", .zh = "时间。"), (kind, "What happened.", .zh = "发生了什么。"),
                (by_person, "The id of the person who did it.", .zh = "操作者的成员编号。"),
                (device, "On which device.", .zh = "在哪台设备上。"), (address, "From which network address.", .zh = "来自哪个网络地址。"))

struct EventsOutput {
  std::vector<AccountEvent> events;
};
HEARTH_DESCRIBE(EventsOutput, (events, "What happened to your account, the latest first.", .zh = "账户上发生的事，最近的在前。"))

// What a token stands for.
enum class TokenKind { App, Run, Device, Peer };
HEARTH_DESCRIBE_ENUM(TokenKind, App, Run, Device, Peer)

struct CreateTokenInput {
  TokenKind kind = TokenKind::Device;
  std::string name;
  std::optional<Time> expires;
};
HEARTH_DESCRIBE(CreateTokenInput, (kind, "What it is for.", .zh = "用途。"),
                (name, "What to call it.", .zh = "名称。", .maximum_length = 256),
                (expires, "When it ends; left out, when you revoke it.", .zh = "到期时间；留空则直到你撤销。"))

struct CreateTokenOutput {
  std::string id;
  std::string principal;
  std::string token;
};
HEARTH_DESCRIBE(CreateTokenOutput, (id, "The token's id.", .zh = "令牌编号。"),
                (principal, "Whom it signs in: give this principal its grants.", .zh = "它所代表的主体：请为此主体授权。"),
                (token, "The secret, shown only now: send it as a bearer token.", .zh = "密钥，仅显示这一次：作为 Bearer 令牌发送。",
                 .secret = true))

struct Token {
  std::string id;
  std::string principal;
  TokenKind kind = TokenKind::Device;
  std::string name;
  Time created;
  std::optional<Time> expires;
};
HEARTH_DESCRIBE(Token, (id, "The token's id.", .zh = "令牌编号。"), (principal, "Whom it signs in.", .zh = "它所代表的主体。"),
                (kind, "What it is for.", .zh = "用途。"), (name, "What it is called.", .zh = "名称。"),
                (created, "When it was made.", .zh = "创建时间。"), (expires, "When it ends.", .zh = "到期时间。"))

struct TokensOutput {
  std::vector<Token> tokens;
};
HEARTH_DESCRIBE(TokensOutput, (tokens, "Your access tokens, without their secrets.", .zh = "你的访问令牌（不含密钥）。"))

struct TokenInput {
  std::string id;
};
HEARTH_DESCRIBE(TokenInput, (id, "The token's id.", .zh = "令牌编号。", .maximum_length = 64))

}  // namespace hearth::identity
