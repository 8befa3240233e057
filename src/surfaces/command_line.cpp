#include "surfaces/command_line.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/bytes.h"
#include "base/closest.h"

namespace hearth::surfaces {
namespace {

const Json* find_operation(const Json& definitions, std::string_view name) {
  for (const auto& definition : *definitions.as_array()) {
    if (definition.text("name") == name) return &definition;
  }
  return nullptr;
}

std::string underscored(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

// One word of the command line as the field's type.
Result<Json> value_of(const Json& field, std::string_view name, const std::string& word) {
  if (!is_utf8(word)) return fail(Code::InvalidInput, "--{} holds bytes that are not UTF-8 text.", dashed(name));
  const auto type = field.text("type");
  const auto wrong = [&](const Message& expected) {
    return fail(Code::InvalidInput, "--{} takes {}, not \"{}\".", dashed(name), expected, word);
  };
  if (type == "string") return Json(word);
  if (type == "boolean") {
    if (word == "true" || word == "yes") return Json(true);
    if (word == "false" || word == "no") return Json(false);
    return wrong(translated("true or false"));
  }
  if (type == "integer") {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size()) return wrong(translated("a whole number"));
    return Json(value);
  }
  if (type == "number") {
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value)) return wrong(translated("a number"));
    return Json(value);
  }
  auto json = Json::parse(word);
  if (!json) return wrong(std::string("JSON"));
  return json;
}

// Takes --json, --help and -h: words that stand for themselves wherever a field could begin.
bool take_switch(std::string_view word, Command& command, bool& help) {
  if (word == "--json") {
    command.as_json = true;
  } else if (word == "--help" || word == "-h") {
    help = true;
  } else {
    return false;
  }
  return true;
}

Result<> set_field(const Json& field, std::string_view name, const std::string& text, Command& command) {
  const auto* given = command.input.find(name);
  if (field.text("type") == "array") {
    Json grown = given ? *given : Json::array();
    grown.push(TRY(value_of(*field.find("items"), name, text)));
    command.input.set(std::string(name), std::move(grown));
    return {};
  }
  if (given) return fail(Code::InvalidInput, "--{} is given twice; it takes one value.", dashed(name));
  command.input.set(std::string(name), TRY(value_of(field, name, text)));
  return {};
}

// The word after a field is its value, whatever it looks like; only a boolean's may be left out.
Result<> parse_fields(const Json& definition, std::span<const std::string> words, Command& command, bool& help) {
  const auto& properties = *definition.find("input")->find("properties");
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (take_switch(word, command, help)) continue;
    if (!word.starts_with("--")) {
      return fail(Code::InvalidInput, "\"{}\" is not expected here: fields are given as --name value. See: hearth {} --help", word,
                  command.room + " " + dashed(command.operation.substr(command.room.size() + 1)));
    }
    const auto equals = word.find('=');
    const auto name = underscored(word.substr(2, equals == std::string::npos ? equals : equals - 2));
    const auto* field = properties.find(name);
    if (!field) {
      std::string known;
      for (const auto& [candidate, ignored] : *properties.as_object()) known += (known.empty() ? "--" : ", --") + dashed(candidate);
      std::vector<std::string> names;
      for (const auto& [candidate, ignored] : *properties.as_object()) names.push_back(dashed(candidate));
      if (const auto meant = closest(dashed(name), names); !meant.empty()) {
        return fail(Code::InvalidInput, "{} has no --{}. Did you mean --{}? It takes {}.", command.operation, dashed(name), meant, known);
      }
      if (known.empty()) return fail(Code::InvalidInput, "{} has no --{}; it takes no fields.", command.operation, dashed(name));
      return fail(Code::InvalidInput, "{} has no --{}; it takes {}.", command.operation, dashed(name), known);
    }
    std::string text;
    if (equals != std::string::npos) {
      text = word.substr(equals + 1);
    } else if (field->text("type") == "boolean" && (i + 1 == words.size() || words[i + 1].starts_with("-"))) {
      text = "true";
    } else if (i + 1 < words.size()) {
      text = words[++i];
    } else {
      return fail(Code::InvalidInput, "--{} needs a value.", dashed(name));
    }
    TRY(set_field(*field, name, text, command));
  }
  return {};
}

}  // namespace

std::string room_of(const Json& definition) {
  const auto name = definition.text("name");
  return std::string(name.substr(0, name.find('.')));
}

std::string dashed(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}
Result<Command> parse_command(const Json& definitions, std::span<const std::string> words,
                              const std::function<std::optional<std::string>(std::string_view prompt)>& ask_secret) {
  Command command;
  bool help = false;
  // The room and the verb come first, but for switches; what follows is fields and their values.
  std::vector<std::string> rest;
  std::size_t at = 0;
  for (; at < words.size() && rest.size() < 2; ++at) {
    if (!take_switch(words[at], command, help)) rest.push_back(words[at]);
  }
  if (rest.empty() || rest[0] == "help") return command;
  if (rest[0].starts_with("-")) return fail(Code::NotFound, "There is no option {}. See: hearth --help", rest[0]);
  command.room = rest[0];
  const bool room_exists = std::any_of(definitions.as_array()->begin(), definitions.as_array()->end(),
                                       [&](const Json& definition) { return room_of(definition) == command.room; });
  if (!room_exists) {
    std::set<std::string> names;
    for (const auto& definition : *definitions.as_array()) names.insert(room_of(definition));
    const std::vector<std::string> rooms(names.begin(), names.end());
    std::string known;
    for (const auto& room : rooms) known += (known.empty() ? "" : ", ") + room;
    if (const auto meant = closest(command.room, rooms); !meant.empty()) {
      return fail(Code::NotFound, "There is no room \"{}\". Did you mean {}? There is {}.", command.room, meant, known);
    }
    return fail(Code::NotFound, "There is no room \"{}\". There is {}.", command.room, known);
  }
  if (rest.size() == 1) {
    command.kind = Command::Kind::Room;
    return command;
  }
  command.operation = command.room + "." + underscored(rest[1]);
  const auto* definition = find_operation(definitions, command.operation);
  if (!definition) {
    std::vector<std::string> verbs;
    for (const auto& one : *definitions.as_array()) {
      if (room_of(one) == command.room) verbs.push_back(dashed(one.text("name").substr(command.room.size() + 1)));
    }
    if (const auto meant = closest(rest[1], verbs); !meant.empty()) {
      return fail(Code::NotFound, "There is no \"{}\" in {}. Did you mean {}? See: hearth {}", rest[1], command.room, meant, command.room);
    }
    return fail(Code::NotFound, "There is no \"{}\" in {}. See: hearth {}", rest[1], command.room, command.room);
  }
  const auto parsed = help ? Result<>() : parse_fields(*definition, words.subspan(at), command, help);
  if (help) {
    command.kind = Command::Kind::Help;
    return command;
  }
  TRY(parsed);
  command.kind = Command::Kind::Call;
  const auto& schema = *definition->find("input");
  for (const auto& required : *schema.find("required")->as_array()) {
    const auto& name = *required.as_string();
    if (command.input.find(name)) continue;
    std::optional<std::string> secret;
    if (schema.find("properties")->find(name)->find("x-secret")) secret = ask_secret(dashed(name));
    if (!secret) {
      return fail(Code::InvalidInput, "--{} is missing. See: hearth {} {} --help", dashed(name), command.room, dashed(rest[1]));
    }
    command.input.set(name, *secret);
  }
  return command;
}

}  // namespace hearth::surfaces
