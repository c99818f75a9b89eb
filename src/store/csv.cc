#include "store/csv.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/named.h"
#include "store/description.h"
#include "store/field_text.h"

namespace faultline::store {

namespace {

// Text in quotes where it needs them; an empty one too, to tell it from a missing value.
std::string field(const std::string& value) {
  if (!value.empty() && value.find_first_of(",\"\r\n") == std::string::npos) return value;
  std::string quoted = "\"";
  for (const char c : value) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

template <class Value>
std::string field(const Value& value) {
  return field_text(value);
}

template <class Value>
std::string field(const std::optional<Value>& value) {
  return value ? field(*value) : "";
}

// text(column) of each column as one line.
template <class Row, class Text>
std::string line_of(const Text& text) {
  std::string line;
  kTable<Row>.for_each_column([&](const auto& column, std::size_t index) {
    line += (index == 0 ? "" : ",") + std::string(text(column));
  });
  return line + "\r\n";
}

}  // namespace

void export_csv(const Store& store, std::string_view table,
                const std::function<void(std::string_view line)>& sink) {
  const std::vector<TableDescription> tables = describe_tables();
  const std::string_view wanted = named(std::span(tables), table, "table").name;
  AllRows::for_each([&]<class Row>() {
    if (kTable<Row>.name() != wanted) return;
    sink(line_of<Row>([](const auto& column) { return column.name; }));
    store.for_each<Row>([&](const Row& row) {
      sink(line_of<Row>([&](const auto& column) { return field(row.*column.member); }));
    });
  });
}

}  // namespace faultline::store
