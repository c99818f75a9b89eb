#include <benchmark/benchmark.h>

#include <string>

#include "kernels/lone_kernel.h"
#include "kernels/suites.h"

namespace faultline::bench {

namespace {

struct DenseShape {
  const char* name;
  std::int64_t inputs;
  std::int64_t outputs;
};

const DenseShape kShapes[] = {
    {"vgg16/fc1", 25088, 4096}, {"vgg16/fc2", 4096, 4096}, {"vgg16/predictions", 4096, 1000}};
constexpr double kTolerance = 1e-5;

void time(benchmark::State& state, const std::string& name, const DenseShape& shape, bool forward,
          int images) {
  LoneKernel kernel(net::Gemm{.transpose_b = true}, Shape{shape.inputs},
                    {random_values(Shape{shape.outputs, shape.inputs}, "weights"),
                     random_values(Shape{shape.outputs}, "bias")},
                    images);
  check_once(name, [&] { kernel.check(name, kTolerance); });
  for (auto _ : state) forward ? kernel.forward() : kernel.backward();
  const auto weights = static_cast<double>(kernel.multiply_adds());
  using benchmark::Counter;
  state.counters["GFLOP"] = Counter(2e-9 * images * weights, Counter::kIsIterationInvariantRate);
  state.counters["weights_GB"] = Counter(4e-9 * weights, Counter::kIsIterationInvariantRate);
}

}  // namespace

void add_dense() {
  for (const DenseShape& shape : kShapes) {
    for (const bool forward : {true, false}) {
      for (const int images : {1, 8, 10}) {
        const std::string name =
            std::string(shape.name) + (forward ? "/forward/" : "/backward/") + std::to_string(images);
        benchmark::RegisterBenchmark(
            name.c_str(), [=, &shape](benchmark::State& state) { time(state, name, shape, forward, images); })
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
      }
    }
  }
}

}  // namespace faultline::bench
