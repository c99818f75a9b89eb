#include "formats/onnx/survey.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "formats/onnx/operator_table.h"
#include "formats/onnx/topology.h"

namespace faultline::formats {

namespace {

constexpr std::size_t kShownGroups = 12;
constexpr std::size_t kShownPlaces = 4;

std::string as_text(const OnnxAttribute& attribute) {
  switch (attribute.kind) {
    case OnnxAttribute::Kind::integer:
      return std::to_string(attribute.integer);
    case OnnxAttribute::Kind::text:
      return attribute.text;
    default:
      return "";
  }
}

void check_attributes(const OnnxNode& node, const OperatorRow& row, Unsupported& found) {
  for (const auto& [name, attribute] : node.attributes) {
    const auto rule = std::find_if(row.attributes.begin(), row.attributes.end(),
                                   [&, &key = name](const AttributeRule& r) { return r.name == key; });
    if (rule == row.attributes.end()) {
      found.add("attribute '" + name + "' of " + node.op, node_label(node));
    } else if (rule->kind != attribute.kind) {
      throw Error(ErrorKind::model, "node '" + node_label(node) + "' (" + node.op + "): the attribute '" +
                                        name + "' has the wrong type");
    } else if (!rule->allowed.empty() && std::find(rule->allowed.begin(), rule->allowed.end(),
                                                   as_text(attribute)) == rule->allowed.end()) {
      found.add("'" + name + "' = " + as_text(attribute) + " of " + node.op, node_label(node));
    }
  }
}

class Survey {
 public:
  Survey(const OnnxModel& model, const std::string& image) : model_(model) {
    if (image.empty()) return;
    depends_.insert(image);
    for (const OnnxValueInfo& input : model.inputs) {
      if (input.name == image && input.type != "float") found_.add("input of type " + input.type, image);
    }
  }

  // Nodes come in topological order.
  void visit(const OnnxNode& node, bool is_tail) {
    const OperatorRow* row = node.domain.empty() ? find_operator(node.op) : nullptr;
    const bool depends = std::any_of(node.inputs.begin(), node.inputs.end(),
                                     [&](const std::string& input) { return depends_.contains(input); });
    if (depends && (row == nullptr || !row->reads_shape_only))
      depends_.insert(node.outputs.begin(), node.outputs.end());
    for (const std::string& input : node.inputs) check_type(input);
    if (row == nullptr) {
      found_.add("operator '" + (node.domain.empty() ? "" : node.domain + ".") + node.op + "'",
                 node_label(node));
      return;
    }
    check_attributes(node, *row, found_);
    if (depends && row->convert == nullptr && !row->reads_shape_only && !is_tail) {
      found_.add("operator '" + node.op + "' on values that depend on the image", node_label(node));
    }
    if (node.inputs.size() < row->least_inputs || node.inputs.size() > row->most_inputs ||
        node.outputs.empty()) {
      throw Error(ErrorKind::model, "node '" + node_label(node) + "' (" + node.op + ") has " +
                                        std::to_string(node.inputs.size()) + " inputs and " +
                                        std::to_string(node.outputs.size()) +
                                        " outputs, which that operator cannot have");
    }
    for (std::size_t i = 1; i < node.outputs.size(); ++i) {
      if (!node.outputs[i].empty()) further_[node.outputs[i]] = &node;
    }
    for (const std::string& input : node.inputs) check_further(input);
  }

  // Whether a value is one of the outputs beyond the first, which nothing here computes.
  void check_further(const std::string& value) {
    const auto further = further_.find(value);
    if (further != further_.end())
      found_.add("output '" + value + "' of " + further->second->op, node_label(*further->second));
  }

  void finish() const { found_.throw_if_any(); }

 private:
  void check_type(const std::string& value) {
    const auto initializer = model_.initializers.find(value);
    if (initializer == model_.initializers.end() || initializer->second->kind != Literal::Kind::other) return;
    if (reported_.insert(value).second) found_.add("data type " + initializer->second->type, value);
  }

  const OnnxModel& model_;
  std::set<std::string, std::less<>> depends_;
  std::set<std::string, std::less<>> reported_;
  std::map<std::string, const OnnxNode*, std::less<>> further_;
  Unsupported found_;
};

}  // namespace

void Unsupported::add(const std::string& what, const std::string& where) {
  auto group =
      std::find_if(groups_.begin(), groups_.end(), [&](const auto& entry) { return entry.first == what; });
  if (group == groups_.end()) group = groups_.insert(groups_.end(), {what, {}});
  group->second.push_back(where);
}

void Unsupported::throw_if_any() const {
  if (groups_.empty()) return;
  std::string message = "unsupported: ";
  for (std::size_t g = 0; g < groups_.size() && g < kShownGroups; ++g) {
    const auto& [what, places] = groups_[g];
    message += (g == 0 ? "" : "; ") + what + " (";
    for (std::size_t i = 0; i < places.size() && i < kShownPlaces; ++i)
      message += (i == 0 ? "'" : ", '") + places[i] + "'";
    if (places.size() > kShownPlaces)
      message += " and " + std::to_string(places.size() - kShownPlaces) + " more";
    message += ")";
  }
  if (groups_.size() > kShownGroups)
    message += "; and " + std::to_string(groups_.size() - kShownGroups) + " more kinds";
  throw Error(ErrorKind::unsupported, message);
}

void refuse_unsupported(const OnnxModel& model, const std::vector<int>& order, const std::string& output,
                        const std::string& image, int tail) {
  Survey survey(model, image);
  for (const int index : order) survey.visit(model.nodes[static_cast<std::size_t>(index)], index == tail);
  survey.check_further(output);
  survey.finish();
}

}  // namespace faultline::formats
