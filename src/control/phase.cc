#include "control/phase.h"

#include "control/fourier.h"

namespace faultline::control {

namespace {

ComplexField white_noise(std::int64_t height, std::int64_t width, const RandomStream& stream) {
  ComplexField field(height, width);
  for (std::size_t i = 0; i < field.values.size(); ++i) field.values[i] = stream.normal(i);
  return field;
}

// W/|W|, with its symmetry made exact: the second of each pair of frequencies is the first's conjugate, and
// frequencies that are their own partner are real.
ComplexField unit_phases(ComplexField spectrum) {
  for (std::int64_t k = 0; k < spectrum.height; ++k) {
    for (std::int64_t l = 0; l < spectrum.width; ++l) {
      const std::int64_t partner_k = (spectrum.height - k) % spectrum.height;
      const std::int64_t partner_l = (spectrum.width - l) % spectrum.width;
      std::complex<double>& value = spectrum.at(k, l);
      if (partner_k == k && partner_l == l) {
        value = value.real() < 0 ? -1 : 1;
      } else if (k < partner_k || (k == partner_k && l < partner_l)) {
        const double size = std::abs(value);
        value = size > 0 ? value / size : 1;
        spectrum.at(partner_k, partner_l) = std::conj(value);
      }
    }
  }
  spectrum.at(0, 0) = 1;
  return spectrum;
}

}  // namespace

DoubleTensor phase(const ControlInput& input, const RandomStream& stream) {
  const TensorView d = input.perturbation;
  const std::int64_t height = d.shape()[1];
  const std::int64_t width = d.shape()[2];
  ComplexField noise_spectrum = white_noise(height, width, stream);
  transform(noise_spectrum);
  const ComplexField phases = unit_phases(std::move(noise_spectrum));
  DoubleTensor noise = DoubleTensor::uninitialised(d.shape());
  for (std::int64_t c = 0; c < d.shape()[0]; ++c) {
    ComplexField field(height, width);
    const TensorView channel = d.row(c);
    for (std::size_t i = 0; i < field.values.size(); ++i) {
      field.values[i] = static_cast<double>(channel.values()[i]);
    }
    transform(field);
    for (std::size_t i = 0; i < field.values.size(); ++i) field.values[i] *= phases.values[i];
    inverse_transform(field);
    for (std::size_t i = 0; i < field.values.size(); ++i) noise.row(c).values()[i] = field.values[i].real();
  }
  return noise;
}

}  // namespace faultline::control
