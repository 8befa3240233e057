#include "memory/text/commitments.h"

#include "memory/text/commitments_forms.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

constexpr std::size_t kLongest = 400;  // bytes of a sentence

bool is_chinese(std::string_view sentence) {
  std::size_t han = 0;
  for (std::size_t at = 0; at < sentence.size();) {
    const auto point = code_point_at(sentence, at);
    if (point.value >= 0 && is_han(point.value)) ++han;
    at += point.length;
  }
  return han * 9 > sentence.size();  // a third of its bytes
}

// What a mail says of itself, and what is quoted.
bool is_boilerplate(std::string_view sentence) {
  static constexpr auto kMarks = std::to_array<std::string_view>({"http://", "https://", "unsubscribe", "confidential", "退订", "请勿回复", "privacy", "do not reply"});
  return sentence.starts_with('>') || sentence.starts_with('|') || contains_any(sentence, kMarks);
}

}  // namespace

std::vector<Commitment> find_commitments(std::string_view text, std::chrono::sys_days said, std::optional<std::chrono::minutes> clock) {
  std::vector<Commitment> found;
  for (const auto& span : sentences(text)) {
    const auto sentence = text.substr(span.start, span.end - span.start);
    if (sentence.size() > kLongest || is_boilerplate(sentence)) continue;
    auto one = is_chinese(sentence) ? chinese_commitment(sentence, said, clock) : english_commitment(sentence, said, clock);
    if (!one) continue;
    one->span = span;
    if (one->due) one->due->words = {one->due->words.start + span.start, one->due->words.end + span.start};
    found.push_back(*std::move(one));
  }
  return found;
}

}  // namespace hearth::memory
