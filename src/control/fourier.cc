#include "control/fourier.h"

#include <unsupported/Eigen/FFT>

namespace faultline::control {

namespace {

using Line = std::vector<std::complex<double>>;

// Transforms `lines` lines of n values, `stride` apart, line i beginning at i * line_stride.
template <class Transform>
void apply(ComplexField& field, std::int64_t lines, std::int64_t line_stride, std::int64_t n,
           std::int64_t stride, const Transform& transform_line) {
  if (n == 1) return;  // its own transform; Eigen's FFT cannot do it
  Line in(static_cast<std::size_t>(n));
  Line out(in.size());
  const auto at = [&](std::int64_t line, std::size_t i) -> std::complex<double>& {
    return field.values[static_cast<std::size_t>(line * line_stride + static_cast<std::int64_t>(i) * stride)];
  };
  for (std::int64_t line = 0; line < lines; ++line) {
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = at(line, i);
    transform_line(out, in);
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
  Eigen::FFT<double> fft;
  apply_to_rows_and_columns(
      field, [&](Line& out, const Line& in) { fft.fwd(out.data(), in.data(), static_cast<int>(in.size())); });
}

void inverse_transform(ComplexField& field) {
  Eigen::FFT<double> fft;
  apply_to_rows_and_columns(
      field, [&](Line& out, const Line& in) { fft.inv(out.data(), in.data(), static_cast<int>(in.size())); });
}

}  // namespace faultline::control
