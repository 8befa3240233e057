#pragma once
#include <map>
#include <optional>

#include "memory/implementation.h"

namespace hearth::memory {

// What is known of an item's contents: what its source says, lowered where somebody else may have written it (in a folder of
// one's own, too, lie texts of others), unless it was given a label of its own.
kernel::Label label_of_item(kernel::Label source, bool outside, std::optional<kernel::Confidentiality> confidentiality,
                            std::optional<kernel::Integrity> integrity);

// The columns of `items i` that a label needs, for read_label.
inline constexpr std::string_view kLabelColumns = "i.outside, i.confidentiality, i.integrity";
// `first`: where kLabelColumns begin in the row.
kernel::Label read_label(store::Statement& row, int first, const kernel::Label& source);

// The label of one item; that of its source when it is gone.
Result<kernel::Label> label_of_item(store::Connection& connection, std::int64_t item, const kernel::Label& source);

// What is known of the people that all sources name.
Result<kernel::Label> label_of_people(store::Connection& connection, const std::string& person);

// Of an answer that holds nothing yet.
kernel::Label nothing_yet(const std::string& person);

}  // namespace hearth::memory
