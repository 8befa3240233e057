#include "identity/code_text.h"

namespace hearth::identity {

std::string readable(std::string_view bytes) {
  static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text;
  unsigned held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += kAlphabet[held >> bits & 31];
    }
    held &= (1U << bits) - 1;
  }
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
