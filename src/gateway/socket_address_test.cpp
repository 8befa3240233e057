#include "gateway/socket_address.h"

#include <gtest/gtest.h>

namespace hearth::gateway {
namespace {

bool leads(std::string_view target, std::string_view listening) {
  return leads_to(*SocketAddress::parse_upstream(target), *SocketAddress::parse_listening(listening));
}

TEST(SocketAddress, KnowsWhereAConnectionComesOut) {
  EXPECT_TRUE(leads("127.0.0.1:80", "127.0.0.1:80"));
  EXPECT_FALSE(leads("127.0.0.1:81", "127.0.0.1:80"));
  EXPECT_FALSE(leads("127.0.0.2:80", "127.0.0.1:80"));
  EXPECT_TRUE(leads("[::ffff:127.0.0.1]:80", "127.0.0.1:80"));
  EXPECT_TRUE(leads("0.0.0.0:80", "127.0.0.1:80"));
  // Every address: those of this machine, and no other's.
  EXPECT_TRUE(leads("127.0.0.2:80", "0.0.0.0:80"));
  EXPECT_TRUE(leads("127.0.0.2:80", ":80"));
  EXPECT_FALSE(leads("192.0.2.1:80", ":80"));
  EXPECT_FALSE(leads("[2001:db8::1]:80", ":80"));
  EXPECT_FALSE(leads("[::1]:80", "0.0.0.0:80"));
}

}  // namespace
}  // namespace hearth::gateway
