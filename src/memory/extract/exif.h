#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "memory/extract/wire.h"

namespace hearth::memory::extract {

// What a camera wrote into a picture (Exif 2.32, TIFF 6.0).
struct Exif {
  std::string description;
  std::string artist;
  std::string camera;
  std::optional<Time> time;
  TimeCertainty certainty = TimeCertainty::Zone;
  std::optional<int> zone;  // minutes east of Greenwich
  std::optional<double> latitude, longitude;
  int orientation = 1;  // how it is to be turned to stand upright: 1 to 8, as the tag has it
};

// Reads a TIFF structure: the contents of an Exif block, or a TIFF file's beginning. Broken parts are left out.
Exif read_exif(std::string_view tiff);

// The time that a file's name says, as cameras and recorders name files: "IMG_20240501_103000.jpg", "2024-05-01 10.30.00.m4a".
// Local; of WhatsApp's files, IMG-20240513-WA0123, only the day.
struct NamedMoment {
  Time time;
  bool whole_day = false;
};
std::optional<NamedMoment> time_in_name(std::string_view name);

}  // namespace hearth::memory::extract
