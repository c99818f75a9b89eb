#include "formats/onnx_import.h"

#include <variant>

#include "base/error.h"
#include "base/one_line.h"
#include "formats/mapped_file.h"
#include "formats/onnx/importer.h"

namespace faultline::formats {

namespace {

ImportedModel import_onnx(const OnnxBytes& bytes, const std::string& name, const ImportOptions& options) {
  try {
    return Importer(parse_onnx(bytes, options.folder), options).run();
  } catch (const Error& error) {
    throw Error(error.kind(), one_line(name + ": " + error.what()));
  }
}

}  // namespace

ImportedModel parse_onnx_model(std::string_view bytes, const std::string& name,
                               const ImportOptions& options) {
  return import_onnx({bytes}, name, options);
}

ImportedModel read_onnx(const std::filesystem::path& path, ImportOptions options) {
  const auto file = std::make_shared<const MappedFile>(path);
  if (options.folder.empty()) options.folder = path.has_parent_path() ? path.parent_path() : ".";
  return import_onnx({file->bytes(), file}, path.string(), options);
}

void check_batch(const net::Graph& graph) {
  for (const std::int64_t batch : {2, 3, 1}) {
    const std::vector<Shape> shapes = graph.infer_shapes(batch);
    for (net::NodeId id = 0; id < graph.size(); ++id) {
      const Shape& shape = shapes[static_cast<std::size_t>(id)];
      if (!graph.is_variable(id) || (shape.rank() > 0 && shape[0] == batch)) continue;
      throw Error(ErrorKind::model, "node '" + graph.node(id).name + "' gives " + shape.to_string() +
                                        " for a batch of " + std::to_string(batch) + ", expected [" +
                                        std::to_string(batch) + ", ...]: images would mix");
    }
  }
}

std::int64_t parameter_count(const net::Graph& graph) {
  std::int64_t count = 0;
  for (const net::Node& node : graph.nodes()) {
    if (const auto* constant = std::get_if<net::Constant>(&node.op)) count += constant->value->elements();
  }
  return count;
}

}  // namespace faultline::formats
