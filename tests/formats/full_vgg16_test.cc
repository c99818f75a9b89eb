#include <gtest/gtest.h>

#include <cmath>

#include "formats/onnx_export.h"
#include "formats/onnx_import.h"
#include "formats/vgg.h"
#include "temporary_folder.h"

namespace faultline::formats {
namespace {

const Tensor& weights(const net::Graph& graph, const std::string& name) {
  return *std::get<net::Constant>(graph.node(*graph.find(name)).op).value;
}

TEST(FullVgg16, HasThePublishedNumberOfParametersAndSurvivesAFile) {
  const net::Graph graph = build_vgg();
  EXPECT_EQ(parameter_count(graph), 138'357'544);
  double square = 0;
  const Tensor& fc1 = weights(graph, "fc1.weight");
  for (const float w : fc1.values()) square += static_cast<double>(w) * static_cast<double>(w);
  EXPECT_NEAR(square / static_cast<double>(fc1.elements()), 2.0 / 25088, 1e-3 * 2.0 / 25088);

  const test::TemporaryFolder folder;
  write_onnx(graph, folder / "vgg16.onnx");
  const ImportedModel read = read_onnx(folder / "vgg16.onnx");
  EXPECT_EQ(parameter_count(read.graph), 138'357'544);
  for (const std::string name : {"block1_conv1.weight", "fc1.weight", "predictions.bias"}) {
    const Tensor& written = weights(graph, name);
    EXPECT_TRUE(
        std::equal(written.values().begin(), written.values().end(), weights(read.graph, name).data()))
        << name;
  }
}

}  // namespace
}  // namespace faultline::formats
