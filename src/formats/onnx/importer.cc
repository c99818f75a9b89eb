#include "formats/onnx/importer.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace faultline::formats {

namespace {

constexpr std::int64_t kOldestOpset = 7;
constexpr std::int64_t kNewestOpset = 17;
constexpr std::int64_t kMaxExtent = 1 << 16;  // of an input image

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::model, what);
}

// Operators behind which logits are still logits.
bool passes_logits(std::string_view op) {
  return op == "Identity" || op == "Dropout" || op == "Cast" || op == "Flatten" || op == "Reshape" ||
         op == "Squeeze" || op == "Unsqueeze";
}

void check_finite(const std::string& name, const Tensor& tensor) {
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    if (!std::isfinite(tensor[i])) {
      refuse("weights '" + name + "' have " + (std::isnan(tensor[i]) ? "NaN" : "an infinity") + " at index " +
             std::to_string(i));
    }
  }
}

// What an operator says about its inputs, with the node's name; unsupported things are collected with their
// nodes elsewhere.
[[noreturn]] void rethrow(const Error& error, const std::string& node) {
  if (error.kind() == ErrorKind::unsupported) throw error;
  throw Error(error.kind(), "node '" + node + "': " + error.what());
}

}  // namespace

Importer::Importer(OnnxModel model, const ImportOptions& options)
    : model_(std::move(model)), options_(options), producers_(model_) {
  result_.opset = model_.opset;
  result_.producer = model_.producer;
}

ImportedModel Importer::run() {
  check_opset();
  choose_output();
  choose_input();
  order_ = needed_nodes(model_, producers_, output_);
  find_tail();
  refuse_unsupported(model_, order_, input_ != nullptr ? input_->name : "", tail_);
  name_nodes();
  add_input();
  convert_all();
  finish_output();
  if (options_.classifier) {
    check_batch(result_.graph);
    note_normalization();
  }
  return std::move(result_);
}

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

void Importer::add_input() {
  if (input_ == nullptr) return;
  if (!input_->extents) refuse("the input '" + input_->name + "' has no shape, expected [N, 3, H, W]");
  std::vector<std::optional<std::int64_t>> extents = *input_->extents;
  if (options_.classifier) {
    if (extents.size() != 4 || extents[1].value_or(3) != 3) {
      refuse("the input '" + input_->name + "' has " +
             (extents.size() == 4 ? "another number of channels or order than" : "another rank than") +
             " [N, 3, H, W]");
    }
    extents[1] = 3;
    for (std::size_t i = 0; options_.input_size && i < 2; ++i) {
      extents[i + 2] = extents[i + 2].value_or((*options_.input_size)[i]);
    }
  }
  if (extents.empty()) refuse("the input '" + input_->name + "' is a scalar");
  result_.batch = extents.front().value_or(0);
  Value value{.name = input_->name, .literal = nullptr, .node = -1, .shape = {}, .shape_of_larger = {}};
  value.shape.append(options_.classifier ? kProbeBatch : extents.front().value_or(1));
  value.shape_of_larger.append(options_.classifier ? kLargerProbeBatch : extents.front().value_or(1));
  Shape sample;
  for (std::size_t i = 1; i < extents.size(); ++i) {
    if (!extents[i])
      refuse("the input '" + input_->name + "' leaves its size open: the manifest has to say it");
    if (*extents[i] > kMaxExtent && options_.classifier)
      refuse("takes images of " + std::to_string(*extents[i]) + " pixels, expected at most 65536");
    sample.append(*extents[i]);
    value.shape.append(*extents[i]);
    value.shape_of_larger.append(*extents[i]);
  }
  value.node = result_.graph.add(unique_name(input_->name), net::Input{sample}, {});
  values_[input_->name] = value;
}

const Value* Importer::find_value(const std::string& name) {
  const auto found = values_.find(name);
  if (found != values_.end()) return &found->second;
  const auto initializer = model_.initializers.find(name);
  if (initializer == model_.initializers.end()) refuse("'" + name + "' is produced by nothing");
  const Literal& literal = *initializer->second;
  // Scalars are parameters, among which an infinity can have a meaning (Clip); constant_node looks at those
  // that are weights.
  if (literal.kind == Literal::Kind::floats && literal.shape.rank() > 0) check_finite(name, *literal.floats);
  return &values_.emplace(name, Value{name, initializer->second, -1, literal.shape, literal.shape})
              .first->second;
}

void Importer::convert_all() {
  for (std::size_t i = 0; i < order_.size(); ++i) convert(static_cast<int>(i));
  unsupported_.throw_if_any();
}

