#include "store/csv.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "expect_error.h"
#include "sample_rows.h"
#include "store/description.h"
#include "temporary_folder.h"

namespace faultline::store {
namespace {

std::string csv_of(const Store& store, std::string_view table) {
  std::string text;
  export_csv(store, table, [&](std::string_view line) { text += line; });
  return text;
}

TEST(Csv, QuotesWhatNeedsItAndTellsMissingFromEmpty) {
  const test::TemporaryFolder folder;
  Store store = Store::create(folder / "run", test::sample_run());
  store.insert(
      ImageRow{.image = 1, .id = "plain", .file = "a,b", .status = "say \"no\"", .reason = "l1\nl2"});
  store.insert(ImageRow{.image = 0,
                        .id = "é",
                        .width = 3,
                        .height = 4,
                        .true_class = 7,
                        .predicted_class = -1,
                        .probability = 0.1});
  EXPECT_EQ(csv_of(store, "image"),
            "image,id,file,status,reason,width,height,true_class,predicted_class,probability\r\n"
            "0,é,\"\",\"\",\"\",3,4,7,-1,0.1\r\n"
            "1,plain,\"a,b\",\"say \"\"no\"\"\",\"l1\nl2\",0,0,,,\r\n");
}

TEST(Csv, WritesFlagsArraysAndNumbersThatReadBack) {
  const test::TemporaryFolder folder;
  Store store = Store::create(folder / "run", test::sample_run());
  store.insert(GatesRunRow{.values = {0.5, -1e-300, 3}, .identity_error = 1.0 / 3});
  store.insert(GatesRunRow{.input = 1});
  EXPECT_EQ(csv_of(store, "gates_run"),
            "image,condition,input,values,identity_error\r\n"
            "0,0,0,0.5 -1e-300 3,0.3333333333333333\r\n"
            "0,0,1,,0\r\n");
  store.insert(SubstitutionRow{.decides = true});
  EXPECT_EQ(csv_of(store, "substitution"),
            "image,condition,kind,target,direction,margin,decides\r\n0,0,\"\",\"\",\"\",0,1\r\n");
}

TEST(Csv, EveryTableCanBeExported) {
  const test::TemporaryFolder folder;
  const Store store = Store::create(folder / "run", test::sample_run());
  for (const TableDescription& table : describe_tables()) {
    const std::string text = csv_of(store, table.name);
    const std::string header = text.substr(0, text.find('\r'));
    EXPECT_EQ(static_cast<std::size_t>(std::count(header.begin(), header.end(), ',')) + 1,
              table.columns.size());
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), table.name == "run" ? 2 : 1) << table.name;
  }
  test::expect_error([&] { csv_of(store, "shoes"); }, ErrorKind::usage, "unknown table 'shoes'");
  test::expect_error([&] { csv_of(store, "shoes"); }, ErrorKind::usage, "heatmap_response");
}

}  // namespace
}  // namespace faultline::store
