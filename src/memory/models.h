#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"

// What the memory asks of models, when there are any. Everything works without them. Home thread; implementations hand long
// work to others, and fail with Unavailable when no model answers: the memory then goes on without.
namespace hearth::memory {

// Turns texts into vectors that lie close when the texts mean alike.
class Embedder {
 public:
  virtual ~Embedder() = default;
  virtual std::string name() const = 0;  // of the model: vectors of another one are made again
  virtual std::size_t dimensions() const = 0;
  // One vector of dimensions() numbers for each text, in order. Their length says nothing.
  virtual Task<Result<std::vector<std::vector<float>>>> embed(std::vector<std::string> texts) = 0;
};

// Writes an answer out of passages.
class Writer {
 public:
  struct Passage {
    std::string title;
    std::string authors;
    std::string time;  // RFC 3339; "" when unknown
    std::string text;
  };
  struct Sentence {
    std::string text;
    std::vector<std::size_t> passages;  // that say it, counted from 0
  };

  virtual ~Writer() = default;
  // Sentences in the question's language, each with the passages it rests on. None: the passages do not answer.
  virtual Task<Result<std::vector<Sentence>>> write(std::string question, std::vector<Passage> passages) = 0;
};

// Writes down what is said in a recording.
class Transcriber {
 public:
  struct Line {
    std::chrono::milliseconds start{0};  // from the beginning of the recording
    std::chrono::milliseconds end{0};
    std::string speaker;  // "" when unknown
    std::string text;
  };

  virtual ~Transcriber() = default;
  virtual Task<Result<std::vector<Line>>> transcribe(std::filesystem::path audio) = 0;
};

// Those that are there. They outlive the memory, or are taken back with set_models({}).
struct Models {
  Embedder* embedder = nullptr;
  Writer* writer = nullptr;
  Transcriber* transcriber = nullptr;
};

}  // namespace hearth::memory
