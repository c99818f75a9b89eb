#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "attack/autoattack.h"

namespace faultline::attack {

// AutoAttack's state in a folder, so that a run that was cut short goes on where it was: run.json, whose run
// it is, and for each image that was attacked <key>.json, how far it is, and <key>.npy, its adversarial point
// so far. Every file is complete or absent; a point is written before its record.
class AutoAttackStore {
 public:
  // run_name says what the run is: attack and parameters, network, engine, seed.
  // Throws Error{usage} if what is in the folder is of a run of another name, Error{io} if it cannot be read.
  AutoAttackStore(std::filesystem::path folder, std::string run_name);

  // Of these images; at its beginning for those that are not in the store. Throws Error{io}.
  AutoAttackState load(std::span<const std::string> keys);
  // Makes the folder if there is none, and writes what has changed since. [N] both. Throws Error{io}.
  void save(std::span<const std::string> keys, const AutoAttackState& state);
  // Removes what was saved of these images, and the folder unless something else lies in it.
  void remove(std::span<const std::string> keys);

 private:
  std::filesystem::path file_of(const std::string& key, const char* extension) const;

  std::filesystem::path folder_;
  std::string run_name_;
  std::map<std::string, std::string> saved_;  // by key, of the images last loaded: their records
};

}  // namespace faultline::attack
