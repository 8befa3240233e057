#include "gateway/tls.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "gateway/test_support.h"

namespace hearth::gateway {
namespace {

using namespace test;

Task<> serve(Exchange& exchange) {
  auto body = co_await exchange.read_all(16 << 20);
  if (!body) co_return;
  if (exchange.request().path == "/api/origin") body = exchange.request().origin();
  (void)co_await exchange.respond({200, {}, *std::move(body)});
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    folder.write("desktop/large.bin", std::string(3 << 20, 'L'));
    Options options;
    options.https = "127.0.0.1:0";
    options.certificate_folder = (folder.path() / "keys").string();
    options.desktop_folder = (folder.path() / "desktop").string();
    options.handler_paths = {"/api"};
    options.threads = 1;
    auto opened = home.run([&] { return Gateway::open(options, home.executor(), serve); });
    EXPECT_TRUE(opened) << opened.error().describe();
    gateway = std::move(*opened);
    context = SSL_CTX_new(TLS_client_method());
    const auto pem = gateway->certificate_authority();
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    X509* root = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root);
    X509_free(root);
    BIO_free(bio);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  }
  ~TlsTest() override {
    SSL_CTX_free(context);
    home.run_task(gateway->stop(std::chrono::milliseconds(200)));
    home.run([&] { gateway.reset(); });
  }

  struct Session {
    Client socket;
    SSL* ssl;
    bool connected;
    Session(std::uint16_t port, SSL_CTX* context, const char* host, SSL_SESSION* resumed = nullptr)
        : socket(port), ssl(SSL_new(context)) {
      SSL_set_fd(ssl, socket.descriptor());
      SSL_set_tlsext_host_name(ssl, host);
      SSL_set1_host(ssl, host);
      if (resumed) SSL_set_session(ssl, resumed);
      connected = SSL_connect(ssl) == 1;
    }
    ~Session() {
      SSL_shutdown(ssl);  // or OpenSSL would not resume the session
      SSL_free(ssl);
    }
    void send(std::string_view bytes) {
      while (!bytes.empty()) {
        const int count = SSL_write(ssl, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 16)));
        if (count <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(count));
      }
    }
    std::string read_to_end() {
      std::string all;
      char buffer[65536];
      for (int count; (count = SSL_read(ssl, buffer, sizeof(buffer))) > 0;) all.append(buffer, static_cast<std::size_t>(count));
      return all;
    }
  };

  TemporaryFolder folder;
  HomeThread home;
  std::unique_ptr<Gateway> gateway;
  SSL_CTX* context;
};

TEST_F(TlsTest, ServesTheBoxAndEveryEntranceHost) {
  for (const auto* host : {"localhost", "hearth.localhost", "notes.hearth.localhost"}) {
    Session session(gateway->https_port(), context, host);
    EXPECT_TRUE(session.connected) << host;
  }
  Session session(gateway->https_port(), context, "localhost");
  session.send(fmt::format("GET /api/origin HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", gateway->https_port()));
  EXPECT_NE(session.read_to_end().find(fmt::format("https://localhost:{}", gateway->https_port())), std::string::npos);
}

TEST_F(TlsTest, ServesADomainThatIsAdded) {
  const auto verifies = [&](const char* host) { return Session(gateway->https_port(), context, host).connected; };
  EXPECT_FALSE(verifies("home.example.org"));
  Snapshot snapshot;
  for (const auto* domain : {"home.example.org", "other.example.org"}) {  // within the second of the first certificate
    snapshot.domains.push_back(domain);
    home.run([&] { gateway->publish(std::make_shared<const Snapshot>(snapshot)); });
    // The threads get the certificate after the table.
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!verifies(domain) && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    EXPECT_TRUE(verifies(domain)) << domain;
    EXPECT_TRUE(verifies((std::string("notes.") + domain).c_str())) << domain;
  }
  EXPECT_TRUE(verifies("hearth.localhost"));
}

TEST_F(TlsTest, CarriesLargeFilesAndBodies) {
  Session session(gateway->https_port(), context, "localhost");
  session.send("GET /large.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const auto file = session.read_to_end();
  EXPECT_TRUE(file.ends_with(std::string(3 << 20, 'L')));

  Session second(gateway->https_port(), context, "localhost");
  const std::string body(4 << 20, 'b');
  std::thread sender([&] {
    second.send(fmt::format("POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                            body.size()));
    second.send(body);
  });
  sender.join();
  EXPECT_TRUE(second.read_to_end().ends_with(body));
}

TEST_F(TlsTest, ResumesSessionsByTicket) {
  SSL_SESSION* ticket = nullptr;
  {
    Session first(gateway->https_port(), context, "localhost");
    first.send("GET /api/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    first.read_to_end();
    ticket = SSL_get1_session(first.ssl);
  }
  Session second(gateway->https_port(), context, "localhost", ticket);
  EXPECT_TRUE(second.connected);
  EXPECT_EQ(SSL_session_reused(second.ssl), 1);
  SSL_SESSION_free(ticket);
}

TEST_F(TlsTest, RefusesOldProtocolsAndPlainText) {
  SSL_CTX* old = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(old, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old, TLS1_1_VERSION);
  SSL_CTX_set_cipher_list(old, "ALL:@SECLEVEL=0");
  Session session(gateway->https_port(), old, "localhost");
  EXPECT_FALSE(session.connected);
  SSL_CTX_free(old);
  Client plain(gateway->https_port());
  plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto refused = plain.read_to_end();
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 400 ")) << refused;
  EXPECT_NE(refused.find("This port speaks HTTPS: use an address that begins with https://."), std::string::npos);
  Client garbage(gateway->https_port());
  garbage.send("SSH-2.0-OpenSSH_9.2\r\n");
  EXPECT_EQ(garbage.read_to_end().find("HTTP/1.1"), std::string::npos);
}

}  // namespace
}  // namespace hearth::gateway
