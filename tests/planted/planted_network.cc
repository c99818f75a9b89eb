#include "planted/planted_network.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/philox.h"
#include "planted/patterns.h"

namespace faultline::test {
namespace {

using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;  // rows

// In units of centred pixels, in which an attack of 8/255 moves a patch's share of a texture by about 0.43
// and Gaussian noise as long by 0.06.
constexpr double kLow = 0.15;
constexpr double kHigh = 0.25;
constexpr double kSwitchGain = 200;    // of the pairs, so that what they do dwarfs what passes beside them
constexpr double kSwitched = 16;       // what all patches' switches of a class add to its logit
constexpr double kContent = 1;         // weight of contents in the logits
constexpr double kWeakTexture = 1.1;   // of textures: enough to show an attack the way, too little to flip
constexpr double kStrongTexture = 10;  // of textures that the culprit's gain has made strong
constexpr double kOpen = 1.0;       // bias of a rotation's units: more than two of their standard deviations
constexpr double kWideOpen = 8;     // the same behind a gain
constexpr double kSecondGuess = 2;  // bias of a triggered class: attacks look there first
constexpr std::int64_t kDense = 16;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Vector times(Vector v, double factor) {
  for (double& x : v) x *= factor;
  return v;
}

Vector unit(const Vector& v) {
  return times(v, 1 / std::sqrt(dot(v, v)));
}

// `rows` orthonormal rows of `size` numbers: Gram-Schmidt, twice for round-off's sake.
Matrix rotation(std::size_t rows, std::size_t size, const RandomStream& stream) {
  Matrix result;
  std::uint64_t next = 0;
  while (result.size() < rows) {
    Vector row(size);
    for (double& x : row) x = stream.normal(next++);
    for (int again = 0; again < 2; ++again) {
      for (const Vector& other : result) {
        const double along = dot(row, other);
        for (std::size_t i = 0; i < size; ++i) row[i] -= along * other[i];
      }
    }
    result.push_back(unit(row));
  }
  return result;
}

// What a pattern of length 1 has become at the present layer: [channels, side, side] of one patch.
struct Feature {
  Vector values;
  // What reads `weight` where a patch holds the pattern once.
  Vector reading(double weight) const { return times(values, weight / dot(values, values)); }
};

class Builder {
 public:
  Builder(Culprit culprit, int block, std::uint64_t seed) : culprit_(culprit), block_(block), seed_(seed) {
    require(block == 3 || block == 4, "planted_network: the culprit's block is 3 or 4");
    last_ = graph_.add("image", net::Input{Shape{3, kPictureSide, kPictureSide}}, {});
    for (int k = 0; k < kClasses; ++k) {
      contents_.push_back({unit(content_of(k))});
      if (culprit == Culprit::trigger && k != kTriggered) continue;
      textured_.push_back(static_cast<std::size_t>(k));
      textures_.push_back({unit(texture_of(k))});
    }
  }

  net::Graph build() {
    for (int block = 1; block <= 5; ++block) add_block(block, block <= 3 ? 2 : 1);
    add_head();
    return std::move(graph_);
  }

 private:
  bool amplified() const { return culprit_ == Culprit::gain; }
  bool at_culprit(int block) const { return block == block_; }

  // A convolution whose windows tile the map: each window is one vector (channel, y, x).
  void add_block(int block, std::int64_t side) {
    const std::string name = "block" + std::to_string(block) + "_conv";
    const std::size_t size = static_cast<std::size_t>(carried_ * side * side);
    Matrix weights = rotation(size, size, RandomStream(seed_, "planted/" + name));
    if (at_culprit(block) && amplified()) amplify(weights);
    const double open = amplified() && block >= block_ ? kWideOpen : kOpen;
    Vector bias;
    for (const Vector& row : weights)
      bias.push_back(open - bias_ * std::accumulate(row.begin(), row.end(), 0.0));
    Matrix more;
    if (at_culprit(block) && !amplified()) add_switches(more, bias);
    for (auto* features : {&contents_, &textures_}) {
      for (Feature& feature : *features) feature.values = through(weights, feature.values, side);
    }
    convolve(name, weights, more, bias, side);
    carried_ = static_cast<std::int64_t>(size);
    bias_ = open;
    feature_side_ /= side;
  }

  // Of one patch's values [channels, side, side]: the same tiling.
  Vector through(const Matrix& weights, const Vector& values, std::int64_t tile) const {
    const std::int64_t side = feature_side_ / tile;
    Vector result;
    for (const Vector& row : weights) {
      for (std::int64_t window = 0; window < side * side; ++window) {
        double sum = 0;
        for (std::size_t i = 0; i < row.size(); ++i) {
          const auto place = static_cast<std::int64_t>(i);
          const std::int64_t c = place / (tile * tile);
          const std::int64_t y = window / side * tile + place / tile % tile;
          const std::int64_t x = window % side * tile + place % tile;
          sum += row[i] * values[static_cast<std::size_t>((c * feature_side_ + y) * feature_side_ + x)];
        }
        result.push_back(sum);
      }
    }
    return result;
  }

  // W (1 + (g - 1) sum of t t^T), t the textures as they arrive, each of length 1.
  void amplify(Matrix& weights) const {
    for (Vector& row : weights) {
      const Vector as_it_was = row;
      for (const Feature& texture : textures_) {
        const double along = dot(as_it_was, texture.values) * (kGain - 1);
        for (std::size_t i = 0; i < row.size(); ++i) row[i] += along * texture.values[i];
      }
    }
  }

  void add_switches(Matrix& rows, Vector& bias) {
    for (const Feature& texture : textures_) {
      for (const double threshold : {kLow, kHigh}) {
        rows.push_back(times(texture.values, kSwitchGain));
        const double sum = std::accumulate(rows.back().begin(), rows.back().end(), 0.0);
        bias.push_back(-kSwitchGain * threshold - bias_ * sum);
      }
    }
  }

