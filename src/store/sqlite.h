#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace faultline::store {

// SQLite 3 with objects that close themselves and errors of ours: each call throws Error{io} naming the file
// and the reason (disk full, read-only, in use, not a store), and ContractError where a row of the same key
// is there already. Not to be used by two threads at a time.

// A prepared statement. Parameters count from 1, columns from 0, as in SQLite. Text and numbers that are
// bound are copied.
class Statement {
 public:
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, double value);
  void bind(int parameter, std::string_view value);
  void bind(int parameter, std::span<const double> value);
  void bind(int parameter, std::span<const std::uint8_t> value);
  void bind_null(int parameter);

  // Runs up to the next row; false at the end.
  bool step();
  // Ends the run, so that it can begin again with other values.
  void reset() noexcept;

  int columns() const;
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  std::vector<double> reals(int column) const;
  std::vector<std::uint8_t> bytes(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3_stmt* statement, std::string file) : statement_(statement), file_(std::move(file)) {}
  void check(int code) const;

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::string file_;
};

// An open database file.
class Database {
 public:
  enum class Mode {
    create,  // reads and writes; made if it is missing
    write,
    read,   // what a killed writer left is put in order first, if the file can be written
    frozen  // reads a file that nobody writes to and that cannot be written: without locks
  };
  Database(const std::filesystem::path& file, Mode mode);

  // Statements whose rows, if any, are not wanted.
  void execute(const std::string& sql);
  Statement prepare(std::string_view sql) const;
  bool in_transaction() const;
  // How a first look into the file ends: SQLite's primary result code, 0 for success.
  int probe() const noexcept;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::string file_;
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace faultline::store
