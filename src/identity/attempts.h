#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"

namespace hearth::identity {

// Slows guessing. An attempt goes through one or more lanes (an account from an address, an address, a known device); each
// lane lets a few failures pass, then doubles the wait with each further one. Nothing is ever locked: a lane opens again
// after its longest wait. An attempt counts as failed from its beginning, so that guesses made side by side gain nothing.
// In memory: a restart forgets. Home thread.
class Attempts {
 public:
  struct Lane {
    std::string key;
    int free;          // failures without a wait
    Duration longest;  // wait
    bool forgives = true;  // a success forgets its failures; false where others' guesses share the lane
  };

  // An attempt under way; destroyed without succeed() or withdraw() it stays a failure.
  class Attempt {
   public:
    void succeed();   // opens the forgiving lanes, leaves the others as they were
    void withdraw();  // as if it had not been made

   private:
    friend class Attempts;
    Attempt(Attempts& owner, std::vector<Lane> lanes) : owner_(&owner), lanes_(std::move(lanes)) {}
    void take_back(const Lane& lane);
    Attempts* owner_;
    std::vector<Lane> lanes_;
  };

  explicit Attempts(Clock& clock) : clock_(clock) {}

  // TooMany with the seconds to wait when one of the lanes is closed; then nothing is counted.
  Result<Attempt> begin(std::vector<Lane> lanes);

  std::size_t size() const { return lanes_.size(); }

 private:
  struct State {
    int failures = 0;
    Time opens;
    Time last;
  };
  Duration wait(const Lane& lane, int failures) const;
  void make_room();

  Clock& clock_;
  std::unordered_map<std::string, State> lanes_;
};

// The network that an address stands for when guesses are counted: an IPv4 address, an IPv6 /64, "unix". An IPv4 address
// in IPv6 clothes counts as IPv4.
std::string network_of(const std::string& address);

}  // namespace hearth::identity
