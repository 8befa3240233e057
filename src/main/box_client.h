#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace hearth {

// Calls operations of a running box over its unix socket. Blocking; for command-line programs.
class BoxClient {
 public:
  explicit BoxClient(std::string socket) : socket_(std::move(socket)) {}

  // The output, or the box's own error. Unavailable when no box runs there.
  Result<Json> call(std::string_view operation, const Json& input) const;
  // Calls `event` for each event until the stream ends.
  Result<> stream(std::string_view operation, const Json& input, const std::function<void(const Json&)>& event) const;

 private:
  std::string socket_;
};

}  // namespace hearth
