#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "attack/catalogue.h"
#include "attack/loss.h"
#include "engine/engine.h"
#include "formats/load_model.h"
#include "oracles/stored.h"
#include "oracles/worst_errors.h"

namespace faultline::oracles {
namespace {

std::unique_ptr<engine::Plan> compile(const AttackCases& cases, const std::string& engine) {
  return engine::make_engine(engine, {.precision = engine::Precision::f32})
      ->compile(formats::load_model(cases.model).graph, {});
}

// The stored attack, stopped after so many steps of its own size. Names begin with the attack's: "pgd-l2".
std::unique_ptr<attack::Attack> make(const StoredAttack& stored, int steps) {
  Settings settings = attack::attack_settings(stored.name.substr(0, stored.name.find('-')));
  settings.set("norm", stored.norm).set("eps", double{stored.eps});
  if (stored.targeted) settings.set("goal", "targeted");
  if (settings.has("random_start")) settings.set("random_start", "off");
  if (settings.has("steps")) settings.set("steps", steps).set("step_size", double{stored.step_size});
  return attack::make_attack(settings);
}

std::vector<attack::AttackedImage> run(const attack::Attack& attack, engine::Plan& plan,
                                       const AttackCases& cases, bool targeted) {
  std::vector<std::string> keys;
  for (std::int64_t i = 0; i < cases.images.shape()[0]; ++i) keys.push_back(std::to_string(i));
  attack::AttackInput input{.images = cases.images, .labels = cases.label, .keys = keys};
  if (targeted) input.targets = cases.target;
  return attack.run(plan, input, {});
}

// Results are float images in [0,1], each step rounding once or twice: 2^-24 each.
void expect_near(const attack::AttackedImage& found, DoubleTensorView expected, int steps,
                 const std::string& what) {
  const double tolerance = (2 * steps + 1) * 0x1p-24;
  ASSERT_EQ(found.image.shape(), expected.shape()) << what;
  for (std::int64_t i = 0; i < expected.elements(); ++i) {
    ASSERT_NEAR(double{found.image[i]}, expected[i], tolerance) << what << ", element " << i;
  }
}

void expect_iterate(const AttackCases& cases, const StoredAttack& stored, int step, engine::Plan& plan) {
  const auto results = run(*make(stored, step), plan, cases, stored.targeted);
  const DoubleTensorView expected = stored.iterates.row(step - 1);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::string what = stored.name + " step " + std::to_string(step) + " image " + std::to_string(i);
    expect_near(results[i], expected.row(static_cast<std::int64_t>(i)), step, what);
    if (step == stored.steps) {
      EXPECT_EQ(results[i].adversarial.predicted, stored.prediction[i]) << what;
    }
  }
}

// The logits of the results, against the stored ones; `largest` as relative L2.
void expect_logits(const AttackCases& cases, const StoredAttack& stored, engine::Plan& plan, double largest) {
  Tensor images(cases.images.shape());
  const auto results = run(*make(stored, stored.steps), plan, cases, stored.targeted);
  for (std::size_t i = 0; i < results.size(); ++i) {
    std::ranges::copy(results[i].image.values(), images.row(static_cast<std::int64_t>(i)).data());
  }
  EXPECT_LE(relative_l2(plan.forward(images)->logits(), stored.logits), largest) << stored.name;
}

TEST(StoredAttacks, EveryIterateOnTheReferenceEngine) {
  const AttackCases cases = attack_cases();
  ASSERT_EQ(cases.attacks.size(), 5U);
  const auto plan = compile(cases, "reference");
  for (const StoredAttack& stored : cases.attacks) {
    for (int step = 1; step <= stored.steps; ++step) expect_iterate(cases, stored, step, *plan);
    expect_logits(cases, stored, *plan, 1e-6);
  }
}

TEST(StoredAttacks, ResultsOnOneDnn) {
  const AttackCases cases = attack_cases();
  const auto plan = compile(cases, "onednn");
  for (const StoredAttack& stored : cases.attacks) {
    expect_iterate(cases, stored, stored.steps, *plan);
    expect_logits(cases, stored, *plan, 1e-5);
  }
}

// The seeds of d cross-entropy/dz from the direction that attacks follow, which is it up to a factor.
engine::Seeds cross_entropy_seeds(const AttackCases& cases, const DoubleTensor& logits, double tolerance) {
  engine::Seeds seeds{DoubleTensor(logits.shape())};
  for (std::size_t i = 0; i < cases.label.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const double loss =
        attack::loss_value(attack::Loss::cross_entropy, logits.row(row).values(), cases.label[i]);
    EXPECT_NEAR(loss, cases.cross_entropy[i], tolerance);
    const auto gradient = seeds.logit_gradients.row(row).values();
    attack::loss_direction(attack::Loss::cross_entropy, logits.row(row).values(), cases.label[i], gradient);
    for (double& value : gradient) value *= 1 - std::exp(-loss);
  }
  return seeds;
}

void expect_clean_values(const std::string& engine, double tolerance) {
  const AttackCases cases = attack_cases();
  const auto plan = compile(cases, engine);
  const auto pass = plan->forward(cases.images);
  EXPECT_LE(relative_l2(pass->logits(), cases.logits), tolerance);
  const engine::Seeds seeds = cross_entropy_seeds(cases, pass->logits(), tolerance);
  const std::vector<net::NodeId> points = {plan->graph().input()};
  plan->backward(*pass, seeds, points, [&](const engine::Observation& at) {
    for (int i = 0; i < at.seeds(); ++i) {
      EXPECT_LE(relative_l2(at.read_gradient(i), cases.gradient.row(i)), tolerance) << "image " << i;
    }
  });
}

TEST(StoredAttacks, LossAndGradientOfCleanImages) {
  expect_clean_values("reference", 2e-12);
  expect_clean_values("onednn", 1e-5);
}

}  // namespace
}  // namespace faultline::oracles
