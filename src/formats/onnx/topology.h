#pragma once

#include <string>
#include <vector>

#include "formats/onnx/onnx_model.h"

namespace faultline::formats {

// "conv1", or the name of its first output where the node has none: what messages and the network call it.
std::string node_label(const OnnxNode& node);

// The node that produces a value, -1 if it is an input, an initialiser or unknown.
class Producers {
 public:
  // Throws Error{model} if a value is produced twice.
  explicit Producers(const OnnxModel& model);
  int of(const std::string& value) const;

 private:
  std::map<std::string, int, std::less<>> node_of_;
};

// The nodes that `output` needs, in an order in which every value is there before it is read (the file's
// order wherever that is one). Throws Error{model} naming the value or node if one is read that nothing
// produces, or nodes form a cycle.
std::vector<int> needed_nodes(const OnnxModel& model, const Producers& producers, const std::string& output);

}  // namespace faultline::formats
