#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

struct evp_pkey_st;
struct x509_st;

namespace hearth::gateway {

// The box's own certificate authority: a root that people install once, and the certificate it signs for the box's
// names. Both live in one folder (authority.pem, authority.key, box.pem, box.key); keys have mode 0600.
class CertificateAuthority {
 public:
  // Loads the root of `folder`, or makes one (ECDSA P-256, ten years). Corrupt when what lies there cannot be read: it is
  // never replaced silently, since people have installed it.
  static Result<CertificateAuthority> open(const std::string& folder, Time now);

  std::string certificate() const;  // the root, PEM

  struct Leaf {
    std::string certificate;  // PEM
    std::string key;          // PEM
    Time expires;
  };
  // The box's certificate for `names` (host names, "*." wildcards, addresses): the stored one, or a new one (90 days) when
  // that ends within 30 days or lacks a name.
  Result<Leaf> leaf(const std::vector<std::string>& names, Time now) const;

 private:
  CertificateAuthority(std::string folder, std::shared_ptr<x509_st> root, std::shared_ptr<evp_pkey_st> key);
  std::optional<Leaf> stored_leaf(const std::vector<std::string>& names, Time now) const;

  std::string folder_;
  std::shared_ptr<x509_st> root_;       // shared: the value is copyable
  std::shared_ptr<evp_pkey_st> key_;
};

// The names under which this machine is reached: localhost, its host name, its addresses, and the given domains with
// everything one label below them.
std::vector<std::string> names_of_this_box(const std::vector<std::string>& domains);

}  // namespace hearth::gateway
