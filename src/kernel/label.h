#pragma once
#include <string>

#include "base/describe.h"

namespace hearth::kernel {

// How far a datum may travel, in rising order.
enum class Confidentiality { Public, Household, Private, Secret };
HEARTH_DESCRIBE_ENUM(Confidentiality, Public, Household, Private, Secret)

// Who could have written it, from the most trusted to the least. Untrusted: an outsider could have.
enum class Integrity { Owner, Known, Untrusted };
HEARTH_DESCRIBE_ENUM(Integrity, Owner, Known, Untrusted)

// What the system knows about a datum (DESIGN §1). Joining data joins labels.
struct Label {
  Confidentiality confidentiality = Confidentiality::Public;
  std::string owner;  // a person's id; "" when several people's data came together, or nobody's
  Integrity integrity = Integrity::Owner;
  bool operator==(const Label&) const = default;
};
HEARTH_DESCRIBE(Label, (confidentiality, "How far it may travel.", .zh = "可以传到多远。"),
                (owner, "Whose it is.", .zh = "属于谁。"),
                (integrity, "Who could have written it.", .zh = "可能由谁写下。"))

// The highest confidentiality and the lowest integrity win. Commutative, associative, idempotent in both.
Label join(const Label& a, const Label& b);

// An operation's output with its label.
template <typename T>
struct Labelled {
  T value;
  Label label;
};

// For sentences.
Message name_of(Confidentiality confidentiality);

}  // namespace hearth::kernel
