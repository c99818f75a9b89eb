#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/mapped_file.h"
#include "net/graph.h"

namespace faultline::formats {

struct ImportOptions {
  // Height and width of the image, where the model leaves them symbolic.
  std::optional<std::array<std::int64_t, 2>> input_size = std::nullopt;
  // Which graph output to read; needed only if there are several.
  std::string output = {};
  // A classifier takes [N,3,H,W] with a symbolic N (whatever the file says) and gives logits [N,K]. Without
  // this the graph is taken as it stands, with its batch size, any one float input (or none: the output is
  // then a Constant) and any output: to test operators.
  bool classifier = true;
  // Where external tensors lie; read_onnx sets it to the model's own folder if it is empty.
  std::filesystem::path folder = {};
};

struct ImportedModel {
  // Without Normalize: the Input feeds what the file's input feeds. Nodes have the file's names (else their
  // output's), made unique by
  // "_2", "_3", ...; constants have their initialisers' names where no node has them.
  net::Graph graph;
  std::vector<std::string> notes;  // what was changed, in words: 'removed the trailing Softmax "prob"'
  std::int64_t opset = 0;
  std::string producer;
  // False if the output is, after all, a Softmax, LogSoftmax or Sigmoid: then margins and their gradients
  // mean something else.
  bool gives_logits = true;
  // The first node, if it combines the image with constants (Sub, Div, Mul, Add, BatchNormalization): the
  // model normalises by itself.
  std::optional<std::string> normalizing_node;
  std::int64_t batch = 0;  // of the file's input; 0 where it is symbolic
  // That weights of the graph may lie in: what they hold must not change while the graph is used.
  std::vector<std::shared_ptr<const MappedFile>> files;
};

// Imports an ONNX model, opset 7 to 17, domain ai.onnx. Integer chains (Shape, Gather, Concat, ...) and
// constant subgraphs are computed here; N stays symbolic, so a 1 that leads a Reshape of a batch becomes N. A
// trailing Softmax or LogSoftmax over the classes is removed, logits [N,K,1,1] are flattened. Throws, each in
// one line that begins with the file's name:
//   Error{model}        not ONNX, truncated, inconsistent; a weight that is NaN or infinite; a node whose
//   value has no leading N Error{unsupported}  naming all operators, attributes, values and types that
//   faultline lacks, with their nodes Error{io}           the file cannot be read
ImportedModel read_onnx(const std::filesystem::path& path, ImportOptions options = {});
// The same from memory; `name` stands for the file's in messages.
ImportedModel parse_onnx_model(std::string_view bytes, const std::string& name,
                               const ImportOptions& options = {});

// Throws Error{model} naming the first node whose value does not lead with N, for N = 1, 2, 3: its images
// would depend on each other.
void check_batch(const net::Graph& graph);

// Number of weights: the elements of all constants that the output needs.
std::int64_t parameter_count(const net::Graph& graph);

}  // namespace faultline::formats
