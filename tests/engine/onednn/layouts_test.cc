#include "engine/onednn/layouts.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine/networks.h"

namespace faultline {
namespace {

using engine::Layout;
using engine::onednn::blocked;
using engine::onednn::convert_row;
using engine::onednn::layout_of;

Tensor nan_row(const Layout& layout) {
  Tensor row(Shape{layout.row_elements()});
  for (float& value : row.values()) value = std::numeric_limits<float>::quiet_NaN();
  return row;
}

TEST(OneDnnLayouts, MapsAreBlockedImagesAndVectorsPlain) {
  EXPECT_EQ(layout_of(Shape{64, 7, 5}, 16), (Layout{64, 35, 16}));
  EXPECT_EQ(layout_of(Shape{5, 7, 5}, 8), (Layout{5, 35, 8}));
  EXPECT_EQ(layout_of(Shape{3, 7, 5}, 16), (Layout{3, 35, 1}));
  EXPECT_EQ(layout_of(Shape{64}, 16), (Layout{64, 1, 1}));
  EXPECT_EQ(layout_of(Shape{64, 7}, 16), (Layout{64, 7, 1}));
  EXPECT_EQ(layout_of(Shape{}, 16), (Layout{1, 1, 1}));
}

TEST(OneDnnLayouts, ConvertedRowsHoldEachElementInItsPlaceAndZeroPadding) {
  for (const std::int64_t block : {8, 16}) {
    for (const std::int64_t channels : {1, 5, 16, 17, 64}) {
      for (const std::int64_t positions : {1, 7, 600}) {
        const Layout from{channels, positions, 1};
        const Layout to = blocked(from, block);
        const Tensor row = test::random_tensor(Shape{from.row_elements()}, "row");
        Tensor there = nan_row(to);
        Tensor back = nan_row(from);
        convert_row(from, row.data(), to, there.data());
        convert_row(to, there.data(), from, back.data());
        for (std::int64_t c = 0; c < to.padded_channels(); ++c) {
          for (std::int64_t p = 0; p < positions; ++p) {
            ASSERT_EQ(there[to.offset(c, p)], c < channels ? row[from.offset(c, p)] : 0.0F) << c << ", " << p;
          }
        }
        for (std::int64_t i = 0; i < row.elements(); ++i) ASSERT_EQ(back[i], row[i]);
      }
    }
  }
}

}  // namespace
}  // namespace faultline
