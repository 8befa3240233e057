#include "memory/extract/formats.h"

#include <algorithm>
#include <array>

#include "memory/extract/document.h"
#include "memory/extract/mail.h"
#include "memory/extract/mbox.h"

namespace hearth::memory::extract {
namespace {

template <std::size_t N>
bool ends_in(std::string_view name, const std::array<std::string_view, N>& endings) {
  return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return name.ends_with(ending); });
}

bool is_mbox(const Probe& probe) { return probe.head.starts_with("From "); }
bool is_message(const Probe& probe) { return probe.name.ends_with(".eml"); }
bool is_plain_text(const Probe& probe) { return ends_in(probe.name, std::array<std::string_view, 2>{".txt", ".text"}); }
bool is_markdown(const Probe& probe) { return ends_in(probe.name, std::array<std::string_view, 2>{".md", ".markdown"}); }
bool is_html(const Probe& probe) { return ends_in(probe.name, std::array<std::string_view, 3>{".html", ".htm", ".xhtml"}); }

// In this order: the first that recognises an input reads it.
constexpr std::array kFormats = {
    FormatReader{"mbox", SourceKind::Mail, true, is_mbox, read_mbox_file},
    FormatReader{"message", SourceKind::Mail, false, is_message, read_message_file},
    FormatReader{"markdown", SourceKind::Folder, false, is_markdown, read_document_file},
    FormatReader{"html", SourceKind::Folder, false, is_html, read_document_file},
    FormatReader{"text", SourceKind::Folder, false, is_plain_text, read_document_file},
};

const FormatReader* named(std::string_view name) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(), [&](const auto& one) { return one.name == name; });
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace

const FormatReader* find_format(const Request& request, const Input& input) {
  switch (request.format) {
    case Format::Mbox: return named("mbox");
    case Format::Message: return named("message");
    case Format::PlainText: return named("text");
    case Format::Markdown: return named("markdown");
    case Format::Html: return named("html");
    case Format::Any: break;
  }
  std::string name = request.name.substr(request.name.rfind('/') + 1);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto head = input.read(0, kProbed).value_or("");
  const Probe probe{name, head, input};
  for (const auto& format : kFormats) {
    if ((!request.only || *request.only == format.kind) && format.recognises(probe)) return &format;
  }
  return nullptr;
}

}  // namespace hearth::memory::extract
