#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <thread>

#include "base/philox.h"
#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "store/csv.h"
#include "store/description.h"
#include "store/store.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

using testing::HasSubstr;

constexpr int kPictures = 5;

// Every table but those that the machine decides, as text.
std::map<std::string, std::string> tables_of(const std::filesystem::path& run) {
  const auto store = store::Store::open(run, store::Access::read);
  std::map<std::string, std::string> tables;
  for (const auto& table : store::describe_tables()) {
    if (table.name == "timing" || table.name == "run") continue;
    std::string& text = tables[std::string(table.name)];
    store::export_csv(store, table.name, [&](std::string_view line) { text += line; });
  }
  return tables;
}

void expect_same_tables(const std::filesystem::path& a, const std::filesystem::path& b) {
  const auto first = tables_of(a);
  const auto second = tables_of(b);
  for (const auto& [name, text] : first) EXPECT_TRUE(text == second.at(name)) << name;
}

class StudyCommand : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(folder_ / "set");
    for (int i = 0; i < kPictures; ++i) write_picture(folder_ / ("set/" + std::to_string(i) + ".png"), i);
  }
  std::vector<std::string> words(const std::string& output, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = {"study", tiny_model().string(), (folder_ / "set").string(), "-o",
                                    (folder_ / output).string()};
    for (const char* each :
         {"--attack", "pgd:steps=3", "--eps", "16/255", "--at", "double,fixed", "--draws", "3", "-q"})
      all.emplace_back(each);
    if (std::ranges::count(more, "--twins") == 0) {
      for (const char* each : {"--twins", "1", "--twin-images", "2"}) all.emplace_back(each);
    }
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  void study(const std::string& output, const std::vector<std::string>& more = {}) const {
    expect_success(run(words(output, more)));
  }

  TemporaryFolder folder_;
};

TEST_F(StudyCommand, StoresEveryTable) {
  // With labels: the tiny network's manifest has none.
  Json manifest = read_json(std::filesystem::path(tiny_model()).replace_extension(".json"));
  for (int i = 0; i < 10; ++i) manifest["labels"].push_back("label" + std::to_string(i));
  write_file(folder_ / "labelled.json", manifest.dump());
  const std::vector<std::string> all = words("run", {"--manifest", (folder_ / "labelled.json").string()});
  expect_success(run(all));
  const auto tables = tables_of(folder_ / "run");
  for (const auto& [name, text] : tables) {
    // A chain has no parts to exchange.
    const int least = name == "substitution" ? 1 : 2;
    EXPECT_GE(std::ranges::count(text, '\n'), least) << name;
  }
  const auto store = store::Store::open(folder_ / "run", store::Access::read);
  EXPECT_TRUE(store.run().finished);
  EXPECT_EQ(store.read<store::ClassRow>().at(3).label, "label3");
  EXPECT_EQ(store.read<store::ImageRow>().size(), static_cast<std::size_t>(kPictures));
  for (const auto& row : store.read<store::IdentityRow>())
    EXPECT_LE(row.error, row.tolerance) << row.identity;
  std::size_t sought = 0;
  for (const auto& row : store.read<store::AttackRow>()) {
    if (!row.critical_eps) continue;
    ++sought;
    ASSERT_TRUE(row.critical_fails_at);
    EXPECT_LT(*row.critical_fails_at, *row.critical_eps);
    if (*row.critical_fails_at > 0)
      EXPECT_LE(*row.critical_eps - *row.critical_fails_at, *row.critical_eps / 16 * 1.0001);
    else
      EXPECT_FLOAT_EQ(static_cast<float>(*row.critical_eps), 0.25F / 255);
  }
  EXPECT_GT(sought, 0U);
  // Shares of the adversarial input.
  std::map<std::pair<std::int64_t, std::int64_t>, double> sums;
  for (const auto& row : store.read<store::ShapleyRow>("input = 1")) {
    if (row.share) sums[{row.image, row.condition}] += *row.share;
  }
  EXPECT_FALSE(sums.empty());
  for (const auto& [key, sum] : sums) EXPECT_NEAR(sum, 1, 1e-5);
}

TEST_F(StudyCommand, DoesNotDependOnThreads) {
  study("one", {"--threads", "1"});
  study("three", {"--threads", "3"});
  expect_same_tables(folder_ / "one", folder_ / "three");
}

TEST_F(StudyCommand, ShardsJoinIntoOneRun) {
  study("whole");
  study("first", {"--shard", "1/2"});
  study("second", {"--shard", "2/2"});
  EXPECT_EQ(store::Store::open(folder_ / "first", store::Access::read).run().planned_images, 3);
  const Outcome merged = run({"merge", (folder_ / "second").string(), (folder_ / "first").string(), "-o",
                              (folder_ / "merged").string(), "-q"});
  expect_success(merged);
  EXPECT_THAT(merged.out, HasSubstr("5 of 5 images joined\n"));
  expect_same_tables(folder_ / "whole", folder_ / "merged");
  // The joined run is that of the same command without shards: it has nothing left to do.
  const Outcome again = run(words("merged"));
  expect_success(again);
  EXPECT_THAT(again.out, HasSubstr("7 of 7 images done (7 of them earlier)"));
}

