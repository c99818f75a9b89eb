#include "findings/twin_steps.h"

#include "findings/selection.h"

namespace faultline::findings {

TwinSteps::TwinSteps(const std::vector<ConditionEvidence>& twins, std::size_t points) {
  for (const ConditionEvidence& evidence : twins) {
    Twin twin;
    std::vector<double> sums(points, 0.0);
    std::vector<double> counts(points, 0.0);
    for (const ImageEvidence* image : select(evidence, Selection::flipped)) {
      const KindResponse* adversarial = kind_of(*image, kAdversarial);
      if (!adversarial || adversarial->step.size() != points) continue;
      twin.of_image[image->image] = adversarial->step;
      for (std::size_t point = 0; point < points; ++point) {
        if (!adversarial->step[point]) continue;
        sums[point] += *adversarial->step[point];
        ++counts[point];
      }
    }
    if (twin.of_image.empty()) continue;
    for (std::size_t point = 0; point < points; ++point) {
      twin.mean.push_back(counts[point] > 0 ? Measured{sums[point] / counts[point]} : Measured{});
    }
    twins_.push_back(std::move(twin));
  }
}

Measured TwinSteps::at(std::int64_t image, std::size_t point) const {
  double sum = 0;
  double count = 0;
  for (const Twin& twin : twins_) {
    const auto own = twin.of_image.find(image);
    const Measured step =
        own != twin.of_image.end() && own->second[point] ? own->second[point] : twin.mean[point];
    if (!step) continue;
    sum += *step;
    ++count;
  }
  return count > 0 ? Measured{sum / count} : Measured{};
}

}  // namespace faultline::findings
