#pragma once

#include <filesystem>

#include "store/sqlite.h"

namespace faultline::store {

// Has the database keep a write-ahead log, so that a run can be read while it is written; on a network file
// system, where processes of two machines cannot share the log's index, and wherever else SQLite says that
// it cannot, a rollback journal. Either way a commit is on the disk when it returns.
void choose_journal(Database& database, const std::filesystem::path& file);

}  // namespace faultline::store
