#include "study/analysis.h"

#include <algorithm>

#include "attack/catalogue.h"
#include "base/error.h"
#include "base/log.h"
#include "base/parallel.h"
#include "image/encode.h"
#include "tensor/argmax.h"
#include "tensor/softmax.h"

namespace faultline::study {

namespace {

compare::Role role_of_control(const std::string& name) {
  if (name == "gaussian") return compare::Role::gaussian;
  if (name == "shuffled" || name == "phase" || name == "boost" || name == "transfer")
    return compare::Role::harmless;
  return compare::Role::other;
}

// One draw of a control.
struct Draw {
  const control::ControlEntry* entry;
  control::ControlOptions options;
  int index;
};

InputRecord make_record(const std::string& kind, int draw, compare::Role role, Tensor pixels) {
  InputRecord record;
  record.kind = kind;
  record.draw = draw;
  record.role = role;
  record.pixels = std::move(pixels);
  return record;
}

}  // namespace

Tensor perturbation_of(TensorView perturbed, TensorView image) {
  Tensor result(image);
  const std::int64_t elements = result.elements();
  for (std::int64_t i = 0; i < elements; ++i) result[i] = perturbed[i] - image[i];
  return result;
}

std::vector<Settings> default_controls() {
  std::vector<Settings> controls;
  for (const control::ControlEntry& entry : control::control_catalogue()) {
    if (entry.by_default) controls.push_back(control::control_settings(entry.name));
  }
  return controls;
}

std::vector<Settings> default_metrics() {
  std::vector<Settings> metrics;
  for (const compare::MapDistance& each : compare::default_map_distances())
    metrics.push_back(compare::distance_settings(each.name));
  return metrics;
}

Analyzer::Analyzer(const formats::Model& model, const engine::Engine& engine, AnalysisOptions options)
    : model_(model), options_(std::move(options)), map_(model.map) {
  for (const Settings& each : options_.controls) control::find_control(each.name());
  options_.compare.distances.clear();
  for (const Settings& each : options_.metrics)
    options_.compare.distances.push_back(compare::configured_distance(each));
  attack_ = attack::make_attack(options_.attack);
  if (options_.attack.has_choice("goal", "boost"))
    boost_ = attack::make_attack(Settings(options_.attack).set("goal", "boost"));
  if (boost_ == nullptr && draws_of(control::Needs::boost) > 0) {
    log_warning("control boost is left out: attack " + options_.attack.name() +
                " has no goal 'boost' to make it by");
    std::erase_if(options_.controls, [](const Settings& each) {
      return control::find_control(each.name()).needs == control::Needs::boost;
    });
  }
  // One plan for attack and comparison: what is observed is kept by every pass anyway, for the backward
  // sweep.
  plan_ = engine.compile(model.graph, {.observed = compare::observed_nodes(model.graph, map_)});
}

Analyzer::~Analyzer() = default;

attack::AttackedImage Analyzer::run_attack(const attack::Attack& attack, const InputImage& image,
                                           const RunControl& control) {
  const Tensor batch = stack({&image.pixels, 1});
  const std::vector<std::string> keys = {image.sha256};
  const attack::AttackInput input{.images = batch, .keys = keys, .seed = options_.seed};
  return std::move(attack.run(*plan_, input, control).front());
}

std::vector<int> Analyzer::predict(std::span<const Tensor> images) const {
  const auto pass = plan_->forward(stack(images));
  std::vector<int> classes;
  for (std::int64_t row = 0; row < pass->rows(); ++row)
    classes.push_back(argmax(pass->logits().row(row).values()));
  return classes;
}

int Analyzer::draws_of(control::Needs needs) const {
  int draws = 0;
  for (const Settings& each : options_.controls) {
    if (control::find_control(each.name()).needs == needs) draws += each.integer("draws");
  }
  return draws;
}

Analysis Analyzer::analyze(const InputImage& image, const RunControl& control,
                           std::span<const InputImage> partners) {
  attack::AttackedImage attacked = run_attack(*attack_, image, control);
  AttackMade made;
  if (boost_ != nullptr && draws_of(control::Needs::boost) > 0)
    made.boost = perturbation_of(run_attack(*boost_, image, control).image, image.pixels);
  if (draws_of(control::Needs::transfer) > 0) {
    for (const InputImage& partner : partners)
      made.transfer.push_back(perturbation_of(run_attack(*attack_, partner, control).image, partner.pixels));
  }
  Analysis analysis = compare(image, attacked.image, made, control);
  analysis.attack = std::move(attacked);
  return analysis;
}

Analysis Analyzer::analyze_pair(const InputImage& image, const Tensor& perturbed, const RunControl& control) {
  return compare(image, perturbed, {}, control);
}

Analysis Analyzer::compare(const InputImage& image, const Tensor& perturbed, const AttackMade& made,
                           const RunControl& control) {
  Analysis analysis;
  analysis.image = image;
  analysis.inputs.push_back(make_record("clean", 0, compare::Role::clean, image.pixels));
  analysis.inputs.push_back(make_record("adversarial", 0, compare::Role::adversarial, perturbed));
  add_controls(analysis, made, control);
  measure(analysis);
  return analysis;
}

void Analyzer::add_controls(Analysis& analysis, const AttackMade& made, const RunControl& control) const {
  const Tensor& clean = analysis.image.pixels;
  const Tensor perturbation = perturbation_of(analysis.inputs[1].pixels, clean);
  std::vector<Draw> draws;
  for (const Settings& each : options_.controls) {
    const control::ControlEntry& entry = control::find_control(each.name());
    int possible = each.integer("draws");
    if (entry.needs == control::Needs::boost && made.boost.elements() == 0) possible = 0;
    if (entry.needs == control::Needs::transfer)
      possible = std::min(possible, static_cast<int>(made.transfer.size()));
    for (int draw = 0; draw < possible; ++draw)
      draws.push_back({&entry, control::control_options(each), draw});
  }
  std::vector<control::ControlledImage> images(draws.size());
  const auto make = [&](std::size_t i, const control::FlipTest& flips) {
    control.checkpoint();
    const Draw& draw = draws[i];
    control::ControlInput input{
        .image = clean, .perturbation = perturbation, .options = draw.options, .flips = flips};
    if (draw.entry->needs == control::Needs::boost) input.boost_perturbation = made.boost;
    if (draw.entry->needs == control::Needs::transfer)
      input.transfer_perturbation = made.transfer[static_cast<std::size_t>(draw.index)];
    images[i] = control::make_control(*draw.entry, input, options_.seed, analysis.image.sha256, draw.index);
  };
  const auto asks_network = [&](std::size_t i) { return draws[i].entry->needs == control::Needs::flips; };
  parallel_for(std::ssize(draws), [&](std::int64_t i) {
    if (!asks_network(static_cast<std::size_t>(i))) make(static_cast<std::size_t>(i), {});
  });
  // These run the network, which one thread may do.
  if (draws_of(control::Needs::flips) > 0) {
    const int clean_class = predict(analysis.image);
    const control::FlipTest flips = [&](std::span<const Tensor> tried) {
      std::vector<bool> flipped;
      for (const int each : predict(tried)) flipped.push_back(each != clean_class);
      return flipped;
    };
    for (std::size_t i = 0; i < draws.size(); ++i) {
      if (asks_network(i)) make(i, flips);
    }
  }
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const std::string name(draws[i].entry->name);
    InputRecord record =
        make_record(name, draws[i].index, images[i].matched ? role_of_control(name) : compare::Role::other,
                    std::move(images[i].image));
    record.matched = images[i].matched;
    record.as_long = draws[i].entry->scaling == control::Scaling::length;
    analysis.inputs.push_back(std::move(record));
  }
}

void Analyzer::measure(Analysis& analysis) {
  std::vector<Tensor> images;
  std::vector<compare::Role> roles;
  for (InputRecord& record : analysis.inputs) {
    if (options_.round_to_8bit) record.pixels = round_to_8bit(record.pixels);
    images.push_back(record.pixels);
    roles.push_back(record.role);
  }
  analysis.response = compare::compare_responses(*plan_, stack(images), roles, map_, options_.compare);
  for (std::size_t row = 0; row < analysis.inputs.size(); ++row) {
    InputRecord& record = analysis.inputs[row];
    const auto probabilities = softmax(analysis.response.logits.row(static_cast<std::int64_t>(row)));
    record.predicted_class = analysis.response.predictions[row];
    record.probability = probabilities[static_cast<std::size_t>(record.predicted_class)];
    record.clean_class_probability =
        probabilities[static_cast<std::size_t>(analysis.response.classes.clean_class)];
    record.perturbation = control::statistics(control::difference(record.pixels, analysis.image.pixels));
  }
}

}  // namespace faultline::study
