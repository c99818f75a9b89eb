#pragma once

#include <string>
#include <vector>

#include "formats/onnx/onnx_model.h"

namespace faultline::formats {

// Collects what a model needs and faultline lacks, grouped, so that one message names all of it.
class Unsupported {
 public:
  // `what` is "operator 'Resize'"; `where` the node or tensor.
  void add(const std::string& what, const std::string& where);
  bool empty() const { return groups_.empty(); }
  // Throws Error{unsupported} with every group and the first few places of each; does nothing if there is
  // none.
  void throw_if_any() const;

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> groups_;  // in order of appearance
};

// Refuses, before any work, what can be seen without values: operators, domains, attributes, attribute
// values, outputs beyond the first, data types, and operators that only occur in shape computations applied
// to values that depend on the image.
//   `order` are the nodes that `output` needs, `image` is the graph's image input (empty: none), `tail` a
//   node that is going to be removed (-1: none).
void refuse_unsupported(const OnnxModel& model, const std::vector<int>& order, const std::string& output,
                        const std::string& image, int tail);

}  // namespace faultline::formats
