#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "files/uploads.h"

namespace hearth::files {

UploadSlots::Turn::Turn(UploadSlots& slots, std::string id) : slots_(slots), id_(std::move(id)) {
  auto& slot = slots_.slots_[id_];
  if (!slot) slot = std::make_unique<Slot>(slots_.executor_);
  number_ = ++slot->latest;
  ++slot->turns;
}

UploadSlots::Turn::~Turn() {
  const auto slot = slots_.slots_.find(id_);
  if (--slot->second->turns == 0) slots_.slots_.erase(slot);
}

Task<> UploadSlots::Turn::settle() {
  auto& slot = *slots_.slots_.at(id_);  // stays while this turn does
  while (slot.writing) {
    boost::system::error_code woken;
    co_await slot.idle.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  }
}

bool UploadSlots::Turn::mine() const { return slots_.slots_.at(id_)->latest == number_; }

bool UploadSlots::Turn::begin_write() {
  if (!mine()) return false;
  slots_.slots_.at(id_)->writing = true;
  return true;
}

void UploadSlots::Turn::end_write() {
  auto& slot = *slots_.slots_.at(id_);
  slot.writing = false;
  slot.idle.cancel();
}

}  // namespace hearth::files
