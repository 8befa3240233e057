#include "memory/extract/charset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iconv.h>

#include <string>
#include <vector>

namespace hearth::memory::extract {
namespace {

std::string encoded(std::string text, const char* charset) {
  auto* converter = ::iconv_open(charset, "UTF-8");
  EXPECT_NE(converter, reinterpret_cast<iconv_t>(-1)) << charset;
  std::string bytes(text.size() * 4 + 16, '\0');
  auto* in = text.data();
  auto* out = bytes.data();
  auto left = text.size();
  auto room = bytes.size();
  EXPECT_EQ(::iconv(converter, &in, &left, &out, &room), 0u) << charset << ": " << text;
  ::iconv(converter, nullptr, nullptr, &out, &room);
  ::iconv_close(converter);
  bytes.resize(bytes.size() - room);
  return bytes;
}

struct Sample {
  std::vector<const char*> charsets;
  std::vector<std::string> texts;
};

// The bytes of these texts, said to be in no charset, in one that they are not in, or in one that has no such letters.
void expect_read(const std::vector<Sample>& samples) {
  for (const auto& [charsets, texts] : samples) {
    for (const auto* charset : charsets) {
      for (const auto& text : texts) {
        const auto bytes = encoded(text, charset);
        for (const std::string label : {"", "utf-8", "us-ascii", "x-unknown"}) EXPECT_EQ(to_utf8(bytes, label), text) << charset << " as “" << label << "”, guessed " << guess_charset(bytes);
      }
    }
  }
}

TEST(Charset, GuessesWesternLanguages) {
  expect_read({
      {{"WINDOWS-1252"},
       {"Naïve façade", "naïve", "résumé", "déjà vu", "Très bien", "Réunion reportée à jeudi", "Le café est fermé à Noël, à bientôt.",
        "Où êtes-vous ? Je vous écris de la forêt, près du château où nous étions l’été dernier. Ça va très bien, merci, et l’œuvre est achevée.",
        "I met Zoë at the café for a quick résumé review before the naïve façade fell apart entirely.", "Café “smart quotes” €50", "It’s “fine” – really…",
        "Price: £20 ± 5 °C, ½ cup", "Müller", "über", "Öffnungszeiten: täglich", "Schöne Grüße", "Grüße aus München, schöne Feiertage und viel Glück!",
        "¿Qué tal? ¡Feliz cumpleaños!", "Mañana hablaré con el señor Peña sobre el año.", "Não há informações sobre as reuniões de amanhã.", "São Paulo",
        "Perché non è più così? La città è già lì.", "Caffè", "Räkmacka på ön är gott, hälsar Åsa.", "Rødgrød med fløde på øen, kære Søren.",
        "Það er gott veður á Íslandi í dag, þú ættir að koma.", "Hyvää päivää, nähdään huomenna töissä.", "Eén van de ideeën is geüpload door België."}},
      {{"ISO-8859-1"}, {"Le café est fermé à Noël, à bientôt.", "Grüße aus München, schöne Feiertage und viel Glück!"}},
  });
}

TEST(Charset, GuessesOtherLatinLanguages) {
  expect_read({
      {{"WINDOWS-1250", "ISO-8859-2"},
       {"Zażółć gęślą jaźń, do zobaczenia jutro.", "Łódź", "Wrocław, późnym wieczorem",
        "Dzień dobry, czy możemy się spotkać w środę? Proszę o odpowiedź jeszcze dziś, bo później będę zajęty.", "Příliš žluťoučký kůň úpěl ďábelské ódy.",
        "Dobrý den, můžeme se sejít ve středu? Prosím, odpovězte ještě dnes, později nebudu mít čas.", "Děkuji, přijdu později",
        "Vďaka, stretneme sa v piatok ráno pri veľkej bráne, môžeš prísť skôr?", "Árvíztűrő tükörfúrógép",
        "Jó napot kívánok! Holnap délelőtt találkozunk a főtéren, ha időben megérkezel, később elmegyünk együtt.",
        "Vidimo se sutra navečer ispred kazališta, možeš li doći ranije? Šaljem ti kišobran i žlicu, đak."}},
      {{"ISO-8859-3"}, {"Ĉu vi ŝatas la ĝardenon? Morgaŭ mi ĵetos la malnovajn aĵojn, ĉar ankaŭ ŝi baldaŭ venos ĉi tien.", "ĝardeno, eĥoŝanĝo"}},
      {{"WINDOWS-1254"}, {"Yarın akşam görüşürüz, lütfen gecikme. Çok teşekkürler, iyi günler dilerim.", "Teşekkürler"}},
      {{"WINDOWS-1257"},
       {"Labas rytas, susitiksime rytoj prie stoties, ačiū už žinutę. Kaip tu šiandien jautiesi?",
        "Labdien, tiksimies rīt pie stacijas. Paldies par ziņu, vai tu šodien jūties labāk? Es būšu mājās."}},
  });
}

TEST(Charset, GuessesCodePagesOfDosOnlyWhereTheyMakeWords) {
  expect_read({
      {{"IBM850"},
       {"Grüße aus München, schöne Feiertage und viel Glück!", "Le café est fermé à Noël, à bientôt.", "Mañana hablaré con el señor Peña sobre el año.",
        "Vi ses på lördag när vädret är bättre; då går vi över ängen till sjön.", "café.txt", "für später.txt"}},
      {{"IBM852"}, {"Zażółć gęślą jaźń, do zobaczenia jutro."}},
  });
}

TEST(Charset, GuessesOtherScripts) {
  expect_read({
      {{"WINDOWS-1251", "KOI8-R"},
       {"Привет, встречаемся в понедельник у метро.", "Привет", "Спасибо", "Встреча в понедельник", "Да, OK, see you there завтра",
        "Сегодня был хороший день, мы гуляли по городу и ели мороженое."}},
      {{"IBM866", "ISO-8859-5"}, {"Сегодня был хороший день, мы гуляли по городу и ели мороженое."}},
      {{"WINDOWS-1251", "KOI8-U"}, {"Доброго дня, зустрінемось завтра біля станції. Дякую за листа, щасливої дороги!", "Дякую"}},
      {{"WINDOWS-1253", "ISO-8859-7"}, {"Καλημέρα, θα συναντηθούμε αύριο στον σταθμό. Ευχαριστώ πολύ για το γράμμα.", "Καλημέρα"}},
      {{"WINDOWS-1255"}, {"שלום, ניפגש מחר בתחנה. תודה רבה על המכתב."}},
      {{"WINDOWS-1256"}, {"مرحبا، سنلتقي غدا في المحطة. شكرا على الرسالة."}},
      {{"TIS-620"}, {"สวัสดี พรุ่งนี้เจอกันที่สถานี ขอบคุณสำหรับจดหมาย"}},
      {{"GB18030"}, {"你好，我们明天见面。", "会议改到星期三下午三点", "你好", "Re: 合同 draft v2 请看附件"}},
      {{"BIG5"}, {"您好，我們下星期三下午在車站見面，謝謝您的來信。"}},
      {{"SHIFT_JIS", "EUC-JP"}, {"会議は火曜日の午後三時です。", "こんにちは、明日駅で会いましょう。お手紙ありがとうございました。"}},
      {{"CP949"}, {"안녕하세요, 내일 역에서 만나요. 편지 감사합니다."}},
  });
}

TEST(Charset, KnowsTheNamesThatMailsUse) {
  const std::string hebrew = "שלום וברכה";
  for (const auto* label : {"iso-8859-8-i", "iso-8859-8-e", "ISO-8859-8", "csISO88598I", "windows-1255", "iso_8859-8:1988"}) EXPECT_EQ(to_utf8(encoded(hebrew, "ISO-8859-8"), label), hebrew) << label;
  const std::string japanese = "会議は火曜日です";
  for (const auto* label : {"iso-2022-jp", "_iso-2022-jp$ESC", "csISO2022JP", "ISO-2022-JP", "cp50220", "utf-8", "us-ascii", ""}) EXPECT_EQ(to_utf8(encoded(japanese, "ISO-2022-JP"), label), japanese) << label;
  for (const auto* label : {"iso-2022-jp", "us-ascii"}) EXPECT_EQ(to_utf8("\x1B$B-!-j4X\x1B(B a \x1B(I6E\x1B(B", label), "①㈱関 a ｶﾅ") << label;
  for (const auto* label : {"unicode-1-1-utf-7", "utf-7", "csUTF7", "UTF7"}) EXPECT_EQ(to_utf8("Hi +AOk-t+AOk-", label), "Hi été") << label;
  for (const auto* label : {"utf8", "utf-8", "UTF_8", "unicode-1-1-utf-8"}) EXPECT_EQ(to_utf8("A word to 你好, \xFF and many more 好好", label), "A word to 你好, \xEF\xBF\xBD and many more 好好") << label;
  for (const auto* label : {"koi8-r", "KOI8_R", "csKOI8R"}) EXPECT_EQ(to_utf8(encoded("Мир", "KOI8-R"), label), "Мир") << label;
  for (const auto* label : {"x-cp1251", "windows-1251", "cp1251"}) EXPECT_EQ(to_utf8(encoded("Мир", "WINDOWS-1251"), label), "Мир") << label;
  for (const auto* label : {"ks_c_5601-1987", "euc-kr", "KSC_5601"}) EXPECT_EQ(to_utf8(encoded("감사합니다", "CP949"), label), "감사합니다") << label;
  for (const auto* label : {"iso8859-15", "ISO_8859-15"}) EXPECT_EQ(to_utf8("c\xBDur", label), "cœur") << label;
  for (const auto* label : {"shift_jis", "x-sjis", "ms_kanji", "Windows-31J"}) EXPECT_EQ(to_utf8(encoded(japanese, "CP932"), label), japanese) << label;
}

TEST(Charset, ReadsHz) {
  EXPECT_EQ(to_utf8("This is ~{<:Ky2;S{#,NpJ)l6HK!#~}Bye.", "hz-gb-2312"), "This is 己所不欲，勿施於人。Bye.");
  EXPECT_EQ(to_utf8("~~ and ~\nthe same line ~{VP\nnext ~{", "HZ-GB-2312"), "~ and the same line 中\nnext ");
  EXPECT_EQ(to_utf8("你好 ~{", "hz-gb-2312"), "你好 ~{");
}

TEST(Charset, KeepsWhatIsMostlyUtf8) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "你好，明天见。";
  const auto broken = text.substr(0, text.size() - 1);  // cut within a character
  for (const auto* label : {"", "utf-8", "us-ascii", "gb2312"}) EXPECT_EQ(to_utf8("a\xFF" + broken, label).substr(0, 40), ("a\xEF\xBF\xBD" + text).substr(0, 40)) << label;
  // Of a long text with a few accents nothing is UTF-8.
  const std::string english = "This is a long letter that has hardly any letter beyond ASCII in it, but it was written in a café, and that is all.";
  EXPECT_EQ(to_utf8(encoded(english, "WINDOWS-1252"), "utf-8"), english);
}

TEST(Charset, FindsTheCharsetFarBehind) {
  std::string text(100 << 10, 'x');
  text += "\nDzień dobry, czy możemy się spotkać w środę? Proszę o odpowiedź jeszcze dziś.";
  EXPECT_EQ(to_utf8(encoded(text, "ISO-8859-2"), ""), text);
}

TEST(Charset, LosesNoLetterAtTheEnd) {
  EXPECT_EQ(to_utf8(encoded("שלום", "WINDOWS-1255") + "\xE0", "windows-1255"), "שלוםא");
}

}  // namespace
}  // namespace hearth::memory::extract
