#pragma once

#include <cstdint>
#include <span>

#include "engine/onednn/winograd_loops.h"

namespace faultline::engine::onednn {

// What a position's 3x3 patch is equal to, in all channels and bit for bit; padding counts as zeros.
enum class PatchTie : std::uint8_t {
  none,
  left,   // the patch of the position to the left
  flat,   // not that, but itself: nine equal pixels
  above,  // neither, but the patch of the position above
};

// Finds neighbouring outputs of a 3x3 convolution that are exactly equal, because they see the same patch: a
// sky of one colour, or its line along the border of the image.
class EqualPatches {
 public:
  explicit EqualPatches(const WinogradShape& shape) : shape_(shape) {}

  // Bytes that find() works in.
  std::int64_t memory() const;

  struct Ties {
    std::span<const PatchTie> marks;   // [output_height][output_width], of lines without ties undefined
    std::span<const std::int32_t> of;  // [output_height]: how many ties the line has
    bool any = false;
  };
  // Of the image x [input_blocks][input_height][input_width][block]; the result lies in `memory`. Lines of
  // the map are shared out between the compute threads.
  Ties find(const float* x, void* memory) const;

 private:
  // Whether a pixel equals the next one, 0 or 1, with the margins that the patches of the outermost outputs
  // need.
  struct Equalities {
    std::int32_t* sums;   // of each line
    std::uint8_t* pairs;  // [lines][width()]
  };
  // From one pixel to the next: of line y, so many lines down and columns across.
  struct Step {
    std::int64_t y;
    std::int64_t down;
    std::int64_t across;
  };
  std::int64_t width() const { return shape_.output_width + 3; }
  void compare_line(const float* x, Step step, std::int64_t line, const Equalities& equalities) const;
  std::int32_t mark_line(std::int64_t line, const Equalities& across, const Equalities& down,
                         PatchTie* marks) const;

  WinogradShape shape_;
};

}  // namespace faultline::engine::onednn
