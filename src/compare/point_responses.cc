#include "compare/point_responses.h"

#include "compare/alignment.h"
#include "compare/deviation.h"
#include "compare/reach.h"
#include "compare/step.h"

namespace faultline::compare {
namespace {

PointResponse measure_point(const engine::Observation& activation, std::span<const std::size_t> gaussian) {
  PointResponse response;
  response.clean_norm = activation.norms().front();
  response.distance = activation.distances(activation, 0);
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

std::vector<PointResponse> measure_deviations(const engine::Pass& pass, const net::NetworkMap& map,
                                              std::span<const std::size_t> gaussian,
                                              std::span<const std::size_t> harmless) {
  std::vector<PointResponse> points;
  for (const net::Point& point : map.points)
    points.push_back(measure_point(pass.observe(point.node), gaussian));
  add_steps(map, static_cast<std::size_t>(pass.rows()), points);
  for (PointResponse& point : points) point.harmless_steps = harmless_range(point.step, harmless);
  return points;
}

MarginSweep sweep_margins(engine::Plan& plan, const engine::Pass& pass, const engine::Seeds& seeds,
                          std::span<const net::NodeId> cut) {
  MarginSweep sweep;
  sweep.pulls.resize(static_cast<std::size_t>(pass.rows()));
  plan.backward(pass, seeds, cut, [&](const engine::Observation& gradient) {
    const std::vector<double> pulls = gradient.gradient_dots(0, pass.observe(gradient.node()), 0);
    for (std::size_t row = 0; row < pulls.size(); ++row) sweep.pulls[row][gradient.node()] = pulls[row];
    sweep.gradient_norms[gradient.node()] = gradient.gradient_norms();
  });
  return sweep;
}

void add_margin_measures(const net::NetworkMap& map, const MarginSweep& sweep, std::span<const double> gaps,
                         std::vector<PointResponse>& points) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    const net::NodeId node = map.points[i].node;
    const std::vector<double>& norms = sweep.gradient_norms.at(node);
    for (std::size_t row = 0; row < sweep.pulls.size(); ++row) {
      const double pull = sweep.pulls[row].at(node);
      points[i].pull.push_back(pull);
      points[i].alignment.push_back(alignment(pull, points[i].distance[row], norms.front()));
    }
    points[i].reach = reach(gaps, norms);
    if (points[i].reach) points[i].relative_reach = quotient(*points[i].reach, points[i].clean_norm);
  }
}

}  // namespace faultline::compare
