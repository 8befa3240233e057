#include "memory/labels.h"

namespace hearth::memory {

kernel::Label label_of_item(kernel::Label source, bool outside, std::optional<kernel::Confidentiality> confidentiality,
                            std::optional<kernel::Integrity> integrity) {
  if (outside) source.integrity = kernel::Integrity::Untrusted;
  if (confidentiality) source.confidentiality = *confidentiality;
  if (integrity) source.integrity = *integrity;
  return source;
}

kernel::Label read_label(store::Statement& row, int first, const kernel::Label& source) {
  return label_of_item(source, row.integer(first) != 0, enum_value<kernel::Confidentiality>(row.text_view(first + 1)),
                       enum_value<kernel::Integrity>(row.text_view(first + 2)));
}

Result<kernel::Label> label_of_item(store::Connection& connection, std::int64_t item, const kernel::Label& source) {
  const auto label = TRY(connection.one("SELECT i.outside, i.confidentiality, i.integrity FROM items i WHERE i.id = ?",
                                        [&](store::Statement& s) { return read_label(s, 0, source); }, item));
  return label.value_or(source);
}

Result<kernel::Label> label_of_people(store::Connection& connection, const std::string& person) {
  const auto sources = TRY(read_sources(connection, person));
  auto label = nothing_yet(person);
  for (const auto& [id, source] : sources) {
    if (source.forgetting) continue;
    label = kernel::join(label, source.label);
    label.integrity = kernel::Integrity::Untrusted;  // names and addresses are as strangers wrote them
  }
  return label;
}

kernel::Label nothing_yet(const std::string& person) { return {kernel::Confidentiality::Private, person, kernel::Integrity::Owner}; }

}  // namespace hearth::memory
