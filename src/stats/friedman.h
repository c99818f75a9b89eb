#pragma once

#include <cstddef>
#include <optional>

#include "stats/interval.h"
#include "stats/resampler.h"
#include "stats/table.h"

namespace faultline::stats {

struct FriedmanTest {
  double chi_squared = 0;
  std::size_t degrees = 0;  // treatments - 1
  double p = 1;
  double kendall_w = 0;  // concordance of the blocks' rankings, from 0 (none) to 1 (all rank alike)
};

// Friedman's test (JASA 1937) whether k treatments (columns) differ, each measured in n blocks (rows), and
// Kendall's coefficient of concordance W (Kendall and Babington Smith 1939). With R_j the sum of the midranks
// of treatment j within the blocks, and t the sizes of groups of equal values within a block:
//   W = 12 sum_j (R_j - n (k+1) / 2)^2 / (n^2 (k^3 - k) - n sum (t^3 - t)),  chi_squared = n (k - 1) W,
// p by chi-squared with k - 1 degrees of freedom, which is rough below about 10 blocks.
//   Missing for fewer than 2 blocks or treatments, and where every block ties all its treatments.
std::optional<FriedmanTest> friedman_test(const Table& blocks);

// W with its percentile bootstrap interval over blocks (bootstrap.h). Resampling repeats blocks, which agree
// with themselves: both ends lie too high, by about (1 - W) / n. Missing where the test is; the interval is
// missing too where more than a tenth of the resamples have no W. Does not depend on the order of the blocks.
std::optional<Estimate> kendall_w(const Table& blocks, const BootstrapOptions& options = {});

}  // namespace faultline::stats
