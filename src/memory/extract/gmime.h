#pragma once
#include <gmime/gmime.h>

#include <memory>
#include <string>
#include <string_view>

// GMime, as the readers of mail use it.
namespace hearth::memory::extract {

template <typename T>
struct Unref {
  void operator()(T* object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref<T>>;

// How far into a message its charset is looked for, where a header names none.
inline constexpr std::size_t kMailHead = 16 << 10;

// nullptr when nothing looks like a header.
Owned<GMimeMessage> parse_message(std::string_view bytes);

// What GMime gives as text; "" of nullptr.
std::string text_of(const char* text);

}  // namespace hearth::memory::extract
