#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tensor/tensor.h"

// The values of tests/data/oracles, as its README.md describes them.
namespace faultline::oracles {

// What is kept of a large tensor: some elements, and norm and sum of all.
struct StoredTensor {
  DoubleTensor positions;  // [n], of the elements kept; empty if all are
  DoubleTensor values;     // [n], or the tensor's own shape
  double norm = 0;
  double sum = 0;
};

struct StoredLayer {
  std::string name;
  StoredTensor activation;
  StoredTensor gradient;
  std::vector<StoredTensor> heatmaps;  // one for each of the model's methods
};

struct StoredImage {
  std::string name;
  std::filesystem::path input;  // 8-bit pixels at the network's size
  int class_index = 0;
  DoubleTensor logits;
  StoredTensor image_gradient;
  std::vector<StoredLayer> layers;
};

struct StoredModel {
  std::filesystem::path model;
  std::vector<std::string> methods;
  std::vector<StoredImage> images;
};

StoredModel stored_model(const std::string& name);

struct StoredHeatmaps {
  std::string name;
  DoubleTensor activation_gradient;  // [2,C,h,w]
  DoubleTensor expected;             // [methods,h,w]
};

struct HeatmapCases {
  std::vector<std::string> methods;
  std::vector<StoredHeatmaps> cases;
};

HeatmapCases heatmap_cases();

struct StoredAttack {
  std::string name;  // "bim-linf-targeted"
  std::string norm;  // "linf" or "l2"
  float eps = 0;
  int steps = 0;
  float step_size = 0;
  bool targeted = false;
  DoubleTensor iterates;  // [steps,N,3,H,W]
  DoubleTensor logits;    // [N,K] of the last
  std::vector<int> prediction;
};

struct AttackCases {
  std::filesystem::path model;
  Tensor images;          // [N,3,H,W]
  DoubleTensor logits;    // [N,K]
  DoubleTensor gradient;  // [N,3,H,W]: of the label's cross-entropy
  std::vector<double> cross_entropy;
  std::vector<int> label;
  std::vector<int> target;
  std::vector<StoredAttack> attacks;
};

AttackCases attack_cases();

struct StoredConcentration {
  std::optional<double> entropy;
  std::optional<double> gini;
  int half_mass_cells = 0;
};

struct StoredComparison {
  std::string name;
  DoubleTensor maps;  // [2,h,w]: clean, other
  std::vector<std::optional<double>> distances;
  StoredConcentration clean;
  StoredConcentration other;
};

struct StoredDeviation {
  Tensor activations;  // [2,...]: clean, other
  std::optional<double> deviation;
};

struct CompareCases {
  std::vector<StoredComparison> maps;
  std::vector<StoredDeviation> deviations;
};

// distances: by these names, in this order.
CompareCases compare_cases(const std::vector<std::string>& distances);

}  // namespace faultline::oracles
