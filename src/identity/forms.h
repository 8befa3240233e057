#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"
#include "kernel/principal.h"

// What goes into and comes out of the room's operations.
namespace hearth::identity {

struct Person {
  std::string id;
  std::string name;
  std::string display_name;
  kernel::Role role = kernel::Role::Guest;
  std::string language = "en";
  std::optional<bool> second_factor;
  Time created;
};
HEARTH_DESCRIBE(Person, (id, "The person's id.", .zh = "成员编号。"), (name, "The name to sign in with.", .zh = "登录名。"),
                (display_name, "The name that others see.", .zh = "显示名称。"),
                (role, "What they may do on the box.", .zh = "在盒子上的角色。"),
                (language, "Their language: en or zh-CN.", .zh = "语言：en 或 zh-CN。"),
                (second_factor, "Whether signing in asks for a one-time code; told to the person and to owners.",
                 .zh = "登录时是否需要一次性验证码；仅本人和主人可见。"),
                (created, "When they came to the box.", .zh = "加入时间。"))

struct StateOutput {
  bool claimed = false;
  std::string language = "en";
  std::optional<Person> person;
  bool two_factor = false;
  std::optional<Time> confirmed_until;
  std::string session;
};
HEARTH_DESCRIBE(StateOutput,
                (claimed, "Whether the box has an owner yet.", .zh = "盒子是否已有主人。"),
                (language, "The language to speak: the person's, else the box's.", .zh = "应使用的语言：本人的，否则盒子的。"),
                (person, "Who is signed in.", .zh = "当前登录的成员。"),
                (two_factor, "Whether this session passed a second factor or a passkey.", .zh = "本会话是否通过了第二因素或通行密钥。"),
                (confirmed_until, "Until when sensitive changes need no password.", .zh = "在此时间之前，敏感更改无需再输密码。"),
                (session, "The id of this session.", .zh = "本会话的编号。"))

struct SetupInput {
  std::string code;
  std::string name;
  std::string display_name;
  std::string password;
  std::string language = "en";
};
HEARTH_DESCRIBE(SetupInput,
                (code, "The setup code that the box printed on its console.", .zh = "盒子在控制台上显示的设置码。", .maximum_length = 64,
                 .secret = true),
                (name, "The name to sign in with: letters, digits, Chinese characters, and . _ - between them.",
                 .zh = "登录名：字母、数字、汉字，中间可用 . _ -。", .maximum_length = 256),
                (display_name, "The name that others see.", .zh = "显示名称。", .maximum_length = 256),
                (password, "At least 10 characters.", .zh = "至少 10 个字符。", .maximum_length = 1024, .secret = true),
                (language, "en or zh-CN.", .zh = "en 或 zh-CN。", .defaulted = true, .maximum_length = 16))

// What is still missing for a sign-in.
enum class Need { Code };
HEARTH_DESCRIBE_ENUM(Need, Code)

struct SignInInput {
  std::string name;
  std::string password;
  std::optional<std::string> code;
  std::optional<std::string> device;
};
HEARTH_DESCRIBE(SignInInput, (name, "Your login name.", .zh = "登录名。", .maximum_length = 256),
                (password, "Your password.", .zh = "密码。", .maximum_length = 1024, .secret = true),
                (code, "A one-time code, or one of your recovery codes.", .zh = "一次性验证码，或一个恢复码。",
                 .maximum_length = 64, .secret = true),
                (device, "What an earlier sign-in on this device gave: it keeps your way in free while others guess.",
                 .zh = "此设备上次登录时得到的设备凭据：他人猜密码时，你仍可正常登录。", .maximum_length = 256, .secret = true))

struct SignInOutput {
  bool signed_in = false;
  std::optional<Need> needs;
  std::optional<Person> person;
  std::optional<std::string> device;
  std::optional<std::int64_t> recovery_codes_left;
};
HEARTH_DESCRIBE(SignInOutput, (signed_in, "Whether you are signed in now.", .zh = "现在是否已登录。"),
                (needs, "What to send as well: call again with the same name and password and the code.",
                 .zh = "还需要什么：请带上同样的登录名和密码以及验证码再次调用。"),
                (person, "Who is signed in.", .zh = "登录的成员。"),
                (device, "Keep it on this device and send it with the next sign-in.",
                 .zh = "请保存在此设备上，下次登录时一并发送。", .secret = true),
                (recovery_codes_left, "How many recovery codes are left, when one was used.",
                 .zh = "若使用了恢复码，还剩几个。"))

struct ConfirmInput {
  std::string password;
};
HEARTH_DESCRIBE(ConfirmInput,
                (password, "Your current password.", .zh = "当前密码。", .maximum_length = 1024, .secret = true))

struct Device {
  std::string id;
  std::string name;
  std::string address;
  bool current = false;
  bool two_factor = false;
  Time created;
  Time seen;
  Time expires;
};
HEARTH_DESCRIBE(Device, (id, "The id of the session on this device.", .zh = "此设备上会话的编号。"),
                (name, "Browser and system, as the device tells them.", .zh = "浏览器和系统（由设备自报）。"),
                (address, "The network address it was last seen at.", .zh = "最近的网络地址。"),
                (current, "Whether it is the one in use now.", .zh = "是否为当前设备。"),
                (two_factor, "Whether it signed in with a second factor or a passkey.", .zh = "是否通过第二因素或通行密钥登录。"),
                (created, "When it signed in.", .zh = "登录时间。"), (seen, "When it was last seen.", .zh = "最近使用时间。"),
                (expires, "When it has to sign in again at the latest.", .zh = "最迟重新登录时间。"))

struct DevicesOutput {
  std::vector<Device> devices;
};
HEARTH_DESCRIBE(DevicesOutput, (devices, "Where you are signed in, the latest first.", .zh = "已登录的设备，最近的在前。"))

struct SessionInput {
  std::string id;
};
HEARTH_DESCRIBE(SessionInput, (id, "The id of the device's session.", .zh = "设备会话的编号。", .maximum_length = 64))

struct PeopleOutput {
  std::vector<Person> people;
};
HEARTH_DESCRIBE(PeopleOutput, (people, "The people of the box.", .zh = "盒子的成员。"))

}  // namespace hearth::identity
