#pragma once
#include "memory/implementation.h"

namespace hearth::memory {

Result<SaveSearchOutput> save_search(store::Connection& connection, const SaveSearchInput& input, Time now);
Result<SavedSearchesOutput> saved_searches(store::Connection& connection);
Result<Nothing> remove_search(store::Connection& connection, const RemoveSearchInput& input);

// What is open among the latest items.
Result<kernel::Labelled<PromisesOutput>> read_promises(store::Connection& connection, const std::string& person, const PromisesInput& input, Time now);
Result<Nothing> settle_promise(store::Connection& connection, const SettlePromiseInput& input, Time now);

// Whether the caller may make a label less careful: only a person themselves. Anybody with a grant may make it more careful.
enum class LessCareful { Allowed, Refused };
Result<LabelOutput> set_label(store::Connection& connection, const std::string& person, const LabelInput& input, LessCareful less_careful);

}  // namespace hearth::memory
