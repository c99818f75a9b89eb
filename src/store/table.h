#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace faultline::store {

// How SQLite keeps a value: the name of its type there, and whether it may be missing (NULL).
template <class Value>
struct ColumnType;
template <>
struct ColumnType<std::int64_t> {
  static constexpr std::string_view kName = "INTEGER";
  static constexpr bool kOptional = false;
};
template <>
struct ColumnType<bool> : ColumnType<std::int64_t> {};  // 0 or 1
template <>
struct ColumnType<double> {
  static constexpr std::string_view kName = "REAL";
  static constexpr bool kOptional = false;
};
template <>
struct ColumnType<std::string> {
  static constexpr std::string_view kName = "TEXT";  // UTF-8
  static constexpr bool kOptional = false;
};
template <>
struct ColumnType<std::vector<std::uint8_t>> {
  static constexpr std::string_view kName = "BLOB";  // as they are
  static constexpr bool kOptional = false;
};
template <>
struct ColumnType<std::vector<double>> {
  static constexpr std::string_view kName = "BLOB";  // 8 bytes a number, little-endian
  static constexpr bool kOptional = false;
};
template <class Value>
struct ColumnType<std::optional<Value>> : ColumnType<Value> {
  static constexpr bool kOptional = true;
};

template <class Row, class Value>
struct Column {
  std::string_view name;
  Value Row::*member;
  std::string_view meaning;  // with the unit, and when it is missing
};
template <class Row, class Value>
constexpr Column<Row, Value> column(std::string_view name, Value Row::*member, std::string_view meaning) {
  return {name, member, meaning};
}

template <class Row, class... Values>
concept MadeOf = requires(Values... values) {
  Row{values...};
};

// Whether values of these types, in this order, are all the members of a row: one more of any type is one too
// many.
template <class Row, class... Values>
inline constexpr bool kAllMembers =
    MadeOf<Row, Values...> &&
    !(MadeOf<Row, Values..., std::int64_t> || MadeOf<Row, Values..., bool> ||
      MadeOf<Row, Values..., double> || MadeOf<Row, Values..., std::string> ||
      MadeOf<Row, Values..., std::vector<std::uint8_t>> || MadeOf<Row, Values..., std::vector<double>> ||
      MadeOf<Row, Values..., std::optional<std::int64_t>> || MadeOf<Row, Values..., std::optional<double>> ||
      MadeOf<Row, Values..., std::optional<std::string>>);

// A table whose rows are objects of one struct: a column for each member, of which the first `key_columns`
// tell the rows apart. A member without a column is an error of the compiler.
template <class Row, class... Values>
class Table {
  static_assert(kAllMembers<Row, Values...>, "each member of the row needs a column, in the members' order");

 public:
  constexpr Table(std::string_view name, std::string_view meaning, std::size_t key_columns,
                  Column<Row, Values>... columns)
      : name_(name), meaning_(meaning), key_columns_(key_columns), columns_(columns...) {}

  constexpr std::string_view name() const { return name_; }
  constexpr std::string_view meaning() const { return meaning_; }
  constexpr std::size_t key_columns() const { return key_columns_; }

  // visit(column, index) for each column.
  template <class Visit>
  constexpr void for_each_column(Visit&& visit) const {
    std::apply(
        [&](const auto&... columns) {
          std::size_t index = 0;
          (visit(columns, index++), ...);
        },
        columns_);
  }

 private:
  std::string_view name_;
  std::string_view meaning_;
  std::size_t key_columns_;
  std::tuple<Column<Row, Values>...> columns_;
};

}  // namespace faultline::store
