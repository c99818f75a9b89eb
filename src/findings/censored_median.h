#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "findings/evidence.h"
#include "findings/measure.h"

namespace faultline::findings {

// The median of values of which some are only known to be beyond a limit: these are larger than all others;
// and some to be at most what they say.
struct CensoredMedian {
  Measured value = {};  // missing: beyond the limit, or n = 0
  Measured lower = {};  // ends of a percentile bootstrap interval; missing likewise, and for n = 1
  Measured upper = {};
  Measured limit = {};       // the least of the censored values'; missing if none is
  std::size_t censored = 0;  // of n
  // The largest of those that are only known to be at most that; missing if none is. A median, or an end, up
  // to here is known to be at most what it says.
  Measured floor = {};
  std::size_t at_floor = 0;  // of n
  std::size_t n = 0;

  bool at_most(double known) const { return floor && known <= *floor; }
};
CensoredMedian censored_median(std::span<const Censored> values);

// "2.1 (95 % interval 1.8 to more than 64, n = 40)"; "at most" stands before what is no more than the floor.
std::string in_words(const CensoredMedian& median);

}  // namespace faultline::findings
