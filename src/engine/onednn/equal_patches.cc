#include "engine/onednn/equal_patches.h"

#include <algorithm>
#include <cstring>

#include "base/parallel.h"

namespace faultline::engine::onednn {

namespace {

// Whether two pixels' channels have the same bits; `plane` floats lie between two blocks of a pixel.
template <std::size_t B>
bool same_channels(const float* a, const float* b, std::int64_t blocks, std::int64_t plane) {
  for (std::int64_t i = 0; i < blocks; ++i, a += plane, b += plane) {
    for (std::size_t k = 0; k < B; k += 2) {
      std::uint64_t pair_a = 0;
      std::uint64_t pair_b = 0;
      std::memcpy(&pair_a, a + k, sizeof(pair_a));
      std::memcpy(&pair_b, b + k, sizeof(pair_b));
      if (pair_a != pair_b) return false;  // most differ at once
    }
  }
  return true;
}

}  // namespace

std::int64_t EqualPatches::memory() const {
  const std::int64_t height = shape_.output_height;
  return (2 * height + 5) * width() + height * shape_.output_width +
         (3 * height + 5) * static_cast<std::int64_t>(sizeof(std::int32_t));
}

EqualPatches::Ties EqualPatches::find(const float* x, void* memory) const {
  const std::int64_t height = shape_.output_height;
  auto* counts = static_cast<std::int32_t*>(memory);
  std::int32_t* sums = counts + height;
  auto* bytes = reinterpret_cast<std::uint8_t*>(sums + 2 * height + 5);
  const Equalities across{.sums = sums, .pairs = bytes};
  const Equalities down{.sums = sums + height + 2, .pairs = bytes + (height + 2) * width()};
  auto* marks = reinterpret_cast<PatchTie*>(down.pairs + (height + 3) * width());
  // Output (i, j) sees rows i - pad_top .. + 2 and columns j - pad_left .. + 2; the output to its left one
  // column more, the one above one row more.
  parallel_for(height + 3, [&](std::int64_t line) {
    const std::int64_t y = line - shape_.pad_top;
    if (line < height + 2) compare_line(x, {y, 0, 1}, line, across);
    compare_line(x, {y - 1, 1, 0}, line, down);
  });
  parallel_for(height, [&](std::int64_t line) {
    counts[line] = mark_line(line, across, down, marks + line * shape_.output_width);
  });
  const auto lines = static_cast<std::size_t>(height);
  return {.marks = {marks, lines * static_cast<std::size_t>(shape_.output_width)},
          .of = {counts, lines},
          .any = std::any_of(counts, counts + height, [](std::int32_t count) { return count > 0; })};
}

void EqualPatches::compare_line(const float* x, Step step, std::int64_t line,
                                const Equalities& equalities) const {
  const std::int64_t y = step.y;
  const std::int64_t left = -shape_.pad_left - 1;
  std::uint8_t* pairs = equalities.pairs + line * width();
  const auto is_line = [&](std::int64_t at) { return at >= 0 && at < shape_.input_height; };
  const auto is_column = [&](std::int64_t at) { return at >= 0 && at < shape_.input_width; };
  if (!is_line(y) && !is_line(y + step.down)) {  // padding only
    std::fill_n(pairs, width(), std::uint8_t{1});
    equalities.sums[line] = static_cast<std::int32_t>(width());
    return;
  }
  const bool are_lines = is_line(y) && is_line(y + step.down);
  const std::int64_t other = (step.down * shape_.input_width + step.across) * shape_.block;
  const std::int64_t plane = shape_.input_height * shape_.input_width * shape_.block;
  const auto same = shape_.block == 16 ? same_channels<16> : same_channels<8>;
  std::int32_t sum = 0;
  for (std::int64_t j = 0; j < width(); ++j) {
    const std::int64_t at = left + j;
    if (are_lines && is_column(at) && is_column(at + step.across)) {
      const float* pixel = x + (y * shape_.input_width + at) * shape_.block;
      pairs[j] = same(pixel, pixel + other, shape_.input_blocks, plane);
    } else {  // padding on both sides, or against a pixel
      pairs[j] = !is_column(at) && !is_column(at + step.across);
    }
    sum += pairs[j];
  }
  equalities.sums[line] = sum;
}

std::int32_t EqualPatches::mark_line(std::int64_t line, const Equalities& across, const Equalities& down,
                                     PatchTie* marks) const {
  const auto any = [&](const Equalities& of) {
    return of.sums[line] > 0 && of.sums[line + 1] > 0 && of.sums[line + 2] > 0;
  };
  if (!any(across) && !any(down)) return 0;
  const std::uint8_t* beside = across.pairs + line * width();
  const std::uint8_t* below = down.pairs + line * width();
  std::int32_t count = 0;
  for (std::int64_t j = 0; j < shape_.output_width; ++j) {
    // Columns j to j + 2 of `beside` say whether the patch is its left neighbour, the last two of them
    // whether its own columns are equal; columns j + 1 to j + 3 of `below` the same of the patch above and of
    // its rows.
    unsigned left = 1;
    unsigned columns = 1;
    unsigned above = 1;
    unsigned rows = 1;
    for (std::int64_t u = 0; u < 3; ++u) {
      const std::uint8_t* b = beside + u * width() + j;
      const std::uint8_t* d = below + u * width() + j;
      left &= b[0];
      columns &= b[1] & b[2];
      const unsigned row = d[1] & d[2] & d[3];
      above &= row;
      if (u > 0) rows &= row;
    }
    PatchTie tie = PatchTie::none;
    if (above != 0 && line > 0) tie = PatchTie::above;
    if ((columns & rows) != 0) tie = PatchTie::flat;
    if ((left & columns) != 0 && j > 0) tie = PatchTie::left;
    marks[j] = tie;
    count += static_cast<std::int32_t>(tie != PatchTie::none);
  }
  return count;
}

}  // namespace faultline::engine::onednn
