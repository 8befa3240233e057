#include "gateway/router.h"

#include <gtest/gtest.h>

namespace hearth::gateway {
namespace {

TEST(Router, KnowsWhomAHostMeans) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->domains = {"hearth.localhost", "home.example.org"};
  snapshot->entrances["notes"] = {"notes", "127.0.0.1:3000", Access::Private, {}, std::string(32, 'k')};
  const RoutingTable table(snapshot);
  using enum RoutingTable::Target::Kind;
  struct Case {
    const char* host;
    RoutingTable::Target::Kind kind;
  };
  for (const auto& [host, kind] : std::initializer_list<Case>{
           {"hearth.localhost", Box},          {"HOME.example.org", Box},
           {"localhost", Box},                 {"127.0.0.1", Box},
           {"[::1]", Box},                     {"box", Box},
           {"box.lan", Box},                   {"box.local", Box},
           {"", Box},                          {"notes.hearth.localhost", Entrance},
           {"Notes.Home.example.org", Entrance}, {"other.hearth.localhost", NoSuchEntrance},
           // Below an app's name, or further below the box's, is nothing: not the desktop either.
           {"x.notes.hearth.localhost", NoSuchEntrance}, {"x.y.notes.hearth.localhost", NoSuchEntrance},
           {"x.other.hearth.localhost", NoSuchEntrance}, {"x.notes.home.example.org", NoSuchEntrance},
           {"example.org", Stranger},          {"xhome.example.org", Stranger},
           {"hearth.localhost.evil.example", Stranger}}) {
    EXPECT_EQ(table.find(host).kind, kind) << host;
  }
}

}  // namespace
}  // namespace hearth::gateway
