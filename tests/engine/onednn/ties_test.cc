#include <gtest/gtest.h>

#include "engine/networks.h"

// Where the exact outputs of a convolution are equal, as everywhere in a sky of one colour, Winograd's are
// too, bit for bit: a pooling window there has the winner that the exact values have, the first. So are those
// of oneDNN's direct kernels but for a few at the ends of lines, on processors without AVX-512.

namespace faultline {
namespace {

struct TieCase {
  const char* name;
  std::int64_t channels;
  Shape weights;
  net::Conv op = {};
  bool tiles = false;  // computed by Winograd at fast
};

void PrintTo(const TieCase& c, std::ostream* out) {
  *out << c.name;
}

constexpr std::int64_t kSize = 30;

// Two images: noise but for a slanted sky of one colour that touches three borders, a square of zeros, lines
// that are constant across and columns that are constant down; and one colour everywhere.
Tensor skies() {
  constexpr std::int64_t kChannels = 3;
  Tensor images = test::random_tensor(Shape{2, kChannels, kSize, kSize}, "noise");
  const Tensor colours = test::random_tensor(Shape{kChannels, kSize + 1}, "colours");
  for (std::int64_t c = 0; c < kChannels; ++c) {
    for (std::int64_t y = 0; y < kSize; ++y) {
      for (std::int64_t x = 0; x < kSize; ++x) {
        float& pixel = images[(c * kSize + y) * kSize + x];
        if (y + x / 3 < 14) pixel = colours[c * (kSize + 1) + kSize];
        if (y > 13 && y < 19 && x > 1 && x < 9) pixel = 0;
        if (y > 20 && x < 14) pixel = colours[c * (kSize + 1) + y];
        if (y > 13 && x > 17) pixel = colours[c * (kSize + 1) + x];
        images[((kChannels + c) * kSize + y) * kSize + x] = colours[c * (kSize + 1) + kSize];
      }
    }
  }
  return images;
}

// Pairs of neighbours whose exact outputs are equal in all channels, and those of them that the kernel tells
// apart.
struct Ties {
  int exact = 0;
  int broken = 0;
};

Ties count_ties(const DoubleTensor& exact, const DoubleTensor& found) {
  const Shape& shape = exact.shape();
  Ties ties;
  const auto compare = [&](std::int64_t a, std::int64_t b) {
    bool is_exact = true;
    bool is_kept = true;
    for (std::int64_t k = 0, plane = shape[1] * shape[2]; k < shape[0]; ++k, a += plane, b += plane) {
      is_exact &= exact[a] == exact[b];
      is_kept &= found[a] == found[b];
    }
    ties.exact += static_cast<int>(is_exact);
    ties.broken += static_cast<int>(is_exact && !is_kept);
  };
  for (std::int64_t y = 0; y < shape[1]; ++y) {
    for (std::int64_t x = 0; x < shape[2]; ++x) {
      if (x > 0) compare(y * shape[2] + x, y * shape[2] + x - 1);
      if (y > 0) compare(y * shape[2] + x, (y - 1) * shape[2] + x);
    }
  }
  return ties;
}

class TiesTest : public ::testing::TestWithParam<TieCase> {};

TEST_P(TiesTest, AreKeptAtEveryPrecision) {
  const TieCase& c = GetParam();
  net::Graph graph;
  const auto image = graph.add("image", net::Input{Shape{3, kSize, kSize}}, {});
  // Into the channels' blocks that tiles are computed in
  const auto spread =
      c.channels == 3 ? image : test::add_conv(graph, "spread", image, Shape{c.channels, 3, 1, 1});
  const auto conv = test::add_conv(graph, "conv", spread, c.weights, c.op);
  const auto relu = graph.add("relu", net::Relu{}, {conv});
  const auto mean = graph.add("mean", net::GlobalAveragePool{}, {relu});
  graph.set_output(graph.add("flatten", net::Flatten{}, {mean}));
  const Tensor images = skies();
  const auto exact_plan = engine::make_engine("reference")->compile(graph, {.observed = {relu}});
  const auto exact = exact_plan->forward(images);
  for (const engine::Precision precision : engine::available_precisions()) {
    SCOPED_TRACE(engine::name_of(precision));
    const auto plan =
        engine::make_engine("onednn", {.precision = precision})->compile(graph, {.observed = {relu}});
    const auto found = plan->forward(images);
    for (int row = 0; row < 2; ++row) {
      SCOPED_TRACE(row);
      const Ties ties = count_ties(exact->observe(relu).read(row), found->observe(relu).read(row));
      EXPECT_GT(ties.exact, 20);
      const bool is_kept = c.tiles && precision == engine::Precision::fast;
      EXPECT_LE(ties.broken, is_kept ? 0 : ties.exact / 40) << "of " << ties.exact;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Convolutions, TiesTest,
    ::testing::Values(TieCase{"tiles", 16, {32, 16, 3, 3}, {.pads = {1, 1, 1, 1}}, true},
                      TieCase{"odd channels", 21, {37, 21, 3, 3}, {.pads = {1, 1, 1, 1}}, true},
                      TieCase{"many channels", 80, {80, 80, 3, 3}, {.pads = {1, 1, 1, 1}}, true},
                      TieCase{"tiles without pads", 16, {16, 16, 3, 3}, {}, true},
                      TieCase{"tiles with uneven pads", 16, {16, 16, 3, 3}, {.pads = {2, 0, 1, 2}}, true},
                      TieCase{"of an image", 3, {64, 3, 3, 3}, {.pads = {1, 1, 1, 1}}},
                      TieCase{"of an image, strided", 3, {96, 3, 7, 7}, {.strides = {2, 2}}},
                      TieCase{"one by one", 64, {48, 64, 1, 1}},
                      TieCase{"five by five", 16, {32, 16, 5, 5}, {.pads = {2, 2, 2, 2}}},
                      TieCase{"groups", 32, {32, 16, 3, 3}, {.pads = {1, 1, 1, 1}, .groups = 2}}));

}  // namespace
}  // namespace faultline
