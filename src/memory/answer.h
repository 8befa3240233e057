#pragma once
#include <string>
#include <vector>

#include "memory/memory.h"
#include "memory/models.h"

// A written answer, held against what it cites.
namespace hearth::memory {

// The sentences whose citations hold: each names passages that are there, and these have most of its words and every number.
// What a model made up is left out.
std::vector<AnswerSentence> sentences_that_hold(const std::vector<Writer::Sentence>& written, const std::vector<Writer::Passage>& passages);

}  // namespace hearth::memory