TEST_F(StudyCommand, KilledAtRandomMomentsEndsWithTheSameNumbers) {
  const auto began = std::chrono::steady_clock::now();
  study("whole");
  const auto whole =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  const RandomStream moments(7, "kills");
  int kills = 0;
  std::size_t images_before = 0;
  for (std::uint64_t i = 0; i < 400 && kills < 20; ++i) {
    const auto after = static_cast<std::int64_t>(static_cast<double>(whole.count()) * moments.uniform(i));
    const Outcome outcome = run(words("killed"), {.timeout = std::chrono::milliseconds(after)});
    if (outcome.exit_code == -1) {
      ++kills;
    } else {
      // It came to the end; another one has to be killed.
      expect_success(outcome);
      expect_same_tables(folder_ / "whole", folder_ / "killed");
      std::filesystem::remove_all(folder_ / "killed");
      images_before = 0;
    }
    if (!store::Store::exists(folder_ / "killed")) continue;
    // What was committed stays. (Opened for writing: a killed writer's journal is played back.)
    const auto store = store::Store::open(folder_ / "killed", store::Access::write);
    const std::size_t images = store.read<store::ImageRow>().size();
    EXPECT_GE(images, images_before);
    images_before = images;
  }
  EXPECT_EQ(kills, 20);
  study("killed");
  expect_same_tables(folder_ / "whole", folder_ / "killed");
}

TEST_F(StudyCommand, AnotherConfigurationIsRefused) {
  study("run", {"--limit", "1", "--twins", "0"});
  const auto before = tables_of(folder_ / "run");
  expect_failure(run(words("run", {"--limit", "1", "--twins", "0", "--seed", "3"})), 2,
                 {"another configuration", "seed: 0 there, 3 here"});
  expect_failure(run(words("run", {"--limit", "2", "--twins", "0"})), 2, {"images.limit: 1 there, 2 here"});
  EXPECT_EQ(before, tables_of(folder_ / "run"));
}

TEST_F(StudyCommand, UnreadableImagesAreRecordedAndLeftOut) {
  write_file(folder_ / "set/2.png", "no picture");
  const Outcome outcome = run(words("run", {"--twins", "0"}));
  expect_success(outcome);
  EXPECT_THAT(outcome.out, HasSubstr("5 of 5 images done; 1 could not be read\n"));
  const auto store = store::Store::open(folder_ / "run", store::Access::read);
  const auto rows = store.read<store::ImageRow>("status = 'unreadable'");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].image, 2);
  EXPECT_THAT(rows[0].reason, HasSubstr("2.png"));
  EXPECT_TRUE(store.run().finished);
}

TEST_F(StudyCommand, MisclassifiedImagesAreLeftOutUnlessAskedFor) {
  std::string table = "file,class_index\n";
  for (int i = 0; i < kPictures; ++i) table += "set/" + std::to_string(i) + ".png,0\n";
  write_file(folder_ / "table.csv", table);
  const auto statuses = [&](const std::string& output, const std::vector<std::string>& more) {
    std::vector<std::string> all = words(output, more);
    all[2] = (folder_ / "table.csv").string();
    expect_success(run(all));
    std::map<std::string, int> counts;
    const auto store = store::Store::open(folder_ / output, store::Access::read);
    for (const auto& row : store.read<store::ImageRow>()) {
      ++counts[row.status];
      EXPECT_EQ(row.true_class, 0);
      EXPECT_EQ(row.status == "misclassified", row.predicted_class != 0 && output == "correct");
    }
    return counts;
  };
  const auto correct = statuses("correct", {"--twins", "0", "--causal", "none"});
  EXPECT_GT(correct.at("misclassified"), 0) << "a random network of ten classes is wrong somewhere";
  const auto all = statuses("all", {"--twins", "0", "--causal", "none", "--criteria", "all"});
  EXPECT_EQ(all, (std::map<std::string, int>{{"studied", kPictures}}));
}

