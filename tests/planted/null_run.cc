#include "planted/null_run.h"

#include <cmath>

#include "base/philox.h"
#include "control/catalogue.h"
#include "engine/engine.h"
#include "findings/read_store.h"
#include "findings/selection.h"
#include "findings/summary.h"
#include "formats/onnx_export.h"
#include "formats/vgg.h"
#include "image/encode.h"
#include "store/store.h"
#include "study/study_run.h"
#include "study/twin.h"
#include "temporary_folder.h"
#include "tensor/npy.h"

namespace faultline::test {
namespace {

constexpr int kSide = 32;
constexpr int kDraws = 8;

// Waves of random length, direction and colour, far from black and white: noise is hardly ever clipped.
Tensor random_waves(const RandomStream& stream) {
  constexpr int kWaves = 6;
  Tensor pixels = Tensor::uninitialised({3, kSide, kSide});
  for (std::int64_t i = 0; i < pixels.elements(); ++i) {
    const std::int64_t c = i / (kSide * kSide);
    const auto y = static_cast<double>(i / kSide % kSide);
    const auto x = static_cast<double>(i % kSide);
    double sum = 0;
    for (std::uint64_t wave = 0; wave < kWaves; ++wave) {
      const std::uint64_t at = 16 * wave;
      const double phase = 6.28 * stream.uniform(at + 2 + static_cast<std::uint64_t>(c));
      sum += stream.normal(at + 8) *
             std::sin(0.6 * stream.normal(at) * x + 0.6 * stream.normal(at + 1) * y + phase);
    }
    pixels[i] = static_cast<float>(0.5 + 0.16 * std::tanh(sum));
  }
  return pixels;
}

formats::Model random_model(const std::filesystem::path& folder, std::uint64_t number) {
  const formats::VggOptions options{
      .layers = 11, .seed = number, .width = 1.0 / 16, .classes = 10, .input_size = kSide};
  formats::write_onnx(formats::build_vgg(options), folder / "model.onnx");
  formats::Manifest manifest;
  manifest.name = "null";
  manifest.input.width = manifest.input.height = kSide;
  manifest.input.mean = manifest.input.std = {0.5F, 0.5F, 0.5F};
  formats::write_manifest(folder / "model.json", manifest);
  formats::Model model = formats::load_model(folder / "model.onnx");
  // Scaled to pictures layer by layer, as twins are: else a random network gives all of them one answer.
  std::vector<Tensor> pictures;
  for (int i = 0; i < 16; ++i)
    pictures.push_back(random_waves(RandomStream(number, "null-scale-" + std::to_string(i))));
  model.graph =
      study::make_twin(model.graph, *engine::make_engine("onednn"), study::stack(pictures), number, {});
  return model;
}

// One more draw of the control: of a perturbation of eps with random signs.
Tensor one_more_draw(TensorView image, float eps, std::uint64_t number, const std::string& name) {
  const RandomStream signs(number, name + "/signs");
  Tensor perturbation = Tensor::uninitialised(image.shape());
  for (std::int64_t i = 0; i < perturbation.elements(); ++i)
    perturbation[i] = signs.uniform(static_cast<std::uint64_t>(i)) < 0.5 ? -eps : eps;
  const control::ControlInput input{.image = image, .perturbation = perturbation};
  return control::make_control(control::find_control("gaussian"), input, number, name, 0).image;
}

std::vector<study::ListedImage> write_pairs(const std::filesystem::path& folder, const NullOptions& options) {
  std::vector<study::ListedImage> images;
  for (int i = 0; i < options.pictures; ++i) {
    const std::string name = "null-" + std::to_string(options.number) + "-" + std::to_string(i);
    const auto file = folder / (name + ".png");
    const Tensor pixels = round_to_8bit(random_waves(RandomStream(options.number, name)));
    write_png(file, pixels);
    write_npy(folder / (name + ".npy"), TensorView(one_more_draw(pixels, options.eps, options.number, name)));
    images.push_back({.file = file, .perturbed = folder / (name + ".npy")});
  }
  return images;
}

study::StudyJob job_of(const std::filesystem::path& folder, const NullOptions& options) {
  study::StudyJob job{.model_file = folder / "model.onnx",
                      .model = random_model(folder, options.number),
                      .images = write_pairs(folder, options),
                      .output = folder / "run",
                      .attacks = {},
                      .given = true,
                      .options = {},
                      .twins = {.count = 1, .images = options.pictures, .measured_on = 16},
                      .shard = {}};
  std::vector<Settings> controls;
  for (const char* name : {"gaussian", "shuffled", "phase", "flip-gaussian"})
    controls.push_back(control::control_settings(name));
  controls.front().set("draws", kDraws);
  job.options.analysis.controls = controls;
  job.options.analysis.seed = options.number;
  job.options.causes = study::parse_causes("none");
  job.options.detection = false;
  return job;
}

}  // namespace

NullRun null_run(const NullOptions& options) {
  const TemporaryFolder folder;
  const study::StudyJob job = job_of(folder.path(), options);
  study::run_study(job, *engine::make_engine("onednn"), {}, {});
  const auto store = store::Store::open(job.output, store::Access::read);
  const findings::StoredRun run = findings::read_run(store);
  const findings::LoadCondition load = findings::loader(store, run);
  NullRun result{.findings = findings::summarise(run, load).findings, .images = {}};
  for (const findings::ImageEvidence& image : load(0).images) {
    result.images.push_back({.flipped = findings::selected(image.attack, findings::Selection::flipped),
                             .deviating_p = image.deviating_p});
  }
  return result;
}

}  // namespace faultline::test
