#pragma once
#include <string>
#include <string_view>

namespace hearth::memory::extract {

// Loads the converters that mail and documents need. Once, before the sandbox closes the file system.
void load_charsets();

// The charset that these bytes are probably in, for to_utf8; "" when nothing speaks for any.
std::string guess_charset(std::string_view bytes);

// Whether text in a charset, by the name that a sender gives it, is written in ASCII as if it were English: HZ, UTF-7, ISO-2022.
bool is_written_in_ascii(std::string_view charset);

// The charset that the beginning of a mail or a page says it is in, in lower case: charset="…", <?xml encoding="…"?>. "" when it
// names none.
std::string charset_named_in(std::string_view head);

// `bytes` as UTF-8. `charset` is what the sender claims, "" when nothing; where the bytes contradict it, the charset is
// guessed from them. Never fails: what cannot be read becomes U+FFFD. Line ends become "\n"; NULs are dropped.
std::string to_utf8(std::string_view bytes, std::string_view charset);

}  // namespace hearth::memory::extract
