#include "memory/holidays.h"

#include <array>

namespace hearth::memory {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

// When the feasts of the Chinese calendar are, as month * 100 + day, from 2000 on.
constexpr int kFirstLunarYear = 2000;
constexpr std::size_t kLunarYears = 51;
constexpr std::array<int, kLunarYears> kLunarNewYears = {
    205, 124, 212, 201, 122, 209, 129, 218, 207, 126, 214, 203, 123, 210, 131, 219, 208, 128, 216, 205, 125,
    212, 201, 122, 210, 129, 217, 207, 126, 213, 202, 123, 211, 131, 219, 208, 128, 215, 204, 124, 212, 201,
    122, 210, 130, 217, 206, 126, 214, 202, 123};
constexpr std::array<int, kLunarYears> kDragonBoats = {
    606, 625, 615, 604, 622, 611, 531, 619, 608, 528, 616, 606, 623, 612, 602, 620, 609, 530, 618, 607, 625,
    614, 603, 622, 610, 531, 619, 609, 528, 616, 605, 624, 612, 601, 620, 610, 530, 618, 607, 527, 614, 603,
    622, 611, 531, 619, 608, 529, 615, 604, 623};
constexpr std::array<int, kLunarYears> kLovers = {
    806, 825, 815, 804, 822, 811, 731, 819, 807, 826, 816, 806, 824, 813, 802, 820, 809, 828, 817, 807, 825,
    814, 804, 822, 810, 829, 819, 808, 826, 816, 805, 824, 812, 801, 820, 810, 828, 817, 807, 826, 814, 803,
    822, 811, 731, 819, 808, 827, 816, 805, 823};
constexpr std::array<int, kLunarYears> kMidAutumns = {
    912, 1001, 921, 911, 928, 918, 1006, 925, 914, 1003, 922, 912, 930, 919, 908, 927, 915, 1004, 924, 913,
    1001, 921, 910, 929, 917, 1006, 925, 915, 1003, 922, 912, 1001, 919, 908, 927, 916, 1004, 924, 913, 1002,
    920, 910, 928, 917, 1005, 925, 915, 1004, 922, 911, 930};
constexpr std::array<int, kLunarYears> kDoubleNinths = {
    1006, 1025, 1014, 1004, 1022, 1011, 1030, 1019, 1007, 1026, 1016, 1005, 1023, 1013, 1002, 1021, 1009,
    1028, 1017, 1007, 1025, 1014, 1004, 1023, 1011, 1029, 1018, 1008, 1026, 1016, 1005, 1024, 1012, 1001,
    1020, 1009, 1027, 1017, 1007, 1026, 1014, 1003, 1022, 1011, 1029, 1018, 1008, 1027, 1016, 1005, 1024};

std::optional<sys_days> lunar(const std::array<int, kLunarYears>& feasts, int year) {
  if (year < kFirstLunarYear || year >= kFirstLunarYear + static_cast<int>(kLunarYears)) return std::nullopt;
  const int date = feasts[static_cast<std::size_t>(year - kFirstLunarYear)];
  return day_of(year, date / 100, date % 100)->from;
}

// The western church's, by Gauss's rule as Meeus has it.
sys_days easter(int year) {
  const int a = year % 19, b = year / 100, c = year % 100;
  const int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int sum = h + l - 7 * m + 114;
  return first_of_month(year, sum / 31) + days(sum % 31);
}

Range around(sys_days day, int days_before, int days_after) { return {day - days(days_before), day + days(days_after + 1)}; }

std::optional<Range> around(std::optional<sys_days> day, int days_before, int days_after) {
  if (!day) return std::nullopt;
  return around(*day, days_before, days_after);
}

// 五一起 is no holiday.
bool goes_on(std::string_view text) {
  for (const std::string_view next : {"起", "个", "样", "点", "下", "直", "定", "些"}) {
    if (text.starts_with(next)) return true;
  }
  return false;
}

sys_days fixed(int year, int month, int day) { return first_of_month(year, month) + days(day - 1); }

}  // namespace

