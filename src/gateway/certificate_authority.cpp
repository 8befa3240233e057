#include "gateway/certificate_authority.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <cstring>
#include <sstream>

#include "gateway/socket_address.h"

namespace hearth::gateway {
namespace {

using std::chrono::hours;
constexpr auto kRootLife = hours(24 * 3652);
constexpr auto kLeafLife = hours(24 * 90);
constexpr auto kRenewBefore = hours(24 * 30);
constexpr auto kBackdate = hours(1);  // for clients whose clocks are a little behind

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;
struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioDeleter>;

Key adopt(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }
Certificate adopt(X509* certificate) { return {certificate, X509_free}; }

std::unexpected<Error> openssl_failure(std::string_view doing) {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return fail(Code::Internal, "The certificate could not be made ({}: {}).", doing, reason ? reason : "unknown");
}

std::string read_bio(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(EVP_PKEY* key) {
  Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return read_bio(bio.get());
}

std::string to_pem(X509* certificate) {
  Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return read_bio(bio.get());
}

Key key_from_pem(const std::string& pem) {
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  auto key = adopt(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return key;
}

Certificate certificate_from_pem(const std::string& pem) {
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  auto certificate = adopt(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return certificate;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Written whole or not at all, readable by this account only.
Result<> write_file(const std::filesystem::path& path, std::string_view text) {
  const auto fresh = path.string() + ".new";
  const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return std::unexpected(Error::from_errno(errno, "writing {}", fresh));
  ::fchmod(descriptor, 0600);
  const bool written = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = written && ::fsync(descriptor) == 0;
  const int error = errno;
  ::close(descriptor);
  if (!synced || ::rename(fresh.c_str(), path.c_str()) != 0) {
    return std::unexpected(Error::from_errno(synced ? errno : error, "writing {}", path.string()));
  }
  return {};
}

void set_time(ASN1_TIME* field, Time time) {
  ASN1_TIME_set(field, std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

Time get_time(const ASN1_TIME* field) {
  tm parts{};
  ASN1_TIME_to_tm(field, &parts);
  return Time(std::chrono::seconds(::timegm(&parts)));
}

bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  if (!extension) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool set_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes;
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  bytes[0] &= 0x7f;
  BIGNUM* number = BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr);
  const bool set = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
  return set;
}

// A certificate for `key`, still unsigned and without extensions.
Certificate begin_certificate(EVP_PKEY* key, const std::string& common_name, Time from, Time until) {
  auto certificate = adopt(X509_new());
  X509_set_version(certificate.get(), 2);
  if (!set_serial(certificate.get())) return nullptr;
  set_time(X509_getm_notBefore(certificate.get()), from);
  set_time(X509_getm_notAfter(certificate.get()), until);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("Hearth"), -1, -1, 0);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.c_str()), -1,
                             -1, 0);
  return certificate;
}

bool is_address(const std::string& name) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, name.c_str(), &ignored) == 1 || ::inet_pton(AF_INET6, name.c_str(), &ignored) == 1;
}

bool covers(X509* certificate, const std::string& name) {
  if (is_address(name)) return X509_check_ip_asc(certificate, name.c_str(), 0) == 1;
  const auto host = name.starts_with("*.") ? "any" + name.substr(1) : name;
  return X509_check_host(certificate, host.data(), host.size(), 0, nullptr) == 1;
}

std::string host_name() {
  std::array<char, 256> text{};
  ::gethostname(text.data(), text.size() - 1);
  return text.data();
}

}  // namespace

CertificateAuthority::CertificateAuthority(std::string folder, Certificate root, Key key)
    : folder_(std::move(folder)), root_(std::move(root)), key_(std::move(key)) {}

