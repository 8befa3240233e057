#include "memory/extract/formats.h"

#include <algorithm>
#include <array>

#include "memory/extract/archive.h"
#include "memory/extract/audio.h"
#include "memory/extract/browser_history.h"
#include "memory/extract/calendar.h"
#include "memory/extract/chat_json.h"
#include "memory/extract/chat_table.h"
#include "memory/extract/contact.h"
#include "memory/extract/discord.h"
#include "memory/extract/document.h"
#include "memory/extract/imessage.h"
#include "memory/extract/keep.h"
#include "memory/extract/mail.h"
#include "memory/extract/mbox.h"
#include "memory/extract/notion.h"
#include "memory/extract/office.h"
#include "memory/extract/outlook.h"
#include "memory/extract/pdf.h"
#include "memory/extract/photo.h"
#include "memory/extract/recorder.h"
#include "memory/extract/rtf.h"
#include "memory/extract/slack.h"
#include "memory/extract/telegram.h"
#include "memory/extract/whatsapp.h"

namespace hearth::memory::extract {
namespace {

template <std::size_t N>
bool ends_in(std::string_view name, const std::array<std::string_view, N>& endings) {
  return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return name.ends_with(ending); });
}

bool is_mbox(const Probe& probe) { return begins_like_mbox(probe.head); }
bool is_message(const Probe& probe) { return probe.name.ends_with(".eml"); }
bool is_markdown(const Probe& probe) { return ends_in(probe.name, std::array<std::string_view, 3>{".md", ".markdown", ".mdx"}); }
bool is_html(const Probe& probe) { return ends_in(probe.name, std::array<std::string_view, 3>{".html", ".htm", ".xhtml"}); }

// In this order: the first that recognises an input reads it.
constexpr std::array kFormats = {
    FormatReader{"mbox", SourceKind::Mail, true, is_mbox, read_mbox_file},
    FormatReader{"message", SourceKind::Mail, false, is_message, read_message_file},
    FormatReader{"outlook", SourceKind::Mail, true, is_outlook, read_outlook},
    FormatReader{"calendar", SourceKind::Calendar, true, is_calendar, read_calendar_file},
    FormatReader{"contacts", SourceKind::Contacts, true, is_contacts, read_contacts_file},
    FormatReader{"whatsapp", SourceKind::Chat, true, is_whatsapp, read_whatsapp},
    FormatReader{"imessage", SourceKind::Chat, true, is_imessage, read_imessage},
    FormatReader{"telegram", SourceKind::Chat, true, is_telegram, read_telegram},
    FormatReader{"discord", SourceKind::Chat, true, is_discord, read_discord},
    FormatReader{"discord package", SourceKind::Chat, true, is_discord_package, read_discord_package},
    FormatReader{"slack", SourceKind::Chat, true, is_slack, read_slack},
    FormatReader{"limitless", SourceKind::Recorder, true, is_limitless, read_limitless},
    FormatReader{"limitless page", SourceKind::Recorder, false, is_limitless_page, read_limitless_page},
    FormatReader{"omi", SourceKind::Recorder, true, is_omi, read_omi},
    FormatReader{"keep", SourceKind::Notes, false, is_keep_note, read_keep_note},
    FormatReader{"keep page", SourceKind::Notes, false, is_keep_page, read_keep_page},
    FormatReader{"notion", SourceKind::Notes, false, is_notion_page, read_notion_page},
    FormatReader{"notion table", SourceKind::Notes, true, is_notion_table, read_notion_table},
    FormatReader{"bookmarks", SourceKind::Browser, true, is_bookmarks, read_bookmarks},
    FormatReader{"chrome history", SourceKind::Browser, true, is_chrome_history, read_chrome_history},
    FormatReader{"firefox history", SourceKind::Browser, true, is_firefox_places, read_firefox_places},
    FormatReader{"safari history", SourceKind::Browser, true, is_safari_history, read_safari_history},
    FormatReader{"dialogue", SourceKind::Chat, true, is_dialogue, read_dialogue},
    FormatReader{"chat lines", SourceKind::Chat, true, is_chat_lines, read_chat_lines},
    FormatReader{"chat json", SourceKind::Chat, true, is_chat_json, read_chat_json},
    FormatReader{"chat table", SourceKind::Chat, true, is_chat_table, read_chat_table},
    FormatReader{"markdown", SourceKind::Folder, false, is_markdown, read_document_file},
    FormatReader{"html", SourceKind::Folder, false, is_html, read_document_file},
    FormatReader{"pdf", SourceKind::Folder, false, is_pdf, read_pdf_file},
    FormatReader{"word", SourceKind::Folder, false, is_word_document, read_word_document},
    FormatReader{"presentation", SourceKind::Folder, false, is_presentation, read_presentation},
    FormatReader{"spreadsheet", SourceKind::Folder, false, is_spreadsheet, read_spreadsheet},
    FormatReader{"opendocument", SourceKind::Folder, false, is_open_document, read_open_document},
    FormatReader{"ebook", SourceKind::Folder, false, is_ebook, read_ebook},
    FormatReader{"rtf", SourceKind::Folder, false, is_rtf, read_rtf_file},
    FormatReader{"photo", SourceKind::Folder, false, is_photo, read_photo},
    FormatReader{"audio", SourceKind::Folder, false, is_audio, read_audio},
    FormatReader{"zip", SourceKind::Folder, true, is_zip_archive, read_zip_archive, true},
    FormatReader{"tar", SourceKind::Folder, true, is_tar_archive, read_tar_archive, true},
    FormatReader{"gzip", SourceKind::Folder, true, is_gzip_file, read_gzip_file, true},
    FormatReader{"message", SourceKind::Mail, false, is_bare_message, read_message_file},
    FormatReader{"text", SourceKind::Folder, false, is_text_file, read_document_file},
};

const FormatReader* named(std::string_view name) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(), [&](const auto& one) { return one.name == name; });
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace

const FormatReader* find_format(const Request& request, const Input& input) {
  switch (request.format) {
    case Format::Mbox: return named(begins_like_outlook(input.read(0, 12).value_or("")) ? "outlook" : "mbox");  // a mailbox in one file
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
    // Most programs export notes as plain documents.
    const bool note = request.only == SourceKind::Notes && format.kind == SourceKind::Folder;
    if ((!request.only || *request.only == format.kind || format.archive || note) && format.recognises(probe)) return &format;
  }
  return nullptr;
}

}  // namespace hearth::memory::extract
