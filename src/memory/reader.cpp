#include "memory/reader.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/bytes.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using extract::Event;
using extract::Format;

constexpr std::size_t kHandedOut = 16;
constexpr std::size_t kMostCrashes = 50;  // over one file
constexpr std::int64_t kDigested = 4096;
constexpr std::size_t kOutlookHeader = 512;

// Where in a source something lies that is not a whole file.
std::string place_within(const SourceFile& file, const std::string& within) {
  if (within.empty()) return file.place;
  return file.place + (file.place.empty() ? "#" : "/#") + to_valid_utf8(within);
}

// The header of a mailbox that is Outlook's: after each change it is another, since it names the newest tables. "" of others.
std::string outlook_header(int file) {
  std::string header(kOutlookHeader, '\0');
  if (::pread(file, header.data(), header.size(), 0) != static_cast<ssize_t>(header.size())) return "";
  return header.starts_with("!BDN") ? header : "";
}

// Whether a mbox seems to go on with another message there; whether it does, hearth-extract finds out.
bool continues_with_message(int file, std::int64_t offset) {
  std::array<char, 16> bytes{};
  const auto got = ::pread(file, bytes.data(), bytes.size(), offset);
  std::string_view text(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  return text.starts_with("From ");
}

}  // namespace

std::string digest_before(int file, std::int64_t offset) {
  if (const auto header = outlook_header(file); !header.empty()) return sha256(header).substr(0, 16);
  const auto length = std::min(offset, kDigested);
  std::string bytes(static_cast<std::size_t>(length), '\0');
  const auto got = ::pread(file, bytes.data(), bytes.size(), offset - length);
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return sha256(bytes).substr(0, 16);
}

Result<Batch> SourceReader::next() {
  Batch batch;
  if (!extractor_) TRY(start());
  const auto begun = std::chrono::steady_clock::now();
  std::size_t bytes = 0;
  // A file of one item and its parts is stored as one, since it is passed by once its item is there.
  const auto within_file = [this] { return !pending_.empty() && pending_.front().told && !pending_.front().many; };
  while ((batch.items.size() < options_.batch_items && bytes < options_.batch_bytes &&
          batch.failures.size() + static_cast<std::size_t>(batch.unchanged) / 16 < options_.batch_items &&
          std::chrono::steady_clock::now() - begun < options_.batch_time) ||
         within_file()) {
    hand_out(batch);
    if (pending_.empty()) {
      batch.finished = supplied_;
      if (supplied_ && unread_pictures_ > 0) {
        batch.failures.push_back({"", 1, translated("The text in pictures was not read, in {} places: install tesseract-ocr-eng and tesseract-ocr-chi-sim.",
                                                    std::exchange(unread_pictures_, 0)).english()});
      }
      if (supplied_) break;
      continue;
    }
    auto answer = extractor_->receive(options_.patience);
    if (answer && answer->reply.event == Event::NeedsPages && !with_pages_) {
      with_pages_ = true;
      TRY(start());
      continue;
    }
    if (!answer) {
      TRY(go_on_behind(batch));
      continue;
    }
    bytes += answer->text.size() + static_cast<std::size_t>(answer->reply.original_length);
    take(*std::move(answer), batch);
  }
  note_position(batch);
  batch.done = done_bytes_ + done_within_;
  return batch;
}

void SourceReader::hand_out(Batch& batch) {
  // After an mbox nothing is handed out until it is read: its length is not known in requests.
  while (!supplied_ && pending_.size() < kHandedOut && (pending_.empty() || pending_.back().file->format != Format::Mbox)) {
    auto found = supply_->next();
    if (!found) {
      supplied_ = true;
      if (supply_->unreadable() > 0) {
        batch.failures.push_back({"", 0, translated("{} files or folders could not be opened.", supply_->unreadable()).english()});
      }
      break;
    }
    if (found->format != Format::Mbox && known_.file(found->place, found->size, found->modified)) {
      ++batch.unchanged;
      finish(*found);
      if (batch.unchanged % 1024 == 0) break;  // a sign of life
      continue;
    }
    Pending pending{std::make_shared<const SourceFile>(*std::move(found))};
    if (pending.file->format == Format::Mbox) {
      const auto position = known_.mailbox(pending.file->place);
      if (position && position->offset <= pending.file->size &&
          position->digest == digest_before(pending.file->file.get(), position->offset)) {
        pending.start = position->offset;
        if (pending.file->size > position->offset && position->last_start) {
          // Once more the last message, since it may have grown.
          if (!continues_with_message(pending.file->file.get(), position->offset)) pending.start = *position->last_start;
          pending.last_start = position->last_start;
          pending.last = position->last;
        }
        done_within_ = pending.start;
        if (pending.start == pending.file->size && !outlook_header(pending.file->file.get()).empty()) {  // its tables need not be read again
          ++batch.unchanged;
          finish(*pending.file);
          continue;
        }
      }
    }
    // A small file is fetched while those before it are read; of a mailbox, what lies ahead.
    const bool mailbox = pending.file->format == Format::Mbox;
    (void)::posix_fadvise(pending.file->file.get(), 0, 0, mailbox ? POSIX_FADV_SEQUENTIAL : POSIX_FADV_WILLNEED);
    pending_.push_back(std::move(pending));
    send(pending_.back());
  }
}

