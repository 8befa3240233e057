#include "memory/live/dav_xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/live/http.h"
#include "memory/live/stream.h"

namespace hearth::memory::live {
namespace {

using testing::ElementsAre;

TEST(DavXml, ReadsWhatCollectionsThereAre) {
  const auto answer = parse_multistatus(
      R"(<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/">
      <d:response><d:href>/ann/home/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/><c:calendar/></d:resourcetype>
      <d:displayname>Zuhause &amp; 家</d:displayname><d:sync-token>http://x/1</d:sync-token><s:getctag>"5"</s:getctag>
      <c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>
      <d:propstat><d:prop><d:getetag>no</d:getetag></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response>
      <d:response><d:href>/ann/home/a.ics</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>
      <d:sync-token>http://x/2</d:sync-token></d:multistatus>)");
  ASSERT_TRUE(answer.has_value());
  ASSERT_EQ(answer->resources.size(), 2u);
  const auto& home = answer->resources[0];
  EXPECT_TRUE(home.is("calendar"));
  EXPECT_EQ(home.name, "Zuhause & 家");
  EXPECT_EQ(home.sync_token, "http://x/1");
  EXPECT_EQ(home.collection_tag, "\"5\"");
  EXPECT_EQ(home.tag, "");
  EXPECT_THAT(home.components, ElementsAre("VEVENT"));
  EXPECT_EQ(answer->resources[1].status, 404);
  EXPECT_EQ(answer->sync_token, "http://x/2");
}

TEST(DavXml, RefusesWhatIsNone) {
  EXPECT_FALSE(parse_multistatus("").has_value());
  EXPECT_FALSE(parse_multistatus("<html/>").has_value());
  EXPECT_FALSE(parse_multistatus("<d:multistatus xmlns:d='DAV:'><d:response>").has_value());
  EXPECT_FALSE(parse_multistatus("<!DOCTYPE a [<!ENTITY b 'ccc'>]><d:multistatus xmlns:d='DAV:'>&b;</d:multistatus>").has_value());
  std::string deep = "<d:multistatus xmlns:d='DAV:'>";
  for (int i = 0; i < 1000; ++i) deep += "<a>";
  EXPECT_FALSE(parse_multistatus(deep).has_value());
}

TEST(Links, AreFollowedFromWhereTheyStand) {
  EXPECT_EQ(resolve_link("https://a.example.org/dav/x/", "/ann/"), "https://a.example.org/ann/");
  EXPECT_EQ(resolve_link("https://a.example.org/dav/x/", "y.ics"), "https://a.example.org/dav/x/y.ics");
  EXPECT_EQ(resolve_link("https://a.example.org:8443/dav", "https://b.example.org/"), "https://b.example.org/");
}

TEST(Stream, KnowsThisMachine) {
  for (const auto* here : {"localhost", "127.0.0.1", "127.8.8.8", "::1"}) EXPECT_TRUE(names_this_machine(here)) << here;
  for (const auto* elsewhere : {"localhost.example.org", "128.0.0.1", "mail", "127.0.0.1.example.org", ""}) {
    EXPECT_FALSE(names_this_machine(elsewhere)) << elsewhere;
  }
}

}  // namespace
}  // namespace hearth::memory::live
