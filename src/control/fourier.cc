#include "control/fourier.h"

#include <algorithm>
#include <bit>
#include <numbers>
#include <optional>
#include <unsupported/Eigen/FFT>

namespace faultline::control {

namespace {

using Line = std::vector<std::complex<double>>;

// Of a length with a larger prime factor Eigen's transform takes the square of that in time: of 227, the
// input of SqueezeNet, ten times as long as by a chirp.
constexpr std::int64_t kLargestFactor = 64;

std::int64_t largest_prime_factor(std::int64_t n) {
  std::int64_t largest = 1;
  for (std::int64_t factor = 2; factor * factor <= n; ++factor) {
    for (; n % factor == 0; n /= factor) largest = factor;
  }
  return std::max(largest, n);
}

// A transform of any length by some of a power of two: k l = (k^2 + l^2 - (k - l)^2) / 2 makes of the sum a
// convolution with exp(pi i j^2 / n). Bluestein, "A linear filtering approach to the computation of discrete
// Fourier transform", 1970.
class Chirp {
 public:
  explicit Chirp(std::int64_t n)
      : factors_(static_cast<std::size_t>(n)),
        kernel_(std::bit_ceil(2 * factors_.size() - 1)),
        padded_(kernel_.size()),
        product_(kernel_.size()) {
    const std::size_t count = factors_.size();
    Line around(kernel_.size());
    for (std::size_t k = 0; k < count; ++k) {
      // The square modulo 2 n: the angle itself would lose digits.
      const auto turns = static_cast<double>(k * k % (2 * count)) / static_cast<double>(count);
      factors_[k] = std::polar(1.0, -std::numbers::pi * turns);
      around[k] = around[(kernel_.size() - k) % kernel_.size()] = std::conj(factors_[k]);
    }
    fft_.fwd(kernel_.data(), around.data(), length());
  }

  void forward(Line& out, const Line& in) {
    std::fill(padded_.begin(), padded_.end(), 0);
    for (std::size_t k = 0; k < factors_.size(); ++k) padded_[k] = in[k] * factors_[k];
    fft_.fwd(product_.data(), padded_.data(), length());
    for (std::size_t k = 0; k < kernel_.size(); ++k) product_[k] *= kernel_[k];
    fft_.inv(padded_.data(), product_.data(), length());
    for (std::size_t k = 0; k < factors_.size(); ++k) out[k] = padded_[k] * factors_[k];
  }

 private:
  int length() const { return static_cast<int>(kernel_.size()); }

  Eigen::FFT<double> fft_;
  Line factors_;  // exp(-pi i k^2 / n)
  Line kernel_;   // the transform of their conjugates, k from -n + 1 to n - 1
  Line padded_;
  Line product_;
};

// Transforms of lines of one length.
class LineTransform {
 public:
  explicit LineTransform(std::int64_t n) {
    if (largest_prime_factor(n) > kLargestFactor) chirp_.emplace(n);
  }

  void forward(Line& out, const Line& in) {
    if (chirp_)
      chirp_->forward(out, in);
    else
      fft_.fwd(out.data(), in.data(), static_cast<int>(in.size()));
  }

  void inverse(Line& out, const Line& in) {
    if (!chirp_) return fft_.inv(out.data(), in.data(), static_cast<int>(in.size()));
    conjugate_.resize(in.size());
    for (std::size_t i = 0; i < in.size(); ++i) conjugate_[i] = std::conj(in[i]);
    chirp_->forward(out, conjugate_);
    for (auto& value : out) value = std::conj(value) / static_cast<double>(in.size());
  }

 private:
  Eigen::FFT<double> fft_;
  std::optional<Chirp> chirp_;
  Line conjugate_;
};

// Transforms `lines` lines of n values, `stride` apart, line i beginning at i * line_stride.
template <class Transform>
void apply(ComplexField& field, std::int64_t lines, std::int64_t line_stride, std::int64_t n,
           std::int64_t stride, const Transform& transform_line) {
  if (n == 1) return;  // its own transform; Eigen's FFT cannot do it
  LineTransform transform(n);
  Line in(static_cast<std::size_t>(n));
  Line out(in.size());
  const auto at = [&](std::int64_t line, std::size_t i) -> std::complex<double>& {
    return field.values[static_cast<std::size_t>(line * line_stride + static_cast<std::int64_t>(i) * stride)];
  };
  for (std::int64_t line = 0; line < lines; ++line) {
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = at(line, i);
    transform_line(transform, out, in);
    for (std::size_t i = 0; i < in.size(); ++i) at(line, i) = out[i];
  }
}

template <class Transform>
void apply_to_rows_and_columns(ComplexField& field, const Transform& transform_line) {
  apply(field, field.height, field.width, field.width, 1, transform_line);
  apply(field, field.width, 1, field.height, field.width, transform_line);
}

}  // namespace

void transform(ComplexField& field) {
  apply_to_rows_and_columns(
      field, [](LineTransform& transform, Line& out, const Line& in) { transform.forward(out, in); });
}

void inverse_transform(ComplexField& field) {
  apply_to_rows_and_columns(
      field, [](LineTransform& transform, Line& out, const Line& in) { transform.inverse(out, in); });
}

}  // namespace faultline::control
