#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "findings/evidence.h"
#include "findings/stored_run.h"

namespace faultline::findings::test {

// A chain of blocks with so many layers each, named as VGG-16's are, a pooling at each block's end, and a
// head without layers of one dense layer and the logits.
StoredRun chain(const std::vector<std::size_t>& layers_of_blocks);
// VGG-16's: 2, 2, 3, 3, 3.
StoredRun vgg16();

// Images 0 ... n - 1 in the run's list, all studied; also as evidence: flipped, and still so once rounded.
void list_images(StoredRun& run, std::size_t n);
std::string image_id(std::size_t image);
ConditionEvidence evidence(std::size_t n);
// pgd and apgd are the first attack of their runs, others the second.
store::ConditionRow condition(std::int64_t number, std::string attack, std::string regime);

// Adds to each image inputs of a kind: `value(image, place)`.
using ValueOf = std::function<double(std::size_t image, std::size_t place)>;
// Steps at points; harmless kinds also as harmless inputs.
void set_steps(const StoredRun& run, ConditionEvidence& of, const std::string& kind, const ValueOf& value);
void add_harmless(const StoredRun& run, ConditionEvidence& of, const ValueOf& value);
// Distraction at layers.
void set_distraction(const StoredRun& run, ConditionEvidence& of, const std::string& kind,
                     const std::string& method, const ValueOf& value);
// Shapley shares of blocks; the input takes what is left of 1.
void set_shares(const StoredRun& run, ConditionEvidence& of, const std::string& kind, const ValueOf& value);
// Smallest sets that decide; bits are blocks; none where it is empty.
void set_sets(ConditionEvidence& of, const std::string& question,
              const std::function<std::vector<std::uint64_t>(std::size_t image)>& sets);

// Standard normal numbers, the same for the same name.
double normal(const std::string& name, std::size_t image, std::size_t place);

}  // namespace faultline::findings::test
