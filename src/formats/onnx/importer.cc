#include "formats/onnx/importer.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "formats/onnx/refuse.h"

namespace faultline::formats {

namespace {

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
  result_.files = model_.files;
}

ImportedModel Importer::run() {
  check_opset();
  choose_output();
  choose_input();
  order_ = needed_nodes(model_, producers_, output_);
  find_tail();
  refuse_unsupported(model_, order_, output_, input_ != nullptr ? input_->name : "", tail_);
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

}  // namespace faultline::formats
