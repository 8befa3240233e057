#pragma once
#include <vector>

#include "memory/implementation.h"

// People and how they are merged (people.h). What writes runs inside one transaction of the database's writer.
namespace hearth::memory {

// The person that a number stands for today: it may have been merged into another. NotFound when there is nobody left.
Result<std::int64_t> root_of(store::Connection& connection, std::int64_t person);
Result<std::int64_t> root_of(store::Connection& connection, std::string_view id);

Result<kernel::Labelled<PeopleOutput>> list_people(store::Connection& connection, const std::string& person, const PeopleInput& input);
Result<kernel::Labelled<PersonOutput>> read_person(store::Connection& connection, const std::string& person, const PersonInput& input);
Result<kernel::Labelled<MergeSuggestionsOutput>> suggest_merges(store::Connection& connection, const std::string& person,
                                                                const MergeSuggestionsInput& input);

Result<MergePeopleOutput> merge_people(store::Connection& connection, const MergePeopleInput& input, Time now);
Result<Nothing> undo_merge(store::Connection& connection, const UndoMergeInput& input);

// A contact card, an item, is about all whom it names. An address that another card gives to somebody of another name, such as
// a household's telephone, says nothing of who is who: then that card too is looked at anew.
Result<> merge_by_card(store::Connection& connection, std::int64_t card, Time now);
// The cards that name somebody, when one of them has gone: they may say more now.
Result<> merge_by_cards_of(store::Connection& connection, std::int64_t person, Time now);
// Takes back what was said by cards that are gone.
Result<> drop_lost_cards(store::Connection& connection);
// Works out anew who stands for whom among everybody whom standing merges connect with these.
Result<> find_roots(store::Connection& connection, const std::vector<std::int64_t>& people);

}  // namespace hearth::memory
