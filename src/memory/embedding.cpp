#include <algorithm>

#include "base/log.h"
#include "memory/implementation.h"
#include "memory/vectors.h"

// The job that gives passages their vectors, some at a time. It goes on where it was: what has a vector is passed over.
namespace hearth::memory {
namespace {

using store::Connection;

constexpr int kEmbeddedAtOnce = 32;

}  // namespace

Task<Result<EmbedResult>> Memory::Implementation::run_embed(kernel::JobRun& run, EmbedJob) {
  EmbedResult result;
  if (!models.embedder) co_return result;  // taken away meanwhile; its next import starts this again
  const auto number = embedder_number(models.embedder->name());
  CO_TRY(const auto memory, co_await open(run.person()));
  CO_TRY(const auto total, co_await memory->database().read([number](Connection& c) { return count_without_vector(c, number); }));
  std::int64_t after = 0;
  while (models.embedder) {
    if (run.stopping()) co_return fail(Code::Cancelled, "Stopped. What has its vector keeps it; the next import goes on.");
    CO_TRY(const auto passages,
           co_await memory->database().read([number, after](Connection& c) { return passages_without_vector(c, number, after, kEmbeddedAtOnce); }));
    if (passages.empty()) break;
    std::vector<std::string> texts;
    for (const auto& passage : passages) texts.push_back(passage.text);
    const auto dimensions = models.embedder->dimensions();
    CO_TRY(const auto vectors, co_await models.embedder->embed(std::move(texts)));
    const bool fits = vectors.size() == passages.size() &&
                      std::all_of(vectors.begin(), vectors.end(), [&](const auto& vector) { return vector.size() == dimensions; });
    if (!fits) co_return fail(Code::Unavailable, "The embedding model gave vectors of another number or size than it said.");
    CO_CHECK(co_await memory->database().write(
        [number, passages, vectors](Connection& c) { return store_vectors(c, number, passages, vectors); }));
    after = passages.back().passage;
    result.embedded += static_cast<std::int64_t>(passages.size());
    run.progress(result.embedded, total, fmt::format("{}", result.embedded));
  }
  co_return result;
}

Task<std::optional<AskedMeaning>> Memory::Implementation::meaning_of(std::string text) {
  if (!models.embedder || text.empty()) co_return std::nullopt;
  const auto number = embedder_number(models.embedder->name());
  std::vector<std::string> texts;
  texts.push_back(std::move(text));
  const auto vectors = co_await models.embedder->embed(std::move(texts));
  if (!vectors || vectors->size() != 1) {
    log::warning("memory: searching by words alone: {}", vectors ? "the model gave no vector" : vectors.error().describe());
    co_return std::nullopt;
  }
  co_return AskedMeaning{number, quantised(vectors->front())};
}

}  // namespace hearth::memory
