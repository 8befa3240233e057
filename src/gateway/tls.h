#pragma once
#include <memory>

#include "gateway/certificate_authority.h"

struct ssl_ctx_st;

namespace hearth::gateway {

// A server context for TLS 1.2 and 1.3 with the box's certificate: tickets instead of a session cache, buffers given back
// while a connection is idle. Shared by the workers; OpenSSL counts its users without a lock of ours.
Result<std::shared_ptr<ssl_ctx_st>> make_tls_context(const CertificateAuthority::Leaf& leaf);

}  // namespace hearth::gateway
