#include "attack/autoattack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "attack/apgd.h"
#include "attack/autoattack_store.h"
#include "attack/fab.h"
#include "attack/input_subset.h"
#include "attack/square.h"
#include "base/files.h"
#include "expect_error.h"
#include "networks.h"
#include "temporary_folder.h"

namespace faultline::attack {
namespace {

// Short, at an eps where stages after the first find something too.
AutoAttack small_attack() {
  return {.ball = {Norm::linf, 1.75F / 255}, .steps = 4, .targets = 3, .queries = 10};
}

void expect_same(const AttackedImage& a, const AttackedImage& b) {
  EXPECT_TRUE(std::ranges::equal(a.image.values(), b.image.values()));
  EXPECT_EQ(a.adversarial.success, b.adversarial.success);
  EXPECT_EQ(a.adversarial.loss, b.adversarial.loss);
  EXPECT_EQ(a.rounded.predicted, b.rounded.predicted);
  EXPECT_EQ(a.clean.loss, b.clean.loss);
  EXPECT_EQ(a.restart, b.restart);
  EXPECT_EQ(a.steps, b.steps);
  EXPECT_EQ(a.linf, b.linf);
  EXPECT_EQ(a.l2, b.l2);
  EXPECT_EQ(a.aim.label, b.aim.label);
  EXPECT_EQ(a.forward_passes, b.forward_passes);
  EXPECT_EQ(a.backward_passes, b.backward_passes);
}

class OnSmall : public ::testing::Test {
 protected:
  const test::Images images_{{16, 3, 8, 8}};
  const std::unique_ptr<engine::Plan> plan_ = test::compile(test::small_network());
};

std::vector<AttackedImage> run_alone(const AutoAttack& all, int stage, engine::Plan& plan,
                                     const AttackInput& input) {
  const Apgd ce{.name = "apgd-ce", .ball = all.ball, .steps = all.steps};
  const Apgd t{.name = "apgd-t", .ball = all.ball, .targets = all.targets, .steps = all.steps};
  const Fab fab{.by_target = true,
                .steps = all.steps,
                .classes = all.targets + 1,
                .eps = static_cast<double>(all.ball.eps)};
  if (stage == 0) return run(ce, plan, input, {});
  if (stage == 1) return run(t, plan, input, {});
  if (stage == 2) return run(fab, plan, input, {});
  return run(Square{.ball = all.ball, .queries = all.queries}, plan, input, {});
}

// Over several eps, so that later stages find something too.
TEST_F(OnSmall, EachStageIsTheAttackAloneOnWhatIsStillRobust) {
  std::set<int> stages;
  for (const float eps : {1.0F, 1.2F, 1.4F, 1.6F, 1.8F, 2.0F, 2.5F, 3.0F}) {
    AutoAttack all = small_attack();
    all.ball.eps = eps / 255;
    all.steps = 1;
    const auto results = run(all, *plan_, images_.input(), {});
    std::vector<int> robust(16);
    for (int i = 0; i < 16; ++i) robust[static_cast<std::size_t>(i)] = i;
    for (int stage = 0; stage < 4; ++stage) {
      const InputSubset subset(images_.input(), robust);
      const auto alone = run_alone(all, stage, *plan_, subset.input());
      std::vector<int> left;
      for (std::size_t k = 0; k < robust.size(); ++k) {
        if (!alone[k].adversarial.success) {
          left.push_back(robust[k]);
          continue;
        }
        const AttackedImage& result = results[static_cast<std::size_t>(robust[k])];
        EXPECT_TRUE(result.adversarial.success);
        EXPECT_EQ(result.restart, stage);
        EXPECT_TRUE(std::ranges::equal(result.image.values(), alone[k].image.values()));
        EXPECT_GT(result.adversarial.loss, 0);  // the margin, whatever the stage
        stages.insert(stage);
      }
      robust = left;
    }
    for (const int i : robust) EXPECT_FALSE(results[static_cast<std::size_t>(i)].adversarial.success);
    if (!robust.empty()) stages.insert(-1);
  }
  EXPECT_GE(stages.size(), 3U);  // robust, the first stage's, and a later one's
}

TEST_F(OnSmall, StaysInTheBallAndCountsAllPasses) {
  for (const Ball ball : {Ball{Norm::linf, 1.75F / 255}, Ball{Norm::l2, 0.05F}}) {
    AutoAttack all = small_attack();
    all.ball = ball;
    for (const AttackedImage& result : run(all, *plan_, images_.input(), {})) {
      EXPECT_LE(ball.norm == Norm::linf ? result.linf : result.l2, static_cast<double>(ball.eps));
      EXPECT_LE(result.forward_passes, cost(all).forward);
      EXPECT_LE(result.backward_passes, cost(all).backward);
      // Clean and rounded pass of four stages, 5 points of APGD, 3 * 5 of its targets, 11 of Square; and
      // FAB's.
      if (!result.adversarial.success) {
        EXPECT_GT(result.forward_passes, 4 * 2 + 5 + 15 + 11);
      }
    }
  }
}

TEST_F(OnSmall, AWrongCleanPredictionIsASuccessOfTheFirstStage) {
  const auto clean = run(small_attack(), *plan_, images_.input(), {});
  std::vector<int> labels;
  for (const AttackedImage& result : clean) labels.push_back((result.clean.predicted + 1) % 5);
  AttackInput input = images_.input();
  input.labels = labels;
  for (const AttackedImage& result : run(small_attack(), *plan_, input, {})) {
    EXPECT_TRUE(result.adversarial.success);
    EXPECT_EQ(result.linf, 0);
    EXPECT_EQ(result.restart, 0);
    EXPECT_EQ(result.forward_passes, 2);
  }
}

TEST_F(OnSmall, ResultsDependOnNoBatch) {
  const auto whole = run(small_attack(), *plan_, images_.input(), {});
  AttackInput input = images_.input();
  input.max_batch = 3;
  const auto others = run(small_attack(), *plan_, input, {});
  for (std::size_t i = 0; i < 16; ++i) expect_same(whole[i], others[i]);
}

// Stopped after each batch of each stage in turn, its state written, read back and gone on from.
TEST_F(OnSmall, GoesOnFromWhereItWasStopped) {
  const faultline::test::TemporaryFolder folder;
  const auto whole = run(small_attack(), *plan_, images_.input(), {});
  AttackInput input = images_.input();
  input.max_batch = 7;
  std::int64_t forward_passes = 0;
  int runs = 0;
  for (bool finished = false; !finished; ++runs) {
    AutoAttackStore store(folder.path() / "state", "a run");
    AutoAttackState state = store.load(images_.keys);
    for (const AutoAttackImage& image : state) forward_passes -= image.attacked.forward_passes;
    std::atomic<bool> stop = false;
    const RunControl control({}, &stop);
    try {
      continue_autoattack(small_attack(), *plan_, input, control, state, [&] {
        store.save(images_.keys, state);
        stop = true;
      });
      finished = true;
      for (std::size_t i = 0; i < 16; ++i) expect_same(state[i].attacked, whole[i]);
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::interrupted);
    }
    for (const AutoAttackImage& image : state) forward_passes += image.attacked.forward_passes;
  }
  EXPECT_GT(runs, 4);
  std::int64_t once = 0;
  for (const AttackedImage& result : whole) once += result.forward_passes;
  EXPECT_EQ(forward_passes, once);  // nothing was done twice
  AutoAttackStore store(folder.path() / "state", "a run");
  store.remove(images_.keys);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "state"));
}

