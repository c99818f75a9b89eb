#include "planted/planted_study.h"

#include <algorithm>

#include "base/philox.h"
#include "engine/engine.h"
#include "findings/read_store.h"
#include "formats/onnx_export.h"
#include "image/encode.h"
#include "planted/patterns.h"
#include "planted/planted_network.h"

namespace faultline::test {

formats::Model stored_model(const std::filesystem::path& folder, const net::Graph& graph,
                            const std::vector<net::BlockStart>& blocks) {
  formats::write_onnx(graph, folder / "model.onnx");
  formats::Manifest manifest;
  manifest.name = "planted";
  manifest.input.width = manifest.input.height = kPictureSide;
  manifest.input.mean = manifest.input.std = {0.5F, 0.5F, 0.5F};
  for (int k = 0; k < kClasses; ++k) manifest.labels.push_back("content " + std::to_string(k));
  manifest.blocks = blocks;
  formats::write_manifest(folder / "model.json", manifest);
  return formats::load_model(folder / "model.onnx");
}

namespace {

Tensor random_content(const RandomStream& stream, int of_class) {
  Tensor pixels = Tensor::uninitialised({3, kPictureSide, kPictureSide});
  for (std::int64_t i = 0; i < pixels.elements(); ++i)
    pixels[i] = static_cast<float>(0.5 + 0.01 * stream.normal(static_cast<std::uint64_t>(i)));
  auto next = static_cast<std::uint64_t>(pixels.elements());
  for (int k = 0; k < kClasses; ++k) {
    const std::vector<double> content = content_of(k);
    const double strength =
        k == of_class ? 0.16 + 0.05 * stream.uniform(next++) : -0.04 + 0.07 * stream.uniform(next++);
    for (std::int64_t i = 0; i < pixels.elements(); ++i) {
      const std::int64_t y = i / kPictureSide % kPictureSide;
      const std::int64_t x = i % kPictureSide;
      const std::int64_t c = i / (kPictureSide * kPictureSide);
      const std::int64_t at = (c * kPatchSide + y % kPatchSide) * kPatchSide + x % kPatchSide;
      pixels[i] += static_cast<float>(strength * content[static_cast<std::size_t>(at)]);
    }
  }
  return pixels;
}

}  // namespace

std::vector<study::ListedImage> write_contents(const std::filesystem::path& folder, int count,
                                               std::uint64_t seed) {
  std::vector<study::ListedImage> images;
  for (int i = 0; i < count; ++i) {
    const RandomStream stream(seed, "content/" + std::to_string(i));
    const auto file = folder / ("content-" + std::to_string(i) + ".png");
    const int of_class = i % kTriggered;
    write_png(file, random_content(stream, of_class));
    images.push_back({.file = file, .true_class = of_class});
  }
  return images;
}

FinishedRun run_and_read(const study::StudyJob& job) {
  const auto engine = engine::make_engine("onednn");
  study::run_study(job, *engine, {}, {});
  const auto store = store::Store::open(job.output, store::Access::read);
  const findings::StoredRun run = findings::read_run(store);
  return {.identities = store.read<store::IdentityRow>(),
          .inputs = store.read<store::InputRow>(),
          .point_responses = store.read<store::PointResponseRow>(),
          .contributions = store.read<store::ContributionRow>(),
          .shapley = store.read<store::ShapleyRow>(),
          .summary = findings::summarise(run, findings::loader(store, run))};
}

}  // namespace faultline::test
