#include "findings/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "findings/condition_gatherer.h"
#include "findings/summary_grids.h"
#include "findings/write_summary.h"
#include "synthetic.h"

namespace faultline::findings {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

// A run as it is stored: n images under two conditions, with rows of every kind.
struct Rows {
  StoredRun run = test::chain({1, 1, 1});
  std::vector<ConditionRows> conditions;

  explicit Rows(std::size_t n) {
    run.run.model_file = "model.onnx";
    test::list_images(run, n);
    for (auto& image : run.images) image.true_class = image.predicted_class = 1;
    for (const std::string regime : {"double", "fixed"}) {
      run.conditions.push_back(test::condition(std::ssize(conditions), "pgd", regime));
      if (regime == "fixed") run.conditions.back().eps = 0.01;
      ConditionRows& rows = conditions.emplace_back();
      for (std::size_t i = 0; i < n; ++i) add_image(rows, i);
    }
  }

  void add_image(ConditionRows& rows, std::size_t i) {
    const auto image = static_cast<std::int64_t>(i);
    const auto noise = [&](std::size_t place) { return 0.1 * test::normal("summary", i, place); };
    rows.attacks.push_back({.image = image,
                            .clean_class = 1,
                            .critical_eps = 0.01,
                            .made = true,
                            .success = true,
                            .success_rounded = i != 3,
                            .l2 = 1});
    const std::vector<std::pair<std::string, std::string>> kinds = {
        {"clean", "clean"}, {"adversarial", "adversarial"}, {"gaussian", "gaussian"}, {"boost", "harmless"}};
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      const auto input = static_cast<std::int64_t>(k);
      rows.inputs.push_back({.image = image,
                             .input = input,
                             .kind = kinds[k].first,
                             .role = kinds[k].second,
                             .predicted_class = kinds[k].first == "adversarial" ? 2 : 1});
      for (std::int64_t layer = 0; layer < 3; ++layer) {
        rows.heatmap_responses.push_back(
            {.image = image, .input = input, .layer = layer, .method = "layercam"});
        if (k > 0)
          rows.heatmap_responses.back().distraction = 0.2 + noise(100 * k + static_cast<std::size_t>(layer));
      }
      rows.detections.push_back(
          {.image = image, .input = input, .quantity = "noisecam-mass", .point = 1, .value = noise(k)});
      if (k == 0) continue;
      for (std::int64_t point = 0; point < std::ssize(run.points); ++point) {
        const auto place = 200 * k + static_cast<std::size_t>(point);
        rows.point_responses.push_back({.image = image,
                                        .input = input,
                                        .point = point,
                                        .deviation = 0.5,
                                        .log_excess = noise(place),
                                        .step = point == 0 ? std::optional<double>() : noise(place + 50),
                                        .alignment = noise(place + 90)});
      }
      for (std::int64_t player = 0; player < 5; ++player)
        rows.shapley.push_back(
            {.image = image, .input = input, .player = player, .value = -0.2, .share = 0.2});
    }
    rows.contributions.push_back({.image = image, .input = 1, .segment = 1, .contribution = noise(7)});
    rows.gate_sets.push_back({.image = image, .input = 1, .question = "gates-only"});
    rows.interventions.push_back(
        {.image = image, .kind = "direction", .point = 1, .source = "boost", .limit = 64});
    rows.substitutions.push_back(
        {.image = image, .kind = "block", .target = "block1", .direction = "restore"});
    rows.identities.push_back({.image = image, .identity = "steps", .error = 1e-9, .tolerance = 1e-6});
  }

  Summary summary() const {
    return summarise(run, [&](std::int64_t condition) {
      const auto at = static_cast<std::size_t>(condition);
      return gather(run, run.conditions[at], conditions[at]);
    });
  }
};

const Grid& grid_named(const std::vector<Grid>& all, const std::string& name) {
  for (const Grid& grid : all) {
    if (grid.name == name) return grid;
  }
  throw std::runtime_error("no table " + name);
}

TEST(Summary, HoldsEveryTable) {
  const Summary summary = Rows(40).summary();
  EXPECT_EQ(summary.findings.size(), 5U);
  EXPECT_EQ(summary.conditions.size(), 2U);
  EXPECT_EQ(summary.images.studied, 40U);
  const auto all = grids(summary);
  for (const Grid& grid : all) {
    EXPECT_FALSE(grid.rows.empty()) << grid.name;
    EXPECT_FALSE(grid.caption.empty()) << grid.name;
    for (const auto& row : grid.rows) EXPECT_EQ(row.size(), grid.columns.size()) << grid.name;
  }
  EXPECT_EQ(grid_named(all, "conditions").rows.size(), 2U);
  EXPECT_EQ(grid_named(all, "eps_curve").rows.size(), 1U);
  EXPECT_EQ(grid_named(all, "points").rows.size(), 6 * summary.points.size());
  EXPECT_EQ(grid_named(all, "layer_ranks").rows.size(), 6U);
  EXPECT_EQ(grid_named(all, "shapley").rows.size(), 2U * 3U * 5U);
}