// Images that the first two stages did not flip, at a strength where the third, whose boundaries are other
// ones, does.
TEST_F(OnSmall, FabTTakesWhatTheStagesBeforeItLeft) {
  AutoAttack weak = small_attack();
  weak.ball.eps = 0.02F / 255;
  AutoAttack all = small_attack();
  all.ball.eps = 4.0F / 255;
  const auto failed = run_alone(weak, 1, *plan_, images_.input());
  const auto alone = run_alone(all, 2, *plan_, images_.input());
  AutoAttackState state(16);
  for (std::size_t i = 0; i < state.size(); ++i) {
    ASSERT_FALSE(failed[i].adversarial.success);
    state[i] = {.stages = 2, .attacked = failed[i]};
  }
  continue_autoattack(all, *plan_, images_.input(), {}, state, [] {});
  int taken = 0;
  for (std::size_t i = 0; i < state.size(); ++i) {
    const AttackedImage& result = state[i].attacked;
    EXPECT_EQ(result.restart == 2 && result.adversarial.success, alone[i].adversarial.success);
    if (!alone[i].adversarial.success) continue;
    ++taken;
    EXPECT_EQ(state[i].stages, 3);
    EXPECT_TRUE(std::ranges::equal(result.image.values(), alone[i].image.values()));
    EXPECT_LE(result.linf, static_cast<double>(all.ball.eps));
    EXPECT_GT(result.forward_passes, failed[i].forward_passes) << "passes are all stages'";
  }
  EXPECT_GT(taken, 2);
}

