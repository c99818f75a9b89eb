#include "attack/square_attack.h"

#include "attack/attack_of.h"
#include "attack/parameters.h"
#include "attack/square.h"

namespace faultline::attack {

namespace {

constexpr auto kParameters = join(
    std::array{kNormParameter, kEpsParameter, kGoalParameter, with_default(kLossParameter, "margin")},
    std::array{
        integer_parameter("queries", "5000", 1, 1'000'000, "squares tried in each restart"),
        real_parameter("p", "0.8", 0, 1, "share of the image that the first squares cover"),
        flag_parameter("rescaled", false, "stretch the schedule of shares from 10,000 to `queries` queries"),
        kRestartsParameter});

std::unique_ptr<Attack> make_square(const Settings& settings) {
  const Objective objective = objective_of(settings);
  return attack_of(settings, Square{.ball = ball_of(settings),
                                    .objective = objective,
                                    .verdict_loss = objective.loss,
                                    .queries = settings.integer("queries"),
                                    .p = settings.real("p"),
                                    .rescaled = settings.flag("rescaled"),
                                    .restarts = settings.integer("restarts")});
}

}  // namespace

constinit const AttackEntry kSquare = {"square", "random search over squares, which sees only logits",
                                       "Andriushchenko et al. 2020, arXiv 1912.00049", kParameters,
                                       &make_square};

}  // namespace faultline::attack
