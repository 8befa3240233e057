#include "surfaces/surfaces.h"

namespace hearth::surfaces {
namespace {

std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// The words of the page that the definitions do not give.
struct Words {
  std::string_view title, list_of, object, time, any, required, optional, initial, input, output, event, streams;
  std::string_view facts;  // the effect, the audience
  std::string_view columns;
};

constexpr Words kEnglish = {
    "# Operations\n\n"
    "Generated from the definitions by `hearthd --describe markdown`. Each operation is `POST /api/<name>` with a JSON\n"
    "object, `hearth <room> <verb> --field value` on the command line, `api.<room>.<verb>(…)` in TypeScript, and an\n"
    "entry in the desktop's palette. 中文版：[operations.zh-CN.md](operations.zh-CN.md).\n",
    "list of ", "object", "time", "any", "required", "optional", "default ", "Input", "Output", "Each event",
    " Streams events.", "Effect: {}. Open to: {}.{}", "field | type | |"};

constexpr Words kChinese = {
    "# 操作\n\n"
    "由 `hearthd --describe markdown-zh` 根据定义生成。每个操作都是：`POST /api/<名称>`（JSON 对象）、命令行中的\n"
    "`hearth <房间> <动作> --字段 值`、TypeScript 中的 `api.<房间>.<动作>(…)`，以及桌面命令面板中的一项。\n"
    "English: [operations.md](operations.md).\n",
    "列表：", "对象", "时间", "任意", "必填", "可选", "默认 ", "输入", "输出", "每个事件", "以流的形式给出事件。",
    "效果：{}。开放给：{}。{}", "字段 | 类型 | |"};

std::string type_text(const Json& schema, const Words& words) {
  if (const auto* values = schema.find("enum")) {
    std::string text;
    for (const auto& value : *values->as_array()) text += (text.empty() ? "" : ", ") + *value.as_string();
    return text;
  }
  const auto type = schema.text("type");
  if (type == "array") return fmt::format("{}{}", words.list_of, type_text(*schema.find("items"), words));
  if (type == "object" && !schema.text("title").empty()) return std::string(schema.text("title"));
  if (type == "object") return std::string(words.object);
  if (type == "string" && schema.text("format") == "date-time") return std::string(words.time);
  return std::string(type.empty() ? words.any : type);
}

std::string fields(const Json& schema, std::string_view heading, const Words& words, Language language) {
  const auto* properties = schema.find("properties");
  if (!properties || properties->as_object()->empty()) return "";
  std::string text = fmt::format("\n{}:\n\n| {} |\n|---|---|---|---|\n", heading, words.columns);
  for (const auto& [name, field] : *properties->as_object()) {
    bool required = false;
    for (const auto& one : *schema.find("required")->as_array()) required = required || *one.as_string() == name;
    const auto* initial = field.find("x-default");
    const auto note = required  ? std::string(words.required)
                      : initial ? fmt::format("{}{}", words.initial, initial->dump())
                                : std::string(words.optional);
    const auto zh = field.text("x-description-zh");
    const auto description = language == Language::Chinese && !zh.empty() ? zh : field.text("description");
    text += fmt::format("| `{}` | {} | {} | {} |\n", name, cell(type_text(field, words)), cell(note), cell(description));
  }
  return text;
}

}  // namespace

std::string markdown_reference(const kernel::Kernel& kernel, Language language) {
  const auto& words = language == Language::Chinese ? kChinese : kEnglish;
  std::string text(words.title);
  std::string open_room;
  for (const auto& [name, operation] : kernel.operations()) {
    const auto room = name.substr(0, name.find('.'));
    if (room != open_room) text += fmt::format("\n## {}\n", room);
    open_room = room;
    const auto summary = language == Language::Chinese ? operation.summary.zh : operation.summary.en;
    text += fmt::format("\n### {}\n\n{}\n\n{}\n", name, summary,
                        fmt::format(fmt::runtime(words.facts), enum_name(operation.effect),
                                    enum_name(operation.options.audience), operation.streaming ? words.streams : ""));
    text += fields(operation.input_schema(), words.input, words, language);
    text += fields(operation.output_schema(), operation.streaming ? words.event : words.output, words, language);
  }
  return text;
}

}  // namespace hearth::surfaces
