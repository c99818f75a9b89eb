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
         height * static_cast<std::int64_t>(sizeof(std::int32_t));
}

EqualPatches::Ties EqualPatches::find(const float* x, void* memory) const {
  const std::int64_t height = shape_.output_height;
  auto* counts = static_cast<std::int32_t*>(memory);
  auto* bytes = reinterpret_cast<std::uint8_t*>(counts + height);
  const Equalities equalities{.across = bytes, .down = bytes + (height + 2) * width()};
  auto* marks = reinterpret_cast<PatchTie*>(equalities.down + (height + 3) * width());
  parallel_for(height + 3, [&](std::int64_t line) { compare_line(x, line, equalities); });
  parallel_for(height, [&](std::int64_t line) {
    counts[line] = mark_line(line, equalities, marks + line * shape_.output_width);
  });
  const auto lines = static_cast<std::size_t>(height);
  return {.marks = {marks, lines * static_cast<std::size_t>(shape_.output_width)},
          .of = {counts, lines},
          .any = std::any_of(counts, counts + height, [](std::int32_t count) { return count > 0; })};
}

bool EqualPatches::is_inside(std::int64_t y, std::int64_t x) const {
  return y >= 0 && y < shape_.input_height && x >= 0 && x < shape_.input_width;
}

std::uint8_t EqualPatches::equal(const float* image, std::int64_t y, std::int64_t x, std::int64_t y2,
                                 std::int64_t x2) const {
  if (is_inside(y, x) != is_inside(y2, x2)) return 0;
  if (!is_inside(y, x)) return 1;
  const float* a = image + (y * shape_.input_width + x) * shape_.block;
  const float* b = image + (y2 * shape_.input_width + x2) * shape_.block;
  const std::int64_t plane = shape_.input_height * shape_.input_width * shape_.block;
  return shape_.block == 16 ? same_channels<16>(a, b, shape_.input_blocks, plane)
                            : same_channels<8>(a, b, shape_.input_blocks, plane);
}

// Output (i, j) sees rows i - pad_top .. + 2 and columns j - pad_left .. + 2; the output to its left one
// column more, the one above one row more. So `across` begins at (-pad_top, -pad_left - 1), `down` at
// (-pad_top - 1, -pad_left - 1).
void EqualPatches::compare_line(const float* x, std::int64_t line, const Equalities& equalities) const {
  const std::int64_t left = -shape_.pad_left - 1;
  if (const std::int64_t y = line - shape_.pad_top; line < shape_.output_height + 2) {
    std::uint8_t* across = equalities.across + line * width();
    for (std::int64_t j = 0; j < width(); ++j) across[j] = equal(x, y, left + j, y, left + j + 1);
  }
  const std::int64_t y = line - shape_.pad_top - 1;
  std::uint8_t* down = equalities.down + line * width();
  for (std::int64_t j = 0; j < width(); ++j) down[j] = equal(x, y, left + j, y + 1, left + j);
}

std::int32_t EqualPatches::mark_line(std::int64_t line, const Equalities& equalities, PatchTie* marks) const {
  const std::uint8_t* across[3];
  const std::uint8_t* down[3];
  for (std::int64_t u = 0; u < 3; ++u) {
    across[u] = equalities.across + (line + u) * width();
    down[u] = equalities.down + (line + u) * width();
  }
  std::int32_t count = 0;
  for (std::int64_t j = 0; j < shape_.output_width; ++j) {
    // Columns j, j + 1, j + 2 of `across` are the patch beside its left neighbour, the last two the patch
    // within itself; columns j + 1 to j + 3 of `down` are the patch's, rows as those of `across`.
    int within = 1;
    int beside = 1;
    int over = 1;
    int height = 1;
    for (std::size_t u = 0; u < 3; ++u) {
      beside &= across[u][j];
      within &= across[u][j + 1] & across[u][j + 2];
      const int columns = down[u][j + 1] & down[u][j + 2] & down[u][j + 3];
      over &= columns;
      if (u > 0) height &= columns;
    }
    const bool is_left = j > 0 && (beside & within) != 0;
    const bool is_flat = (within & height) != 0;
    const bool is_above = line > 0 && over != 0;
    marks[j] = is_left    ? PatchTie::left
               : is_flat  ? PatchTie::flat
               : is_above ? PatchTie::above
                          : PatchTie::none;
    count += static_cast<std::int32_t>(marks[j] != PatchTie::none);
  }
  return count;
}

}  // namespace faultline::engine::onednn
