#include "attack/chunk.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "attack/input_check.h"
#include "attack/projection.h"
#include "base/error.h"
#include "base/index.h"
#include "image/encode.h"
#include "tensor/argmax.h"

namespace faultline::attack {

namespace {

void check_finite(std::span<const double> logits) {
  if (!std::all_of(logits.begin(), logits.end(), [](double z) { return std::isfinite(z); }))
    throw Error(ErrorKind::model, "the network's logits are not finite numbers");
}

int capacity_of(const AttackInput& input) {
  return static_cast<int>(std::min<std::int64_t>(input.max_batch, input.images.shape()[0]));
}

}  // namespace

Chunk::Chunk(const ChunkTask& task, engine::Plan& plan, const AttackInput& input, const RunControl& control)
    : task_(task),
      input_(input),
      control_(control),
      batch_(plan, task.objective, input.images.shape().without_leading(), capacity_of(input)) {
  const std::int64_t images = input.images.shape()[0];
  const std::int64_t capacity = capacity_of(input);
  total_steps_ = (images + capacity - 1) / capacity * task.steps;
}

TensorView Chunk::clean(int image) const {
  return input_.images.row(first_ + image);
}

void Chunk::begin(int first, int count) {
  first_ = first;
  steps_ = 0;
  results_.assign(index(count), {});
  aims_.assign(index(count), {});
  all_.resize(index(count));
  std::iota(all_.begin(), all_.end(), 0);
  batch_.begin(count);
  if (input_.masks.elements() > 0)
    batch_.confine(input_.images.rows(first, count), input_.masks.rows(first, count));
  batch_.activate(all_);
  for (const int image : all_) copy_values(clean(image), batch_.point(image));
  batch_.forward();
  clean_logits_ = DoubleTensor({count, static_cast<std::int64_t>(batch_.logits(0).size())});
  for (const int image : all_) {
    const std::span<const double> logits = batch_.logits(image);
    check_finite(logits);
    std::ranges::copy(logits, clean_logits_.row(image).data());
    Aim& aim = aims_[index(image)];
    const std::size_t row = index(first + image);
    aim.label = input_.labels.empty() ? argmax(logits) : input_.labels[row];
    if (!input_.targets.empty()) aim.target = input_.targets[row];
    if (input_.target_rule) {
      // Not the attack's own stream: all attacks are to have the same target.
      const RandomStream stream(input_.seed, input_.keys[row] + "/target");
      aim.target = target_of(*input_.target_rule, logits, aim.label, stream);
    }
    results_[index(image)].aim = aim;
    results_[index(image)].clean = judge(image);
  }
}

Verdict Chunk::judge(int k) const {
  return attack::judge(task_.objective, batch_.logits(k), aim(image(k)));
}

RandomStream Chunk::stream(int image, const std::string& use) const {
  const std::string goal = task_.objective.goal == Goal::boost ? "/boost" : "";
  return {input_.seed, input_.keys[index(first_ + image)] + "/" + task_.name + goal + "/" + use};
}

void Chunk::keep(int image, TensorView point, const Verdict& verdict, int restart, int steps) {
  AttackedImage& result = results_[index(image)];
  if (result.image.elements() == 0) result.image = Tensor::uninitialised(point.shape());
  copy_values(point, result.image);
  result.adversarial = verdict;
  result.restart = restart;
  result.steps = steps;
}

bool Chunk::has_time() const {
  return !input_.deadline || std::chrono::steady_clock::now() < *input_.deadline;
}

bool Chunk::step() {
  control_.checkpoint();
  if (!has_time()) return false;
  control_.report({chunks_ * task_.steps + steps_++, total_steps_, task_.name});
  return true;
}

bool Chunk::is_masked(int image, std::int64_t i) const {
  if (input_.masks.elements() == 0) return false;
  const TensorView mask = input_.masks.row(first_ + image);
  return mask[i % mask.elements()] == 0;
}

void Chunk::skip_to(std::int64_t steps) {
  steps_ = steps;
  control_.report({chunks_ * task_.steps + steps_, total_steps_, task_.name});
}

void Chunk::judge_rounded() {
  batch_.activate(all_);
  for (const int image : all_) copy_values(round_to_8bit(result(image).image), batch_.point(image));
  batch_.hold_to_masks(false);  // a picture has 8 bits everywhere
  batch_.forward();
  for (const int image : all_) results_[index(image)].rounded = judge(image);
}

std::vector<AttackedImage> Chunk::finish() {
  for (const int image : all_) {
    if (!has_kept(image)) keep(image, clean(image), result(image).clean, 0, 0);
  }
  judge_rounded();
  for (const int image : all_) {
    AttackedImage& result = results_[index(image)];
    result.linf = distance(Norm::linf, clean(image), result.image);
    result.l2 = distance(Norm::l2, clean(image), result.image);
    result.forward_passes = batch_.forward_passes(image);
    result.backward_passes = batch_.backward_passes(image);
  }
  skip_to(task_.steps);
  ++chunks_;
  return std::exchange(results_, {});
}

std::vector<AttackedImage> attack_in_chunks(const ChunkTask& task, engine::Plan& plan,
                                            const AttackInput& input, const RunControl& control,
                                            const std::function<void(Chunk&)>& attack) {
  check_input(plan, task.objective, input);
  std::vector<AttackedImage> results;
  const auto n = static_cast<int>(input.images.shape()[0]);
  if (n == 0) return results;
  results.reserve(index(n));
  Chunk chunk(task, plan, input, control);
  for (int first = 0; first < n; first += capacity_of(input)) {
    chunk.begin(first, std::min(capacity_of(input), n - first));
    attack(chunk);
    for (AttackedImage& result : chunk.finish()) results.push_back(std::move(result));
  }
  return results;
}

}  // namespace faultline::attack
