#pragma once

#include <string>
#include <vector>

#include "formats/manifest.h"
#include "study/analysis.h"

namespace faultline::study {

// What an analysis says, in plain words, for a reader who knows what a neural network is but not this
// program. Every sentence states numbers that the analysis holds; what cannot be said of one image is not
// said.
struct Verdict {
  std::string headline;  // what happened to the answer, in one line
  bool flipped = false;
  std::vector<std::string> sentences;  // outcome; growth beyond Gaussian; attention; margin; what is missing
};

Verdict put_into_words(const Analysis& analysis, const Analyzer& analyzer);

// "PGD, Linf 4/255": the attack as a reader would name it.
std::string describe_attack(const Settings& attack);

// The label of a class, or "class 17" if the manifest has none.
std::string class_name(const formats::Manifest& manifest, int class_index);

}  // namespace faultline::study
