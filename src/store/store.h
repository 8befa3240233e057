#pragma once
// The room's public face: SQLite databases with one writer and group commit, and a content-addressed blob store.
#include "store/blob_store.h"
#include "store/connection.h"
#include "store/database.h"
