#include "compare/point_responses.h"

#include "compare/alignment.h"
#include "compare/deviation.h"
#include "compare/reach.h"
#include "compare/step.h"

namespace faultline::compare {
namespace {

PointResponse measure_point(const engine::Differences& differences, std::span<const std::size_t> gaussian) {
  PointResponse response;
  response.clean_norm = differences.base_norm;
  response.distance = differences.distances;
  for (const double distance : response.distance) {
    response.deviation.push_back(deviation(distance, response.clean_norm));
  }
  response.log_excess = log_excess(response.deviation, gaussian);
  return response;
}

void add_steps(const net::NetworkMap& map, std::size_t rows, std::vector<PointResponse>& points) {
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<Measured> excess;
    for (const PointResponse& point : points) excess.push_back(point.log_excess[row]);
    const std::vector<Measured> of_row = steps(map.points, excess);
    for (std::size_t i = 0; i < points.size(); ++i) points[i].step.push_back(of_row[i]);
  }
}

}  // namespace

MarginSweep sweep_margins(engine::Plan& plan, const engine::Pass& pass, const engine::Seeds& seeds,
                          std::span<const net::NodeId> cut) {
  MarginSweep sweep;
  sweep.rows = static_cast<std::size_t>(pass.rows());
  plan.backward(pass, seeds, cut, [&](const engine::Observation& at) {
    // Deviations could be had from the pass alone; here they cost no sweep of their own.
    sweep.differences[at.node()] = at.differences(at, 0, 0);
    sweep.gradient_norms[at.node()] = at.gradient_norms();
  });
  return sweep;
}

std::map<net::NodeId, double> pulls_of(const MarginSweep& sweep, std::size_t row) {
  std::map<net::NodeId, double> pulls;
  for (const auto& [node, differences] : sweep.differences) pulls[node] = differences.dots[row];
  return pulls;
}

std::vector<PointResponse> measure_deviations(const net::NetworkMap& map, const MarginSweep& sweep,
                                              std::span<const std::size_t> gaussian,
                                              std::span<const std::size_t> harmless) {
  std::vector<PointResponse> points;
  for (const net::Point& point : map.points)
    points.push_back(measure_point(sweep.differences.at(point.node), gaussian));
  add_steps(map, sweep.rows, points);
  for (PointResponse& point : points) point.harmless_steps = harmless_range(point.step, harmless);
  return points;
}

void add_margin_measures(const net::NetworkMap& map, const MarginSweep& sweep, std::span<const double> gaps,
                         std::vector<PointResponse>& points) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    const net::NodeId node = map.points[i].node;
    const std::vector<double>& norms = sweep.gradient_norms.at(node);
    points[i].pull = sweep.differences.at(node).dots;
    for (std::size_t row = 0; row < sweep.rows; ++row) {
      const double pull = points[i].pull[row];
      points[i].alignment.push_back(alignment(pull, points[i].distance[row], norms.front()));
    }
    points[i].reach = reach(gaps, norms);
    if (points[i].reach) points[i].relative_reach = quotient(*points[i].reach, points[i].clean_norm);
  }
}

}  // namespace faultline::compare
