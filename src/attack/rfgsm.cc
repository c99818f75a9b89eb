#include "attack/rfgsm.h"

#include "attack/chunk.h"
#include "attack/parameters.h"
#include "attack/projection.h"
#include "attack/step.h"
#include "base/parallel.h"

namespace faultline::attack {

namespace {

class Rfgsm final : public Attack {
 public:
  explicit Rfgsm(const Settings& settings)
      : Attack(settings),
        ball_(ball_of(settings)),
        objective_(objective_of(settings)),
        alpha_(settings.pixels("alpha")) {
    if (alpha_ > ball_.eps) settings.refuse("alpha", "at most eps");
  }

  PassCount cost() const override { return {4, 1}; }
  std::vector<AttackedImage> run(engine::Plan& plan, const AttackInput& input,
                                 const RunControl& control) const override {
    const ChunkTask task{.name = settings().name(), .objective = objective_};
    return attack_in_chunks(task, plan, input, control, [this](Chunk& chunk) { attack_chunk(chunk); });
  }

 private:
  void attack_chunk(Chunk& chunk) const {
    ActiveBatch& batch = chunk.batch();
    if (!chunk.step()) return;
    parallel_for(chunk.active(), [&](std::int64_t row) {
      const int k = static_cast<int>(row);
      const RandomStream stream = chunk.stream(chunk.image(k), "start");
      Tensor noise = Tensor::uninitialised(batch.point(k).shape());
      for (std::int64_t i = 0; i < noise.elements(); ++i)
        noise[i] = static_cast<float>(stream.normal(static_cast<std::uint64_t>(i)));
      go(chunk, k, alpha_, noise);
    });
    batch.forward();
    chunk.score_gradients();
    parallel_for(chunk.active(), [&](std::int64_t row) {
      const int k = static_cast<int>(row);
      go(chunk, k, ball_.eps - alpha_, batch.gradient(k));
    });
    batch.forward();
    for (int k = 0; k < chunk.active(); ++k) chunk.keep(chunk.image(k), batch.point(k), chunk.judge(k), 0, 1);
  }

  void go(Chunk& chunk, int k, float size, TensorView direction) const {
    step(ball_.norm, size, direction, chunk.batch().point(k));
    project(ball_, chunk.clean(chunk.image(k)), chunk.batch().point(k));
  }

  Ball ball_;
  Objective objective_;
  float alpha_;
};

double default_alpha(const Settings& settings) {
  return static_cast<double>(settings.pixels("eps") / 2);
}

constexpr auto kRfgsmParameters =
    join(kBallAndObjective,
         std::array{with_formula(pixels_parameter("alpha", "", static_cast<double>(kLargestL2),
                                                  "length of the random step, in the norm, pixel units"),
                                 "eps / 2", &default_alpha)});

std::unique_ptr<Attack> make_rfgsm(const Settings& settings) {
  return std::make_unique<Rfgsm>(settings);
}

}  // namespace

constinit const AttackEntry kRfgsm = {"rfgsm", "one gradient step after a random one",
                                      "Tramer et al. 2018, arXiv 1705.07204", kRfgsmParameters, &make_rfgsm};

}  // namespace faultline::attack
