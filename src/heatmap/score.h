#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace faultline::heatmap {

// The two classes that a comparison is about, the same for every input of an image: c, the clean answer, and
// t, the class it is confused with.
struct ClassPair {
  int clean_class = 0;
  int other_class = 0;
};

// What a heatmap explains: for logits [N,K], one seed for each row, in order.
//   Throw ContractError if a class that they need is not in [0, K).
engine::Seeds class_score(const DoubleTensor& logits, const ClassPair& classes);   // s = z_c
engine::Seeds margin_score(const DoubleTensor& logits, const ClassPair& classes);  // s = z_c - z_t
engine::Seeds own_score(const DoubleTensor& logits, const ClassPair& classes);  // s = z_a, a the row's argmax
// s = p_c = exp(z_c) / sum_j exp(z_j);  ds/dz_j = p_c ([j = c] - p_j)
engine::Seeds probability_score(const DoubleTensor& logits, const ClassPair& classes);

struct Score {
  std::string_view name;
  std::string_view description;  // one line
  engine::Seeds (*seeds)(const DoubleTensor& logits, const ClassPair& classes);
  // [N]: the scores themselves.
  std::vector<double> (*values)(const DoubleTensor& logits, const ClassPair& classes);

  // The score with probabilities p in the place of the logits: p_c of `class`, p_c - p_t of `margin`, p_a of
  // `own`; `probability` is one.
  const Score& as_probability() const;
};

// The scores that exist, the default first.
std::span<const Score> scores();

// Throws Error{usage} listing the names.
const Score& score(std::string_view name);

}  // namespace faultline::heatmap
