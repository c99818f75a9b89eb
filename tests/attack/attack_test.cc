#include "attack/attack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <set>

#include "attack/catalogue.h"
#include "attack/projection.h"
#include "expect_error.h"
#include "image/encode.h"
#include "networks.h"

namespace faultline::attack {
namespace {

bool same(const Tensor& a, const Tensor& b) {
  return std::ranges::equal(a.values(), b.values());
}

std::vector<AttackedImage> run(const std::unique_ptr<Attack>& attack, const AttackInput& input) {
  const auto plan = test::compile(test::small_network());
  return attack->run(*plan, input, {});
}

int successes(const std::vector<AttackedImage>& results) {
  return static_cast<int>(
      std::ranges::count_if(results, [](const auto& r) { return r.adversarial.success; }));
}

// Two balls of about the same reach.
constexpr std::array<std::array<std::string_view, 2>, 2> kBalls = {
    {{"norm=linf", "eps=8/255"}, {"norm=l2", "eps=0.3"}}};

TEST(Pgd, OneStepWithoutRandomStartIsFgsm) {
  const test::Images images({6, 3, 8, 8});
  for (const auto& [norm, eps] : kBalls) {
    const auto fgsm = run(make_attack("fgsm", {norm, eps}), images.input());
    const std::string step_size = "step_size=" + std::string(eps.substr(4));
    const auto pgd =
        run(make_attack("pgd", {norm, eps, step_size, "steps=1", "random_start=off"}), images.input());
    for (std::size_t i = 0; i < 6; ++i) EXPECT_TRUE(same(fgsm[i].image, pgd[i].image));
  }
}

TEST(Pgd, WithoutRandomStartIsBim) {
  const test::Images images({6, 3, 8, 8});
  const auto bim = run(make_attack("bim", {"step_size=0.005"}), images.input());
  const auto pgd = run(make_attack("pgd", {"step_size=0.005", "random_start=off"}), images.input());
  for (std::size_t i = 0; i < 6; ++i) EXPECT_TRUE(same(bim[i].image, pgd[i].image));
}

TEST(Attacks, StayInTheBallAndTheRangeForManyEps) {
  const test::Images images({3, 3, 8, 8});
  for (const int k : {1, 2, 4, 8, 16, 32, 255}) {
    const std::string eps = "eps=" + std::to_string(k) + "/255";
    for (const std::string norm : {"linf", "l2"}) {
      for (const auto& attack :
           {make_attack("fgsm", {"norm=" + norm, eps}), make_attack("bim", {"norm=" + norm, eps, "steps=3"}),
            make_attack("pgd", {"norm=" + norm, eps, "steps=3"})}) {
        for (const AttackedImage& result : run(attack, images.input())) {
          const double size = norm == "linf" ? result.linf : result.l2;
          EXPECT_LE(size, static_cast<double>(attack->settings().pixels("eps"))) << attack->name();
          EXPECT_GT(size, 0) << attack->name();
          EXPECT_GE(*std::ranges::min_element(result.image.values()), 0);
          EXPECT_LE(*std::ranges::max_element(result.image.values()), 1);
        }
      }
    }
  }
}

// With early stop, images leave the batch at different steps, and those that stay move up in it.
TEST(Attacks, ResultsArePureFunctionsOfTheImageWhateverTheBatch) {
  const test::Images images({12, 3, 8, 8});
  for (const bool early_stop : {false, true}) {
    const auto attack = make_attack(
        "pgd", {"eps=3/255", "steps=6", "restarts=2", early_stop ? "early_stop=on" : "early_stop=off"});
    AttackInput input = images.input();
    const auto whole = run(attack, input);
    std::set<std::pair<int, int>> ends;
    for (const int max_batch : {1, 2, 5}) {
      input.max_batch = max_batch;
      const auto chunked = run(attack, input);
      for (std::size_t i = 0; i < 12; ++i) {
        EXPECT_TRUE(same(whole[i].image, chunked[i].image)) << i;
        EXPECT_EQ(whole[i].adversarial.loss, chunked[i].adversarial.loss);
        EXPECT_EQ(whole[i].forward_passes, chunked[i].forward_passes);
        EXPECT_EQ(whole[i].restart, chunked[i].restart);
        ends.insert({whole[i].restart, whole[i].steps});
      }
    }
    EXPECT_GE(ends.size(), early_stop ? 4U : 1U);
  }
}

TEST(Attacks, PermutingTheBatchPermutesTheResults) {
  const test::Images images({5, 3, 8, 8});
  test::Images permuted = images;
  const std::array<std::size_t, 5> order = {3, 0, 4, 2, 1};
  for (std::size_t i = 0; i < 5; ++i) {
    const TensorView from = images.pixels.view().row(static_cast<std::int64_t>(order[i]));
    std::copy_n(from.data(), from.elements(), permuted.pixels.row(static_cast<std::int64_t>(i)).data());
    permuted.keys[i] = images.keys[order[i]];
  }
  const auto attack = make_attack("pgd", {"norm=l2", "eps=0.3", "steps=3"});
  const auto results = run(attack, images.input());
  const auto permuted_results = run(attack, permuted.input());
  for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(same(permuted_results[i].image, results[order[i]].image));
}

TEST(Attacks, SeedAndKeyMakeTheRandomStart) {
  const test::Images images({1, 3, 8, 8});
  const auto attack = make_attack("pgd", {"norm=l2", "eps=0.3", "steps=1"});
  const Tensor first = run(attack, images.input())[0].image;
  AttackInput other = images.input();
  other.seed = 2;
  EXPECT_FALSE(same(run(attack, other)[0].image, first));
  const std::vector<std::string> keys = {"another"};
  other = images.input();
  other.keys = keys;
  EXPECT_FALSE(same(run(attack, other)[0].image, first));
}

// What succeeded stays; images that had more passes left did not use them.
TEST(EarlyStop, FindsTheSameSuccessesWithFewerPasses) {
  const test::Images images({12, 3, 8, 8});
  const auto full = run(make_attack("bim", {"eps=3/255"}), images.input());
  const auto early = run(make_attack("bim", {"eps=3/255", "early_stop=on"}), images.input());
  int fewer = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(full[i].adversarial.success, early[i].adversarial.success) << i;
    EXPECT_EQ(full[i].steps, 10);
    EXPECT_EQ(early[i].forward_passes, early[i].steps + 2);
    EXPECT_EQ(early[i].backward_passes, early[i].steps);
    fewer += early[i].steps < 10 ? 1 : 0;
  }
  EXPECT_GT(fewer, 0);
  EXPECT_LT(successes(full), 12);  // some images resist, or the comparison would say little
}

TEST(EarlyStop, AnImageThatIsWrongFromTheStartIsLeftAlone) {
  const test::Images images({2, 3, 8, 8});
  const auto clean = run(make_attack("fgsm"), images.input());
  const std::vector<int> labels = {clean[0].clean.predicted, (clean[1].clean.predicted + 1) % 5};
  AttackInput input = images.input();
  input.labels = labels;
  const auto results = run(make_attack("pgd", {"restarts=3", "early_stop=on"}), input);
  EXPECT_EQ(results[1].steps, 0);
  EXPECT_EQ(results[1].linf, 0);
  EXPECT_TRUE(results[1].adversarial.success);
  EXPECT_EQ(results[1].forward_passes, 2);
  EXPECT_GT(results[0].linf, 0);
}

TEST(Restarts, NeverLoseASuccessAndKeepTheHigherLoss) {
  const test::Images images({12, 3, 8, 8});
  const auto one = run(make_attack("pgd", {"eps=2.5/255", "steps=2"}), images.input());
  const auto six = run(make_attack("pgd", {"eps=2.5/255", "steps=2", "restarts=6"}), images.input());
  int improved = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_FALSE(better(one[i].adversarial, six[i].adversarial));
    improved += better(six[i].adversarial, one[i].adversarial) ? 1 : 0;
    if (one[i].adversarial.success) {
      EXPECT_EQ(six[i].backward_passes, 2);  // no restart after a success
    }
  }
  EXPECT_GT(improved, 0);
}

