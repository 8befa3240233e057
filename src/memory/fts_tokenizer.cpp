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
  if (flags & FTS5_TOKENIZE_QUERY && length > 1 && *text == kVerbatim) return take(context, 0, text + 1, length - 1, 1, length);
  int result = SQLITE_OK;
  reinterpret_cast<Tokenizer*>(tokenizer)->tokenize(
      {text ? text : "", static_cast<std::size_t>(length)}, purpose, [&](const Token& token) {
        result = take(context, 0, token.term.data(), static_cast<int>(token.term.size()), static_cast<int>(token.start),
                      static_cast<int>(token.end));
        return result == SQLITE_OK;
      });
  return result;
}

// SQL: hearth_terms(text), the terms of a text as a JSON array.
void terms_of(sqlite3_context* context, int, sqlite3_value** values) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
  std::string json = "[";
  Tokenizer().tokenize(text ? text : "", Tokenizer::Purpose::Query, [&](const Token& token) {
    if (json.size() > 1) json += ',';
    json.append("\"").append(token.term).append("\"");  // letters and digits only: nothing to escape
    return true;
  });
  json += ']';
  sqlite3_result_text(context, json.data(), static_cast<int>(json.size()), SQLITE_TRANSIENT);
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
  if (sqlite3_create_function_v2(connection.handle(), "hearth_terms", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, terms_of, nullptr,
                                 nullptr, nullptr) != SQLITE_OK) {
    return fail(Code::Internal, "SQLite did not take the function hearth_terms.");
  }
  return {};
}

}  // namespace hearth::memory
