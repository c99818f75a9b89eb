#include "store/table.h"

#include <gtest/gtest.h>

#include <set>

#include "store/description.h"

namespace faultline::store {
namespace {

struct Shoe {
  std::int64_t size = 0;
  std::optional<double> price = {};
  bool left = false;
  bool worn = false;
  std::string colour = {};
};
static_assert(kAllMembers<Shoe, std::int64_t, std::optional<double>, bool, bool, std::string>);
// One forgotten, wherever it is.
static_assert(!kAllMembers<Shoe, std::int64_t, std::optional<double>, bool, bool>);
static_assert(!kAllMembers<Shoe, std::int64_t, std::optional<double>, bool, std::string>);
static_assert(!kAllMembers<Shoe, std::optional<double>, bool, bool, std::string>);

constexpr Table kShoes("shoe", "What feet wear.", 2, column("size", &Shoe::size, "in points"),
                       column("price", &Shoe::price, "in euros"), column("left", &Shoe::left, "or right"),
                       column("worn", &Shoe::worn, "out"), column("colour", &Shoe::colour, "as painted"));

TEST(Table, VisitsItsColumnsInOrder) {
  std::string names;
  kShoes.for_each_column([&](const auto& column, std::size_t index) {
    names += std::to_string(index) + std::string(column.name) + " ";
  });
  EXPECT_EQ(names, "0size 1price 2left 3worn 4colour ");
}

TEST(Table, SaysHowItIsMade) {
  EXPECT_EQ(create_statement(describe<ShapleyRow>()),
            "CREATE TABLE \"shapley\" (\n"
            "  \"image\" INTEGER NOT NULL,\n"
            "  \"condition\" INTEGER NOT NULL,\n"
            "  \"input\" INTEGER NOT NULL,\n"
            "  \"player\" INTEGER NOT NULL,\n"
            "  \"value\" REAL NOT NULL,\n"
            "  \"share\" REAL,\n"
            "  \"standard_error\" REAL,\n"
            "  PRIMARY KEY (\"image\", \"condition\", \"input\", \"player\")\n"
            ") STRICT, WITHOUT ROWID");
  EXPECT_EQ(insert_statement(describe<BlockRow>()),
            "INSERT INTO \"block\" (\"block\", \"name\") VALUES (?, ?)");
  EXPECT_EQ(select_statement(describe<BlockRow>(), "block = ?"),
            "SELECT \"block\", \"name\" FROM \"block\" WHERE block = ? ORDER BY \"block\"");
}

TEST(Table, NamesAreTheirOwnAndEverythingHasAMeaning) {
  std::set<std::string_view> tables;
  for (const TableDescription& table : describe_tables()) {
    EXPECT_TRUE(tables.insert(table.name).second) << table.name;
    EXPECT_FALSE(table.meaning.empty()) << table.name;
    std::set<std::string_view> columns;
    bool in_key = true;
    for (const ColumnDescription& column : table.columns) {
      EXPECT_TRUE(columns.insert(column.name).second) << table.name << "." << column.name;
      EXPECT_FALSE(column.meaning.empty()) << table.name << "." << column.name;
      // What may be missing tells no rows apart.
      EXPECT_FALSE(column.key && column.optional) << table.name << "." << column.name;
      EXPECT_TRUE(in_key || !column.key) << table.name << "." << column.name;
      in_key = column.key;
    }
  }
}

}  // namespace
}  // namespace faultline::store
