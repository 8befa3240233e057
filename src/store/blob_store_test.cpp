#include "store/blob_store.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/temporary_folder.h"
#include "base/testing.h"

namespace hearth::store {
namespace {

TEST(BlobStore, KeepsReturnsAndForgets) {
  const TemporaryFolder folder;
  const BlobStore blobs(folder.path());
  const auto name = *blobs.put("hello");
  EXPECT_EQ(name, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  EXPECT_EQ(*blobs.put("hello"), name);
  EXPECT_EQ(*blobs.get(name), "hello");
  EXPECT_TRUE(blobs.remove(name).has_value());
  EXPECT_TRUE(blobs.remove(name).has_value());
  EXPECT_EQ(refusal(blobs.get(name)), Code::NotFound);
}

TEST(BlobStore, NoticesDamage) {
  const TemporaryFolder folder;
  const BlobStore blobs(folder.path());
  const auto name = *blobs.put("hello");
  std::ofstream(blobs.path_of(name)) << "hellp";
  EXPECT_EQ(refusal(blobs.get(name)), Code::Corrupt);
}

}  // namespace
}  // namespace hearth::store