std::optional<Range> holiday(Holiday which, int year) {
  switch (which) {
    case Holiday::NewYear: return around(fixed(year, 1, 1), 1, 0);
    case Holiday::Valentine: return around(fixed(year, 2, 14), 0, 0);
    case Holiday::Labour: return around(fixed(year, 5, 1), 0, 4);
    case Holiday::Children: return around(fixed(year, 6, 1), 0, 0);
    case Holiday::Teachers: return around(fixed(year, 9, 10), 0, 0);
    case Holiday::NationalDay: return around(fixed(year, 10, 1), 0, 6);
    case Holiday::Halloween: return around(fixed(year, 10, 31), 0, 0);
    case Holiday::Thanksgiving: {
      const auto first = fixed(year, 11, 1);
      return around(first + (std::chrono::Thursday - std::chrono::weekday(first)) + days(21), 0, 0);
    }
    case Holiday::Singles: return around(fixed(year, 11, 11), 0, 0);
    case Holiday::ChristmasEve: return around(fixed(year, 12, 24), 0, 0);
    case Holiday::Christmas: return around(fixed(year, 12, 25), 1, 1);
    case Holiday::NewYearsEve: return around(fixed(year, 12, 31), 0, 0);
    case Holiday::Easter: return around(easter(year), 2, 1);
    case Holiday::Qingming: return around(fixed(year, 4, 4), 0, 2);
    case Holiday::LunarNewYearsEve: return around(lunar(kLunarNewYears, year), 1, -1);
    case Holiday::LunarNewYear: return around(lunar(kLunarNewYears, year), 1, 6);
    case Holiday::Lanterns: return around(lunar(kLunarNewYears, year), -14, 14);
    case Holiday::DragonBoats: return around(lunar(kDragonBoats, year), 1, 1);
    case Holiday::Lovers: return around(lunar(kLovers, year), 0, 0);
    case Holiday::MidAutumn: return around(lunar(kMidAutumns, year), 1, 1);
    case Holiday::DoubleNinth: return around(lunar(kDoubleNinths, year), 0, 0);
  }
  return std::nullopt;
}

std::optional<Range> last_holiday(Holiday which, sys_days today) {
  auto range = holiday(which, year_of(today));
  if (range && range->from > today) range = holiday(which, year_of(today) - 1);
  if (range) range->sure = kVague;  // an Easter egg may be of any
  return range;
}

std::optional<std::pair<Holiday, std::size_t>> chinese_holiday(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, Holiday>, 28> kNames = {{
      {"元旦", Holiday::NewYear},           {"情人节", Holiday::Valentine},    {"劳动节", Holiday::Labour},
      {"五一", Holiday::Labour},            {"儿童节", Holiday::Children},     {"六一", Holiday::Children},
      {"教师节", Holiday::Teachers},        {"国庆节", Holiday::NationalDay},  {"国庆", Holiday::NationalDay},
      {"十一假期", Holiday::NationalDay},   {"十一长假", Holiday::NationalDay}, {"万圣节", Holiday::Halloween},
      {"感恩节", Holiday::Thanksgiving},    {"双十一", Holiday::Singles},      {"双11", Holiday::Singles},
      {"平安夜", Holiday::ChristmasEve},    {"圣诞节", Holiday::Christmas},    {"圣诞", Holiday::Christmas},
      {"复活节", Holiday::Easter},          {"清明", Holiday::Qingming},       {"除夕", Holiday::LunarNewYearsEve},
      {"大年三十", Holiday::LunarNewYearsEve}, {"春节", Holiday::LunarNewYear}, {"元宵", Holiday::Lanterns},
      {"端午", Holiday::DragonBoats},       {"七夕", Holiday::Lovers},         {"中秋", Holiday::MidAutumn},
      {"重阳", Holiday::DoubleNinth},
  }};
  for (const auto& [name, which] : kNames) {
    if (!text.starts_with(name)) continue;
    constexpr std::string_view kFeast = "节";
    if (name.ends_with("一") && goes_on(text.substr(name.size()))) continue;
    const auto size = name.size() + (!name.ends_with(kFeast) && text.substr(name.size()).starts_with(kFeast) ? kFeast.size() : 0);
    return std::pair(which, size);
  }
  return std::nullopt;
}

}  // namespace hearth::memory