void Importer::convert(int index) {
  const auto place = static_cast<std::size_t>(index);
  const OnnxNode& node = model_.nodes[static_cast<std::size_t>(order_[place])];
  const std::string& output = node.outputs.front();
  std::vector<const Value*> inputs;
  for (const std::string& input : node.inputs) {
    if (failed_.contains(input)) {
      failed_.insert(output);
      return;
    }
    inputs.push_back(input.empty() ? nullptr : find_value(input));
  }
  while (!inputs.empty() && inputs.back() == nullptr) inputs.pop_back();
  const NodeView view(node, model_.opset, std::move(inputs));
  const OperatorRow& row = *find_operator(node.op);
  try {
    Value value;
    if (order_[place] == tail_ && is_removable_tail(view)) {
      value = view.input(0);
      result_.notes.push_back("removed the trailing " + node.op + " \"" + node_names_[place] +
                              "\": its input are the logits");
    } else if (view.all_literal() || row.reads_shape_only) {
      value = fold(row, view);
    } else if (row.convert == nullptr) {
      view.unsupported("is applied to values that depend on the image");
    } else {
      const Converted converted = row.convert(view);
      note_batch_rewrite(view, converted, node_names_[place]);
      value = add_node(converted, view, node_names_[place]);
    }
    value.name = output;
    values_[output] = std::move(value);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unsupported) throw;
    unsupported_.add(error.what(), node_names_[place]);
    failed_.insert(output);
  }
}

bool Importer::is_removable_tail(const NodeView& view) const {
  const Shape& shape = view.shape(0);
  const std::int64_t axis = view.integer("axis", model_.opset < 13 ? 1 : -1);
  const std::int64_t resolved = axis < 0 ? axis + shape.rank() : axis;
  if (!view.leads_with_batch(0) || resolved < 1 || resolved >= shape.rank()) return false;
  const int first = static_cast<int>(resolved);
  const std::int64_t group = model_.opset < 13 ? shape.elements(first, shape.rank()) : shape[first];
  return group == shape.elements(1, shape.rank());  // over all classes, so that it leaves their order alone
}

Value Importer::fold(const OperatorRow& row, const NodeView& view) const {
  std::optional<Literal> folded = row.fold != nullptr ? row.fold(view) : std::nullopt;
  if (!folded) {
    if (row.convert == nullptr) view.unsupported("cannot be computed from constants");
    folded = run_kernel(row.convert(view), view);
  }
  const Shape shape = folded->shape;
  return {view.node().outputs.front(), std::make_shared<const Literal>(*std::move(folded)), -1, shape, shape};
}

Literal Importer::run_kernel(const Converted& converted, const NodeView& view) const {
  std::vector<Shape> shapes;
  std::vector<TensorView> inputs;
  for (const std::size_t i : converted.inputs) {
    const Literal& literal = view.literal(i);
    if (literal.kind != Literal::Kind::floats)
      view.refuse("input " + std::to_string(i) + " is of type " + literal.type + ", expected floats");
    shapes.push_back(literal.shape);
    inputs.push_back(literal.floats->view());
  }
  try {
    Tensor output = Tensor::uninitialised(net::infer_shape(converted.op, shapes));
    net::forward<float>(converted.op, inputs, output);
    return float_literal(std::move(output));
  } catch (const Error& error) {
    rethrow(error, node_label(view.node()));
  }
}

Value Importer::add_node(const Converted& converted, const NodeView& view, const std::string& name) {
  std::vector<net::NodeId> ids;
  std::vector<Shape> shapes;
  std::vector<Shape> larger;
  const auto variable = static_cast<std::size_t>(net::input_count(converted.op).variable);
  for (std::size_t i = 0; i < converted.inputs.size(); ++i) {
    const Value& input = view.input(converted.inputs[i]);
    if (!input.literal && i >= variable)
      view.unsupported("takes input " + std::to_string(converted.inputs[i]) +
                       " from the image, expected a constant");
    ids.push_back(input.literal ? constant_node(input) : input.node);
    shapes.push_back(input.shape);
    larger.push_back(input.shape_of_larger);
  }
  Value value;
  try {
    value.shape = net::infer_shape(converted.op, shapes);
    value.shape_of_larger = net::infer_shape(converted.op, larger);
  } catch (const Error& error) {
    rethrow(error, name);
  }
  if (value.shape.rank() != value.shape_of_larger.rank()) view.refuse("the rank depends on the batch size");
  value.node = result_.graph.add(name, converted.op, std::move(ids));
  return value;
}

net::NodeId Importer::constant_node(const Value& value) {
  const auto known = constants_.find(value.name);
  if (known != constants_.end()) return known->second;
  const Literal& literal = *value.literal;
  if (literal.kind != Literal::Kind::floats)
    refuse("'" + value.name + "' is of type " + literal.type + ", expected floats");
  if (!model_.initializers.contains(value.name) || literal.shape.rank() == 0)
    check_finite(value.name, *literal.floats);
  const net::NodeId id = result_.graph.add(unique_name(value.name), net::Constant{literal.floats}, {});
  constants_.emplace(value.name, id);
  return id;
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
