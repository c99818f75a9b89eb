#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/run_control.h"
#include "formats/load_model.h"
#include "study/image_set.h"
#include "study/image_study.h"

namespace faultline::study {

// Twins that are studied beside the model: what the architecture alone produces.
struct TwinsWanted {
  int count = 5;
  int images = 50;       // studied with each twin, a choice by hash (ImageSet::sample)
  int measured_on = 64;  // images that a twin is made on, chosen likewise
};

// What a study is to do.
struct StudyJob {
  std::filesystem::path model_file;
  formats::Model model;
  std::vector<ListedImage> images;
  std::filesystem::path output;  // the run's folder
  std::vector<StudiedAttack> attacks;
  bool given = false;  // no attack: each image has a perturbed input
  ImageStudyOptions options;
  TwinsWanted twins;
  bool misclassified_too = false;         // study images whose answer is not the true class
  std::optional<std::size_t> limit = {};  // so many of the list, a choice by hash (ImageSet::sample)
  Shard shard;
  // Begins no image after that long; the run can be taken up again.
  std::optional<std::chrono::seconds> budget = {};
};

// One image that is in the store now.
struct ImageDone {
  std::string network;  // "model", "twin-1"
  std::int64_t image = 0;
  std::string file;
  std::string status;  // as store::ImageRow
  std::string reason = {};
  int flipped = 0;  // conditions under which its answer changed
  int conditions = 0;
  std::int64_t done = 0;  // of `total`, all networks together, those of earlier runs included
  std::int64_t total = 0;
  double seconds = 0;
};

struct StudyResult {
  std::int64_t total = 0;
  std::int64_t done_before = 0;  // in the store when the run began
  std::int64_t done = 0;
  bool finished = false;  // else the budget is spent
};

// What a study costs at most, in passes of one image.
struct StudyCost {
  ImageStudy::Cost image;
  std::int64_t images = 0;  // still to be done, with the model
  std::int64_t twin_images = 0;
};

struct StudyEvents {
  std::function<void(const StudyCost& cost)> on_begin = {};
  std::function<void(const ImageDone& image)> on_image = {};
};

// Studies the images that the run's folder does not hold yet, one transaction each, and then those of each
// twin.
//   The same job in the same folder goes on where it was, and ends with the same numbers, however often and
//   however hard it was stopped.
// Throws Error{usage} if the folder holds a run of another job, saying what differs, or for a job that makes
// no sense; what the store throws; Error{interrupted}, with all images in the store that were finished.
StudyResult run_study(const StudyJob& job, const engine::Engine& engine, const StudyEvents& events,
                      const RunControl& control);

// A JSON object of everything that a run's numbers depend on. Its member "shard" is the only one in which
// shards of one study differ.
std::string configuration(const StudyJob& job, const ImageSet& set, const engine::Engine& engine);

// Of a shard's configuration that of one run over all images, and how many those are.
struct WholeStudy {
  std::string configuration;
  std::int64_t images = 0;
};
// Throws Error{io} if the text is no configuration of a study.
WholeStudy whole_study(const std::string& shard_configuration);

}  // namespace faultline::study