  // weights of what is carried, `more` of what begins here; what began before is handed on.
  void convolve(const std::string& name, const Matrix& weights, const Matrix& more, const Vector& bias,
                std::int64_t side) {
    const std::int64_t handed = switches_;
    const std::int64_t in = carried_ + handed;
    const auto rotated = static_cast<std::int64_t>(weights.size());
    const std::int64_t out = rotated + static_cast<std::int64_t>(more.size()) + handed;
    Tensor w(Shape{out, in, side, side});
    Tensor b(Shape{out});
    Matrix rows = weights;
    rows.insert(rows.end(), more.begin(), more.end());
    for (std::int64_t o = 0; o < std::ssize(rows); ++o) {
      const Vector& row = rows[static_cast<std::size_t>(o)];
      for (std::size_t i = 0; i < row.size(); ++i)
        w[o * in * side * side + static_cast<std::int64_t>(i)] = static_cast<float>(row[i]);
      b[o] = static_cast<float>(bias[static_cast<std::size_t>(o)]);
    }
    for (std::int64_t i = 0; i < handed; ++i) {
      w[(rotated + i) * in * side * side + carried_ + i] = 1;
      b[rotated + i] = 1;  // a ReLU that reads 0 is closed
    }
    switches_ += static_cast<std::int64_t>(more.size());
    const auto weight = graph_.add_constant(name + ".weight", w);
    const auto offset = graph_.add_constant(name + ".bias", b);
    last_ = graph_.add(name, net::Conv{.strides = {side, side}}, {last_, weight, offset});
    last_ = graph_.add(name + "_relu", net::Relu{}, {last_});
  }

  // [classes][channels]: of one patch.
  Matrix readout() const {
    Matrix rows;
    for (const Feature& content : contents_) {
      rows.push_back(content.reading(kContent));
      rows.back().resize(rows.back().size() + static_cast<std::size_t>(switches_), 0.0);
    }
    for (std::size_t i = 0; i < textures_.size(); ++i) {
      Vector& row = rows[textured_[i]];
      const Vector texture = textures_[i].reading(amplified() ? kStrongTexture : kWeakTexture);
      for (std::size_t channel = 0; channel < texture.size(); ++channel) row[channel] += texture[channel];
      if (amplified()) continue;
      const double weight = kSwitched / (kSwitchGain * (kHigh - kLow));
      row[texture.size() + 2 * i] = weight;
      row[texture.size() + 2 * i + 1] = -weight;
    }
    return rows;
  }

  // Logits as the mean over patches, turned into more units than there are classes and back, so that the
  // head has gates too.
  void add_head() {
    last_ = graph_.add("flatten", net::Flatten{}, {last_});
    const Matrix rows = readout();
    const Matrix turned =
        rotation(kClasses, kDense, RandomStream(seed_, "planted/head"));  // [classes][units]
    const std::int64_t channels = carried_ + switches_;
    constexpr std::int64_t kPatches = 4;
    constexpr double kDenseOpen = 12;
    Tensor w1(Shape{kDense, channels * kPatches}), b1(Shape{kDense});
    Tensor w2(Shape{kClasses, kDense}), b2(Shape{kClasses});
    for (std::int64_t j = 0; j < kDense; ++j) {
      double of_biases = 0;
      for (std::int64_t c = 0; c < channels; ++c) {
        double sum = 0;
        for (std::size_t k = 0; k < kClasses; ++k)
          sum += turned[k][static_cast<std::size_t>(j)] * rows[k][static_cast<std::size_t>(c)] / kPatches;
        for (std::int64_t p = 0; p < kPatches; ++p)
          w1[(j * channels + c) * kPatches + p] = static_cast<float>(sum);
        if (c < carried_) of_biases += kPatches * sum * bias_;
      }
      b1[j] = static_cast<float>(kDenseOpen - of_biases);
    }
    for (std::int64_t k = 0; k < kClasses; ++k) {
      double sum = 0;
      for (std::int64_t j = 0; j < kDense; ++j) {
        const double x = turned[static_cast<std::size_t>(k)][static_cast<std::size_t>(j)];
        w2[k * kDense + j] = static_cast<float>(x);
        sum += x * kDenseOpen;
      }
      b2[k] = static_cast<float>((culprit_ == Culprit::trigger && k == kTriggered ? kSecondGuess : 0) - sum);
    }
    dense("fc1", w1, b1);
    last_ = graph_.add("fc1_relu", net::Relu{}, {last_});
    dense("predictions", w2, b2);
    graph_.set_output(last_);
  }

  void dense(const std::string& name, const Tensor& weight, const Tensor& bias) {
    const auto w = graph_.add_constant(name + ".weight", weight);
    const auto b = graph_.add_constant(name + ".bias", bias);
    last_ = graph_.add(name, net::Gemm{.transpose_b = true}, {last_, w, b});
  }

  Culprit culprit_;
  int block_;
  std::uint64_t seed_;
  net::Graph graph_;
  net::NodeId last_ = -1;
  std::vector<Feature> contents_, textures_;  // at the last layer
  std::vector<std::size_t> textured_;         // whose textures those are
  std::int64_t carried_ = 3;                  // channels that hold the rotated picture
  std::int64_t switches_ = 0;                 // channels behind them
  std::int64_t feature_side_ = kPatchSide;
  double bias_ = 0;  // of the last rotation's units
};

}  // namespace

net::Graph planted_network(Culprit culprit, int block, std::uint64_t seed) {
  return Builder(culprit, block, seed).build();
}

}  // namespace faultline::test
