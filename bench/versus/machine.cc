#include "versus/machine.h"

#include <fmt/format.h>

#include <oneapi/dnnl/dnnl_version.h>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "base/parallel.h"

namespace faultline::bench {

namespace {

// The first line of /proc/cpuinfo with this key.
std::string processor_says(const std::string& key) {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t colon = line.find(':');
    if (line.starts_with(key) && colon != std::string::npos)
      return line.substr(std::min(colon + 2, line.size()));
  }
  return "unknown";
}

std::string instruction_sets() {
  const std::vector<std::string> wanted = {"avx2",        "fma",         "avx512f",
                                           "avx512_vnni", "avx512_bf16", "amx_bf16"};
  std::istringstream flags(processor_says("flags"));
  std::string found;
  for (std::string flag; flags >> flag;) {
    for (const std::string& each : wanted) {
      if (flag == each) found += (found.empty() ? "" : " ") + flag;
    }
  }
  return found;
}

}  // namespace

std::string describe_machine(const engine::Roofline& roofline, const std::string& torch) {
  std::string text;
  text += fmt::format("- processor: {}, family {} model {}, {} cores, {} threads used; {}\n",
                      processor_says("model name"), processor_says("cpu family"), processor_says("model\t"),
                      std::thread::hardware_concurrency(), compute_threads(), instruction_sets());
  text +=
      fmt::format("- roofline, measured in the same run: matrix product {:.0f} GFLOP/s, memory {:.1f} GB/s\n",
                  roofline.sgemm_gflop_per_s, roofline.stream_gb_per_s);
  text += fmt::format("- faultline {} on oneDNN {}.{}.{}\n", FAULTLINE_VERSION, DNNL_VERSION_MAJOR,
                      DNNL_VERSION_MINOR, DNNL_VERSION_PATCH);
  return text + "- " + torch + "\n";
}

std::string rate(std::int64_t multiply_adds, double seconds, const engine::Roofline& roofline) {
  const double gflop_per_s = 2e-9 * static_cast<double>(multiply_adds) / seconds;
  return fmt::format("{:.0f} ({:.2f})", gflop_per_s, gflop_per_s / roofline.sgemm_gflop_per_s);
}

}  // namespace faultline::bench
