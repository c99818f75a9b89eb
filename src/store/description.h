#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "store/tables.h"

namespace faultline::store {

// What tables.h says of a table, in a form that a program can go through.
struct ColumnDescription {
  std::string_view name;
  std::string_view type;  // INTEGER, REAL, TEXT, BLOB
  std::string_view meaning;
  bool optional = false;  // may be NULL
  bool flag = false;      // 0 or 1
  bool key = false;       // part of the key
};

struct TableDescription {
  std::string_view name;
  std::string_view meaning;
  std::vector<ColumnDescription> columns = {};
};

template <class Row>
TableDescription describe() {
  TableDescription table{.name = kTable<Row>.name(), .meaning = kTable<Row>.meaning()};
  kTable<Row>.for_each_column([&]<class Value>(const Column<Row, Value>& column, std::size_t index) {
    table.columns.push_back({.name = column.name,
                             .type = ColumnType<Value>::kName,
                             .meaning = column.meaning,
                             .optional = ColumnType<Value>::kOptional,
                             .flag = std::is_same_v<Value, bool>,
                             .key = index < kTable<Row>.key_columns()});
  });
  return table;
}

// All tables, the run first.
std::vector<TableDescription> describe_tables();

// A name as SQL takes it, whatever words it reserves.
std::string quoted_name(std::string_view name);

// Strictly typed, NOT NULL unless optional, with the key as PRIMARY KEY.
std::string create_statement(const TableDescription& table);
// INSERT of all columns in order, a ? each.
std::string insert_statement(const TableDescription& table);
// SELECT of all columns in order, in the order of the key. `where`: a condition, or empty.
std::string select_statement(const TableDescription& table, std::string_view where);
// The same of the key's columns alone.
std::string select_keys_statement(const TableDescription& table, std::string_view where);

}  // namespace faultline::store