TEST_F(StudyCommand, TakesPerturbedInputsMadeElsewhere) {
  expect_success(run({"attack", tiny_model().string(), (folder_ / "set").string(), "-o",
                      (folder_ / "made").string(), "--eps", "16/255", "-q"}));
  std::string table = "file,perturbed\n";
  for (int i = 0; i < 2; ++i)
    table += "set/" + std::to_string(i) + ".png,made/" + std::to_string(i) + ".npy\n";
  write_file(folder_ / "pairs.csv", table);
  const Outcome outcome = run({"study", tiny_model().string(), "--pairs", (folder_ / "pairs.csv").string(),
                               "-o", (folder_ / "run").string(), "--twins", "0", "-q"});
  expect_success(outcome);
  const auto store = store::Store::open(folder_ / "run", store::Access::read);
  const auto conditions = store.read<store::ConditionRow>();
  ASSERT_EQ(conditions.size(), 1U);
  EXPECT_EQ(conditions[0].regime, "given");
  EXPECT_EQ(store.read<store::AttackRow>().size(), 2U);
  EXPECT_TRUE(store.read<store::InputRow>("kind = 'boost'").empty()) << "needs the attack";
  EXPECT_FALSE(store.read<store::InputRow>("kind = 'flip-gaussian'").empty());
}

TEST_F(StudyCommand, GoesOnAfterItsBudget) {
  const Outcome first = run(words("run", {"--budget", "0s"}));
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("0 of 7 images done\nThe budget is spent"));
  const Outcome second = run(words("run"));
  expect_success(second);
  EXPECT_THAT(second.out, HasSubstr("7 of 7 images done\n"));
}

TEST_F(StudyCommand, IsInterruptedWithoutLoss) {
  const auto has_begun = [&] {
    return store::Store::exists(folder_ / "run") &&
           !store::Store::open(folder_ / "run", store::Access::read).read<store::ImageRow>().empty();
  };
  expect_failure(run(words("run"), {.interrupt_when = has_begun}), 130, {"stopped on request"});
  study("run");
  study("whole");
  expect_same_tables(folder_ / "whole", folder_ / "run");
}

TEST_F(StudyCommand, TakesAttacksAtStrengthsOfTheirOwn) {
  study("run", {"--attack", "fgsm@fixed:norm=l2:eps=2", "--limit", "2", "--causal", "none"});
  const auto store = store::Store::open(folder_ / "run", store::Access::read);
  std::vector<std::string> names;
  for (const auto& condition : store.read<store::ConditionRow>()) {
    if (condition.network == 0) names.push_back(condition.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"pgd at 2 eps*", "pgd at 16/255", "fgsm at 2"}));
}

TEST_F(StudyCommand, TellsEventsAsJsonLines) {
  std::vector<std::string> all = words("run", {"--json-lines", "--limit", "2"});
  const Outcome outcome = run(all);
  expect_success(outcome);
  EXPECT_EQ(outcome.err, "");
  std::vector<Json> events;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) events.push_back(Json::parse(line));
  ASSERT_EQ(events.size(), 6U) << "begin, 2 images, 2 of the twin, finished";
  EXPECT_EQ(events.front().at("event"), "begin");
  EXPECT_GT(events.front().at("passes_causes").get<double>(), 0);
  EXPECT_EQ(events[1].at("network"), "model");
  EXPECT_EQ(events[3].at("network"), "twin-1");
  EXPECT_EQ(events.back().at("event"), "finished");
  EXPECT_EQ(events.back().at("done"), 4);
}

TEST_F(StudyCommand, RefusesWhatMakesNoSense) {
  const auto refused = [&](const std::vector<std::string>& more, const std::string& part) {
    expect_failure(run(words("never", more)), 2, {part});
  };
  refused({"--shard", "3/2"}, "--shard 3/2: expected i/n");
  refused({"--causal", "gate"}, "'gate' is no test of causes");
  refused({"--attack", "pgd:goal=boost"}, "a study asks when the answer changes");
  refused({"--attack", "pgd:stepz=3"}, "stepz");
  refused({"--attack", "fgsm@doubled"}, "--attack fgsm@doubled: no strength 'doubled'");
  refused({"--attack", "fgsm@"}, "attack fgsm is left no strength");
  refused({"--set", "steps=3"}, "expected NAME.PARAMETER=VALUE");
  refused({"--pairs", "a.csv"}, "either IMAGES or --pairs");
  refused({"--budget", "5"}, "--budget");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "never"));
}

TEST_F(StudyCommand, FolderThatCannotBeMade) {
  write_file(folder_ / "file", "");
  expect_failure(run(words("file/run")), 6, {"file"});
}

TEST_F(StudyCommand, FullDiskKeepsWhatIsThere) {
  study("run", {"--limit", "5"});
  const auto whole = tables_of(folder_ / "run");
  const auto size = std::filesystem::file_size(folder_ / "run/run.sqlite");
  const Outcome outcome = run(words("full", {"--limit", "5"}), {.file_size_limit = size / 2});
  EXPECT_EQ(outcome.exit_code, 6) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("run.sqlite"));
  study("full", {"--limit", "5"});
  expect_same_tables(folder_ / "run", folder_ / "full");
}

}  // namespace
}  // namespace faultline::test
