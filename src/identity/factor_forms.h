#pragma once
#include "identity/forms.h"

// What goes into and comes out of the operations on one-time codes, recovery codes and passkeys.
namespace hearth::identity {

struct StartCodesOutput {
  std::string secret;
  std::string uri;
};
HEARTH_DESCRIBE(StartCodesOutput,
                (secret, "The secret, to type into an authenticator app.", .zh = "密钥，可手动输入到验证器应用。", .secret = true),
                (uri, "The same as an otpauth: address, for a QR code.", .zh = "同一密钥的 otpauth: 地址，用于二维码。",
                 .secret = true))

struct CodeInput {
  std::string code;
};
HEARTH_DESCRIBE(CodeInput, (code, "The code that the authenticator app shows now.", .zh = "验证器应用当前显示的验证码。",
                            .maximum_length = 64, .secret = true))

struct RecoveryCodesOutput {
  std::vector<std::string> codes;
};
HEARTH_DESCRIBE(RecoveryCodesOutput,
                (codes, "Ten codes, each of which signs you in once in place of a one-time code. Shown only now.",
                 .zh = "十个恢复码，每个可代替一次性验证码使用一次，仅显示这一次。", .secret = true))

// Binary values are base64url without padding, as in the JSON forms of WebAuthn level 3.
struct StartPasskeyOutput {
  std::string challenge;
  std::string host;
  std::string user;
  std::string name;
  std::string display_name;
  std::vector<std::int64_t> algorithms;
  std::vector<std::string> exclude;
};
HEARTH_DESCRIBE(StartPasskeyOutput,
                (challenge, "What the authenticator signs, base64url.", .zh = "供认证器签名的挑战，base64url。"),
                (host, "The relying party's id.", .zh = "依赖方标识（主机名）。"),
                (user, "The user handle, base64url.", .zh = "用户句柄，base64url。"),
                (name, "The login name.", .zh = "登录名。"), (display_name, "The name that others see.", .zh = "显示名称。"),
                (algorithms, "COSE algorithms the box takes, the best first.", .zh = "可用的 COSE 算法，优先者在前。"),
                (exclude, "Passkeys there are already, base64url.", .zh = "已有的通行密钥，base64url。"))

struct FinishPasskeyInput {
  std::string client_data;
  std::string attestation;
  std::string name;
};
HEARTH_DESCRIBE(FinishPasskeyInput,
                (client_data, "clientDataJSON, base64url.", .zh = "浏览器给出的 clientDataJSON，以 base64url 编码。", .maximum_length = 16384),
                (attestation, "attestationObject, base64url.", .zh = "浏览器给出的 attestationObject，以 base64url 编码。", .maximum_length = 65536),
                (name, "What to call this passkey.", .zh = "此通行密钥的名称。", .maximum_length = 256))

struct Passkey {
  std::string id;
  std::string name;
  std::string host;
  Time created;
  std::optional<Time> used;
};
HEARTH_DESCRIBE(Passkey, (id, "The passkey's id.", .zh = "通行密钥编号。"), (name, "What it is called.", .zh = "名称。"),
                (host, "At which address of the box it works.", .zh = "适用的盒子主机名。"),
                (created, "When it was added.", .zh = "添加时间。"), (used, "When it last signed you in.", .zh = "最近使用时间。"))

struct PasskeysOutput {
  std::vector<Passkey> passkeys;
};
HEARTH_DESCRIBE(PasskeysOutput, (passkeys, "Your passkeys.", .zh = "你的通行密钥。"))

struct PasskeyInput {
  std::string id;
};
HEARTH_DESCRIBE(PasskeyInput, (id, "The passkey's id.", .zh = "通行密钥编号。", .maximum_length = 2048))

struct StartPasskeySignInOutput {
  std::string challenge;
  std::string host;
};
HEARTH_DESCRIBE(StartPasskeySignInOutput,
                (challenge, "What the authenticator signs, base64url.", .zh = "供认证器签名的挑战，base64url。"),
                (host, "The relying party's id.", .zh = "依赖方标识（主机名）。"))

struct FinishPasskeySignInInput {
  std::string id;
  std::string client_data;
  std::string authenticator_data;
  std::string signature;
  std::optional<std::string> user;
};
HEARTH_DESCRIBE(FinishPasskeySignInInput,
                (id, "The credential's id, base64url.", .zh = "凭据编号，base64url。", .maximum_length = 2048),
                (client_data, "clientDataJSON, base64url.", .zh = "浏览器给出的 clientDataJSON，以 base64url 编码。", .maximum_length = 16384),
                (authenticator_data, "authenticatorData, base64url.", .zh = "浏览器给出的 authenticatorData，以 base64url 编码。",
                 .maximum_length = 16384),
                (signature, "The signature, base64url.", .zh = "签名，base64url。", .maximum_length = 4096),
                (user, "The user handle, base64url, where the authenticator gave one.", .zh = "用户句柄，base64url（若认证器提供）。",
                 .maximum_length = 256))

}  // namespace hearth::identity
