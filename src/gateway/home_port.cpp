#include "gateway/home_port.h"

#include <boost/asio/post.hpp>

namespace hearth::gateway {

void HomePort::post(Inbox::Work work) {
  if (!inbox_.push(std::move(work))) return;
  boost::asio::post(executor_, [self = shared_from_this()] { self->inbox_.run(); });
}

}  // namespace hearth::gateway
