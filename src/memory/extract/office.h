#pragma once
#include "memory/extract/paper.h"

namespace hearth::memory::extract {

// Office documents: ZIP archives of XML. Office Open XML (ECMA-376), OpenDocument 1.3, EPUB 3. Text in reading order;
// deleted text of tracked changes is left out, comments, foot notes and speaker's notes are read.
bool is_word_document(const Probe& probe);     // .docx, .docm, .dotx
bool is_presentation(const Probe& probe);      // .pptx, .pptm, .ppsx
bool is_spreadsheet(const Probe& probe);       // .xlsx, .xlsm
bool is_open_document(const Probe& probe);     // .odt, .ods, .odp, .odg and their templates
bool is_ebook(const Probe& probe);             // .epub
Result<> read_word_document(const Request& request, const Input& input, Sink& sink);
Result<> read_presentation(const Request& request, const Input& input, Sink& sink);
Result<> read_spreadsheet(const Request& request, const Input& input, Sink& sink);
Result<> read_open_document(const Request& request, const Input& input, Sink& sink);
Result<> read_ebook(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
