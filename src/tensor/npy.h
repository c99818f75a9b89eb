#pragma once

#include <filesystem>

#include "tensor/tensor.h"

namespace faultline {

// NumPy's .npy format, version 1.0: little-endian float32 or float64, C order.

// Writes atomically. Throws Error{io}.
void write_npy(const std::filesystem::path& path, TensorView tensor);
void write_npy(const std::filesystem::path& path, DoubleTensorView tensor);

// Reads either type, converting to the one asked for. Throws Error{io} naming the file if it is missing,
// truncated, of another type, in Fortran order, of rank above 8, or has bytes left over.
Tensor read_npy(const std::filesystem::path& path);
DoubleTensor read_npy_double(const std::filesystem::path& path);

}  // namespace faultline
