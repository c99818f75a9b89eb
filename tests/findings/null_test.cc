#include <gtest/gtest.h>

#include "findings/assemble.h"
#include "synthetic.h"

namespace faultline::findings {
namespace {

// A run in which the perturbed input is drawn as every control is: nothing is to be found.
std::vector<Finding> null_run(int number) {
  StoredRun run = test::vgg16();
  constexpr std::size_t kImages = 60;
  test::list_images(run, kImages);
  std::vector<ConditionFindings> conditions;
  for (const std::string attack : {"pgd", "fgsm"}) {
    const auto draw = [&](const std::string& of) {
      return [name = of + attack + std::to_string(number)](std::size_t image, std::size_t place) {
        return 0.3 * test::normal(name, image, place);
      };
    };
    ConditionEvidence of = test::evidence(kImages);
    of.condition = test::condition(std::ssize(conditions), attack, "double");
    test::set_steps(run, of, "adversarial", draw("steps"));
    for (const char* harmless : {"transfer", "phase", "boost"}) test::add_harmless(run, of, draw(harmless));
    for (const char* kind : {"adversarial", "gaussian", "flip-gaussian", "boost"}) {
      for (const std::string method : {"layercam", "hirescam"})
        test::set_distraction(run, of, kind, method, draw(kind + method));
    }
    for (const char* kind : {"adversarial", "boost"}) test::set_shares(run, of, kind, draw(kind));
    std::vector<ConditionEvidence> twins = {test::evidence(kImages)};
    test::set_steps(run, twins[0], "adversarial", draw("twin steps"));
    test::set_shares(run, twins[0], "adversarial", draw("twin shares"));
    conditions.push_back(find_at(run, of, twins));
  }
  return assemble(run, conditions);
}

TEST(PlantedNull, IsNotSupported) {
  int supported = 0;
  for (int run = 0; run < 5; ++run) {
    for (const Finding& finding : null_run(run))
      supported += finding.answer.verdict == Verdict::supported ? 1 : 0;
  }
  // Each finding asks for an effect of a size beyond none: by chance none of 25 is supported.
  EXPECT_EQ(supported, 0);
}

}  // namespace
}  // namespace faultline::findings
