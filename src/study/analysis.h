#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "attack/attack.h"
#include "attack/catalogue.h"
#include "base/run_control.h"
#include "base/settings.h"
#include "compare/responses.h"
#include "control/catalogue.h"
#include "engine/engine.h"
#include "formats/load_model.h"
#include "study/input_image.h"

namespace faultline::study {

// gaussian, shuffled, phase, boost with their own numbers of draws: what the catalogue makes by default.
std::vector<Settings> default_controls();

// The distances that are measured unless others are asked for.
std::vector<Settings> default_metrics();

struct AnalysisOptions {
  Settings attack = attack::attack_settings("pgd");
  std::vector<Settings> controls = default_controls();  // control::control_settings of each
  std::vector<Settings> metrics = default_metrics();    // compare::distance_settings of each
  compare::CompareOptions compare;                      // its distances are those of `metrics`
  std::uint64_t seed = 0;
  bool round_to_8bit = false;  // analyse what an 8-bit file would hold, instead of float inputs
};

// One input of the comparison: the clean image, the perturbed one or a draw of a control.
struct InputRecord {
  std::string kind;  // "clean", "adversarial" or the control's name
  int draw = 0;
  compare::Role role = compare::Role::other;
  Tensor pixels;  // [3,h,w]
  int predicted_class = 0;
  double probability = 0;  // softmax of the predicted class
  double clean_class_probability = 0;
  control::Statistics perturbation;  // of pixels - clean pixels
  bool as_long = true;  // whether a control is to be as long as the perturbation (control::Scaling::length)
  bool matched = true;  // whether a control reached the perturbation's L2 norm; if not its role is `other`
};

// Everything that is measured of one image.
struct Analysis {
  InputImage image;
  std::optional<attack::AttackedImage> attack;  // none if the perturbed input was made elsewhere
  std::vector<InputRecord> inputs;  // rows of `response`; the first is clean, the second perturbed
  compare::ResponseComparison response;

  bool flipped() const { return inputs[1].predicted_class != inputs[0].predicted_class; }
};

// perturbed - image, of equal shapes.
Tensor perturbation_of(TensorView perturbed, TensorView image);

// Perturbations [3,h,w] by the attack that controls need, beside the one to be imitated.
struct AttackMade {
  Tensor boost;                       // empty if not made
  std::vector<Tensor> transfer = {};  // of partners, one a draw
};

// Analyses image after image with one network; plans are compiled once.
class Analyzer {
 public:
  // All must outlive the object. Throws Error{usage} for options that name nothing.
  Analyzer(const formats::Model& model, const engine::Engine& engine, AnalysisOptions options);
  ~Analyzer();

  // Clean pass, attack, controls, one comparison. Depends on the network, the pixels and hashes of image and
  // partners, the options and the seed only.
  //   partners: of the draws of `transfer` (choose_partners); draws without one are left out, and `boost` if
  //   the attack has no such goal.
  Analysis analyze(const InputImage& image, const RunControl& control,
                   std::span<const InputImage> partners = {});
  // The same for a perturbed input [3,h,w] made elsewhere; `boost` and `transfer`, which need the attack, are
  // left out.
  Analysis analyze_pair(const InputImage& image, const Tensor& perturbed, const RunControl& control);

  // What both end in: the controls of a perturbed input [3,h,w], and one comparison of all. `boost` and
  // `transfer` are made of what the attack gave for them, or left out.
  Analysis compare(const InputImage& image, const Tensor& perturbed, const AttackMade& made,
                   const RunControl& control);

  // Of all controls that need this.
  int draws_of(control::Needs needs) const;
  // The class that the network sees in an image.
  int predict(const InputImage& image) const { return predict({&image.pixels, 1}).front(); }

  // Observes compare::observed_nodes.
  engine::Plan& plan() { return *plan_; }
  const formats::Model& model() const { return model_; }
  const net::NetworkMap& map() const { return map_; }
  const AnalysisOptions& options() const { return options_; }
  // The attack that `analyze` runs.
  const attack::Attack& attack() const { return *attack_; }

 private:
  attack::AttackedImage run_attack(const attack::Attack& attack, const InputImage& image,
                                   const RunControl& control);
  std::vector<int> predict(std::span<const Tensor> images) const;
  void add_controls(Analysis& analysis, const AttackMade& made, const RunControl& control) const;
  void measure(Analysis& analysis);

  const formats::Model& model_;
  AnalysisOptions options_;
  net::NetworkMap map_;
  std::unique_ptr<engine::Plan> plan_;
  std::unique_ptr<attack::Attack> attack_;
  std::unique_ptr<attack::Attack> boost_;  // none if the attack has no such goal
};

}  // namespace faultline::study
