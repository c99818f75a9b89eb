#include <benchmark/benchmark.h>

#include <string>

#include "kernels/lone_kernel.h"
#include "kernels/suites.h"

namespace faultline::bench {

namespace {

struct PoolCase {
  const char* name;
  Shape sample;  // [C,h,w]
  net::Operator op;
};

constexpr double kTolerance = 1e-6;
constexpr int kImages = 8;

const std::vector<PoolCase>& cases() {
  const net::MaxPool halving{.kernel = {2, 2}, .strides = {2, 2}};
  const net::MaxPool overlapping{.kernel = {3, 3}, .strides = {2, 2}};
  static const std::vector<PoolCase> all = {
      {"vgg16/block1_pool", {64, 224, 224}, halving},
      {"vgg16/block2_pool", {128, 112, 112}, halving},
      {"vgg16/block3_pool", {256, 56, 56}, halving},
      {"vgg16/block4_pool", {512, 28, 28}, halving},
      {"vgg16/block5_pool", {512, 14, 14}, halving},
      {"squeezenet/pool1", {96, 109, 109}, overlapping},
      {"squeezenet/pool4", {256, 54, 54}, overlapping},
      {"squeezenet/pool8", {512, 27, 27}, overlapping},
      {"squeezenet/pool10", {1000, 13, 13}, net::GlobalAveragePool{}},
  };
  return all;
}

void time(benchmark::State& state, const std::string& name, const PoolCase& pooling, bool forward) {
  LoneKernel kernel(pooling.op, pooling.sample, {}, kImages);
  check_once(name, [&] { kernel.check(name, kTolerance); });
  for (auto _ : state) forward ? kernel.forward() : kernel.backward();
  state.counters["GB"] = benchmark::Counter(4e-9 * kImages * static_cast<double>(kernel.values()),
                                            benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace

void add_poolings() {
  for (const PoolCase& pooling : cases()) {
    for (const bool forward : {true, false}) {
      const std::string name =
          std::string(pooling.name) + (forward ? "/forward/" : "/backward/") + std::to_string(kImages);
      benchmark::RegisterBenchmark(
          name.c_str(), [=, &pooling](benchmark::State& state) { time(state, name, pooling, forward); })
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
}

}  // namespace faultline::bench
