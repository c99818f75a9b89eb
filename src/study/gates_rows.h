#pragma once

#include <cstdint>
#include <string>

#include "causal/gates_game.h"
#include "causal/sampled_shapley.h"
#include "study/analysis.h"
#include "study/image_record.h"
#include "study/response_rows.h"

namespace faultline::study {

// Of players of games that are too large to play whole, so many pairs of random orders.
constexpr int kOrderPairs = 8;

// Plays the gates game between the clean image and one input of an analysis, and adds its rows.
class GatesRows {
 public:
  // All must outlive the object.
  //   input: number of the input, of this kind.
  GatesRows(causal::GatesPlayer& player, const Analysis& analysis, std::size_t input, std::string kind,
            const RowKey& key, ImageRecord& record);

  // All values of the game, the exact shares, and the smallest sets, of which the first of each question is
  // confirmed by a full run.
  void add_whole();
  // Shares from kOrderPairs pairs of random orders, with their standard errors.
  void add_sampled(std::uint64_t seed);

 private:
  void add_shares(const causal::SampledShapley& shares, double fall);
  void add_identity(const std::string& name, double error, double tolerance);

  causal::GatesPlayer& player_;
  const Analysis& analysis_;
  std::size_t input_;
  std::string kind_;
  RowKey key_;
  ImageRecord& record_;
};

}  // namespace faultline::study
