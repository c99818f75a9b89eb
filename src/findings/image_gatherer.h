#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "findings/evidence.h"
#include "findings/stored_run.h"

namespace faultline::findings {

// Reduces an image's rows under a condition to its evidence. Its inputs first, then the other rows in any
// order; rows of inputs that are not matched or were not added count nowhere.
// Throws ContractError if a row names a point, segment, layer or block that the run does not have.
class ImageGatherer {
 public:
  // The run must outlive it.
  ImageGatherer(const StoredRun& run, std::string id, const store::AttackRow& attack);

  void add(const store::InputRow& row);
  void add(const store::PointResponseRow& row);
  void add(const store::ContributionRow& row);
  void add(const store::HeatmapResponseRow& row);
  void add(const store::ShapleyRow& row);
  void add(const store::GateSetRow& row);

  // The input's row; null where it was not added or is not matched.
  const store::InputRow* matched_input(std::int64_t input) const;

  ImageEvidence finish() const;

 private:
  struct Map {
    std::int64_t input = 0;
    std::size_t layer = 0;
    std::string method;
    bool blank = false;
    Measured distraction;
  };
  struct Responses {
    std::vector<Measured> deviation, log_excess, step, alignment;  // [points]
    std::vector<Measured> contribution;                            // [segments]
    std::vector<Measured> shapley_value, shapley_share;            // [1 + blocks]
  };

  Responses& responses_of(std::int64_t input);
  std::vector<std::int64_t> inputs_of(const std::string& kind) const;
  std::vector<Measured> mean_of(const std::vector<std::int64_t>& inputs,
                                std::vector<Measured> Responses::*values) const;
  std::vector<Measured> shares_of(const std::vector<std::int64_t>& inputs) const;
  std::map<std::string, std::vector<MapResponse>, std::less<>> maps_of(
      const std::vector<std::int64_t>& inputs) const;
  std::vector<Measured> deviation_p() const;
  KindResponse kind(const std::string& name) const;

  const StoredRun* run_;
  ImageEvidence base_;
  std::map<std::int64_t, store::InputRow> inputs_;  // matched
  std::map<std::int64_t, Responses> responses_;
  std::vector<Map> maps_;
  std::map<std::pair<std::string, std::size_t>, bool> clean_blank_;  // by method and layer
};

}  // namespace faultline::findings
