#include "formats/onnx/importer.h"

#include <algorithm>

#include "base/error.h"
#include "formats/onnx/refuse.h"

namespace faultline::formats {

bool passes_logits(std::string_view op) {
  return op == "Identity" || op == "Dropout" || op == "Cast" || op == "Flatten" || op == "Reshape" ||
         op == "Squeeze" || op == "Unsqueeze";
}

void Importer::finish_output() {
  const Value& value = *find_value(output_);
  net::NodeId id = value.node;
  if (value.literal && options_.classifier)
    refuse("the output '" + output_ + "' does not depend on the input");
  if (value.literal) id = constant_node(value);
  if (options_.classifier) {
    const int rank = value.shape.rank();
    if (rank < 2 || value.shape[1] != value.shape.elements(1, rank)) {
      refuse("the output '" + output_ + "' has the shape " + value.shape.to_string() + " for " +
             std::to_string(kProbeBatch) + " images, expected logits [N, K]");
    }
    note_output_kind(id);
    if (rank > 2) {
      const std::string name = unique_name("logits_flatten");
      result_.notes.push_back("flattened the logits " + value.shape.without_leading().to_string() + " by \"" +
                              name + "\"");
      id = result_.graph.add(name, net::Flatten{}, {id});
    }
  }
  result_.graph.set_output(id);
}

void Importer::note_batch_rewrite(const NodeView& view, const Converted& converted, const std::string& name) {
  const auto* reshape = std::get_if<net::Reshape>(&converted.op);
  if (reshape == nullptr || reshape->dims.empty() || reshape->dims.front() != 0) return;
  if (view.symbols(1).front() == SymbolicInt{1, 0})
    result_.notes.push_back("rewrote the literal batch 1 of Reshape \"" + name + "\"");
}

// Says if the output is probabilities after all.
void Importer::note_output_kind(net::NodeId id) {
  const auto* node = &result_.graph.node(id);
  while (passes_logits(net::operator_name(node->op)) && !node->inputs.empty())
    node = &result_.graph.node(node->inputs.front());
  const std::string_view op = net::operator_name(node->op);
  if (op != "Softmax" && op != "Sigmoid") return;
  result_.gives_logits = false;
  result_.notes.push_back("the output is the " + std::string(op) + " \"" + node->name +
                          "\": the model gives no logits");
}

void Importer::note_normalization() {
  const net::Graph& graph = result_.graph;
  const auto consumers = graph.consumers();
  net::NodeId id = graph.input();
  for (;;) {
    const std::vector<net::NodeId>& readers = consumers[static_cast<std::size_t>(id)];
    if (readers.size() != 1) return;
    id = readers.front();
    const net::Node& node = graph.node(id);
    if (std::holds_alternative<net::Identity>(node.op)) continue;
    const bool with_constants = std::count_if(node.inputs.begin(), node.inputs.end(),
                                              [&](net::NodeId i) { return graph.is_variable(i); }) == 1;
    const bool is_candidate = std::holds_alternative<net::Binary>(node.op) ||
                              std::holds_alternative<net::BatchNormalization>(node.op);
    if (is_candidate && with_constants) result_.normalizing_node = node.name;
    return;
  }
}

}  // namespace faultline::formats
