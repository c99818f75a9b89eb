#include "store/store.h"

#include <sqlite3.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "store/description.h"
#include "store/journal.h"
#include "store/row_values.h"
#include "store/sqlite.h"
#include "store/writer_lock.h"

namespace faultline::store {

namespace fs = std::filesystem;

namespace {

fs::path database_file(const fs::path& folder) {
  return folder / "run.sqlite";
}

// Whether a killed writer left changes that are not in the file yet.
bool has_leftovers(const fs::path& file) {
  for (const char* suffix : {"-wal", "-journal"}) {
    std::error_code missing;
    const auto bytes = fs::file_size(file.string() + suffix, missing);
    if (!missing && bytes > 0) return true;
  }
  return false;
}

Database open_for_reading(const fs::path& file) {
  Database database(file, Database::Mode::read);
  const int code = database.probe();
  // Where a folder cannot be written SQLite cannot make the files that readers and a writer agree through; it
  // needs none if there is no writer.
  if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY) {
    if (has_leftovers(file)) {
      throw Error(ErrorKind::io, "cannot read " + file.string() +
                                     ": its writer was killed and its folder cannot be written; copy the "
                                     "whole folder to where it can");
    }
    return Database(file, Database::Mode::frozen);
  }
  return database;
}

std::int64_t count(const Database& database, std::string_view sql) {
  Statement statement = database.prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

bool is_empty(const Database& database) {
  return count(database, "SELECT count(*) FROM sqlite_schema") == 0;
}

// Throws Error{io} unless a run has begun in the database.
void expect_run(const Database& database, const fs::path& file) {
  const bool begun =
      count(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'run'") == 1 &&
      count(database, "SELECT count(*) FROM pragma_table_info('run') WHERE name = 'schema_version'") == 1 &&
      count(database, "SELECT count(*) FROM run") == 1;
  if (!begun) throw Error(ErrorKind::io, file.string() + " is not a study's store: it has no run");
}

void expect_schema(const Database& database, const fs::path& file) {
  const std::int64_t version = count(database, "SELECT schema_version FROM run");
  if (version == kSchemaVersion) return;
  throw Error(ErrorKind::usage, file.string() + " has tables of version " + std::to_string(version) +
                                    ", this faultline reads version " + std::to_string(kSchemaVersion) +
                                    ": use the one that made it, or begin another run");
}

}  // namespace

struct Store::Connection {
  Connection(std::optional<WriterLock> held, Database opened, fs::path named)
      : lock(std::move(held)), database(std::move(opened)), file(std::move(named)) {}

  std::optional<WriterLock> lock;  // of a writer
  Database database;
  fs::path file;
  std::map<std::string, Statement> idle;  // statements by their text
  RunRow run;

  // work(statement), with the statement out of the map: work may run another of the same text.
  template <class Work>
  void with_statement(const std::string& sql, const Work& work) {
    auto kept = idle.extract(sql);
    Statement statement = kept.empty() ? database.prepare(sql) : std::move(kept.mapped());
    try {
      work(statement);
    } catch (...) {
      statement.reset();  // or the transaction could not end
      throw;
    }
    statement.reset();
    idle.insert_or_assign(sql, std::move(statement));
  }

  void roll_back() noexcept {
    try {
      // A full disk may have undone the transaction already.
      if (database.in_transaction()) database.execute("ROLLBACK");
    } catch (...) {
      // Then it is undone when the file is next opened.
    }
  }

  // change(), undoing the transaction if it fails.
  template <class Change>
  void undone_if_it_fails(const Change& change) {
    try {
      change();
    } catch (...) {
      roll_back();
      throw;
    }
  }

  // change() in the transaction that is open, or else in one of its own.
  template <class Change>
  void in_transaction(const Change& change) {
    require(lock.has_value(), "Store: opened for reading");
    undone_if_it_fails([&] {
      const bool own = !database.in_transaction();
      if (own) database.execute("BEGIN IMMEDIATE");
      change();
      if (own) database.execute("COMMIT");
    });
  }

  template <class Row>
  void insert(std::span<const Row> rows) {
    static const std::string sql = insert_statement(describe<Row>());
    with_statement(sql, [&](Statement& statement) {
      for (const Row& row : rows) {
        bind_row(statement, row);
        statement.step();
        statement.reset();
      }
    });
  }
};

Store::Store(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::create(const fs::path& folder, const RunRow& run) {
  make_folder(folder);
  const fs::path file = database_file(folder);
  WriterLock lock(folder);
  Database database(file, Database::Mode::create);
  if (!is_empty(database)) {
    expect_run(database, file);
    throw Error(ErrorKind::io, "cannot begin a run: " + file.string() + " exists already");
  }
  choose_journal(database, file);
  auto connection = std::make_unique<Connection>(std::move(lock), std::move(database), file);
  connection->run = run;
  connection->run.schema_version = kSchemaVersion;
  connection->in_transaction([&] {
    for (const TableDescription& table : describe_tables()) {
      connection->database.execute(create_statement(table));
    }
    connection->insert(std::span<const RunRow>(&connection->run, 1));
  });
  return Store(std::move(connection));
}

Store Store::open(const fs::path& folder, Access access) {
  const fs::path file = database_file(folder);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    throw Error(ErrorKind::io, "no run in " + folder.string() + ": run.sqlite is missing");
  }
  const bool writes = access == Access::write;
  std::optional<WriterLock> lock;
  if (writes) lock.emplace(folder);
  Database database = writes ? Database(file, Database::Mode::write) : open_for_reading(file);
  expect_run(database, file);
  expect_schema(database, file);
  if (writes) choose_journal(database, file);
  auto connection = std::make_unique<Connection>(std::move(lock), std::move(database), file);
  Store store(std::move(connection));
  store.connection_->run = store.read<RunRow>().front();
  return store;
}

bool Store::exists(const fs::path& folder) {
  const fs::path file = database_file(folder);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return false;
  const Database database = open_for_reading(file);
  if (is_empty(database)) return false;
  expect_run(database, file);
  return true;
}

const RunRow& Store::run() const {
  return connection_->run;
}

void Store::set_finished() {
  connection_->in_transaction([&] { connection_->database.execute("UPDATE run SET finished = 1"); });
  connection_->run.finished = true;
}

void Store::begin() {
  require(!connection_->database.in_transaction(), "Store: a transaction is open already");
  connection_->database.execute(connection_->lock ? "BEGIN IMMEDIATE" : "BEGIN");
}

void Store::commit() {
  require(connection_->database.in_transaction(), "Store: no transaction is open");
  connection_->undone_if_it_fails([&] { connection_->database.execute("COMMIT"); });
}

void Store::roll_back() noexcept {
  connection_->roll_back();
}

template <class Row>
void Store::insert(std::span<const Row> rows) {
  connection_->in_transaction([&] { connection_->insert(rows); });
}

template <class Row>
void Store::for_each(const std::function<void(const Row&)>& visit, std::string_view where,
                     std::span<const std::int64_t> values) const {
  connection_->with_statement(select_statement(describe<Row>(), where), [&](Statement& statement) {
    for (std::size_t i = 0; i < values.size(); ++i) statement.bind(static_cast<int>(i) + 1, values[i]);
    while (statement.step()) visit(read_row<Row>(statement));
  });
}

template <class Row>
std::vector<Row> Store::read(std::string_view where, std::span<const std::int64_t> values) const {
  std::vector<Row> rows;
  for_each<Row>([&](const Row& row) { rows.push_back(row); }, where, values);
  return rows;
}

template <class Row>
std::vector<std::vector<std::int64_t>> Store::read_keys(std::string_view where,
                                                        std::span<const std::int64_t> values) const {
  const TableDescription table = describe<Row>();
  for (const ColumnDescription& column : table.columns)
    require(!column.key || column.type == "INTEGER", "Store::read_keys: the table's key is not of integers");
  std::vector<std::vector<std::int64_t>> keys;
  connection_->with_statement(select_keys_statement(table, where), [&](Statement& statement) {
    for (std::size_t i = 0; i < values.size(); ++i) statement.bind(static_cast<int>(i) + 1, values[i]);
    while (statement.step()) {
      std::vector<std::int64_t>& key = keys.emplace_back();
      for (int column = 0; column < statement.columns(); ++column) key.push_back(statement.integer(column));
    }
  });
  return keys;
}

#define FAULTLINE_READABLE(Row)                                                                 \
  template void Store::for_each(const std::function<void(const Row&)>&, std::string_view,       \
                                std::span<const std::int64_t>) const;                           \
  template std::vector<Row> Store::read(std::string_view, std::span<const std::int64_t>) const; \
  template std::vector<std::vector<std::int64_t>> Store::read_keys<Row>(                        \
      std::string_view, std::span<const std::int64_t>) const;
#define FAULTLINE_STORED(Row)                        \
  template void Store::insert(std::span<const Row>); \
  FAULTLINE_READABLE(Row)

FAULTLINE_READABLE(RunRow)
FAULTLINE_STORED(NetworkRow)
FAULTLINE_STORED(ClassRow)
FAULTLINE_STORED(BlockRow)
FAULTLINE_STORED(LayerRow)
FAULTLINE_STORED(PointRow)
FAULTLINE_STORED(SegmentRow)
FAULTLINE_STORED(ConditionRow)
FAULTLINE_STORED(ImageRow)
FAULTLINE_STORED(TwinImageRow)
FAULTLINE_STORED(AttackRow)
FAULTLINE_STORED(InputRow)
FAULTLINE_STORED(PointResponseRow)
FAULTLINE_STORED(PointScaleRow)
FAULTLINE_STORED(ContributionRow)
FAULTLINE_STORED(HeatmapResponseRow)
FAULTLINE_STORED(GatesRunRow)
FAULTLINE_STORED(ShapleyRow)
FAULTLINE_STORED(GateSetRow)
FAULTLINE_STORED(InterventionRow)
FAULTLINE_STORED(SubstitutionRow)
FAULTLINE_STORED(IdentityRow)
FAULTLINE_STORED(DetectionRow)
FAULTLINE_STORED(PictureRow)
FAULTLINE_STORED(MapRow)
FAULTLINE_STORED(TimingRow)

#undef FAULTLINE_STORED
#undef FAULTLINE_READABLE

}  // namespace faultline::store
