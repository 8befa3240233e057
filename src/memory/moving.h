#pragma once
#include <optional>
#include <string>
#include <vector>

#include "memory/implementation.h"
#include "memory/items.h"

// The form of an exported memory: a folder of files in open formats. What is needed to have it all again is in the JSON Lines
// and the originals; the calendar, the contacts and the notes are for other programs.
//
//   manifest.json           what this is, and how much; written last
//   sources.jsonl           ExportedSource
//   items.jsonl             ExportedItem
//   people.jsonl            ExportedPerson
//   merges.jsonl            ExportedMerge, in the order in which they were made
//   searches.jsonl          ExportedSearch
//   settled.jsonl           ExportedSettled
//   forgotten.jsonl         ExportedForgotten
//   failures.jsonl          ExportedFailure; exports of before it was written have none
//   mail/<source>.mbox      mails (mboxrd: every "From " at the beginning of a line has one ">" more)
//   originals/<source>/     files, one each
//   originals/<source>.pieces   what was part of a file: messages of a chat, events of a calendar
//   calendar.ics, contacts.vcf, notes/*.md
namespace hearth::memory {

inline constexpr std::string_view kExportFormat = "hearth-memory";
inline constexpr int kExportVersion = 1;

struct Manifest {
  std::string format;
  int version = 0;
  Time created;
  std::int64_t sources = 0;
  std::int64_t items = 0;
  std::int64_t people = 0;
};
HEARTH_DESCRIBE(Manifest, (format, ""), (version, ""), (created, ""), (sources, ""), (items, ""), (people, ""))

struct ExportedSource {
  std::string id;
  SourceKind kind = SourceKind::Mail;
  std::string name;
  std::string origin;
  kernel::Confidentiality confidentiality = kernel::Confidentiality::Secret;
  kernel::Integrity integrity = kernel::Integrity::Untrusted;
  Time created;
  std::optional<Time> finished;
};
HEARTH_DESCRIBE(ExportedSource, (id, ""), (kind, ""), (name, ""), (origin, ""), (confidentiality, ""), (integrity, ""), (created, ""),
                (finished, ""))

struct ExportedOrigin {
  std::string source;
  std::string place;
  std::int64_t size = 0;
  Time modified;
  std::string file;         // of the export; where the original lies
  std::int64_t start = 0;
  std::int64_t length = 0;
  bool quoted = false;      // as in an mbox
};
HEARTH_DESCRIBE(ExportedOrigin, (source, ""), (place, ""), (size, ""), (modified, ""), (file, ""), (start, ""), (length, ""),
                (quoted, "", .defaulted = true))

struct ExportedItem {
  std::string key;
  ItemKind kind = ItemKind::Document;
  std::string external_id;
  std::string type;
  std::string title;
  std::optional<Time> time;
  std::optional<Time> until;
  TimeCertainty certainty = TimeCertainty::Exact;
  std::optional<int> zone;
  std::optional<std::string> thread;
  std::string part_of;
  bool outside = true;
  std::optional<kernel::Confidentiality> confidentiality;
  std::optional<kernel::Integrity> integrity;
  std::vector<extract::Person> people;
  std::vector<extract::Attachment> attachments;
  std::vector<extract::Place> places;
  std::vector<std::string> tags;
  std::vector<std::string> passages;
  std::vector<ExportedOrigin> origins;
};
HEARTH_DESCRIBE(ExportedItem, (key, ""), (kind, ""), (external_id, ""), (type, ""), (title, ""), (time, ""), (until, ""), (certainty, ""),
                (zone, ""), (thread, ""), (part_of, "", .defaulted = true), (outside, ""), (confidentiality, ""), (integrity, ""),
                (people, ""), (attachments, ""), (places, ""), (tags, ""), (passages, "", .maximum_length = 1 << 17), (origins, ""))

struct ExportedPerson {
  std::string id;
  std::string person;  // whose id is that of all identities of one person
  std::string address;
  std::string name;
};
HEARTH_DESCRIBE(ExportedPerson, (id, ""), (person, ""), (address, ""), (name, ""))

struct ExportedMerge {
  std::string keep;   // of ExportedPerson
  std::string other;
  std::string card;   // the key of the contact card that says so; "": the owner does
  bool undone = false;
  Time time;
};
HEARTH_DESCRIBE(ExportedMerge, (keep, ""), (other, ""), (card, "", .defaulted = true), (undone, "", .defaulted = true), (time, ""))

struct ExportedSearch {
  std::string name;
  std::string query;
  SearchFilters filters;
  Time created;
};
HEARTH_DESCRIBE(ExportedSearch, (name, ""), (query, ""), (filters, ""), (created, ""))

struct ExportedSettled {
  std::string key;
  std::int64_t start = 0;
  PromiseState state = PromiseState::Done;
  Time time;
};
HEARTH_DESCRIBE(ExportedSettled, (key, ""), (start, ""), (state, ""), (time, ""))

struct ExportedForgotten {
  std::string key;
};
HEARTH_DESCRIBE(ExportedForgotten, (key, ""))

// What a source could not read.
struct ExportedFailure {
  std::string source;
  std::string place;
  std::int64_t offset = 0;
  std::string reason;
  Time time;
};
HEARTH_DESCRIBE(ExportedFailure, (source, ""), (place, ""), (offset, ""), (reason, ""), (time, ""))

// An original as it stands in an mbox, and back.
std::string quote_mbox(std::string_view original);
std::string unquote_mbox(std::string_view quoted);

// The same item for other programs. `text` is the item's.
std::string as_calendar_entry(const ExportedItem& item, std::string_view text);  // VEVENT or VTODO, RFC 5545
std::string as_card(const ExportedItem& item, std::string_view text);            // VCARD 4.0, RFC 6350
std::string as_markdown(const ExportedItem& item, std::string_view text);        // with YAML front matter
// The line before a message of an mbox.
std::string mbox_separator(const ExportedItem& item);

// Whether a folder holds an export: by its path, or open.
bool is_export(const std::filesystem::path& folder);
bool is_export(int folder);

}  // namespace hearth::memory
