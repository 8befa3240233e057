#include "identity/code_text.h"

namespace hearth::identity {

std::string to_base32(std::string_view bytes, Base32 letters) {
  const std::string_view alphabet = letters == Base32::Rfc4648 ? "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" : "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text;
  unsigned held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8 | static_cast<unsigned char>(c)) & 0xffff;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[held >> (bits - 5) & 31];
  }
  if (bits > 0) text += alphabet[held << (5 - bits) & 31];
  return text;
}

std::string normal_code(std::string_view typed) {
  std::string code;
  for (char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (c == 'I' || c == 'L') c = '1';
    if (c == 'O') c = '0';
    code += c;
  }
  return code;
}

std::string grouped(std::string_view code, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < code.size(); i += size) {
    if (i > 0) text += '-';
    text += code.substr(i, size);
  }
  return text;
}

}  // namespace hearth::identity