Result<CertificateAuthority> CertificateAuthority::open(const std::string& folder, Time now) {
  const std::filesystem::path path = folder;
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return std::unexpected(Error::from_errno(error.value(), "making the folder {}", folder));
  ::chmod(folder.c_str(), 0700);

  if (std::filesystem::exists(path / "authority.pem")) {
    auto root = certificate_from_pem(read_file(path / "authority.pem"));
    auto key = key_from_pem(read_file(path / "authority.key"));
    if (!root || !key || X509_check_private_key(root.get(), key.get()) != 1) {
      ERR_clear_error();
      return fail(Code::Corrupt,
                  "The box's certificate authority in {} cannot be read. Restore authority.pem and authority.key from a "
                  "backup, or move both away to begin with a new one (devices must then trust the new one).",
                  folder);
    }
    return CertificateAuthority(folder, std::move(root), std::move(key));
  }

  auto key = adopt(EVP_EC_gen("P-256"));
  if (!key) return openssl_failure("making a key");
  auto root = begin_certificate(key.get(), fmt::format("Hearth on {}", host_name()), now - kBackdate, now + kRootLife);
  if (!root) return openssl_failure("numbering");
  X509_set_issuer_name(root.get(), X509_get_subject_name(root.get()));
  if (!add_extension(root.get(), root.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !add_extension(root.get(), root.get(), NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add_extension(root.get(), root.get(), NID_subject_key_identifier, "hash") ||
      X509_sign(root.get(), key.get(), EVP_sha256()) == 0) {
    return openssl_failure("signing the root");
  }
  // The key first: a certificate without its key would look like damage.
  TRY(write_file(path / "authority.key", to_pem(key.get())));
  TRY(write_file(path / "authority.pem", to_pem(root.get())));
  return CertificateAuthority(folder, std::move(root), std::move(key));
}

std::string CertificateAuthority::certificate() const { return to_pem(root_.get()); }

std::optional<CertificateAuthority::Leaf> CertificateAuthority::stored_leaf(const std::vector<std::string>& names,
                                                                            Time now) const {
  const std::filesystem::path folder = folder_;
  Leaf leaf{read_file(folder / "box.pem"), read_file(folder / "box.key"), {}};
  const auto certificate = certificate_from_pem(leaf.certificate);
  const auto key = key_from_pem(leaf.key);
  if (!certificate || !key) return std::nullopt;
  const bool ours = X509_check_private_key(certificate.get(), key.get()) == 1 &&
                    X509_verify(certificate.get(), key_.get()) == 1;
  ERR_clear_error();
  leaf.expires = get_time(X509_get0_notAfter(certificate.get()));
  const bool fresh = leaf.expires - now > kRenewBefore && get_time(X509_get0_notBefore(certificate.get())) <= now;
  const bool complete = std::ranges::all_of(names, [&](const auto& name) { return covers(certificate.get(), name); });
  if (!ours || !fresh || !complete) return std::nullopt;
  return leaf;
}

Result<CertificateAuthority::Leaf> CertificateAuthority::leaf(const std::vector<std::string>& names, Time now) const {
  if (auto stored = stored_leaf(names, now)) return *std::move(stored);
  auto key = adopt(EVP_EC_gen("P-256"));
  if (!key) return openssl_failure("making a key");
  const auto expires = std::min(now + kLeafLife, get_time(X509_get0_notAfter(root_.get())));
  auto certificate = begin_certificate(key.get(), names.empty() ? "Hearth" : names.front().substr(0, 64), now - kBackdate, expires);
  if (!certificate) return openssl_failure("numbering");
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(root_.get()));
  std::string alternatives;
  for (const auto& name : names) {
    if (!alternatives.empty()) alternatives += ',';
    alternatives += (is_address(name) ? "IP:" : "DNS:") + name;
  }
  if (!add_extension(certificate.get(), root_.get(), NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension(certificate.get(), root_.get(), NID_key_usage, "critical,digitalSignature") ||
      !add_extension(certificate.get(), root_.get(), NID_ext_key_usage, "serverAuth") ||
      !add_extension(certificate.get(), root_.get(), NID_subject_key_identifier, "hash") ||
      !add_extension(certificate.get(), root_.get(), NID_authority_key_identifier, "keyid:always") ||
      !add_extension(certificate.get(), root_.get(), NID_subject_alt_name, alternatives) ||
      X509_sign(certificate.get(), key_.get(), EVP_sha256()) == 0) {
    return openssl_failure("signing");
  }
  Leaf leaf{to_pem(certificate.get()), to_pem(key.get()), get_time(X509_get0_notAfter(certificate.get()))};
  const std::filesystem::path folder = folder_;
  TRY(write_file(folder / "box.key", leaf.key));
  TRY(write_file(folder / "box.pem", leaf.certificate));
  return leaf;
}

std::vector<std::string> names_of_this_box(const std::vector<std::string>& domains) {
  std::vector<std::string> names;
  const auto add = [&](std::string name) {
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  };
  for (const auto& domain : domains) {
    add(domain);
    add("*." + domain);
  }
  add("localhost");
  auto own = host_name();
  const bool usable = std::ranges::all_of(own, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '.'; });
  if (usable && !own.empty()) {
    add(own);
    if (own.find('.') == std::string::npos) add(own + ".local");
  }
  add("127.0.0.1");
  add("::1");
  ifaddrs* interfaces = nullptr;
  if (::getifaddrs(&interfaces) == 0) {
    for (const ifaddrs* each = interfaces; each; each = each->ifa_next) {
      if (!each->ifa_addr || !(each->ifa_flags & IFF_UP)) continue;
      const int family = each->ifa_addr->sa_family;
      if (family != AF_INET && family != AF_INET6) continue;
      sockaddr_storage address{};
      std::memcpy(&address, each->ifa_addr, family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
      const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
      if (family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&v6)) continue;  // no browser can name its zone
      add(numeric_address(address));
    }
    ::freeifaddrs(interfaces);
  }
  return names;
}

}  // namespace hearth::gateway
