#include <array>

#include "identity/identity.h"

namespace hearth::identity {
namespace {

// Secrets are stored as digests: tokens by SHA-256, short codes by HMAC under the box's key, both in hex; a second factor's
// secret is sealed with that key.
constexpr std::array<store::Migration, 2> kMigrations = {{{"people and their ways in", R"(
CREATE TABLE identity_claim (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE identity_people (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('guest', 'member', 'owner')),
  language TEXT NOT NULL,
  password TEXT NOT NULL,                  -- Argon2id; '' until the person chooses one
  credentials INTEGER NOT NULL DEFAULT 1,  -- rises when what signs the person in changes
  code_secret TEXT,                        -- sealed; none: no one-time codes
  code_step INTEGER NOT NULL DEFAULT 0,    -- the last time step whose code was used
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE identity_sessions (
  id TEXT PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  person TEXT NOT NULL REFERENCES identity_people ON DELETE CASCADE,
  two_factor INTEGER NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL,
  created INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT;
CREATE INDEX identity_sessions_person ON identity_sessions (person);

CREATE TABLE identity_entrance_sessions (
  token TEXT PRIMARY KEY,
  session TEXT NOT NULL REFERENCES identity_sessions ON DELETE CASCADE,
  entrance TEXT NOT NULL,
  seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_entrance_sessions_session ON identity_entrance_sessions (session);

CREATE TABLE identity_recovery_codes (
  person TEXT NOT NULL REFERENCES identity_people ON DELETE CASCADE,
  code TEXT NOT NULL,
  PRIMARY KEY (person, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_passkeys (
  id TEXT PRIMARY KEY,  -- the credential's, base64url
  person TEXT NOT NULL REFERENCES identity_people ON DELETE CASCADE,
  name TEXT NOT NULL,
  host TEXT NOT NULL,   -- the relying party it was made for
  algorithm INTEGER NOT NULL,
  public_key TEXT NOT NULL,
  counter INTEGER NOT NULL,
  created INTEGER NOT NULL,
  used INTEGER
) STRICT;
CREATE INDEX identity_passkeys_person ON identity_passkeys (person);

CREATE TABLE identity_tokens (
  id TEXT PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  person TEXT NOT NULL REFERENCES identity_people ON DELETE CASCADE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER
) STRICT;
CREATE INDEX identity_tokens_person ON identity_tokens (person);

CREATE TABLE identity_invitations (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  display_name TEXT NOT NULL,
  person TEXT REFERENCES identity_people ON DELETE CASCADE,  -- set: lets this person choose a new password
  made_by TEXT NOT NULL REFERENCES identity_people ON DELETE CASCADE,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT;

CREATE TABLE identity_networks (  -- from where a person has signed in: their lane stays free
  person TEXT NOT NULL REFERENCES identity_people ON DELETE CASCADE,
  network TEXT NOT NULL,
  seen INTEGER NOT NULL,
  PRIMARY KEY (person, network)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_events (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES identity_people ON DELETE CASCADE,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  by_person TEXT NOT NULL,
  device TEXT NOT NULL,
  address TEXT NOT NULL
) STRICT;
CREATE INDEX identity_events_person ON identity_events (person, id);

CREATE TABLE identity_removals (  -- principals that are gone, until what was theirs is dealt with
  principal TEXT PRIMARY KEY,
  data TEXT NOT NULL  -- of a person: keep or remove
) STRICT;
)"}, {"a reset waits", R"(
ALTER TABLE identity_invitations ADD COLUMN valid_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE identity_invitations ADD COLUMN removes_factors INTEGER NOT NULL DEFAULT 0;  -- codes and passkeys, when it is used
)"}}};

}  // namespace

store::Schema identity_schema() { return {"identity", kMigrations}; }

}  // namespace hearth::identity
