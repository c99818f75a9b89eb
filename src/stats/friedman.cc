#include "stats/friedman.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "stats/bootstrap.h"
#include "stats/distributions.h"
#include "stats/midranks.h"

namespace faultline::stats {
namespace {

struct RankedBlock {
  std::vector<double> ranks;  // of the treatments
  double ties = 0;            // sum of t^3 - t
};

// Ascending, so that resampling them does not depend on the order that they came in.
std::vector<RankedBlock> ranked_blocks(const Table& blocks) {
  std::vector<RankedBlock> ranked;
  for (std::size_t r = 0; r < blocks.rows(); ++r) {
    Midranks of_row = midranks(blocks.row(r));
    const double ties = tie_term(of_row.ties);
    ranked.push_back({.ranks = std::move(of_row.ranks), .ties = ties});
  }
  std::sort(ranked.begin(), ranked.end(),
            [](const RankedBlock& a, const RankedBlock& b) { return a.ranks < b.ranks; });
  return ranked;
}

// W of the drawn blocks.
std::optional<double> concordance(std::span<const RankedBlock> blocks, std::span<const std::uint32_t> drawn) {
  const std::size_t treatments = blocks.front().ranks.size();
  std::vector<double> sums(treatments, 0.0);
  double ties = 0;
  for (const std::uint32_t block : drawn) {
    const RankedBlock& of = blocks[block];
    for (std::size_t j = 0; j < treatments; ++j) sums[j] += of.ranks[j];
    ties += of.ties;
  }
  const double n = static_cast<double>(drawn.size());
  const double k = static_cast<double>(treatments);
  const double largest = n * (n * (k * k * k - k) - ties);
  if (largest <= 0) return {};
  double squares = 0;
  for (const double sum : sums) {
    const double from_mean = sum - n * (k + 1) / 2;
    squares += from_mean * from_mean;
  }
  return std::min(1.0, 12 * squares / largest);
}

std::optional<double> concordance(std::span<const RankedBlock> blocks) {
  std::vector<std::uint32_t> all(blocks.size());
  std::iota(all.begin(), all.end(), 0U);
  return concordance(blocks, all);
}

bool too_small(const Table& blocks) {
  return blocks.rows() < 2 || blocks.columns() < 2;
}

}  // namespace

std::optional<FriedmanTest> friedman_test(const Table& blocks) {
  if (too_small(blocks)) return {};
  const std::optional<double> w = concordance(ranked_blocks(blocks));
  if (!w) return {};
  const std::size_t degrees = blocks.columns() - 1;
  const double chi_squared = static_cast<double>(blocks.rows()) * static_cast<double>(degrees) * *w;
  return FriedmanTest{.chi_squared = chi_squared,
                      .degrees = degrees,
                      .p = chi_squared_survival(chi_squared, static_cast<double>(degrees)),
                      .kendall_w = *w};
}

std::optional<Estimate> kendall_w(const Table& blocks, const BootstrapOptions& options) {
  if (too_small(blocks)) return {};
  const std::vector<RankedBlock> ranked = ranked_blocks(blocks);
  const std::optional<double> w = concordance(ranked);
  if (!w) return {};
  return Estimate{
      .value = *w,
      .interval = bootstrap_interval(
          ranked.size(), [&](std::span<const std::uint32_t> drawn) { return concordance(ranked, drawn); },
          options)};
}

}  // namespace faultline::stats
