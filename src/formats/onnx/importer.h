#pragma once

#include <map>
#include <set>
#include <string>

#include "formats/onnx/node_view.h"
#include "formats/onnx/operator_table.h"
#include "formats/onnx/survey.h"
#include "formats/onnx/topology.h"
#include "formats/onnx_import.h"

namespace faultline::formats {

// Whether logits are still logits behind this operator.
bool passes_logits(std::string_view op);

// Turns a parsed model into a network, node by node. Used once: run() returns the result.
class Importer {
 public:
  Importer(OnnxModel model, const ImportOptions& options);
  ImportedModel run();

 private:
  // importer_input.cc: what of the file to read, and the Input
  void check_opset() const;
  void choose_output();
  void choose_input();
  void find_tail();
  void name_nodes();
  void add_input();
  std::vector<std::int64_t> image_extents() const;
  // importer.cc: node by node
  void convert_all();
  void convert(int index);
  bool is_removable_tail(const NodeView& view) const;
  Value fold(const OperatorRow& row, const NodeView& view) const;
  Literal run_kernel(const Converted& converted, const NodeView& view) const;
  Value add_node(const Converted& converted, const NodeView& view, const std::string& name);
  void note_batch_rewrite(const NodeView& view, const Converted& converted, const std::string& name);
  net::NodeId constant_node(const Value& value);
  const Value* find_value(const std::string& name);
  // importer_output.cc: the logits, and what is to be said about the result
  void finish_output();
  void note_output_kind(net::NodeId id);
  void note_normalization();
  std::string unique_name(const std::string& wanted);

  OnnxModel model_;
  ImportOptions options_;
  Producers producers_;
  std::string output_;
  const OnnxValueInfo* input_ = nullptr;
  std::vector<int> order_;
  int tail_ = -1;
  std::vector<std::string> node_names_;
  std::set<std::string, std::less<>> taken_;
  std::map<std::string, int, std::less<>> last_suffix_;
  std::map<std::string, Value, std::less<>> values_;
  std::map<std::string, net::NodeId, std::less<>> constants_;
  std::set<std::string, std::less<>> failed_;  // values that an unsupported node was to compute
  Unsupported unsupported_;
  ImportedModel result_;
};

}  // namespace faultline::formats
