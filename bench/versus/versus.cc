#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>

#include "base/error.h"
#include "base/parallel.h"
#include "study/image_list.h"
#include "tensor/npy.h"
#include "versus/exchange_folder.h"
#include "versus/interventions.h"
#include "versus/jobs.h"
#include "versus/machine.h"
#include "versus/pipeline.h"
#include "versus/reductions.h"
#include "versus/scaling.h"
#include "versus/subject.h"
#include "versus/worker.h"

namespace faultline::bench {
namespace {

constexpr std::size_t kImages = 16;

struct Options {
  std::string model;
  std::vector<std::string> parts = {"passes",        "attack8",    "load",    "scaling",
                                    "interventions", "reductions", "pipeline"};
  std::string python = "/usr/bin/python3";
  std::string program;
  int repeat = 5;
  int pictures = 50;
  int threads = 0;
};

Subject make_subject(const Options& options) {
  Subject subject;
  subject.file = options.model;
  subject.model = formats::load_model(subject.file);
  subject.repeat = options.repeat;
  subject.engine = engine::make_engine("onednn");
  const std::string pictures = FAULTLINE_SOURCE_DIR "/images";
  auto files = study::list_images({pictures + "/imagenette", pictures + "/street"});
  files.resize(std::min(files.size(), kImages));
  std::vector<Tensor> pixels;
  for (const auto& file : files) {
    subject.images.push_back(study::load_input(file, subject.model.manifest));
    pixels.push_back(subject.images.back().pixels);
  }
  subject.pixels = study::stack(pixels);
  subject.roofline = engine::measure_roofline();
  return subject;
}

std::string describe(const nlohmann::json& torch) {
  return fmt::format("PyTorch {} on {}, BLAS {}, {} threads", torch.at("version").get<std::string>(),
                     torch.at("onednn").get<std::string>(), torch.at("blas").get<std::string>(),
                     torch.at("threads").get<int>());
}

void print(const std::string& text) {
  std::fputs((text + "\n").c_str(), stdout);
  std::fflush(stdout);
}

void run(const Options& options) {
  const auto wants = [&](const char* part) {
    return std::find(options.parts.begin(), options.parts.end(), part) != options.parts.end();
  };
  set_compute_threads(options.threads);
  const Subject subject = make_subject(options);
  if (wants("passes") || wants("attack8") || wants("load")) {
    const ExchangeFolder folder;
    write_npy(folder.path() / "images.npy", subject.first(10));
    const std::vector<std::string> command = {
        options.python, FAULTLINE_SOURCE_DIR "/bench/versus/torch_worker.py", options.model,
        folder.path().string(), std::to_string(compute_threads())};
    Opponents opponents{
        .plain = Worker(command),
        .tuned = Worker(command, {{"MALLOC_MMAP_MAX_", "0"}, {"MALLOC_TRIM_THRESHOLD_", "17179869184"}})};
    print(describe_machine(subject.roofline, describe(opponents.plain.greeting())));
    if (wants("passes")) print(compare_passes(subject, opponents, folder.path()));
    if (wants("attack8")) print(compare_batched_attack(subject, opponents, folder.path()));
    if (wants("load")) print(compare_loading(subject, opponents));
  }
  if (wants("scaling")) print(measure_scaling(subject));
  if (wants("interventions")) print(measure_interventions(subject));
  if (wants("reductions")) print(measure_reductions(subject));
  if (wants("pipeline")) print(measure_pipeline(subject, options.program, options.pictures));
}

int main(int argc, char** argv) {
  CLI::App app("Measures faultline beside hand-written PyTorch, and how it scales; prints markdown",
               "versus");
  Options options;
  app.add_option("MODEL", options.model, "VGG-16, as `faultline new-model vgg16` writes it")->required();
  app.add_option(
         "PART", options.parts,
         "What to measure: passes, attack8, load, scaling, interventions, reductions, pipeline; default all")
      ->check(CLI::IsMember(options.parts));
  app.add_option("--python", options.python, "A Python with torch, numpy and onnx")->capture_default_str();
  app.add_option("--repeat", options.repeat, "Timed runs of each")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("--pictures", options.pictures, "Of `pipeline`, beside 10")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--threads", options.threads, "Of both sides; default: the machine's cores");
  options.program = (std::filesystem::path(argv[0]).parent_path() / "faultline").string();
  app.add_option("--program", options.program,
                 "The faultline that `pipeline` runs; default: beside this one");
  CLI11_PARSE(app, argc, argv);
  try {
    run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "versus: %s\n", error.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace faultline::bench

int main(int argc, char** argv) {
  return faultline::bench::main(argc, argv);
}
