#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "findings/evidence.h"

namespace faultline::findings {

// The steps that twins take under the adversarial inputs made for them, of successful attacks: what
// architecture alone produces.
class TwinSteps {
 public:
  // twins: the same condition of each twin; points: those of the run.
  TwinSteps(const std::vector<ConditionEvidence>& twins, std::size_t points);

  bool empty() const { return twins_.empty(); }

  // Mean over twins at a point: a twin's own step for the image where it studied it, else its mean over its
  // images. Missing if no twin has one.
  Measured at(std::int64_t image, std::size_t point) const;

 private:
  struct Twin {
    std::map<std::int64_t, std::vector<Measured>> of_image;
    std::vector<Measured> mean;
  };
  std::vector<Twin> twins_;  // with at least one image
};

}  // namespace faultline::findings
