#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "findings/measure.h"

namespace faultline::findings {

// Values that belong to images, and their quantile over all images but one.
class HarmlessPool {
 public:
  struct Entry {
    double value = 0;
    std::size_t image = 0;  // its place among the images
  };

  explicit HarmlessPool(std::vector<Entry> entries);

  // The p-quantile (stats/quantile.h) of the values of the other images; missing if those have none.
  Measured quantile_without(std::size_t image, double p) const;
  // Of all values.
  Measured quantile(double p) const;

  std::size_t size() const { return entries_.size(); }

 private:
  double interpolated(const std::vector<std::size_t>& left_out, double p) const;

  std::vector<Entry> entries_;                           // ascending
  std::vector<std::pair<std::size_t, std::size_t>> of_;  // image and the place of an entry of it, ascending
};

}  // namespace faultline::findings
