#include "attack/layer_attack.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "attack/chunk.h"
#include "attack/parameters.h"
#include "attack/projection.h"
#include "attack/step.h"
#include "base/error.h"
#include "base/parallel.h"
#include "net/points.h"

namespace faultline::attack {

namespace {

// The ascent of one chunk's images.
class LayerAscent {
 public:
  LayerAscent(const LayerAttack& attack, net::NodeId node, Chunk& chunk)
      : attack_(attack), node_(node), chunk_(chunk), batch_(chunk.batch()) {
    all_.resize(static_cast<std::size_t>(chunk.size()));
    std::iota(all_.begin(), all_.end(), 0);
  }

  void run() {
    if (attack_.to_guide) run_guides();
    read_anchors();
    for (int restart = 0; restart < attack_.restarts && chunk_.has_time(); ++restart) {
      start(restart);
      for (int step = 1; step <= attack_.steps && chunk_.step(); ++step) advance(restart, step);
    }
  }

 private:
  void run_guides() {
    for (const int image : all_) copy_values(chunk_.guide(image), batch_.point(image));
    batch_.hold_to_masks(false);
    batch_.forward();
    batch_.hold_to_masks(true);
  }

  // A or T, from the last pass.
  void read_anchors() {
    for (const int image : all_) anchors_.push_back(batch_.activation(node_, image));
  }

  void start(int restart) {
    const bool is_clean = attack_.to_guide && restart == 0;
    parallel_for(chunk_.size(), [&](std::int64_t row) {
      const int image = static_cast<int>(row);
      copy_values(chunk_.clean(image), batch_.point(image));
      if (is_clean) return;
      random_start(attack_.ball, chunk_.stream(image, "restart=" + std::to_string(restart)),
                   chunk_.clean(image), batch_.point(image));
    });
    batch_.forward();
    read_differences();
    // The clean image is a result only where nothing comes nearer to the guide.
    for (const int image : all_) offer(image, restart, 0);
  }

  void advance(int restart, int step) {
    batch_.backward(node_, all_, [this](int image, std::span<double> gradient) {
      const auto at = static_cast<std::size_t>(image);
      const double sign = attack_.to_guide ? -1 : 1;
      const double scale = distances_[at] > 0 ? sign / distances_[at] : 0;
      std::ranges::transform(differences_[at].values(), gradient.begin(),
                             [scale](double d) { return scale * d; });
    });
    parallel_for(chunk_.size(), [this](std::int64_t row) {
      const int image = static_cast<int>(row);
      attack::step(attack_.ball.norm, attack_.step_size, batch_.gradient(image), batch_.point(image));
      project(attack_.ball, chunk_.clean(image), batch_.point(image));
    });
    batch_.forward();
    read_differences();
    for (const int image : all_) offer(image, restart, step);
  }

  // A' - A or A' - T of the last pass.
  void read_differences() {
    differences_.clear();
    distances_.clear();
    for (const int image : all_) {
      DoubleTensor value = batch_.activation(node_, image);
      const DoubleTensor& anchor = anchors_[static_cast<std::size_t>(image)];
      double squares = 0;
      for (std::int64_t i = 0; i < value.elements(); ++i) {
        value[i] -= anchor[i];
        squares += value[i] * value[i];
      }
      differences_.push_back(std::move(value));
      distances_.push_back(std::sqrt(squares));
    }
  }

  void offer(int image, int restart, int step) {
    Verdict verdict = chunk_.judge(image);
    const double distance = distances_[static_cast<std::size_t>(image)];
    verdict.score = attack_.to_guide ? -distance : distance;
    if (chunk_.has_kept(image) && verdict.score <= chunk_.result(image).adversarial.score) return;
    chunk_.keep(image, batch_.point(image), verdict, restart, step);
  }

  const LayerAttack& attack_;
  net::NodeId node_;
  Chunk& chunk_;
  ActiveBatch& batch_;
  std::vector<int> all_;  // images, which all stay active
  std::vector<DoubleTensor> anchors_, differences_;
  std::vector<double> distances_;
};

class LayerAttackEntry final : public Attack {
 public:
  LayerAttackEntry(const Settings& settings, LayerAttack attack)
      : Attack(settings), attack_(std::move(attack)) {}

  PassCount cost() const override { return attack::cost(attack_); }
  std::vector<net::NodeId> observed(const net::Graph& graph) const override {
    return {node_of(attack_, graph)};
  }
  std::vector<AttackedImage> run(engine::Plan& plan, const AttackInput& input,
                                 const RunControl& control) const override {
    return attack::run(attack_, plan, input, control);
  }

 private:
  LayerAttack attack_;
};

constexpr std::array<std::string_view, 2> kDirections = {"away", "guide"};

double layer_step_size(const Settings& settings) {
  return static_cast<double>(2.5F * settings.pixels("eps") / static_cast<float>(settings.integer("steps")));
}

constexpr std::array kLayerParameters = {
    kNormParameter,
    kEpsParameter,
    text_parameter("point", "logits", "the point whose value is moved, as inspect names them"),
    choice_parameter("direction", "away", kDirections, "from the clean value, or to the guide image's"),
    with_default(kStepsParameter, "20"),
    with_formula(kStepSizeParameter, "2.5 eps / steps", &layer_step_size),
    kRestartsParameter,
};

std::unique_ptr<Attack> make_layer(const Settings& settings) {
  return std::make_unique<LayerAttackEntry>(settings,
                                            LayerAttack{.ball = ball_of(settings),
                                                        .point = settings.text("point"),
                                                        .to_guide = settings.text("direction") == "guide",
                                                        .steps = settings.integer("steps"),
                                                        .step_size = settings.pixels("step_size"),
                                                        .restarts = settings.integer("restarts")});
}

}  // namespace

PassCount cost(const LayerAttack& attack) {
  const std::int64_t restarts = attack.restarts;
  return {2 + restarts * (attack.steps + 1) + (attack.to_guide ? 1 : 0), restarts * attack.steps};
}

net::NodeId node_of(const LayerAttack& attack, const net::Graph& graph) {
  const net::NetworkMap map = net::map_network(graph);
  std::string names;
  for (const net::Point& point : map.points) {
    if (point.name == attack.point) return point.node;
    names += (names.empty() ? "" : ", ") + point.name;
  }
  throw Error(ErrorKind::usage, "attack layer: point: got '" + attack.point +
                                    "', which this network has not; its points are " + names);
}

std::vector<AttackedImage> run(const LayerAttack& attack, engine::Plan& plan, const AttackInput& input,
                               const RunControl& control) {
  if (attack.to_guide && input.guides.elements() == 0)
    throw Error(ErrorKind::usage, "attack layer: direction 'guide' needs a guide image (--guide PICTURE)");
  const net::NodeId node = node_of(attack, plan.graph());
  const ChunkTask task{
      .name = "layer", .objective = {}, .steps = std::int64_t{attack.restarts} * attack.steps};
  return attack_in_chunks(task, plan, input, control,
                          [&](Chunk& chunk) { LayerAscent(attack, node, chunk).run(); });
}

constinit const AttackEntry kLayerAttack = {
    "layer", "moves a layer's value away from the clean one, or to another image's",
    "Sabour et al. 2016, arXiv 1511.05122", kLayerParameters, &make_layer};

}  // namespace faultline::attack
