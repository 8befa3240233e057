#include "memory/extract/pages/ocr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <leptonica/allheaders.h>

#include <memory>
#include <vector>

namespace hearth::memory::extract {
namespace {

using testing::HasSubstr;

struct FreePix {
  void operator()(Pix* pix) const { ::pixDestroy(&pix); }
};
using OwnedPix = std::unique_ptr<Pix, FreePix>;

class Patient final : public Sink {
  Result<bool> begin(Extent) override { return true; }
  Result<> item(ItemText, Original) override { return {}; }
  Result<> failed(std::string) override { return {}; }
};

class Ocr : public testing::Test {
 protected:
  void SetUp() override {
    static const bool prepared = (prepare_ocr(), true);
    (void)prepared;
    if (!ocr_available()) GTEST_SKIP() << "tesseract's data is not installed";
  }

  // Lines in leptonica's own letters, 8 bits a pixel.
  static OwnedPix picture(const std::vector<std::string>& lines) {
    constexpr int kLine = 60;
    OwnedPix drawn(::pixCreate(900, kLine * static_cast<int>(lines.size()) + kLine, 8));
    ::pixSetAll(drawn.get());
    auto* letters = ::bmfCreate(nullptr, 10);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      l_int32 width = 0, cut = 0;
      ::pixSetTextline(drawn.get(), letters, lines[i].c_str(), 0, 40, kLine * static_cast<int>(i + 1), &width, &cut);
    }
    ::bmfDestroy(&letters);
    return drawn;
  }

  static std::string png(Pix* pix) {
    l_uint8* data = nullptr;
    std::size_t size = 0;
    ::pixWriteMem(&data, &size, pix, IFF_PNG);
    std::string bytes(reinterpret_cast<const char*>(data), size);
    ::lept_free(data);
    return bytes;
  }

  static std::string read(std::string_view bytes, int orientation = 1) {
    Patient sink;
    return text_in_picture(bytes, orientation, sink).value_or("error");
  }

  // What a camera stores that was held so: the pixel at a row and column of it is shown where Exif 2.32 (§4.6.4) says.
  static OwnedPix held(Pix* shown, int orientation) {
    const int wide = ::pixGetWidth(shown), high = ::pixGetHeight(shown);
    const int rows = orientation < 5 ? high : wide, columns = orientation < 5 ? wide : high;
    OwnedPix stored(::pixCreate(columns, rows, 8));
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < columns; ++c) {
        const int back_r = rows - 1 - r, back_c = columns - 1 - c;
        int y = r, x = c;
        switch (orientation) {
          case 2: x = back_c; break;
          case 3: y = back_r; x = back_c; break;
          case 4: y = back_r; break;
          case 5: y = c; x = r; break;
          case 6: y = c; x = back_r; break;
          case 7: y = back_c; x = back_r; break;
          case 8: y = back_c; x = r; break;
          default: break;
        }
        l_uint32 value = 0;
        ::pixGetPixel(shown, x, y, &value);
        ::pixSetPixel(stored.get(), c, r, value);
      }
    }
    return stored;
  }
};

const std::vector<std::string> kLetter = {"The boiler will be repaired on Friday", "and the plumber has the spare keys", "Please leave the garden gate open"};

TEST_F(Ocr, TurnsAPictureAsTheCameraSays) {
  const auto shown = picture(kLetter);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    EXPECT_THAT(read(png(held(shown.get(), orientation).get()), orientation), HasSubstr("spare keys")) << orientation;
  }
}

TEST_F(Ocr, TurnsAPictureOfWhichNobodySaysHowItWasTaken) {
  const auto shown = picture(kLetter);
  for (const int orientation : {3, 6, 8}) EXPECT_THAT(read(png(held(shown.get(), orientation).get())), HasSubstr("spare keys")) << orientation;
}

TEST_F(Ocr, ReadsBlackOnNothing) {
  const auto shown = picture(kLetter);
  OwnedPix inverted(::pixInvert(nullptr, shown.get()));
  OwnedPix clear(::pixCreate(::pixGetWidth(shown.get()), ::pixGetHeight(shown.get()), 32));
  ::pixSetRGBComponent(clear.get(), inverted.get(), L_ALPHA_CHANNEL);
  ::pixSetSpp(clear.get(), 4);
  EXPECT_THAT(read(png(clear.get())), HasSubstr("spare keys"));
}

TEST_F(Ocr, ReadsAllPagesOfATiff) {
  auto* pages = ::pixaCreate(2);
  ::pixaAddPix(pages, picture({"The first page is about tulips"}).get(), L_COPY);
  ::pixaAddPix(pages, picture({"The second page is about bread"}).get(), L_COPY);
  l_uint8* data = nullptr;
  std::size_t size = 0;
  ASSERT_EQ(::pixaWriteMemMultipageTiff(&data, &size, pages), 0);
  const auto text = read({reinterpret_cast<const char*>(data), size});
  ::lept_free(data);
  ::pixaDestroy(&pages);
  EXPECT_THAT(text, testing::AllOf(HasSubstr("tulips"), HasSubstr("bread")));
}

}  // namespace
}  // namespace hearth::memory::extract
