#include "formats/onnx/topology.h"

#include <algorithm>
#include <functional>
#include <queue>

#include "base/error.h"
#include "formats/onnx/refuse.h"

namespace faultline::formats {

namespace {

const OnnxNode& node_at(const OnnxModel& model, int index) {
  return model.nodes[static_cast<std::size_t>(index)];
}

bool is_given(const OnnxModel& model, const std::string& value) {
  return model.initializers.contains(value) ||
         std::any_of(model.inputs.begin(), model.inputs.end(),
                     [&](const OnnxValueInfo& input) { return input.name == value; });
}

// Marks the nodes that the output needs.
std::vector<bool> mark_needed(const OnnxModel& model, const Producers& producers, const std::string& output) {
  std::vector<bool> needed(model.nodes.size(), false);
  std::vector<int> open;
  const auto visit = [&](const std::string& value, const std::string& reader) {
    const int node = producers.of(value);
    if (node < 0 && !is_given(model, value))
      refuse("'" + value + "', read by " + reader + ", is produced by nothing");
    if (node < 0 || needed[static_cast<std::size_t>(node)]) return;
    needed[static_cast<std::size_t>(node)] = true;
    open.push_back(node);
  };
  visit(output, "the graph's output");
  while (!open.empty()) {
    const OnnxNode& node = node_at(model, open.back());
    open.pop_back();
    for (const std::string& input : node.inputs) {
      if (!input.empty()) visit(input, "node '" + node_label(node) + "'");
    }
  }
  return needed;
}

}  // namespace

std::string node_label(const OnnxNode& node) {
  if (!node.name.empty()) return node.name;
  const auto named = std::find_if(node.outputs.begin(), node.outputs.end(),
                                  [](const std::string& name) { return !name.empty(); });
  return named == node.outputs.end() ? node.op : *named;
}

Producers::Producers(const OnnxModel& model) {
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    for (const std::string& output : model.nodes[i].outputs) {
      if (output.empty()) continue;
      if (!node_of_.emplace(output, static_cast<int>(i)).second || is_given(model, output)) {
        refuse("'" + output + "', an output of node '" + node_label(model.nodes[i]) + "', is defined twice");
      }
    }
  }
}

int Producers::of(const std::string& value) const {
  const auto found = node_of_.find(value);
  return found == node_of_.end() ? -1 : found->second;
}

std::vector<int> needed_nodes(const OnnxModel& model, const Producers& producers, const std::string& output) {
  const std::vector<bool> needed = mark_needed(model, producers, output);
  std::vector<int> missing(model.nodes.size(), 0);  // inputs that are not there yet
  std::vector<std::vector<int>> readers(model.nodes.size());
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    if (!needed[i]) continue;
    for (const std::string& input : model.nodes[i].inputs) {
      if (const int producer = producers.of(input); producer >= 0) {
        readers[static_cast<std::size_t>(producer)].push_back(static_cast<int>(i));
        ++missing[i];
      }
    }
    if (missing[i] == 0) ready.push(static_cast<int>(i));
  }
  std::vector<int> order;
  while (!ready.empty()) {
    order.push_back(ready.top());
    ready.pop();
    for (const int reader : readers[static_cast<std::size_t>(order.back())]) {
      if (--missing[static_cast<std::size_t>(reader)] == 0) ready.push(reader);
    }
  }
  for (std::size_t i = 0; i < model.nodes.size(); ++i) {
    if (needed[i] && missing[i] > 0)
      refuse("node '" + node_label(model.nodes[i]) + "' is part of a cycle or reads from one");
  }
  return order;
}

}  // namespace faultline::formats
