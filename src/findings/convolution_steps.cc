#include "findings/convolution_steps.h"

namespace faultline::findings {

ConvolutionSteps convolution_steps(const StoredRun& run, const ConditionEvidence& evidence,
                                   Selection selection, const TwinSteps* twins) {
  ConvolutionSteps steps{.points = convolutions(run), .rows = {}};
  for (const ImageEvidence* image : select(evidence, selection)) {
    const KindResponse* adversarial = kind_of(*image, kAdversarial);
    if (!adversarial || adversarial->step.empty()) continue;
    std::vector<Measured> row;
    bool any = false;
    for (const std::size_t point : steps.points) {
      Measured step = adversarial->step[point];
      any = any || step;
      if (step && twins) {
        const Measured of_twins = twins->at(image->image, point);
        step = of_twins ? Measured{*step - *of_twins} : Measured{};
      }
      row.push_back(step);
    }
    if (any) steps.rows.push_back(std::move(row));
  }
  return steps;
}

Measured outranked(const std::vector<Measured>& steps, std::size_t one) {
  if (!steps[one]) return {};
  double below = 0;
  double others = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i == one || !steps[i]) continue;
    ++others;
    below += *steps[i] < *steps[one] ? 1 : *steps[i] == *steps[one] ? 0.5 : 0;
  }
  return others > 0 ? Measured{below / others} : Measured{};
}

}  // namespace faultline::findings