void SourceReader::send(const Pending& pending) {
  // A process that has ended is noticed by receive(), which restarts it and sends everything again.
  extract::Request request{pending.file->format,      to_valid_utf8(pending.file->name), to_valid_utf8(pending.file->path),
                           pending.start,             pending.file->modified,            options_.seconds_per_item,
                           options_.only,             pending.skip};
  std::vector<int> beside;
  for (const auto& one : pending.file->beside) {
    request.beside.push_back(to_valid_utf8(one.name));
    beside.push_back(one.file.get());
  }
  (void)extractor_->send(request, pending.file->file.get(), beside);
}

void SourceReader::finish(const SourceFile& file) {
  done_bytes_ += file.size;
  if (file.format == Format::Mbox) done_within_ = 0;
}

void SourceReader::note_position(Batch& batch) {
  if (!reached_) return;
  const auto& file = *reached_->file;
  batch.positions.push_back({file.place, file.size, file.modified, reached_->start, digest_before(file.file.get(), reached_->start),
                             reached_->last_start, reached_->last});
  reached_.reset();
}

void SourceReader::take(Extractor::Answer answer, Batch& batch) {
  auto& pending = pending_.front();
  auto& reply = answer.reply;
  const auto& file = *pending.file;
  const bool mbox = file.format == Format::Mbox;
  if (mbox && reply.event == Event::Item && pending.item_within.empty()) pending.item_within = reply.within;
  if (reply.event != Event::Begin && reply.event != Event::Done) {
    if (pending.repeat > 0) {
      --pending.repeat;
      return;
    }
    ++pending.heard;
  }
  switch (reply.event) {
    case Event::Begin:
      // Everything before it has been told; of the item itself, parts may still come.
      if (mbox && reply.offset > pending.start) {
        pending.start = reply.offset;
        pending.heard = 0;
        done_within_ = pending.start;
        pending.last_start.reset();
        pending.last.clear();
        reached_ = pending;
      }
      if (reply.within.empty()) pending.item_within.clear();
      pending.item_offset = reply.offset;
      pending.item_end = reply.offset + reply.length;
      pending.within = std::move(reply.within);
      pending.parsing = true;
      pending.many = reply.many;
      return;
    case Event::Item: {
      pending.parsing = false;
      pending.told = true;
      unread_pictures_ += reply.pictures_unread;
      pending.many = reply.many;
      Incoming incoming{*std::move(reply.item),    std::move(answer.text), file.place, file.size, file.modified, reply.original_start,
                        reply.original_length, std::move(answer.original), pending.file};
      if (!reply.within.empty()) {
        incoming.place = place_within(file, reply.within);
        if (mbox) incoming.size = reply.length;
      }
      if (pending.last_start == pending.item_offset && !pending.last.empty()) {
        if (reply.within != pending.last) batch.replaced.push_back(place_within(file, pending.last));
        pending.last.clear();
      }
      batch.items.push_back(std::move(incoming));
      break;
    }
    case Event::Failed:
      pending.parsing = false;
      batch.failures.push_back({place_within(file, reply.within), reply.offset, to_valid_utf8(reply.reason)});
      break;
    case Event::Unknown:
    case Event::NeedsPages:
      ++batch.foreign;
      return;
    case Event::Done:
      finish(file);
      if (mbox && pending.item_end > pending.start) {
        pending.start = pending.item_end;
        if (outlook_header(file.file.get()).empty()) {
          pending.last_start = pending.item_offset;
          pending.last = pending.item_within;
        }
        reached_ = pending;
      }
      note_position(batch);
      if (reply.many && !mbox) batch.positions.push_back({file.place, file.size, file.modified, file.size, ""});
      pending_.pop_front();
      return;
  }
}

Result<> SourceReader::go_on_behind(Batch& batch) {
  auto& culprit = pending_.front();
  const auto& file = *culprit.file;
  batch.failures.push_back({place_within(file, culprit.within), culprit.item_offset, extractor_->trouble().english()});
  if (file.format == Format::Mbox && culprit.parsing && culprit.item_end > culprit.item_offset) {
    culprit.start = culprit.item_end;
    culprit.heard = 0;
    culprit.parsing = false;
    culprit.last_start.reset();
    culprit.last.clear();
    reached_ = culprit;
  } else if (culprit.many && culprit.parsing && culprit.skip.size() < kMostCrashes) {
    culprit.skip.push_back(culprit.item_offset);
    culprit.parsing = false;
  } else {
    finish(file);
    pending_.pop_front();
  }
  return start();
}

Result<> SourceReader::start() {
  extractor_.reset();
  auto program = options_.extractor;
  if (with_pages_) program += "-pages";
  extractor_.emplace(TRY(Extractor::start(program)));
  for (auto& pending : pending_) {
    pending.repeat = pending.heard;
    send(pending);
  }
  return {};
}

}  // namespace hearth::memory
