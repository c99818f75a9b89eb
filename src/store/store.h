#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "store/rows.h"

namespace faultline::store {

enum class Access { read, write };

// A run's results: `run.sqlite` in its folder (docs/store.md). One process at a time writes to a run; any
// number read it, also while it is written. A store is used by one thread at a time.
class Store {
 public:
  // Begins an empty store, its folder too: all tables and the run's row, or nothing if the process is killed.
  // The schema version is filled in. Throws Error{io} naming the file if there is one or it cannot be made,
  // or if another process is writing to the run.
  static Store create(const std::filesystem::path& folder, const RunRow& run);
  // Throws Error{io} if there is none, or it cannot be opened so, or, for writing, another process writes to
  // it; Error{usage} if it is of another schema version. A folder that cannot be written can be read, unless
  // its writer was killed.
  static Store open(const std::filesystem::path& folder, Access access);
  // Whether a run has begun in the folder: not where create() was killed. Throws Error{io} if `run.sqlite` is
  // something else.
  static bool exists(const std::filesystem::path& folder);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  const RunRow& run() const;
  void set_finished();

  // What is inserted between begin() and commit() is in the file as a whole or not at all, whatever happens
  // to the process or the machine. Throws Error{io} (disk full, read-only) with the transaction undone.
  // For a reader: what is read between the two is of one moment.
  void begin();
  void commit();
  void roll_back() noexcept;  // nothing where there is no transaction

  // Outside of a transaction, in one of its own. Throws ContractError, the transaction undone, if a row of
  // the same key is there already, or a number is not finite (naming table and column). All rows but the
  // run's.
  template <class Row>
  void insert(std::span<const Row> rows);
  template <class Row>
  void insert(const Row& row) {
    insert<Row>(std::span<const Row>(&row, 1));
  }

  // Rows in the order of the table's key. `where`: an SQL condition over its columns, with values for its ?s;
  // columns whose names SQL reserves stand in double quotes ("values", "limit").
  // A double is read as it was written, but for -0.0, which SQLite keeps as 0.0 (in arrays as -0.0).
  template <class Row>
  std::vector<Row> read(std::string_view where = {}, std::span<const std::int64_t> values = {}) const;
  // The same one by one, for tables that are larger than memory.
  template <class Row>
  void for_each(const std::function<void(const Row&)>& visit, std::string_view where = {},
                std::span<const std::int64_t> values = {}) const;
  // The keys of those rows, without reading what else is in them (a picture, say): all of a table whose key
  // is of integers. Each has as many entries as the key has columns.
  template <class Row>
  std::vector<std::vector<std::int64_t>> read_keys(std::string_view where = {},
                                                   std::span<const std::int64_t> values = {}) const;

 private:
  struct Connection;
  explicit Store(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace faultline::store