TEST(Targeted, ReachesTheTargetAndNothingElseCounts) {
  const test::Images images({6, 3, 8, 8});
  const auto clean = run(make_attack("fgsm"), images.input());
  std::vector<int> targets;
  for (const AttackedImage& result : clean) targets.push_back((result.clean.predicted + 2) % 5);
  const auto results =
      run(make_attack("pgd", {"eps=16/255", "goal=targeted", "steps=20"}), images.input(targets));
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(results[i].adversarial.success, results[i].adversarial.predicted == targets[i]);
    EXPECT_LT(results[i].adversarial.loss, results[i].clean.loss);
    EXPECT_FALSE(results[i].clean.success);
  }
  EXPECT_GT(successes(results), 3);
}

TEST(Boost, LowersTheLossAndKeepsTheClassOverAllItsSteps) {
  const test::Images images({6, 3, 8, 8});
  const auto results = run(make_attack("pgd", {"goal=boost", "early_stop=on"}), images.input());
  for (const AttackedImage& result : results) {
    EXPECT_EQ(result.steps, 10);
    EXPECT_EQ(result.adversarial.predicted, result.clean.predicted);
    EXPECT_TRUE(result.adversarial.success);
    EXPECT_LT(result.adversarial.loss, result.clean.loss);
  }
}

