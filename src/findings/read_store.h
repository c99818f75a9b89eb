#pragma once

#include <cstdint>

#include "findings/evidence.h"
#include "findings/load_condition.h"
#include "findings/stored_run.h"
#include "store/store.h"

namespace faultline::findings {

// What a run has once. Of a run that is being written: to see one moment, stand between the store's begin()
// and roll_back(), here and in read_condition.
StoredRun read_run(const store::Store& store);

// A condition's evidence. Reads kImagesAtOnce images' rows at a time: memory grows with the evidence (some
// ten kilobytes an image), not with the rows. Throws ContractError for a condition that the run does not
// have.
inline constexpr std::size_t kImagesAtOnce = 100;
ConditionEvidence read_condition(const store::Store& store, const StoredRun& run, std::int64_t condition);

// read_condition of a run; both must outlive it.
LoadCondition loader(const store::Store& store, const StoredRun& run);

}  // namespace faultline::findings