TEST(Summary, JsonHasTheFindingsAndEveryNumberItsN) {
  const auto json = to_json(Rows(40).summary());
  ASSERT_EQ(json["findings"].size(), 5U);
  EXPECT_EQ(json["findings"][0]["id"], "F1a");
  EXPECT_EQ(json["findings"][0]["measures"][0]["n"], 40);
  EXPECT_FALSE(json["findings"][0]["variants"].empty());
  EXPECT_EQ(json["images"]["accuracy"]["value"], 1.0);
  for (const auto& grid : json["tables"]) {
    for (const auto& row : grid) {
      for (const auto& [key, value] : row.items()) {
        if (!key.ends_with("_lower")) continue;
        EXPECT_TRUE(row.contains(key.substr(0, key.size() - 6) + "_n")) << key;
      }
    }
  }
}

TEST(Summary, TextBeginsWithTheVerdicts) {
  Rows rows(40);
  rows.run.run.finished = true;
  const std::string text = to_text(rows.summary());
  EXPECT_THAT(text, HasSubstr("model.onnx: 40 images studied of 40 listed; 0 twins."));
  EXPECT_LT(text.find("F1a Adversarial noise"), text.find("What the attacks did"));
  EXPECT_THAT(text, HasSubstr("What the attacks did (of 40 images"));
  EXPECT_THAT(text, HasSubstr("\n    pgd at double  40 of 40: 100 % (91 to 100)"));
  EXPECT_THAT(text, HasSubstr("Detection without a clean image, pgd at double"));
  EXPECT_THAT(text, HasSubstr("\n    noisecam-mass  clean"));
  EXPECT_THAT(text, HasSubstr("not an adaptive evaluation"));
  EXPECT_THAT(text, Not(HasSubstr("not finished")));
  EXPECT_THAT(text, Not(HasSubstr("must be equal failed")));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    EXPECT_LE(end - at, 100U) << text.substr(at, end - at);
    at = end + 1;
  }
}

TEST(Summary, SaysThatIdentitiesFailedAndThatTheRunIsNotFinished) {
  Rows rows(25);
  rows.conditions[0].identities[4].error = 1;
  rows.run.run.planned_images = 40;
  const std::string text = to_text(rows.summary());
  EXPECT_THAT(text, HasSubstr("1 checks of quantities that must be equal failed"));
  EXPECT_THAT(text, HasSubstr("The run is not finished: this is what it says after 25 of 40 images."));
  EXPECT_EQ(to_json(rows.summary())["images"]["planned"], 40);
  rows.run.run.planned_images = 25;
  EXPECT_THAT(to_markdown(rows.summary()),
              HasSubstr("The run is not finished: not all of its twins' images are done."));
}

TEST(Summary, MarkdownHasFindingsAndTables) {
  const std::string text = to_markdown(Rows(40).summary());
  EXPECT_THAT(text, HasSubstr("## F1b: not supported"));  // boost alone refutes it
  EXPECT_THAT(text, HasSubstr("## F3: not said"));
  EXPECT_THAT(text, HasSubstr("no twins with gates games"));
  EXPECT_THAT(text, HasSubstr("## layer_ranks"));
  EXPECT_THAT(text, Not(HasSubstr("## points")));  // too long to be read
}

TEST(Summary, OfNoOneAndTwoImages) {
  for (const std::size_t n : {0U, 1U, 2U}) {
    const Summary summary = Rows(n).summary();
    std::string all = to_text(summary) + to_markdown(summary) + to_json(summary).dump();
    for (const Grid& grid : grids(summary)) all += to_csv(grid);
    EXPECT_THAT(all, Not(ContainsRegex("(^|[^a-zA-Z_])(nan|inf|NaN|1e\\+?300)([^a-zA-Z_]|$)"))) << n;
    for (const Finding& finding : summary.findings)
      EXPECT_EQ(finding.answer.verdict, Verdict::not_said) << finding.id;
  }
  StoredRun empty = test::chain({1});
  const Summary nothing = summarise(empty, [](std::int64_t) { return ConditionEvidence{}; });
  EXPECT_THAT(to_text(nothing), HasSubstr("There is nothing to be said yet"));
}

}  // namespace
}  // namespace faultline::findings
