#include "store/description.h"

namespace faultline::store {

namespace {

// The names of the columns that `wanted` says, separated by commas.
template <class Wanted>
std::string column_list(const TableDescription& table, const Wanted& wanted) {
  std::string list;
  for (const ColumnDescription& column : table.columns) {
    if (wanted(column)) list += (list.empty() ? "" : ", ") + quoted_name(column.name);
  }
  return list;
}

std::string key_list(const TableDescription& table) {
  return column_list(table, [](const ColumnDescription& column) { return column.key; });
}

std::string all_columns(const TableDescription& table) {
  return column_list(table, [](const ColumnDescription&) { return true; });
}

std::string column_definition(const ColumnDescription& column) {
  std::string text = quoted_name(column.name) + " " + std::string(column.type);
  if (!column.optional) text += " NOT NULL";
  if (column.flag) text += " CHECK (" + quoted_name(column.name) + " IN (0, 1))";
  return text;
}

std::string select(const std::string& columns, const TableDescription& table, std::string_view where) {
  std::string text = "SELECT " + columns + " FROM " + quoted_name(table.name);
  if (!where.empty()) text += " WHERE " + std::string(where);
  if (const std::string key = key_list(table); !key.empty()) text += " ORDER BY " + key;
  return text;
}

// Rows that hold an array are large: kept in the key's tree they would make it deep.
bool kept_by_key(const TableDescription& table) {
  bool small = true;
  for (const ColumnDescription& column : table.columns) small = small && column.type != "BLOB";
  return small && !key_list(table).empty();
}

}  // namespace

std::vector<TableDescription> describe_tables() {
  std::vector<TableDescription> tables;
  AllRows::for_each([&]<class Row>() { tables.push_back(describe<Row>()); });
  return tables;
}

std::string quoted_name(std::string_view name) {
  return '"' + std::string(name) + '"';
}

std::string create_statement(const TableDescription& table) {
  std::string text = "CREATE TABLE " + quoted_name(table.name) + " (\n";
  std::string separator;
  for (const ColumnDescription& column : table.columns) {
    text += separator + "  " + column_definition(column);
    separator = ",\n";
  }
  if (const std::string key = key_list(table); !key.empty()) text += ",\n  PRIMARY KEY (" + key + ")";
  return text + (kept_by_key(table) ? "\n) STRICT, WITHOUT ROWID" : "\n) STRICT");
}

std::string insert_statement(const TableDescription& table) {
  std::string text = "INSERT INTO " + quoted_name(table.name) + " (" + all_columns(table) + ") VALUES (?";
  for (std::size_t i = 1; i < table.columns.size(); ++i) text += ", ?";
  return text + ")";
}

std::string select_statement(const TableDescription& table, std::string_view where) {
  return select(all_columns(table), table, where);
}

std::string select_keys_statement(const TableDescription& table, std::string_view where) {
  return select(key_list(table), table, where);
}

}  // namespace faultline::store
