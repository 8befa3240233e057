#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/message.h"

// What the command line says of itself, of rooms and of operations. `definitions` and `definition` are of kernel.operations.
namespace hearth::surfaces {

// How to use the command line, where no box says which rooms there are.
std::string usage(Language language);
std::string rooms_help(const Json& definitions, Language language);
std::string room_help(const Json& definitions, std::string_view room, Language language);
std::string operation_help(const Json& definition, Language language);

}  // namespace hearth::surfaces
