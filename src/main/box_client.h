#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace hearth {

// Calls operations of a running box over its unix socket. Blocking; for command-line programs. The box speaks of errors in
// `language`.
class BoxClient {
 public:
  BoxClient(std::string socket, Language language) : socket_(std::move(socket)), language_(language) {}

  // The output, or the box's own error. Unavailable when no box runs there.
  Result<Json> call(std::string_view operation, const Json& input) const;
  // Calls `event` for each event until the stream ends.
  Result<> stream(std::string_view operation, const Json& input, const std::function<void(const Json&)>& event) const;

 private:
  std::string socket_;
  Language language_;
};

}  // namespace hearth
