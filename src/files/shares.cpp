#include <sodium.h>

#include "base/bytes.h"
#include "files/implementation.h"

// Share links: made, listed and ended here; what visitors see is in share_visit.cpp.
namespace hearth::files {
namespace {

Share read_share(store::Statement& s) {
  return {s.text(0), s.text(1), "/s/" + s.text(2), s.time(3), s.optional_time(4), !s.is_null(5),
          s.is_null(6) ? std::nullopt : std::optional(s.integer(6)), s.integer(7)};
}

// OWASP's least for Argon2id: 19 MiB, 2 passes; a link's password is guessed at slowly anyway (attempts.h).
Result<std::string> hash_password(const std::string& password) {
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), 2, 19 << 20, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return fail(Code::Unavailable, "The box is short of memory; try again.");
  }
  return std::string(hash.data());
}

}  // namespace

Task<Result<Share>> Files::share(std::string person, ShareInput input) {
  CO_TRY(auto path, clean_path(input.path));
  auto& files = *implementation_;
  const auto now = files.clock.now();
  if (input.expires && *input.expires <= now) co_return fail(Code::InvalidInput, "expires: this time has passed already.");
  if (input.password && input.password->empty()) co_return fail(Code::InvalidInput, "password: leave it out for none.");
  CO_CHECK(co_await files.on_disk(person, [path](const Home& home) -> Result<> {
    TRY(home.home.status(path));
    return {};
  }));
  std::optional<std::string> password;
  if (input.password) {
    CO_TRY(password, co_await offload(files.pool, [given = *input.password] { return hash_password(given); }));
  }
  const auto token = to_base64url(random_bytes(16));
  const auto key = random_bytes(32);
  const Share share = {make_id(), path, "/s/" + token, now, input.expires, password.has_value(), input.uses, 0};
  CO_CHECK(co_await files.system.write([person, share, token, key, password](store::Connection& c) -> Result<> {
    auto insert = TRY(c.prepare(R"(INSERT INTO files_shares (id, token, person, path, created, expires, uses, password, key)
                                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))"));
    insert.bind(1, share.id);
    insert.bind(2, token);
    insert.bind(3, person);
    insert.bind(4, share.path);
    insert.bind_value(5, share.created);
    insert.bind_value(6, share.expires);
    insert.bind_value(7, share.uses_left);
    insert.bind_value(8, password);
    insert.bind_blob(9, key);
    TRY(insert.step());
    return {};
  }));
  co_return share;
}

Task<Result<SharesOutput>> Files::shares(std::string person) {
  CO_TRY(auto rows, co_await implementation_->system.read([person](store::Connection& c) {
    return c.all(R"(SELECT id, path, token, created, expires, password, uses, used FROM files_shares WHERE person = ?
                    ORDER BY id DESC)",
                 read_share, person);
  }));
  co_return SharesOutput{std::move(rows)};
}

Task<Result<>> Files::unshare(std::string person, std::string id) {
  co_return co_await implementation_->system.write([person, id](store::Connection& c) -> Result<> {
    TRY(c.run("DELETE FROM files_shares WHERE id = ? AND person = ?", id, person));
    if (c.changes() == 0) return fail(Code::NotFound, "You have no link with the id “{}”.", id);
    return {};
  });
}

}  // namespace hearth::files
