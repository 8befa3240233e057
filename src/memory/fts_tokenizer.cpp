#include "memory/fts_tokenizer.h"

#include <sqlite3.h>

#include "memory/text/tokenizer.h"

namespace hearth::memory {
namespace {

int create(void*, const char**, int, Fts5Tokenizer** made) {
  *made = reinterpret_cast<Fts5Tokenizer*>(new Tokenizer);
  return SQLITE_OK;
}

void destroy(Fts5Tokenizer* tokenizer) { delete reinterpret_cast<Tokenizer*>(tokenizer); }

int tokenize(Fts5Tokenizer* tokenizer, void* context, int flags, const char* text, int length,
             int (*take)(void*, int, const char*, int, int, int)) {
  const auto purpose = flags & FTS5_TOKENIZE_QUERY ? Tokenizer::Purpose::Query : Tokenizer::Purpose::Index;
  int result = SQLITE_OK;
  reinterpret_cast<Tokenizer*>(tokenizer)->tokenize(
      {text ? text : "", static_cast<std::size_t>(length)}, purpose, [&](const Token& token) {
        result = take(context, 0, token.term.data(), static_cast<int>(token.term.size()), static_cast<int>(token.start),
                      static_cast<int>(token.end));
        return result == SQLITE_OK;
      });
  return result;
}

// https://www.sqlite.org/fts5.html §7: the API is fetched through a bound pointer.
fts5_api* api_of(sqlite3* database) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  return api;
}

}  // namespace

Result<> register_tokenizer(store::Connection& connection) {
  auto* api = api_of(connection.handle());
  if (!api) return fail(Code::Unsupported, "This SQLite has no FTS5. Install Debian's libsqlite3-0.");
  fts5_tokenizer functions{create, destroy, tokenize};
  if (api->xCreateTokenizer(api, "hearth", nullptr, &functions, nullptr) != SQLITE_OK) {
    return fail(Code::Internal, "FTS5 did not take the tokenizer.");
  }
  return {};
}

}  // namespace hearth::memory
