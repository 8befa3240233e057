#include "kernel/label_book.h"

#include "kernel/guard.h"

namespace hearth::kernel {

Result<std::unique_ptr<LabelBook>> LabelBook::open(store::Database& database) {
  std::unique_ptr<LabelBook> book(new LabelBook(database));
  TRY(database.read_now([&](store::Connection& c) -> Result<> {
    TRY(c.all("SELECT principal, confidentiality, owner, integrity FROM labels", [&](store::Statement& row) {
      book->labels_[row.text(0)] = {static_cast<Confidentiality>(row.integer(1)), row.text(2),
                                    static_cast<Integrity>(row.integer(3))};
      return 0;
    }));
    TRY(c.all("SELECT destination, confidentiality FROM clearances", [&](store::Statement& row) {
      book->clearances_[row.text(0)] = static_cast<Confidentiality>(row.integer(1));
      return 0;
    }));
    return {};
  }));
  return book;
}

Label LabelBook::of(const std::string& principal) const {
  const auto found = labels_.find(principal);
  return found == labels_.end() ? Label() : found->second;
}

Task<Result<>> LabelBook::add(std::string principal, Label label) {
  const auto found = labels_.find(principal);
  const auto joined = found == labels_.end() ? label : join(found->second, label);
  if (found != labels_.end() && joined == found->second) co_return Result<>{};
  labels_[principal] = joined;
  co_return co_await database_.write([principal, joined](store::Connection& c) {
    return c.run(
        "INSERT INTO labels (principal, confidentiality, owner, integrity) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (principal) DO UPDATE SET confidentiality = excluded.confidentiality, owner = excluded.owner,"
        " integrity = excluded.integrity",
        principal, static_cast<int>(joined.confidentiality), joined.owner, static_cast<int>(joined.integrity));
  });
}

Task<Result<>> LabelBook::reset(std::string principal) {
  CO_CHECK(co_await database_.write(
      [principal](store::Connection& c) { return c.run("DELETE FROM labels WHERE principal = ?", principal); }));
  labels_.erase(principal);
  co_return Result<>{};
}

Confidentiality LabelBook::clearance(std::string_view destination) const {
  const auto found = clearances_.find(destination);
  return found == clearances_.end() ? default_clearance(destination) : found->second;
}

Task<Result<>> LabelBook::set_clearance(std::string destination, Confidentiality confidentiality) {
  CO_CHECK(co_await database_.write([destination, confidentiality](store::Connection& c) {
    return c.run(
        "INSERT INTO clearances (destination, confidentiality) VALUES (?, ?)"
        " ON CONFLICT (destination) DO UPDATE SET confidentiality = excluded.confidentiality",
        destination, static_cast<int>(confidentiality));
  }));
  clearances_[destination] = confidentiality;
  co_return Result<>{};
}

}  // namespace hearth::kernel
