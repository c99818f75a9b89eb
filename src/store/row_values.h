#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/sqlite.h"
#include "store/tables.h"

namespace faultline::store {

// Rows as values of statements whose parameters or columns are all columns of the table in order.

inline bool all_finite(double value) {
  return std::isfinite(value);
}
inline bool all_finite(const std::vector<double>& values) {
  for (const double value : values) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}
template <class Value>
bool all_finite(const Value& /*whole, or no number*/) {
  return true;
}
inline bool all_finite(const std::optional<double>& value) {
  return !value || std::isfinite(*value);
}

inline void bind_value(Statement& statement, int parameter, std::int64_t value) {
  statement.bind(parameter, value);
}
inline void bind_value(Statement& statement, int parameter, bool value) {
  statement.bind(parameter, std::int64_t{value});
}
inline void bind_value(Statement& statement, int parameter, double value) {
  statement.bind(parameter, value);
}
inline void bind_value(Statement& statement, int parameter, const std::string& value) {
  statement.bind(parameter, std::string_view(value));
}
inline void bind_value(Statement& statement, int parameter, const std::vector<double>& value) {
  statement.bind(parameter, std::span<const double>(value));
}
inline void bind_value(Statement& statement, int parameter, const std::vector<std::uint8_t>& value) {
  statement.bind(parameter, std::span<const std::uint8_t>(value));
}
template <class Value>
void bind_value(Statement& statement, int parameter, const std::optional<Value>& value) {
  if (value) {
    bind_value(statement, parameter, *value);
  } else {
    statement.bind_null(parameter);
  }
}

inline void read_value(const Statement& statement, int column, std::int64_t& value) {
  value = statement.integer(column);
}
inline void read_value(const Statement& statement, int column, bool& value) {
  value = statement.integer(column) != 0;
}
inline void read_value(const Statement& statement, int column, double& value) {
  value = statement.real(column);
}
inline void read_value(const Statement& statement, int column, std::string& value) {
  value = statement.text(column);
}
inline void read_value(const Statement& statement, int column, std::vector<double>& value) {
  value = statement.reals(column);
}
inline void read_value(const Statement& statement, int column, std::vector<std::uint8_t>& value) {
  value = statement.bytes(column);
}
template <class Value>
void read_value(const Statement& statement, int column, std::optional<Value>& value) {
  if (statement.is_null(column)) {
    value.reset();
  } else {
    read_value(statement, column, value.emplace());
  }
}

// Throws ContractError naming table and column if a number is not finite.
template <class Row>
void bind_row(Statement& statement, const Row& row) {
  kTable<Row>.for_each_column([&](const auto& column, std::size_t index) {
    const auto& value = row.*column.member;
    if (!all_finite(value)) {
      throw ContractError("store: " + std::string(kTable<Row>.name()) + "." + std::string(column.name) +
                          " is not finite");
    }
    bind_value(statement, static_cast<int>(index) + 1, value);
  });
}

template <class Row>
Row read_row(const Statement& statement) {
  Row row;
  kTable<Row>.for_each_column([&](const auto& column, std::size_t index) {
    read_value(statement, static_cast<int>(index), row.*column.member);
  });
  return row;
}

}  // namespace faultline::store