// The verdict is that of the network on the rounded image, and differs from the float one where rounding
// undoes a perturbation of less than half a step.
TEST(Rounding, SuccessIsJudgedAgainAsAUserWouldStoreTheImage) {
  const test::Images images({12, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  for (const std::string eps : {"0.45/255", "4/255"}) {
    const auto results = make_attack("bim", {"eps=" + eps})->run(*plan, images.input(), {});
    for (const AttackedImage& result : results) {
      Tensor rounded = round_to_8bit(result.image);
      rounded.reshape({1, 3, 8, 8});
      const auto pass = plan->forward(rounded);
      const Verdict verdict = judge({}, pass->logits().row(0).values(), result.aim);
      EXPECT_EQ(result.rounded.predicted, verdict.predicted);
      EXPECT_EQ(result.rounded.success, verdict.success);
      EXPECT_EQ(result.rounded.loss, verdict.loss);
      if (eps == "0.45/255") {
        EXPECT_EQ(result.rounded.loss, result.clean.loss);
      }
    }
  }
}

TEST(Cost, IsWhatAnImageTakesAtMost) {
  const test::Images images({4, 3, 8, 8});
  for (const auto& attack :  // a boost takes every restart
       {make_attack("fgsm", {"goal=boost"}), make_attack("bim", {"goal=boost"}),
        make_attack("pgd", {"goal=boost", "restarts=3"})}) {
    for (const AttackedImage& result : run(attack, images.input())) {
      EXPECT_EQ(result.forward_passes, attack->cost().forward) << attack->name();
      EXPECT_EQ(result.backward_passes, attack->cost().backward) << attack->name();
    }
  }
  EXPECT_EQ(make_attack("fgsm")->cost().forward, 3);
  EXPECT_EQ(make_attack("pgd")->cost().forward, 13);
}

TEST(Buffers, ASecondRunMakesNone) {
  const test::Images images({5, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  const auto attack = make_attack("pgd", {"steps=3", "restarts=2", "early_stop=on"});
  AttackInput input = images.input();
  input.max_batch = 2;
  attack->run(*plan, input, {});
  const engine::Counters first = plan->counters();
  attack->run(*plan, input, {});
  EXPECT_EQ(plan->counters().buffer_allocations, first.buffer_allocations);
  EXPECT_EQ(plan->counters().primitives_created, first.primitives_created);
  EXPECT_EQ(plan->counters().reorders, first.reorders);
  EXPECT_GT(plan->counters().multiply_adds, first.multiply_adds);
}

TEST(Control, ProgressRisesToTheTotalAndAStopIsObeyed) {
  const test::Images images({5, 3, 8, 8});
  const auto plan = test::compile(test::small_network());
  const auto attack = make_attack("pgd", {"steps=4", "restarts=2"});
  AttackInput input = images.input();
  input.max_batch = 2;
  std::atomic<bool> stop = false;
  std::int64_t last = -1;
  const RunControl counting(
      [&](const Progress& progress) {
        EXPECT_GE(progress.done, last);
        EXPECT_EQ(progress.total, 3 * 2 * 4);
        last = progress.done;
      },
      &stop);
  attack->run(*plan, input, counting);
  EXPECT_EQ(last, 24);
  const RunControl stopping([&](const Progress& progress) { stop = progress.done == 2; }, &stop);
  faultline::test::expect_error([&] { attack->run(*plan, input, stopping); }, ErrorKind::interrupted,
                                "stopped");
}

TEST(Input, IsRefusedByNameBeforeAnyPass) {
  const test::Images images({2, 3, 8, 8});
  const auto attack = make_attack("fgsm");
  AttackInput input = images.input();
  const std::vector<int> labels = {0, 5};
  input.labels = labels;
  faultline::test::expect_error([&] { run(attack, input); }, ErrorKind::usage,
                                "label 5 is no class of this network, expected 0 to 4");
  const std::vector<int> targets = {-1, 0};
  const auto targeted = make_attack("fgsm", {"goal=targeted"});
  faultline::test::expect_error([&] { run(targeted, images.input(targets)); }, ErrorKind::usage, "target -1");
  EXPECT_THROW(run(targeted, images.input()), ContractError);
  EXPECT_THROW(run(attack, images.input(targets)), ContractError);
  input = images.input();
  input.max_batch = 0;
  EXPECT_THROW(run(attack, input), ContractError);
}

TEST(Input, NoImagesAreNoResults) {
  const test::Images images({0, 3, 8, 8});
  EXPECT_TRUE(run(make_attack("pgd"), images.input()).empty());
}

}  // namespace
}  // namespace faultline::attack
