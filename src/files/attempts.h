#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace hearth::files {

// Slows the guessing of share passwords: after five wrong ones, a wait that doubles each time, up to 15 minutes; kept per
// link and address. A link that is guessed at from everywhere gets slow as a whole after a hundred.
class Attempts {
 public:
  explicit Attempts(Clock& clock) : clock_(clock) {}

  // How long until the next try is allowed; zero: now.
  Duration wait(std::string_view token, std::string_view address) const;
  void failed(std::string_view token, std::string_view address);
  void succeeded(std::string_view token, std::string_view address);

 private:
  struct Record {
    int failures = 0;
    Time next;
    Time last;
  };
  void add(const std::string& key, int free, Time now);
  void forget_old(Time now);

  Clock& clock_;
  std::map<std::string, Record, std::less<>> records_;
};

}  // namespace hearth::files
