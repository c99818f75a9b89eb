#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "study/analysis.h"
#include "study/cause_tests.h"
#include "study/conditions.h"
#include "study/detection_quantities.h"
#include "study/image_record.h"

namespace faultline::study {

// What a study measures of each image.
struct ImageStudyOptions {
  AnalysisOptions analysis;  // its attack is not read
  CauseOptions causes;
  bool detection = true;
  DetectionOptions detection_options;
  // Keeps pictures and small heatmaps of the first attack's main condition (gallery_rows.h); of the model
  // only.
  bool pictures = true;
};

// Studies image after image with one network: under each condition the attack, the controls, the comparison,
// and the tests of causes. Plans are compiled once.
class ImageStudy {
 public:
  // All must outlive the object. Throws what the plans' compilation throws, Error{usage} for options that
  // name nothing.
  ImageStudy(const formats::Model& model, const engine::Engine& engine, std::vector<Condition> conditions,
             ImageStudyOptions options);

  // Adds all rows of the image but those of the tables image, twin_image and timing.
  //   image: its sha256 names its random streams, and is "<SHA-256>#2" for a second copy of a file; number:
  //   its own. partners: whose perturbation `transfer` takes. perturbed: of the condition "given".
  // The result depends on the network, the image, its partners, the options and the seed only.
  void study(const InputImage& image, std::int64_t number, std::span<const InputImage> partners,
             const Tensor* perturbed, const RunControl& control, ImageRecord& record);

  // The class and its probability that the network gives a clean image.
  std::pair<int, double> predict(TensorView image);

  const std::vector<Condition>& conditions() const { return conditions_; }
  int draws_of(control::Needs needs) const { return analyzer_->draws_of(needs); }
  // The most passes of one image, forward and backward, without those of the attacks.
  struct Cost {
    double comparison = 0;  // controls, comparison and detection
    double causes = 0;
  };
  Cost most_passes() const;

 private:
  // What an attack made of an image under a condition.
  struct Made {
    Tensor perturbed;  // empty if eps* is censored
    AttackMade controls;
    store::AttackRow row;
  };
  using Strengths = std::vector<std::pair<std::string, attack::CriticalStrength>>;

  Made make(const Condition& condition, const InputImage& image, std::span<const InputImage> partners,
            Strengths& strengths, const RunControl& control);
  attack::AttackedImage run(const Settings& attack, const InputImage& image, const RunControl& control);
  const attack::CriticalStrength& critical(const Settings& attack, const InputImage& image,
                                           Strengths& strengths, const RunControl& control);
  void add_detection(const Analysis& analysis, const RowKey& key, ImageRecord& record);
  void add_identities(const Analysis& analysis, const RowKey& key, ImageRecord& record);

  std::vector<Condition> conditions_;
  ImageStudyOptions options_;
  std::unique_ptr<Analyzer> analyzer_;
  std::unique_ptr<CauseTests> causes_;                // none if none is wanted
  std::vector<store::DetectionRow> clean_detection_;  // of the image being studied
};

}  // namespace faultline::study
