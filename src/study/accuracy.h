#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "attack/catalogue.h"
#include "base/run_control.h"
#include "base/settings.h"
#include "engine/engine.h"
#include "formats/load_model.h"
#include "study/input_image.h"

namespace faultline::study {

struct AccuracyOptions {
  std::vector<engine::Precision> precisions = engine::available_precisions();  // of onednn
  Settings attack = attack::attack_settings("pgd", {"norm=linf", "eps=4/255", "steps=10"});
  std::uint64_t seed = 0;
};

// One number for each picture, in their order.
struct Errors {
  std::vector<double> values = {};
  double median() const;  // of an even number the mean of the two in the middle
  double worst() const;   // the largest
  std::size_t worst_picture() const;
};

// A layer at one precision against the reference engine (tensor_errors.h).
struct LayerAccuracy {
  std::string name = {};
  Errors activation = {};             // relative L2 of the post-activation values
  Errors gradient = {};               // relative L2 of the gradient of the reference's own class there
  std::vector<Errors> heatmaps = {};  // by heatmap method: 1 - cosine of the maps of that class
};

// How PGD at one precision fared on the pictures. The label is the reference engine's class.
struct AttackAgreement {
  std::vector<bool> success = {};            // in that precision's own eyes
  std::vector<bool> reference_success = {};  // of the same adversarial image on the reference engine
};

struct PrecisionAccuracy {
  engine::Precision precision = engine::Precision::f32;
  Errors logits = {};             // relative L2
  std::vector<int> classes = {};  // predicted
  std::vector<LayerAccuracy> layers = {};
  AttackAgreement attack = {};
};

// What each precision of the onednn engine computes, against the reference engine.
struct Accuracy {
  std::vector<std::string> methods;  // the heatmaps'
  std::vector<int> classes;          // that the reference engine predicts
  std::vector<PrecisionAccuracy> precisions;

  std::size_t changed_classes(const PrecisionAccuracy& at) const;
};

// On how many pictures the two have the same verdict of their own.
std::size_t agreeing_attacks(const AttackAgreement& a, const AttackAgreement& b);

// Compares picture by picture; PGD of all pictures follows. Reports progress in pictures and attacks; may be
// stopped between two. Throws Error{model} for a network without logits, ContractError without pictures.
Accuracy measure_accuracy(const formats::Model& model, std::span<const InputImage> pictures,
                          const AccuracyOptions& options, const RunControl& control);

}  // namespace faultline::study
