#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "attack/active_batch.h"
#include "attack/attack.h"
#include "base/philox.h"

namespace faultline::attack {

// What every attack says of itself before it begins.
struct ChunkTask {
  std::string name;
  Objective objective = {};
  std::int64_t steps = 1;  // most calls of Chunk::step for one chunk
};

// Images that are attacked together: as many as one pass takes. Knows what is the same for every attack: the
// clean pass with each image's aim and verdict, the best that was found so far, streams, progress. Images are
// named by their index in the chunk, active ones by their position in the batch.
class Chunk {
 public:
  Chunk(const ChunkTask& task, engine::Plan& plan, const AttackInput& input, const RunControl& control);

  // Begins with images [first, first + count) of the input: runs the clean ones, all of which are then active
  // with their clean points. Throws Error{model} if a logit is not finite.
  void begin(int first, int count);
  // Takes the clean image where nothing was kept, judges the rounded images, and hands the results over.
  // [count].
  std::vector<AttackedImage> finish();

  int size() const { return static_cast<int>(results_.size()); }
  TensorView clean(int image) const;
  TensorView guide(int image) const { return input_.guides.row(first_ + image); }
  // Whether the value keeps its clean one (AttackInput::masks); i in [3,H,W].
  bool is_masked(int image, std::int64_t i) const;
  const Aim& aim(int image) const { return aims_[static_cast<std::size_t>(image)]; }
  // The clean pass's logits [K].
  std::span<const double> clean_logits(int image) const { return clean_logits_.row(image).values(); }
  // Verdict `clean` is there from begin() on, the others when something was kept.
  const AttackedImage& result(int image) const { return results_[static_cast<std::size_t>(image)]; }
  bool has_kept(int image) const { return result(image).image.elements() > 0; }
  // The stream "<key>/<attack>[/boost]/<use>".
  RandomStream stream(int image, const std::string& use) const;

  ActiveBatch& batch() { return batch_; }
  const ActiveBatch& batch() const { return batch_; }
  int active() const { return static_cast<int>(batch_.images().size()); }
  // The image at a position.
  int image(int k) const { return batch_.images()[static_cast<std::size_t>(k)]; }
  // Of the last forward's logits at a position.
  Verdict judge(int k) const;
  // batch().backward for the objective's score.
  void score_gradients() { batch_.backward(aims_); }

  // Takes this point [3,H,W] as the image's result so far.
  void keep(int image, TensorView point, const Verdict& verdict, int restart, int steps);

  // Counts a step: reports it, and stops here on request (RunControl::checkpoint). Returns whether there is
  // time for it; without, the attack ends with what it has.
  [[nodiscard]] bool step();
  bool has_time() const;
  // Steps that finished images made unnecessary count as done.
  void skip_to(std::int64_t steps);

 private:
  void judge_rounded();

  const ChunkTask& task_;
  const AttackInput& input_;
  const RunControl& control_;
  ActiveBatch batch_;
  int first_ = 0;
  int chunks_ = 0;  // finished ones
  std::int64_t total_steps_ = 0;
  std::int64_t steps_ = 0;  // taken with this chunk
  std::vector<AttackedImage> results_;
  std::vector<Aim> aims_;
  std::vector<int> all_;  // 0, 1, ..., size - 1
  DoubleTensor clean_logits_;
};

// Attacks all images, chunk by chunk with the same buffers: [N], in order. `attack` is called for each chunk
// that has begun. Throws what check_input throws. The results are Attack::run's.
std::vector<AttackedImage> attack_in_chunks(const ChunkTask& task, engine::Plan& plan,
                                            const AttackInput& input, const RunControl& control,
                                            const std::function<void(Chunk&)>& attack);

}  // namespace faultline::attack
