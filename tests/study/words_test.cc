#include "study/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tiny_study.h"

namespace faultline::study {
namespace {

using testing::Contains;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Words : public test::TinyStudy {
 protected:
  // Analyses, and checks what holds for any verdict.
  Verdict verdict(const AnalysisOptions& options) {
    Analyzer analyzer(model_, *engine_, options);
    analysis_ = analyzer.analyze(image_, {});
    return words(analyzer);
  }
  Verdict words(const Analyzer& analyzer) const {
    Verdict result = put_into_words(analysis_, analyzer);
    EXPECT_EQ(result.flipped, analysis_.flipped());
    EXPECT_GE(result.sentences.size(), 5U);
    for (const std::string& sentence : result.sentences) {
      EXPECT_THAT(sentence, Not(ContainsRegex("[^a-zA-Z](nan|inf)[^a-zA-Z]")));
      EXPECT_THAT(sentence, testing::EndsWith("."));
    }
    return result;
  }

  Analysis analysis_;
};

TEST_F(Words, TellWhatTheAttackChanged) {
  const Verdict told = verdict({});
  ASSERT_TRUE(told.flipped);
  EXPECT_THAT(told.headline, ContainsRegex("label[0-9] -> label[0-9]"));
  EXPECT_THAT(told.sentences[0], StartsWith("PGD (Linf, eps 4/255) turned \"label"));
  EXPECT_THAT(told.sentences[1], StartsWith("Gaussian noise with the same mean"));
  EXPECT_THAT(told.sentences[2], HasSubstr("times as far as Gaussian noise"));
  EXPECT_THAT(told.sentences[3], StartsWith("Attention (layercam)"));
  EXPECT_THAT(told.sentences[4], StartsWith("The margin of \"label"));
}

TEST_F(Words, OfAnAttackOfNoSizeSayThatNothingChanged) {
  AnalysisOptions options;
  options.attack.set("eps", 0);
  const Verdict told = verdict(options);
  EXPECT_FALSE(told.flipped);
  EXPECT_THAT(told.headline, testing::EndsWith(", unchanged"));
  EXPECT_THAT(told.sentences[0], HasSubstr("did not change the answer"));
  EXPECT_THAT(told.sentences[2], HasSubstr("cannot be said"));
}

TEST_F(Words, WithoutGaussianNoiseSayThatItIsMissing) {
  AnalysisOptions options;
  options.controls = {control::control_settings("shuffled").set("draws", 1)};
  const Verdict told = verdict(options);
  EXPECT_EQ(told.sentences[1], "There is no Gaussian noise of the same statistics to compare with.");
  EXPECT_THAT(told.sentences[2], HasSubstr("cannot be said"));
}

TEST_F(Words, WithoutStructuredNoiseSayThatItIsMissing) {
  AnalysisOptions options;
  options.controls = {control::control_settings("gaussian").set("draws", 2)};
  EXPECT_THAT(verdict(options).sentences[2], HasSubstr("no structured harmless noise"));
}

TEST_F(Words, OfAPerturbationMadeElsewhereNameNoAttack) {
  Analyzer analyzer(model_, *engine_, {});
  Tensor perturbed = image_.pixels;
  for (std::int64_t i = 0; i < 200; ++i) perturbed[i] = 1.0F - perturbed[i];
  analysis_ = analyzer.analyze_pair(image_, perturbed, {});
  EXPECT_THAT(words(analyzer).sentences[0], StartsWith("The perturbation "));
}

TEST_F(Words, CountControlsThatCouldNotBeMade) {
  Analyzer analyzer(model_, *engine_, {});
  analysis_ = analyzer.analyze(image_, {});
  analysis_.inputs.back().matched = false;
  EXPECT_THAT(words(analyzer).sentences, Contains(HasSubstr("1 control input")));
}

TEST_F(Words, NameAttacksAndClasses) {
  EXPECT_EQ(describe_attack(attack::attack_settings("pgd")), "PGD (Linf, eps 4/255)");
  EXPECT_EQ(describe_attack(attack::attack_settings("fgsm", {"eps=0.01"})), "FGSM (Linf, eps 0.01)");
  EXPECT_EQ(describe_attack(attack::attack_settings("fgsm", {"norm=l2", "eps=0.5"})), "FGSM (L2, eps 0.5)");
  EXPECT_EQ(describe_attack(attack::attack_settings("fmn", {"norm=l1", "eps=7.5"})), "FMN (L1, eps 7.5)");
  EXPECT_EQ(describe_attack(attack::attack_settings("fab")), "FAB (Linf)");
  EXPECT_EQ(class_name(model_.manifest, 3), "label3");
  EXPECT_EQ(class_name({}, 3), "class 3");
}

}  // namespace
}  // namespace faultline::study
