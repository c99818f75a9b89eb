#pragma once

#include <string>
#include <vector>

#include "net/operator.h"

namespace onnx {
class GraphProto;
class NodeProto;
}  // namespace onnx

namespace faultline::formats {

// Fills operator, attributes and parameter inputs (Reshape's dims, ...; as initialisers of the graph, named
// after the node) for opset 13. Name, first inputs and outputs are there already. Throws ContractError for
// Input, Constant, Normalize.
void export_operator(const net::Operator& op, onnx::GraphProto& graph, onnx::NodeProto& node);

}  // namespace faultline::formats
