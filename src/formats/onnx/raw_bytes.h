#pragma once

#include <memory>
#include <string_view>

namespace faultline::formats {

// The values of a tensor as a file holds them, at any address.
struct RawBytes {
  std::string_view bytes;
  std::shared_ptr<const void> owner;  // keeps them, and may be kept; null: they end with the call
};

}  // namespace faultline::formats
