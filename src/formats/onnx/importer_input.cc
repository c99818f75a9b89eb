#include "formats/onnx/importer.h"

#include "base/error.h"
#include "formats/onnx/refuse.h"

namespace faultline::formats {

namespace {

constexpr std::int64_t kOldestOpset = 7;
constexpr std::int64_t kNewestOpset = 17;
constexpr std::int64_t kMaxExtent = 1 << 16;  // of an input image

}  // namespace

void Importer::check_opset() const {
  if (model_.opset == 0) refuse("names no opset of the domain ai.onnx");
  if (model_.opset < kOldestOpset || model_.opset > kNewestOpset) {
    throw Error(ErrorKind::unsupported, "opset " + std::to_string(model_.opset) +
                                            ", expected 7 to 17: export the model again with such an opset");
  }
}

void Importer::choose_output() {
  std::string names;
  for (const OnnxValueInfo& output : model_.outputs) {
    names += (names.empty() ? "'" : ", '") + output.name + "'";
    if (output.name == options_.output) output_ = output.name;
  }
  if (options_.output.empty() && model_.outputs.size() == 1) output_ = model_.outputs.front().name;
  if (!output_.empty()) return;
  if (!options_.output.empty()) refuse("has no output '" + options_.output + "', expected one of " + names);
  refuse("has " + std::to_string(model_.outputs.size()) + " outputs (" + names + "), expected one");
}

void Importer::choose_input() {
  std::string names;
  for (const OnnxValueInfo& input : model_.inputs) {
    if (model_.initializers.contains(input.name)) continue;  // a weight that is also listed as an input
    if (input_ != nullptr && input_->name == input.name) refuse("lists the input '" + input.name + "' twice");
    names += (names.empty() ? "'" : ", '") + input.name + "'";
    if (input_ != nullptr) refuse("has several inputs (" + names + ", ...), expected one image");
    input_ = &input;
  }
  if (input_ == nullptr && options_.classifier) refuse("has no input, expected one image");
}

void Importer::find_tail() {
  std::string value = output_;
  while (options_.classifier) {
    const int index = producers_.of(value);
    if (index < 0) return;
    const OnnxNode& node = model_.nodes[static_cast<std::size_t>(index)];
    if (!node.domain.empty() || node.inputs.empty()) return;
    if (node.op == "Softmax" || node.op == "LogSoftmax") tail_ = index;
    if (!passes_logits(node.op)) return;
    value = node.inputs.front();
  }
}

std::string Importer::unique_name(const std::string& wanted) {
  std::string name = wanted;
  int& last = last_suffix_[wanted];
  for (; !taken_.insert(name).second; name = wanted + "_" + std::to_string(last))
    last = std::max(last + 1, 2);
  return name;
}

void Importer::name_nodes() {
  taken_.insert("normalized");  // that of the Normalize node
  int renamed = 0;
  for (const int index : order_) {
    const std::string label = node_label(model_.nodes[static_cast<std::size_t>(index)]);
    node_names_.push_back(unique_name(label.empty() ? "node" : label));
    if (node_names_.back() != label) ++renamed;
  }
  if (renamed > 0)
    result_.notes.push_back("renamed " + std::to_string(renamed) + " nodes whose names were taken");
}

// [N, 3, H, W], with what the file leaves open taken from the options.
std::vector<std::int64_t> Importer::image_extents() const {
  const auto& extents = *input_->extents;
  const std::string name = "the input '" + input_->name + "' ";
  if (extents.size() != 4)
    refuse(name + "has rank " + std::to_string(extents.size()) + ", expected [N, 3, H, W]");
  if (extents[1].value_or(3) != 3) {
    refuse(name + "has " + std::to_string(*extents[1]) + " channels in second place, expected [N, 3, H, W]");
  }
  std::vector<std::int64_t> result = {kProbeBatch, 3};
  for (std::size_t i = 0; i < 2; ++i) {
    if (!extents[i + 2] && !options_.input_size)
      refuse(name + "leaves its size open: the manifest has to say it");
    result.push_back(extents[i + 2] ? *extents[i + 2] : (*options_.input_size)[i]);
    if (result.back() > kMaxExtent)
      refuse(name + "has " + std::to_string(result.back()) + " pixels, expected at most 65536");
  }
  return result;
}

void Importer::add_input() {
  if (input_ == nullptr) return;
  if (!input_->extents) refuse("the input '" + input_->name + "' has no shape, expected [N, 3, H, W]");
  std::vector<std::int64_t> extents;
  if (options_.classifier) {
    extents = image_extents();
  } else {
    for (const auto& extent : *input_->extents) extents.push_back(extent.value_or(1));
  }
  if (extents.empty()) refuse("the input '" + input_->name + "' is a scalar");
  result_.batch = input_->extents->front().value_or(0);
  Value value{.name = input_->name, .literal = nullptr, .node = -1, .shape = {}, .shape_of_larger = {}};
  value.shape = checked_shape(extents, "the input '" + input_->name + "'");
  value.shape_of_larger = options_.classifier ? value.shape.with_leading(kLargerProbeBatch) : value.shape;
  value.node = result_.graph.add(unique_name(input_->name), net::Input{value.shape.without_leading()}, {});
  values_[input_->name] = value;
}

}  // namespace faultline::formats
