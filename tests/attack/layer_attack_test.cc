#include "attack/layer_attack.h"

#include "attack/input_subset.h"
#include "minimal.h"

namespace faultline::attack {
namespace {

// z = (3 u x, v x), u and v of length 1 and orthogonal: in an L2 ball the farthest is along u, at 3 eps.
TEST(LayerAttack, FindsTheLargestSingularValueOfALinearNetwork) {
  Tensor weights({2, 48});
  for (std::int64_t i = 0; i < 48; ++i) {
    weights[i] = 3.0F / std::sqrt(48.0F);
    weights[48 + i] = (i % 2 == 0 ? 1.0F : -1.0F) / std::sqrt(48.0F);
  }
  const auto plan = test::compile(test::linear_network({3, 4, 4}, weights));
  const test::LinearClasses linear(2);
  const LayerAttack attack{.ball = {Norm::l2, 0.25F}, .steps = 40, .step_size = 0.05F};
  for (const AttackedImage& result : run(attack, *plan, linear.input(), {})) {
    EXPECT_NEAR(result.adversarial.score, 0.75, 1e-4);
    EXPECT_LE(result.l2, 0.25);
  }
  // In an Linf ball each value goes to its bound: |3 u|_1 eps.
  const LayerAttack linf{.ball = {Norm::linf, 0.125F}, .steps = 20, .step_size = 0.0625F};
  for (const AttackedImage& result : run(linf, *plan, linear.input(), {})) {
    EXPECT_NEAR(result.adversarial.score, 3 * std::sqrt(48.0) * 0.125, 1e-4);
  }
}

Tensor guides_for(const test::Images& images) {
  Tensor guides(images.pixels.shape());
  const std::int64_t n = guides.shape()[0];
  for (std::int64_t i = 0; i < n; ++i) {
    std::ranges::copy(images.pixels.row((i + 1) % n).values(), guides.row(i).data());
  }
  return guides;
}

std::unique_ptr<engine::Plan> observing(const Attack& attack) {
  const net::Graph graph = test::small_network();
  return engine::make_engine("reference")->compile(graph, {.observed = attack.observed(graph)});
}

double deviation(engine::Plan& plan, net::NodeId node, TensorView a, TensorView b) {
  Tensor pair({2, 3, 8, 8});
  std::ranges::copy(a.values(), pair.row(0).data());
  std::ranges::copy(b.values(), pair.row(1).data());
  const auto pass = plan.forward(pair);
  return pass->observe(node).distances(pass->observe(node), 0)[1];
}

// The score is the deviation that it says, larger than what an attack on the answer makes there.
TEST(LayerAttack, MovesALayerFartherThanPgdDoes) {
  const test::Images images({4, 3, 8, 8});
  for (const std::string point : {"conv1", "pool", "conv2"}) {
    const auto attack = make_attack(attack_settings("layer", {"eps=8/255"}).set("point", point));
    const auto plan = observing(*attack);
    const net::NodeId node = attack->observed(plan->graph())[0];
    const auto results = attack->run(*plan, images.input(), {});
    const auto pgd = make_attack("pgd", {"eps=8/255", "steps=20"})->run(*plan, images.input(), {});
    for (std::size_t i = 0; i < 4; ++i) {
      const TensorView clean = images.pixels.view().row(static_cast<std::int64_t>(i));
      const double moved = deviation(*plan, node, clean, results[i].image);
      EXPECT_NEAR(moved, results[i].adversarial.score, 1e-9 * moved);
      EXPECT_GT(moved, 1.1 * deviation(*plan, node, clean, pgd[i].image)) << point;
      EXPECT_LE(results[i].linf, static_cast<double>(8.0F / 255));
      EXPECT_EQ(results[i].forward_passes, attack->cost().forward);
      EXPECT_EQ(results[i].backward_passes, attack->cost().backward);
    }
  }
}

TEST(LayerAttack, MovesTowardsItsGuide) {
  const test::Images images({4, 3, 8, 8});
  const Tensor guides = guides_for(images);
  const auto attack = make_attack("layer", {"eps=16/255", "point=conv2", "direction=guide", "steps=40"});
  const auto plan = observing(*attack);
  const net::NodeId node = attack->observed(plan->graph())[0];
  AttackInput input = images.input();
  input.guides = guides;
  const auto results = attack->run(*plan, input, {});
  for (std::size_t i = 0; i < 4; ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const double before = deviation(*plan, node, images.pixels.row(row), guides.row(row));
    const double after = deviation(*plan, node, results[i].image, guides.row(row));
    EXPECT_NEAR(results[i].adversarial.score, -after, 1e-9 * after);
    EXPECT_LT(after, 0.8 * before);
    EXPECT_EQ(results[i].forward_passes, attack->cost().forward);
  }
}

// A guide within the ball is reached as far as steps of a fixed size allow.
TEST(LayerAttack, ReachesAGuideThatIsNear) {
  const test::LinearClasses linear(3);
  Tensor guides = linear.images;
  for (float& x : guides.values()) x += 0.01F;
  AttackInput input = linear.input();
  input.guides = guides;
  const LayerAttack attack{.ball = {Norm::l2, 0.5F}, .to_guide = true, .steps = 200, .step_size = 0.001F};
  for (const AttackedImage& result : run(attack, *linear.plan, input, {})) {
    EXPECT_GT(result.adversarial.score, -0.02);
    EXPECT_GT(result.l2, 0);
  }
}

TEST(LayerAttack, TheCatalogueRefusesWhatIsNotThere) {
  const auto attack = make_attack("layer", {"point=conv7"});
  faultline::test::expect_error(
      [&] { attack->observed(test::small_network()); }, ErrorKind::usage,
      "point: got 'conv7', which this network has not; its points are input, conv1");
  const test::Images images({1, 3, 8, 8});
  const auto guided = make_attack("layer", {"direction=guide"});
  const auto plan = observing(*guided);
  faultline::test::expect_error([&] { guided->run(*plan, images.input(), {}); }, ErrorKind::usage, "--guide");
  AttackInput input = images.input();
  const Tensor other({1, 3, 4, 4});
  input.guides = other;
  EXPECT_THROW(guided->run(*plan, input, {}), ContractError);
}

TEST(LayerAttack, RestartsNeverLoseWhatWasReached) {
  const test::Images images({4, 3, 8, 8});
  const auto one = make_attack("layer", {"point=conv2", "steps=3"});
  const auto four = make_attack("layer", {"point=conv2", "steps=3", "restarts=4"});
  const auto plan = observing(*one);
  const auto once = one->run(*plan, images.input(), {});
  const auto often = four->run(*plan, images.input(), {});
  int farther = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_GE(often[i].adversarial.score, once[i].adversarial.score);
    farther += often[i].adversarial.score > once[i].adversarial.score ? 1 : 0;
  }
  EXPECT_GT(farther, 0);
}

TEST(LayerAttack, DependsOnNoOtherImageAndStops) {
  const test::Images images({5, 3, 8, 8});
  const Tensor guides = guides_for(images);
  for (const std::string_view direction : {"direction=away", "direction=guide"}) {
    const auto attack = make_attack("layer", {"point=conv1", "steps=4", "restarts=2", direction});
    const auto plan = observing(*attack);
    AttackInput input = images.input();
    input.guides = guides;
    const auto whole = attack->run(*plan, input, {});
    input.max_batch = 2;
    const auto chunked = attack->run(*plan, input, {});
    for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(test::same(whole[i], chunked[i])) << i;
    const InputSubset subset(input, std::array{4, 2});
    const auto two = attack->run(*plan, subset.input(), {});
    EXPECT_TRUE(test::same(two[0], whole[4]));
    EXPECT_TRUE(test::same(two[1], whole[2]));
    std::atomic<bool> stop = false;
    const RunControl stopping([&](const Progress&) { stop = true; }, &stop);
    faultline::test::expect_error([&] { attack->run(*plan, input, stopping); }, ErrorKind::interrupted,
                                  "stopped");
  }
}

}  // namespace
}  // namespace faultline::attack
