#pragma once
#include "memory/extract/item_text.h"
#include "memory/extract/outlook_file.h"

namespace hearth::memory::extract {

// An Outlook item in an open form, and what that has no place for.
struct OutlookRendering {
  enum class Form { Mail, Card, Calendar, Note };
  Form form = Form::Mail;
  std::string bytes;  // of a note: its text
  std::string title;  // of a note
  std::vector<Person> people;  // of whom only the name is known
  std::vector<std::string> tags;
  std::string thread;
  std::optional<Time> time;
};

// TooLarge beyond kLargestItem.
Result<OutlookRendering> render_outlook(OutlookFile& file, pst_item& item);

}  // namespace hearth::memory::extract
