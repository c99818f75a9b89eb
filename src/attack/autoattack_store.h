#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "attack/autoattack.h"

namespace faultline::attack {

// AutoAttack's state in a folder, so that a run that was cut short goes on where it was: state.json, and
// <key>.npy for each image that was attacked, its adversarial point so far. Both are written so that they are
// complete or absent, the images first.
class AutoAttackStore {
 public:
  // Reads what is in the folder, if anything. run_name says what the run is: attack and parameters, network,
  // engine, seed.
  // Throws Error{usage} if what is there is of a run of another name, Error{io} if it cannot be read.
  AutoAttackStore(std::filesystem::path folder, std::string run_name);

  // Of these images; at its beginning for those that are not in the store. Throws Error{io}.
  AutoAttackState load(std::span<const std::string> keys) const;
  // Makes the folder if there is none. [N] both. Throws Error{io}.
  void save(std::span<const std::string> keys, const AutoAttackState& state);
  // Removes the folder with all that was saved, and nothing else that lies in it.
  void remove();

 private:
  std::filesystem::path image_file(const std::string& key) const;

  std::filesystem::path folder_;
  std::string run_name_;
  std::map<std::string, std::string> records_;  // by key: an image's record as JSON
};

}  // namespace faultline::attack