TEST_F(OnSmall, AStateOfAnotherRunOrNoneIsRefused) {
  const faultline::test::TemporaryFolder folder;
  AutoAttackStore store(folder.path(), "eps 1");
  store.save({}, {});
  faultline::test::expect_error([&] { AutoAttackStore(folder.path(), "eps 2"); }, ErrorKind::usage,
                                "is of another run, 'eps 1', not of 'eps 2'");
  write_file(folder.path() / "run.json", "{\"run\": 3}");
  faultline::test::expect_error([&] { AutoAttackStore(folder.path(), "eps 1"); }, ErrorKind::io,
                                "not a state of autoattack");
}

TEST(AutoAttack, HasTheOfficialStagesAndConstants) {
  EXPECT_EQ(kAutoAttackStages, (std::array<std::string_view, 4>{"apgd-ce", "apgd-t", "fab-t", "square"}));
  const PassCount all = cost(AutoAttack{});
  const PassCount fab = cost(Fab{.by_target = true, .eps = 4.0 / 255});
  EXPECT_EQ(all.forward, (2 + 101) + (2 + 9 * 101) + fab.forward + (2 + 5001));
  EXPECT_EQ(all.backward, 100 + 900 + fab.backward);
}

TEST(AutoAttack, ANetworkThatNeverFlipsGivesNoSuccessAndNoNan) {
  const auto plan = test::compile(test::linear_network({3, 4, 4}, Tensor({5, 48})));
  const test::Images images({2, 3, 4, 4});
  for (const AttackedImage& result : run(small_attack(), *plan, images.input(), {})) {
    EXPECT_FALSE(result.adversarial.success);
    EXPECT_TRUE(std::ranges::all_of(result.image.values(), [](float v) { return v >= 0 && v <= 1; }));
  }
}

// Class 1 rises only where the sum of all pixels exceeds a grey image's by more than 40 eps: nowhere near one
// is there a gradient, and points with independent pixels, whose sums differ by 8 eps, do not get there;
// stripes and squares do.
net::Graph network_without_gradients(float eps) {
  net::Graph graph;
  const net::NodeId input = graph.add("input", net::Input{{3, 8, 8}}, {});
  const net::NodeId flat = graph.add("flat", net::Flatten{}, {input});
  Tensor ones({1, 192});
  std::ranges::fill(ones.values(), 1.0F);
  const net::NodeId w1 = graph.add_constant("w1", std::move(ones));
  const net::NodeId b1 = graph.add_constant("b1", Tensor(Shape{1}, {-96 - 40 * eps}));
  const net::NodeId excess = graph.add("excess", net::Gemm{.transpose_b = true}, {flat, w1, b1});
  const net::NodeId relu = graph.add("relu", net::Relu{}, {excess});
  const net::NodeId w2 = graph.add_constant("w2", Tensor(Shape{5, 1}, {0, 10 / eps, 0, 0, 0}));
  const net::NodeId b2 = graph.add_constant("b2", Tensor(Shape{5}, {1, 0, 0.5F, 0.25F, 0.125F}));
  graph.set_output(graph.add("logits", net::Gemm{.transpose_b = true}, {relu, w2, b2}));
  return graph;
}

TEST(AutoAttack, SquareFindsWhatNoGradientShows) {
  AutoAttack all = small_attack();
  all.ball.eps = 8.0F / 255;
  all.queries = 40;
  const auto plan = test::compile(network_without_gradients(all.ball.eps));
  test::Images images({8, 3, 8, 8});
  std::ranges::fill(images.pixels.values(), 0.5F);
  for (const AttackedImage& result : run(all, *plan, images.input(), {})) {
    EXPECT_TRUE(result.adversarial.success);
    EXPECT_EQ(result.restart, 3);
  }
}

TEST(AutoAttack, NeedsFourClasses) {
  const auto plan = test::compile(test::linear_network({3, 4, 4}, test::random_tensor({3, 48}, "w", 1)));
  const test::Images images({1, 3, 4, 4});
  faultline::test::expect_error([&] { run(small_attack(), *plan, images.input(), {}); }, ErrorKind::usage,
                                "autoattack got a network of 3 classes, expected at least 4");
}

}  // namespace
}  // namespace faultline::attack
