#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "attack/cw.h"
#include "attack/ddn.h"
#include "attack/deepfool.h"
#include "attack/ead.h"
#include "attack/fab.h"
#include "attack/fmn.h"
#include "attack/projection.h"
#include "base/files.h"
#include "formats/load_model.h"
#include "tensor/npy.h"

namespace faultline::oracles {
namespace {

using nlohmann::json;
using Results = std::vector<attack::AttackedImage>;

struct Norms {
  static attack::Norm of(const json& j) {
    const std::string n = j;
    return n == "linf" ? attack::Norm::linf
           : n == "l2" ? attack::Norm::l2
           : n == "l1" ? attack::Norm::l1
                       : attack::Norm::l0;
  }
};

Results run_case(const json& c, engine::Plan& plan, const attack::AttackInput& input) {
  const json& s = c.at("settings");
  const std::string name = c.at("attack");
  const attack::Goal goal = input.targets.empty() ? attack::Goal::untargeted : attack::Goal::targeted;
  if (name == "deepfool")
    return run(
        attack::DeepFool{Norms::of(s.at("norm")), goal, s.at("steps"), s.at("classes"), s.at("overshoot")},
        plan, input, {});
  if (name == "fab" || name == "fab-t")
    return run(attack::Fab{.by_target = name == "fab-t",
                           .norm = Norms::of(s.at("norm")),
                           .steps = s.at("steps"),
                           .classes = s.at("classes"),
                           .alpha_max = s.at("alpha_max"),
                           .eta = s.at("eta"),
                           .beta = s.at("beta")},
               plan, input, {});
  if (name == "cw-l2")
    return run(attack::CarliniWagner{.goal = goal,
                                     .binary_steps = s.at("binary_steps"),
                                     .steps = s.at("steps"),
                                     .step_size = s.at("step_size"),
                                     .initial_weight = s.at("initial_weight"),
                                     .confidence = s.at("confidence"),
                                     .abort_early = false},
               plan, input, {});
  if (name == "ddn")
    return run(attack::Ddn{.steps = s.at("steps"),
                           .initial_norm = s.at("initial_norm"),
                           .gamma = s.at("gamma"),
                           .step_size = s.at("step_size"),
                           .quantise = s.at("quantise")},
               plan, input, {});
  if (name == "fmn")
    return run(attack::Fmn{.norm = Norms::of(s.at("norm")),
                           .steps = s.at("steps"),
                           .step_size = s.at("step_size"),
                           .gamma = s.at("gamma")},
               plan, input, {});
  return run(attack::Ead{.binary_steps = s.at("binary_steps"),
                         .steps = s.at("steps"),
                         .step_size = s.at("step_size"),
                         .initial_weight = s.at("initial_weight"),
                         .beta = s.at("beta"),
                         .abort_early = false},
             plan, input, {});
}

void expect_all(const std::string& engine) {
  const std::filesystem::path folder =
      std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles/minimal";
  const json index = json::parse(read_file(folder / "index.json"));
  const Tensor images = read_npy(folder / index.at("images").get<std::string>());
  const auto plan =
      engine::make_engine(engine, {.precision = engine::Precision::f32})
          ->compile(formats::load_model(folder / index.at("model").get<std::string>()).graph, {});
  const std::vector<std::string> keys = {"0", "1", "2", "3"};
  ASSERT_GE(index.at("cases").size(), 14U);
  for (const json& stored : index.at("cases")) {
    const std::vector<int> targets = stored.at("targets");
    const attack::AttackInput input{.images = images, .targets = targets, .keys = keys};
    const Tensor expected = read_npy(folder / stored.at("points").get<std::string>());
    const Results results = run_case(stored, *plan, input);
    double worst = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(results[i].adversarial.success, stored.at("success")[i].get<bool>());
      for (std::int64_t k = 0; k < 192; ++k)
        worst = std::max(
            worst, double(std::abs(results[i].image[k] - expected.row(static_cast<std::int64_t>(i))[k])));
    }
    std::printf("%s %g\n", stored.at("name").get<std::string>().c_str(), worst);
    EXPECT_LE(worst, 2e-6);
  }
}

TEST(StoredMinimalAttacks, OnTheReferenceEngine) {
  expect_all("reference");
}
TEST(StoredMinimalAttacks, OnOneDnn) {
  expect_all("onednn");
}

}  // namespace
}  // namespace faultline::oracles
