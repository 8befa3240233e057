#include "memory/vectors.h"

#include <algorithm>
#include <cmath>
#include <queue>

#include "base/bytes.h"
#include "memory/schema.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr int kCompared = 100'000;
constexpr double kLongest = 127;

}  // namespace

Quantised quantised(const std::vector<float>& vector) {
  double square = 0;
  float largest = 0;
  for (const auto one : vector) {
    if (!std::isfinite(one)) return Quantised(vector.size(), '\0');
    square += static_cast<double>(one) * one;
    largest = std::max(largest, std::abs(one));
  }
  Quantised result(vector.size(), '\0');
  if (square == 0) return result;
  for (std::size_t i = 0; i < vector.size(); ++i) {
    result[i] = static_cast<char>(static_cast<signed char>(std::lround(kLongest * static_cast<double>(vector[i]) / static_cast<double>(largest))));
  }
  return result;
}

double likeness(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return 0;
  std::int64_t product = 0;
  std::int64_t left = 0;
  std::int64_t right = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int x = static_cast<signed char>(a[i]);
    const int y = static_cast<signed char>(b[i]);
    product += x * y;
    left += x * x;
    right += y * y;
  }
  if (left == 0 || right == 0) return 0;
  return static_cast<double>(product) / std::sqrt(static_cast<double>(left) * static_cast<double>(right));
}

std::int64_t embedder_number(const std::string& name) {
  const auto hash = sha256(name);
  std::int64_t number = 0;
  for (std::size_t i = 0; i < 7; ++i) number = number << 8 | static_cast<unsigned char>(hash[i]);
  return number;
}

Result<std::vector<PassageText>> passages_without_vector(Connection& connection, std::int64_t embedder, std::int64_t after, int most) {
  return connection.all("SELECT id, text FROM passages p WHERE id > ? AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.passage = p.id AND v.embedder = ?)"
                        " ORDER BY id LIMIT ?",
                        [](Statement& s) { return PassageText{s.integer(0), s.text(1)}; }, after, embedder, most);
}

Result<std::int64_t> count_without_vector(Connection& connection, std::int64_t embedder) {
  return connection.integer("SELECT (SELECT count(*) FROM passages) - (SELECT count(*) FROM vectors WHERE embedder = ?)", embedder);
}

Result<> store_vectors(Connection& connection, std::int64_t embedder, const std::vector<PassageText>& passages,
                       const std::vector<std::vector<float>>& vectors) {
  for (std::size_t i = 0; i < passages.size(); ++i) {
    auto insert = TRY(connection.prepare("INSERT OR REPLACE INTO vectors (passage, embedder, vector) SELECT id, ?, ? FROM passages WHERE id = ?"));
    const auto bytes = quantised(vectors[i]);
    insert.bind_value(1, embedder);
    insert.bind_blob(2, bytes);
    insert.bind_value(3, passages[i].passage);
    TRY(insert.step());
  }
  return {};
}

Result<Alike> passages_alike(Connection& connection, const AskedMeaning& asked, const std::vector<std::int64_t>& sources, std::size_t most) {
  Alike alike;
  std::size_t compared = 0;
  const auto less = [](const Likeness& a, const Likeness& b) { return a.likeness > b.likeness; };
  std::priority_queue<Likeness, std::vector<Likeness>, decltype(less)> best(less);
  auto rows = TRY(connection.prepare("SELECT v.passage, v.vector, i.source FROM vectors v JOIN items i ON i.id = v.passage >> 16"
                                     " WHERE v.embedder = ? ORDER BY v.passage DESC LIMIT ?"));
  rows.bind_value(1, asked.embedder);
  rows.bind_value(2, kCompared);
  while (TRY(rows.step())) {
    const auto source = rows.integer(2);
    if (std::find(sources.begin(), sources.end(), source) == sources.end()) continue;
    const auto one = likeness(rows.text_view(1), asked.vector);
    alike.usual += one;
    ++compared;
    if (best.size() == most && one <= best.top().likeness) continue;
    if (best.size() == most) best.pop();
    best.push({rows.integer(0), source, one});
  }
  if (compared > 0) alike.usual /= static_cast<double>(compared);
  for (; !best.empty(); best.pop()) alike.best.push_back(best.top());
  std::reverse(alike.best.begin(), alike.best.end());
  return alike;
}

}  // namespace hearth::memory
