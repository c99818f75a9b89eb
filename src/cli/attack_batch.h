#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "attack/attack.h"
#include "attack/autoattack.h"
#include "attack/autoattack_store.h"
#include "attack/critical_strength.h"
#include "base/settings.h"

namespace faultline::cli {

// What became of one picture.
struct BatchOutcome {
  attack::AttackedImage attacked;
  nlohmann::ordered_json more = nlohmann::ordered_json::object();  // what its record says besides
  std::string note;  // at the end of its line of the summary, with a leading space
};

// How a batch of pictures is attacked: [N], in order.
using AttackBatch = std::function<std::vector<BatchOutcome>(
    engine::Plan& plan, const attack::AttackInput& input, const RunControl& control)>;

// The attack as it is. It must outlive the result.
AttackBatch plain_attack(const attack::Attack& attack);

// The attack at each picture's critical strength, looked for from eps/16 to 16 eps of its settings, but for
// linf not beyond 1. Records get `critical`: `eps` (null if the largest fails), `fails_at`, `rounds` and all
// rounds' `forward_passes` and `backward_passes`. Throws Error{usage} for attacks without a fixed eps above 0
// and for a boost.
AttackBatch critical_attack(const Settings& settings);

// AutoAttack, which goes on from what an earlier run of the same run_name left in the folder and keeps its
// own state there.
class ResumableAutoAttack {
 public:
  ResumableAutoAttack(const Settings& settings, std::filesystem::path folder, const std::string& run_name);
  // This must outlive it.
  AttackBatch attack_batch();
  // Once all is written: removes the state.
  void forget() { store_.remove(keys_); }

 private:
  attack::AutoAttackStore store_;
  attack::AutoAttack autoattack_;
  std::vector<std::string> keys_;  // of the pictures so far
};

}  // namespace faultline::cli
