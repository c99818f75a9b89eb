#include "versus/reductions.h"

#include <functional>

#include "compare/responses.h"
#include "heatmap/catalogue.h"
#include "heatmap/score.h"
#include "heatmap/sweep.h"
#include "versus/spread.h"

namespace faultline::bench {

namespace {

constexpr int kRows = 10;
constexpr int kMarginSeeds = 5;  // of a comparison's second backward pass (compare/responses.h)

// The passes of ten rows, with or without what is measured on them.
class Job {
 public:
  explicit Job(const Subject& subject)
      : map_(subject.model.map),
        plan_(subject.engine->compile(subject.model.graph,
                                      {.observed = compare::observed_nodes(subject.model.graph, map_)})),
        layers_(subject.layers()),
        images_(subject.first(kRows)),
        roles_(kRows, compare::Role::gaussian) {
    roles_[0] = compare::Role::clean;
    roles_[1] = compare::Role::adversarial;
    for (const net::Point& point : map_.points) points_.push_back(point.node);
  }

  // A forward pass, and a backward one that stops at every layer for somebody who does not look.
  std::unique_ptr<engine::Pass> passes() {
    auto pass = plan_->forward(images_);
    plan_->backward(*pass, heatmap::own_score(pass->logits(), {}), layers_, ignore);
    return pass;
  }

  void grad_cam_and_deviations() {
    const std::vector<heatmap::HeatmapMethod> methods = {heatmap::heatmap_method("gradcam")};
    const auto pass = plan_->forward(images_);
    for (const net::NodeId point : points_) pass->observe(point).distances(pass->observe(point), 0);
    heatmap::heatmaps_of_all_layers(*plan_, *pass, layers_, methods, heatmap::own_score(pass->logits(), {}));
  }

  // Those, and the backward pass of the margin's and the reach's seeds at the clean row.
  void passes_of_comparison() {
    const auto pass = passes();
    engine::Seeds seeds{DoubleTensor(Shape{kMarginSeeds, pass->logits().shape()[1]}),
                        std::vector<int>(kMarginSeeds, 0)};
    for (int i = 0; i < kMarginSeeds; ++i) seeds.logit_gradients.row(i)[i] = 1;
    plan_->backward(*pass, seeds, points_, ignore);
  }

  void comparison() { compare::compare_responses(*plan_, images_, roles_, map_); }

 private:
  static void ignore(const engine::Observation&) {}

  const net::NetworkMap& map_;
  std::unique_ptr<engine::Plan> plan_;
  std::vector<net::NodeId> layers_;
  std::vector<net::NodeId> points_;
  TensorView images_;
  std::vector<compare::Role> roles_;
};

// Both in turns, after one run of each; the share is that of a turn.
std::string row(const std::string& name, int repeat, const std::function<void()>& passes,
                const std::function<void()>& measured) {
  passes();
  measured();
  std::vector<double> alone, together, more;
  for (int i = 0; i < repeat; ++i) {
    alone.push_back(bench::seconds_of(passes));
    together.push_back(bench::seconds_of(measured));
    more.push_back(100 * (together.back() / alone.back() - 1));
  }
  return table_row({name, to_text(spread_of(alone), 2), to_text(spread_of(together), 2),
                    to_text(spread_of(more), 0) + " %"});
}

}  // namespace

std::string measure_reductions(const Subject& subject) {
  Job job(subject);
  const int repeat = subject.repeat;
  return table_header({"10 rows", "the passes, s", "with what is measured, s", "more"}) +
         row(
             "Grad-CAM of every layer, deviations at every point", repeat, [&] { job.passes(); },
             [&] { job.grad_cam_and_deviations(); }) +
         row(
             "a comparison with four heatmaps a layer", repeat, [&] { job.passes_of_comparison(); },
             [&] { job.comparison(); });
}

}  // namespace faultline::bench
