#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "base/files.h"
#include "sample_rows.h"
#include "store/description.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "temporary_folder.h"

// docs/store.md says what the tables are, and its queries work.

namespace faultline::store {
namespace {

std::string document() {
  return read_file(FAULTLINE_SOURCE_DIR "/docs/store.md");
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t times = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++times;
  return times;
}

// As a cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// A table's section as the document has it.
std::string section(const TableDescription& table) {
  std::string text = "### `" + std::string(table.name) + "`\n\n" + std::string(table.meaning) +
                     "\n\n| column | type | meaning |\n| --- | --- | --- |\n";
  for (const ColumnDescription& column : table.columns) {
    text += "| `" + std::string(column.name) + "` | " + std::string(column.type);
    if (column.flag) text += ", 0 or 1";
    if (column.key) text += ", key";
    if (column.optional) text += " or NULL";
    text += " | " + cell(column.meaning) + " |\n";
  }
  return text + "\n";
}

TEST(Documentation, DescribesEveryTableAsItIs) {
  const std::string text = document();
  std::size_t sections = 0;
  for (const TableDescription& table : describe_tables()) {
    EXPECT_TRUE(text.find(section(table)) != std::string::npos) << "expected in docs/store.md:\n"
                                                                << section(table);
    ++sections;
  }
  EXPECT_EQ(count(text, "\n### `"), sections) << "a table that is not there";
  EXPECT_THAT(text, testing::HasSubstr("schema version " + std::to_string(kSchemaVersion)));
}

// The queries by the words before them: a line that ends in a colon, an empty line, a fenced block of SQL.
std::map<std::string, std::string> documented_queries() {
  constexpr std::string_view kOpens = ":\n\n```sql\n", kCloses = "```\n";
  std::map<std::string, std::string> queries;
  const std::string text = document();
  for (std::size_t at = text.find(kOpens); at != text.npos; at = text.find(kOpens, at)) {
    const std::size_t line = text.rfind('\n', at) + 1;
    const std::size_t query = at + kOpens.size();
    const std::size_t end = text.find(kCloses, query);
    if (end == text.npos) {
      ADD_FAILURE() << "a block that does not end, after " << text.substr(line, at - line);
      break;
    }
    const std::string words = text.substr(line, at - line);
    EXPECT_TRUE(queries.emplace(words, text.substr(query, end - query)).second) << words;
    at = end + kCloses.size();
  }
  EXPECT_EQ(count(text, "\n```sql\n"), queries.size()) << "a query without words before it";
  return queries;
}

// Three images, of which the last is unreadable, under a critical and a fixed condition.
void fill(Store& store) {
  store.begin();
  store.insert(NetworkRow{.network = 0, .name = "model"});
  store.insert(BlockRow{.block = 0, .name = "block1"});
  store.insert(BlockRow{.block = 1, .name = "block2"});
  store.insert(PointRow{.point = 0, .name = "data", .kind = "input"});
  store.insert(PointRow{.point = 1, .name = "conv1", .kind = "layer"});
  store.insert(ConditionRow{.condition = 0, .name = "pgd at eps*", .attack = "pgd", .regime = "critical"});
  store.insert(
      ConditionRow{.condition = 1, .name = "pgd at 51/255", .attack = "pgd", .regime = "fixed", .eps = 0.2});
  store.insert(ImageRow{.image = 2, .file = "torn.jpg", .status = "unreadable", .reason = "truncated"});
  for (const std::int64_t image : {0, 1}) {
    const auto value = static_cast<double>(image);
    store.insert(ImageRow{.image = image, .file = "fish.jpg", .status = "studied"});
    for (const std::int64_t condition : {0, 1}) {
      const bool made = image == 0 || condition == 1;
      store.insert(AttackRow{.image = image,
                             .condition = condition,
                             .critical_eps = made && condition == 0 ? std::optional(0.1) : std::nullopt,
                             .made = made,
                             .success = image == 0});
      store.insert(ShapleyRow{
          .image = image, .condition = condition, .input = 1, .player = 0, .share = 0.5 - 0.1 * value});
      store.insert(ShapleyRow{
          .image = image, .condition = condition, .input = 1, .player = 2, .share = 0.3 + 0.3 * value});
      store.insert(PointResponseRow{.image = image, .condition = condition, .input = 1, .point = 0});
      store.insert(PointResponseRow{
          .image = image, .condition = condition, .input = 1, .point = 1, .step = 1 + value});
    }
    store.insert(GateSetRow{.image = image,
                            .input = 1,
                            .question = "gates-only",
                            .blocks = image == 0 ? std::optional<std::int64_t>(3) : std::nullopt});
    store.insert(InterventionRow{.image = image,
                                 .kind = "dose",
                                 .point = 1,
                                 .source = "adversarial",
                                 .value = image == 0 ? std::optional(0.25) : std::nullopt});
    store.insert(IdentityRow{.image = image, .identity = "shares sum to 1", .error = value, .tolerance = 4});
    store.insert(TimingRow{.image = image, .seconds = 10 + 20 * value});
  }
  store.commit();
}

std::string result_of(Database& database, const std::string& query) {
  Statement statement = database.prepare(query);
  std::string text;
  while (statement.step()) {
    for (int i = 0; i < statement.columns(); ++i) {
      text += (i == 0 ? "" : ", ") + (statement.is_null(i) ? std::string("NULL") : statement.text(i));
    }
    text += "\n";
  }
  return text;
}

TEST(Documentation, QueriesAnswerWhatTheySay) {
  const std::map<std::string, std::string> answers = {
      {"How often each condition changes the answer", "pgd at eps*, 2, 1, 0.5\npgd at 51/255, 2, 2, 0.5\n"},
      {"The success rate of each attack by its strength", "pgd, 51.0, 2, 0.5\n"},
      {"The critical strengths, in 255ths, smallest first", "fish.jpg, 25.5\nfish.jpg, NULL\n"},
      {"The mean step at each point, in the order of the network",
       "pgd at eps*, data, 0, NULL\npgd at eps*, conv1, 2, 1.5\n"},
      {"In how many images each player has the largest Shapley share",
       "pgd at 51/255, input, 1\npgd at 51/255, block2, 1\n"},
      {"How often each set of blocks is the strongest that flips by its gates alone",
       "pgd at eps*, none, 1\npgd at eps*, block1 + block2, 1\n"},
      {"The share of the adversarial deviation that flips, and how often not even all of it does",
       "pgd at eps*, conv1, 2, 0.25, 1\n"},
      {"Which images could not be read", "torn.jpg, truncated\n"},
      {"How near each identity came to its tolerance", "shares sum to 1, 0.25\n"},
      {"Images a minute, by the hundred", "0, 3.0\n"},
  };
  const test::TemporaryFolder folder;
  Store store = Store::create(folder / "run", test::sample_run());
  fill(store);
  Database database(folder / "run/run.sqlite", Database::Mode::read);
  const auto queries = documented_queries();
  for (const auto& [what, query] : queries) {
    const auto expected = answers.find(what);
    ASSERT_NE(expected, answers.end()) << "no answer is expected of: " << what;
    EXPECT_EQ(result_of(database, query), expected->second) << what;
  }
  EXPECT_EQ(queries.size(), answers.size());
}

}  // namespace
}  // namespace faultline::store
