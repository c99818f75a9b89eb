#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "findings/finding.h"
#include "findings/measure.h"

namespace faultline::test {

// A study in which there is nothing to find: the "adversarial" input of every picture is one more draw of the
// control `gaussian`, made by its own code with another stream, and given to the study as a perturbed input
// made elsewhere. It is as long as eps on every value, and so are the study's own draws; what is compared
// with them is exchangeable with them.
struct NullOptions {
  std::uint64_t number = 0;  // network, twin, pictures and all noise are this run's own
  int pictures = 60;
  float eps = 8.0F / 255;  // root mean square of the noise, pixel units
};

struct NullImage {
  bool flipped = false;
  std::vector<findings::Measured> deviating_p;  // [points]
};

struct NullRun {
  std::vector<findings::Finding> findings;
  std::vector<NullImage> images;
};

// run_study over a random VGG-11 of 32 pixels, a sixteenth as wide, with the controls that need no attack and
// one twin; then the findings from its store.
NullRun null_run(const NullOptions& options);

}  // namespace faultline::test
