#pragma once
#include <optional>
#include <string>

#include "base/describe.h"

namespace hearth::kernel {

// What a person may do on the box, in rising order.
enum class Role { Guest, Member, Owner };
HEARTH_DESCRIBE_ENUM(Role, Guest, Member, Owner)

// Who makes a call.
struct Principal {
  enum class Kind { Anyone, Person, App, Run, Device, Peer, System };
  Kind kind = Kind::Anyone;
  std::string id;      // unique within the kind; "" for Anyone and System
  std::string person;  // the id of the person who acts, or on whose behalf this acts; "" for Anyone and System
  Role role = Role::Guest;  // that person's role

  // "person:01h…", "app:notes", "system": how grants, approvals and the audit name it.
  std::string name() const;

  static Principal anyone() { return {}; }
  static Principal system() { return {Kind::System, "", "", Role::Owner}; }
  static Principal of_person(std::string id, Role role) { return {Kind::Person, id, id, role}; }
};
HEARTH_DESCRIBE_ENUM(Principal::Kind, Anyone, Person, App, Run, Device, Peer, System)

}  // namespace hearth::kernel
