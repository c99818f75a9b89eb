#include "synthetic.h"

#include <bit>

#include "base/philox.h"
#include "base/sha256.h"

namespace faultline::findings::test {

namespace {

void add_point(StoredRun& run, const std::string& name, const std::string& kind, std::int64_t block) {
  const auto number = static_cast<std::int64_t>(run.points.size());
  store::PointRow row{.point = number, .name = name, .kind = kind, .block = block};
  if (kind == "layer") {
    row.layer = static_cast<std::int64_t>(run.layers.size());
    run.layers.push_back({.layer = *row.layer, .name = name, .block = block});
  }
  row.predecessors = number == 0 ? "[]" : "[" + std::to_string(number - 1) + "]";
  run.points.push_back(row);
  run.segments.push_back({.segment = number, .name = name, .point = number});
}

}  // namespace

StoredRun chain(const std::vector<std::size_t>& layers_of_blocks) {
  StoredRun run;
  run.networks = {{.network = 0, .name = "model"}};
  add_point(run, "input", "input", 0);
  for (std::size_t b = 0; b < layers_of_blocks.size(); ++b) {
    const auto block = static_cast<std::int64_t>(b);
    const std::string name = "block" + std::to_string(b + 1);
    run.blocks.push_back({.block = block, .name = name});
    for (std::size_t i = 0; i < layers_of_blocks[b]; ++i)
      add_point(run, name + "_conv" + std::to_string(i + 1), "layer", block);
    add_point(run, name + "_pool", "pooling", block);
  }
  const auto head = static_cast<std::int64_t>(layers_of_blocks.size());
  run.blocks.push_back({.block = head, .name = "head"});
  add_point(run, "fc1", "dense", head);
  add_point(run, "logits", "logits", head);
  return run;
}

StoredRun vgg16() {
  return chain({2, 2, 3, 3, 3});
}

std::string image_id(std::size_t image) {
  return sha256_hex("image " + std::to_string(image));
}

void list_images(StoredRun& run, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    run.images.push_back({.image = static_cast<std::int64_t>(i),
                          .id = image_id(i),
                          .file = "image" + std::to_string(i) + ".png",
                          .status = "studied"});
  }
}

store::ConditionRow condition(std::int64_t number, std::string attack, std::string regime) {
  return {.condition = number,
          .network = 0,
          .name = attack + " at " + regime,
          .attack_number = attack == "pgd" || attack == "apgd" ? 0 : 1,
          .attack = std::move(attack),
          .settings = "{}",
          .regime = std::move(regime)};
}

ConditionEvidence evidence(std::size_t n) {
  ConditionEvidence of;
  of.condition = condition(0, "pgd", "double");
  for (std::size_t i = 0; i < n; ++i) {
    ImageEvidence& image = of.images.emplace_back();
    image.image = static_cast<std::int64_t>(i);
    image.id = image_id(i);
    image.attack.image = image.image;
    image.attack.made = image.attack.success = image.attack.success_rounded = true;
  }
  return of;
}

namespace {

KindResponse& kind_response(const StoredRun& run, ImageEvidence& image, const std::string& kind) {
  KindResponse& of = image.kinds[kind];
  if (of.step.empty()) {
    of.role = kind == "adversarial" || kind == "gaussian" ? kind
              : kind == "flip-gaussian"                   ? "other"
                                                          : "harmless";
    of.inputs = of.kept_class = 1;
    of.log_excess.resize(run.points.size());
    of.step.resize(run.points.size());
    of.alignment.resize(run.points.size());
    of.contribution.resize(run.segments.size());
  }
  return of;
}

}  // namespace

void set_steps(const StoredRun& run, ConditionEvidence& of, const std::string& kind, const ValueOf& value) {
  for (std::size_t i = 0; i < of.images.size(); ++i) {
    KindResponse& response = kind_response(run, of.images[i], kind);
    double excess = 0;
    for (std::size_t point = 0; point < run.points.size(); ++point) {
      if (point > 0) {
        response.step[point] = value(i, point);
        excess += value(i, point);
      }
      response.log_excess[point] = excess;
    }
  }
}

void add_harmless(const StoredRun& run, ConditionEvidence& of, const ValueOf& value) {
  for (std::size_t i = 0; i < of.images.size(); ++i) {
    std::vector<Measured> steps(run.points.size());
    for (std::size_t point = 1; point < run.points.size(); ++point) steps[point] = value(i, point);
    of.images[i].harmless_steps.push_back(steps);
  }
}

void set_distraction(const StoredRun& run, ConditionEvidence& of, const std::string& kind,
                     const std::string& method, const ValueOf& value) {
  for (std::size_t i = 0; i < of.images.size(); ++i) {
    auto& maps = kind_response(run, of.images[i], kind).maps[method];
    maps.resize(run.layers.size());
    for (std::size_t layer = 0; layer < run.layers.size(); ++layer) {
      maps[layer].inputs = 1;
      maps[layer].distraction = maps[layer].distraction_blank_one = value(i, layer);
    }
  }
}

void set_shares(const StoredRun& run, ConditionEvidence& of, const std::string& kind, const ValueOf& value) {
  for (std::size_t i = 0; i < of.images.size(); ++i) {
    auto& shares = kind_response(run, of.images[i], kind).shares;
    shares.assign(run.blocks.size() + 1, 0.0);
    double rest = 1;
    for (std::size_t block = 0; block < run.blocks.size(); ++block) {
      shares[block + 1] = value(i, block);
      rest -= value(i, block);
    }
    shares[0] = rest;
  }
}

void set_sets(ConditionEvidence& of, const std::string& question,
              const std::function<std::vector<std::uint64_t>(std::size_t image)>& sets) {
  for (std::size_t i = 0; i < of.images.size(); ++i) {
    SmallestSets& found = of.images[i].sets[question];
    found.sets = sets(i);
    if (!found.sets.empty()) found.size = static_cast<double>(std::popcount(found.sets.front()));
  }
}

double normal(const std::string& name, std::size_t image, std::size_t place) {
  return RandomStream(7, name + "/" + std::to_string(image)).normal(place);
}

}  // namespace faultline::findings::test
