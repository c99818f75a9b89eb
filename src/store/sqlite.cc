#include "store/sqlite.h"

#include <sqlite3.h>

#include <bit>
#include <cstring>
#include <new>
#include <system_error>

#include "base/error.h"
#include "base/one_line.h"

namespace faultline::store {

namespace {

// How long to wait for another process that is in the file, which is rarely more than one commit.
constexpr int kPatienceMs = 20'000;

static_assert(std::endian::native == std::endian::little, "arrays are kept as they lie in memory");

// errno of the last failure of one of the database's files, 0 if there is none. SQLite does not always pass
// it on to the connection.
int system_error(sqlite3* database) {
  sqlite3_file* journal = nullptr;  // or write-ahead log
  sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&journal));
  int number = 0;
  if (journal != nullptr && journal->pMethods != nullptr) {
    journal->pMethods->xFileControl(journal, SQLITE_FCNTL_LAST_ERRNO, &number);
  }
  if (number == 0) sqlite3_file_control(database, "main", SQLITE_FCNTL_LAST_ERRNO, &number);
  return number != 0 ? number : sqlite3_system_errno(database);
}

std::string system_reason(sqlite3* database, const char* otherwise) {
  const int number = system_error(database);
  return number != 0 ? std::generic_category().message(number) : otherwise;
}

// The last failure of `database`, in words.
[[noreturn]] void fail(sqlite3* database, int code, const std::string& file) {
  const auto io = [&](const std::string& message) { throw Error(ErrorKind::io, one_line(message)); };
  switch (code & 0xff) {
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_CONSTRAINT:
      throw ContractError("store: " + std::string(sqlite3_errmsg(database)));
    case SQLITE_FULL:
      io("cannot write " + file + ": disk full");
      break;
    case SQLITE_READONLY:
      io("cannot write " + file + ": it or its folder is read-only");
      break;
    case SQLITE_CANTOPEN:
      io("cannot open " + file + ": " + system_reason(database, "missing, or its folder is read-only"));
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      io("cannot use " + file + ": another process writes to it");
      break;
    case SQLITE_NOTADB:
      io(file + " is not a study's store: it is no SQLite database");
      break;
    case SQLITE_CORRUPT:
      io(file + " is damaged: " + sqlite3_errmsg(database));
      break;
    case SQLITE_IOERR:
      io("cannot read or write " + file + ": " + system_reason(database, sqlite3_errmsg(database)));
      break;
    default:
      break;
  }
  throw Error(ErrorKind::io, one_line("cannot use " + file + ": " + sqlite3_errmsg(database)));
}

// A file's name as a URI, whatever characters it has.
std::string uri_of(const std::filesystem::path& file) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string uri = "file://";
  for (const char c : std::filesystem::absolute(file).string()) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '%' || c == '?' || c == '#' || byte < 0x20U || byte >= 0x7fU) {
      uri += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    } else {
      uri += c;
    }
  }
  return uri;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement_.get()), code, file_);
}

void Statement::bind(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), parameter, value));
}

void Statement::bind(int parameter, double value) {
  check(sqlite3_bind_double(statement_.get(), parameter, value));
}

void Statement::bind(int parameter, std::string_view value) {
  const char* text = value.data() != nullptr ? value.data() : "";  // a null pointer would be NULL
  check(sqlite3_bind_text64(statement_.get(), parameter, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind(int parameter, std::span<const double> value) {
  const void* bytes = value.empty() ? "" : static_cast<const void*>(value.data());
  check(sqlite3_bind_blob64(statement_.get(), parameter, bytes, value.size_bytes(), SQLITE_TRANSIENT));
}

void Statement::bind(int parameter, std::span<const std::uint8_t> value) {
  const void* bytes = value.empty() ? "" : static_cast<const void*>(value.data());
  check(sqlite3_bind_blob64(statement_.get(), parameter, bytes, value.size(), SQLITE_TRANSIENT));
}

void Statement::bind_null(int parameter) {
  check(sqlite3_bind_null(statement_.get(), parameter));
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail(sqlite3_db_handle(statement_.get()), code, file_);
}

void Statement::reset() noexcept {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

int Statement::columns() const {
  return sqlite3_column_count(statement_.get());
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  const int bytes = sqlite3_column_bytes(statement_.get(), column);
  return text == nullptr ? std::string()
                         : std::string(static_cast<const char*>(static_cast<const void*>(text)),
                                       static_cast<std::size_t>(bytes));
}

std::vector<double> Statement::reals(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  std::vector<double> values(size / sizeof(double));
  if (!values.empty()) std::memcpy(values.data(), bytes, values.size() * sizeof(double));
  return values;
}

std::vector<std::uint8_t> Statement::bytes(int column) const {
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, bytes + size};
}

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close(database);
}

Database::Database(const std::filesystem::path& file, Mode mode) : file_(file.string()) {
  int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
  flags |= mode == Mode::frozen ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (mode == Mode::create) flags |= SQLITE_OPEN_CREATE;
  const std::string uri = uri_of(file) + (mode == Mode::frozen ? "?immutable=1" : "");
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(uri.c_str(), &opened, flags, nullptr);
  database_.reset(opened);
  if (opened == nullptr) throw std::bad_alloc();
  if (code != SQLITE_OK) fail(opened, code, file_);
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_busy_timeout(opened, kPatienceMs);
  if (mode == Mode::read) execute("PRAGMA query_only = 1");
}

void Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(database_.get(), code, file_);
}

Statement Database::prepare(std::string_view sql) const {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  Statement statement(prepared, file_);
  if (code != SQLITE_OK) fail(database_.get(), code, file_);
  return statement;
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(database_.get()) == 0;
}

int Database::probe() const noexcept {
  return sqlite3_exec(database_.get(), "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr) &
         0xff;
}

}  // namespace faultline::store
