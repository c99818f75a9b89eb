#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::formats {

// A serialised ModelProto, cut so that its weights need not be copied to be parsed.
struct SplitModel {
  struct Initializer {
    std::string tensor;                        // TensorProto without raw_data
    std::optional<std::string_view> raw_data;  // as it lies in the bytes
  };
  std::string model;  // ModelProto without its graph
  std::string graph;  // GraphProto without its initialisers
  bool has_graph = false;
  std::vector<Initializer> initializers;  // in order
};

// nullopt where the bytes are no protobuf message, or a truncated one. The strings inside are not checked:
// parsing them does that. At most INT_MAX bytes.
std::optional<SplitModel> split_model(std::string_view bytes);

}  // namespace faultline::formats
