#include "store/same_study.h"

#include <vector>

#include "base/error.h"
#include "base/one_line.h"
#include "store/differences.h"
#include "store/field_text.h"
#include "store/tables.h"

namespace faultline::store {

namespace {

// Two runs of which one is to be refused for what it has otherwise.
class Pair {
 public:
  Pair(const OpenRun& first, const OpenRun& other) : first_(first), other_(other) {}

  [[noreturn]] void refuse(const std::string& difference) const {
    throw Error(ErrorKind::usage, one_line(other_.folder.string() + " is not of the same study as " +
                                           first_.folder.string() + ": " + difference));
  }
  void expect_equal(const std::string& what, const std::string& there, const std::string& here) const {
    if (there != here) refuse(what + ": " + there + " there, " + here + " here");
  }

  template <class Row>
  void expect_equal_tables() const {
    const std::string table(kTable<Row>.name());
    const std::vector<Row> there = first_.store.read<Row>();
    const std::vector<Row> here = other_.store.read<Row>();
    for (std::size_t i = 0; i < there.size() && i < here.size(); ++i) {
      kTable<Row>.for_each_column([&](const auto& column, std::size_t) {
        if (there[i].*column.member == here[i].*column.member) return;
        expect_equal("table " + table + ", row " + std::to_string(i) + ", " + std::string(column.name),
                     shown(there[i].*column.member), shown(here[i].*column.member));
      });
    }
    expect_equal("rows of table " + table, std::to_string(there.size()), std::to_string(here.size()));
  }

 private:
  template <class Value>
  static std::string shown(const Value& value) {
    return field_text(value);
  }
  template <class Value>
  static std::string shown(const std::optional<Value>& value) {
    return value ? field_text(*value) : "nothing";
  }

  const OpenRun& first_;
  const OpenRun& other_;
};

}  // namespace

void expect_same_study(const OpenRun& first, const OpenRun& other,
                       std::span<const std::string> ignored_keys) {
  const Pair pair(first, other);
  const RunRow& there = first.store.run();
  const RunRow& here = other.store.run();
  pair.expect_equal("hash of the model", there.model_sha256, here.model_sha256);
  pair.expect_equal("version of faultline", there.program_version, here.program_version);
  const auto lines = differences(there.configuration, here.configuration, ignored_keys);
  if (!lines.empty()) pair.refuse(lines.front());
  pair.expect_equal_tables<NetworkRow>();
  pair.expect_equal_tables<ClassRow>();
  pair.expect_equal_tables<BlockRow>();
  pair.expect_equal_tables<LayerRow>();
  pair.expect_equal_tables<PointRow>();
  pair.expect_equal_tables<SegmentRow>();
  pair.expect_equal_tables<ConditionRow>();
}

}  // namespace faultline::store
