#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "memory/time_ranges.h"

namespace hearth::memory {

enum class Holiday {
  NewYear, Valentine, Labour, Children, Teachers, NationalDay, Halloween, Thanksgiving, Singles, ChristmasEve, Christmas, NewYearsEve,
  Easter, Qingming, LunarNewYearsEve, LunarNewYear, Lanterns, DragonBoats, Lovers, MidAutumn, DoubleNinth
};

// Its days in a year, those around it that are kept as holidays among them. Nothing for the moon's feasts before 2000 and after 2050.
std::optional<Range> holiday(Holiday which, int year);
// The last one that has begun by today.
std::optional<Range> last_holiday(Holiday which, std::chrono::sys_days today);

// The holiday whose Chinese name a text begins with, and the bytes of the name.
std::optional<std::pair<Holiday, std::size_t>> chinese_holiday(std::string_view text);

}  // namespace hearth::memory
