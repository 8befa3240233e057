#include "gateway/certificate_authority.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "base/testing.h"
#include "gateway/test_support.h"

namespace hearth::gateway {
namespace {

using test::TemporaryFolder;
using std::chrono::hours;

const Time kNow = Time(std::chrono::seconds(1'790'000'000));
const std::vector<std::string> kNames = {"hearth.localhost", "*.hearth.localhost", "localhost", "127.0.0.1", "::1"};

std::shared_ptr<X509> parse(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  std::shared_ptr<X509> certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr), X509_free);
  BIO_free(bio);
  return certificate;
}

// Whether a client that trusts `root` accepts `leaf` for `host` at `time`.
bool verifies(const std::string& root, const std::string& leaf, const char* host, Time time) {
  const auto trusted = parse(root);
  const auto presented = parse(leaf);
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, trusted.get());
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, presented.get(), nullptr);
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_time(parameters, std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1) X509_VERIFY_PARAM_set1_host(parameters, host, 0);
  const bool good = X509_verify_cert(context) == 1;
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  return good;
}

TEST(CertificateAuthority, SignsForTheBoxAndItsEntrances) {
  TemporaryFolder folder;
  const auto authority = CertificateAuthority::open(folder.path().string(), kNow);
  ASSERT_TRUE(authority) << authority.error().describe();
  const auto leaf = authority->leaf(kNames, kNow);
  ASSERT_TRUE(leaf) << leaf.error().describe();
  const auto root = authority->certificate();
  for (const auto* host : {"hearth.localhost", "notes.hearth.localhost", "localhost", "127.0.0.1", "::1"}) {
    EXPECT_TRUE(verifies(root, leaf->certificate, host, kNow)) << host;
  }
  EXPECT_FALSE(verifies(root, leaf->certificate, "example.com", kNow));
  EXPECT_FALSE(verifies(root, leaf->certificate, "localhost", kNow + hours(24 * 91)));
  EXPECT_FALSE(verifies(root, leaf->certificate, "localhost", kNow - hours(24)));
}

TEST(CertificateAuthority, KeepsItsFilesPrivateAndUsesThemAgain) {
  TemporaryFolder folder;
  const auto first = CertificateAuthority::open(folder.path().string(), kNow);
  const auto leaf = first->leaf(kNames, kNow);
  for (const auto* name : {"authority.key", "box.key"}) {
    struct stat status {};
    ASSERT_EQ(::stat((folder.path() / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << name;
  }
  const auto second = CertificateAuthority::open(folder.path().string(), kNow + hours(24));
  EXPECT_EQ(second->certificate(), first->certificate());
  EXPECT_EQ(second->leaf(kNames, kNow + hours(24))->certificate, leaf->certificate);
}

TEST(CertificateAuthority, RenewsBeforeTheEndAndForNewNames) {
  TemporaryFolder folder;
  const auto authority = CertificateAuthority::open(folder.path().string(), kNow);
  const auto leaf = authority->leaf(kNames, kNow);
  EXPECT_EQ(authority->leaf(kNames, kNow + hours(24 * 59))->certificate, leaf->certificate);
  const auto renewed = authority->leaf(kNames, kNow + hours(24 * 61));
  EXPECT_NE(renewed->certificate, leaf->certificate);
  EXPECT_TRUE(verifies(authority->certificate(), renewed->certificate, "localhost", kNow + hours(24 * 120)));
  auto more = kNames;
  more.push_back("home.example.org");
  const auto extended = authority->leaf(more, kNow);
  EXPECT_TRUE(verifies(authority->certificate(), extended->certificate, "home.example.org", kNow));
}

TEST(CertificateAuthority, DoesNotReplaceADamagedRoot) {
  TemporaryFolder folder;
  ASSERT_TRUE(CertificateAuthority::open(folder.path().string(), kNow));
  folder.write("authority.key", "not a key");
  const auto damaged = CertificateAuthority::open(folder.path().string(), kNow);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(refusal(damaged), Code::Corrupt);
}

TEST(CertificateAuthority, KnowsTheNamesOfThisMachine) {
  const auto names = names_of_this_box({"home.example.org"});
  for (const auto* name : {"home.example.org", "*.home.example.org", "localhost", "127.0.0.1", "::1"}) {
    EXPECT_NE(std::ranges::find(names, name), names.end()) << name;
  }
}

}  // namespace
}  // namespace hearth::gateway
