#include "versus/scaling.h"

#include <fmt/format.h>

#include "base/parallel.h"
#include "study/benchmark.h"
#include "versus/machine.h"
#include "versus/spread.h"

namespace faultline::bench {

namespace {

// Milliseconds an image of both jobs, and the rate of the second.
std::string row(const std::string& name, const Subject& subject, engine::Plan& plan, int images,
                const engine::Roofline& roofline) {
  const TensorView pixels = subject.first(images);
  const Spread forward = time_of(subject.repeat, [&] { plan.forward(pixels); });
  const Spread maps =
      time_of(subject.repeat, [&] { study::all_layer_maps(plan, subject.model.map, pixels); });
  const std::int64_t before = plan.counters().multiply_adds;
  study::all_layer_maps(plan, subject.model.map, pixels);
  const std::int64_t multiply_adds = plan.counters().multiply_adds - before;
  const double scale = 1e3 / images;
  const auto scaled = [&](const Spread& each) {
    return to_text({scale * each.median, scale * each.least, scale * each.most}, 1);
  };
  return table_row({name, scaled(forward), scaled(maps), rate(multiply_adds, maps.median, roofline)});
}

std::string header(const std::string& what) {
  return table_header(
      {what, "forward, ms an image", "Grad-CAM at all layers, ms an image", "GFLOP/s (share)"});
}

std::string by_batch(const Subject& subject) {
  const auto plan = subject.compile();
  std::string text = header("images at a time");
  for (const int images : {1, 2, 4, 8, 16})
    text += row(std::to_string(images), subject, *plan, images, subject.roofline);
  return text;
}

// The share is that of the matrix product with as many threads.
std::string by_threads(const Subject& subject, int images) {
  const int all = compute_threads();
  std::string text = header(fmt::format("threads, {} images", images));
  for (int threads = 1; threads <= all; threads *= 2) {
    set_compute_threads(threads);
    text += row(std::to_string(threads), subject, *subject.compile(), images, engine::measure_roofline());
  }
  set_compute_threads(all);
  return text;
}

std::string by_precision(const Subject& subject, int images) {
  std::string text = header(fmt::format("--precision, {} images", images));
  for (const std::string& name : engine::precision_names()) {
    const auto engine = engine::make_engine("onednn", {.precision = engine::precision_named(name)});
    const auto plan = engine->compile(subject.model.graph, {.observed = subject.layers()});
    text += row(name, subject, *plan, images, subject.roofline);
  }
  return text;
}

}  // namespace

std::string measure_scaling(const Subject& subject) {
  constexpr int kImages = 8;
  return by_batch(subject) + "\n" + by_threads(subject, kImages) + "\n" + by_precision(subject, kImages);
}

}  // namespace faultline::bench
