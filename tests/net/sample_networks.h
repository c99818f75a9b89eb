#pragma once

#include <string>
#include <vector>

#include "build_graph.h"

namespace faultline::test {

// VGG-16's topology with Keras's names, very slim.
inline net::Graph vgg16(std::int64_t extent) {
  GraphBuilder builder({3, extent, extent});
  builder.normalize();
  const std::vector<int> depths = {2, 2, 3, 3, 3};
  for (std::size_t block = 0; block < depths.size(); ++block) {
    const std::string prefix = "block" + std::to_string(block + 1);
    for (int layer = 1; layer <= depths[block]; ++layer) {
      const std::string name = prefix + "_conv" + std::to_string(layer);
      builder.conv(name, 2, 3, 1, 1).add(name + "_relu", net::Relu{});
    }
    builder.max_pool(prefix + "_pool");
  }
  builder.add("flatten", net::Flatten{})
      .dense("fc1", 5)
      .add("fc1_relu", net::Relu{})
      .dense("fc2", 5)
      .add("fc2_relu", net::Relu{});
  return builder.dense("predictions", 4).finish();
}

inline void add_fire(GraphBuilder& builder, const std::string& name) {
  builder.conv(name + "/squeeze", 2, 1).add(name + "/squeeze_relu", net::Relu{});
  const net::NodeId squeezed = builder.last();
  const net::NodeId one =
      builder.conv(name + "/expand1x1", 2, 1).add(name + "/expand1x1_relu", net::Relu{}).last();
  builder.from(squeezed).conv(name + "/expand3x3", 2, 3, 1, 1).add(name + "/expand3x3_relu", net::Relu{});
  builder.join(name + "/concat", net::Concat{.axis = 1}, {one, builder.last()});
}

inline net::Graph squeezenet() {
  GraphBuilder builder({3, 227, 227});
  builder.normalize().conv("conv1", 2, 7, 2).add("relu1", net::Relu{}).max_pool("pool1", 3, 2, true);
  for (const char* name : {"fire2", "fire3", "fire4"}) add_fire(builder, name);
  builder.max_pool("pool4", 3, 2, true);
  for (const char* name : {"fire5", "fire6", "fire7", "fire8"}) add_fire(builder, name);
  builder.max_pool("pool8", 3, 2, true);
  add_fire(builder, "fire9");
  builder.conv("conv10", 4, 1, 1, 1).add("relu10", net::Relu{}).add("gap", net::GlobalAveragePool{});
  return builder.add("flatten", net::Flatten{}).finish();
}

// A stem and two residual stages; the second begins with a strided convolution and a strided shortcut.
inline net::Graph residual_network() {
  GraphBuilder builder({3, 64, 64});
  builder.conv("stem", 4, 7, 2, 3).batch_norm("stem_bn").add("stem_relu", net::Relu{}).max_pool("stem_pool");
  const net::NodeId before = builder.last();
  builder.conv("a1", 4, 3, 1, 1)
      .batch_norm("a1_bn")
      .add("a1_relu", net::Relu{})
      .conv("a2", 4, 3, 1, 1)
      .batch_norm("a2_bn");
  const net::NodeId a =
      builder.join("a_add", net::Binary{}, {builder.last(), before}).add("a_relu", net::Relu{}).last();
  const net::NodeId shortcut = builder.conv("b_down", 8, 1, 2).batch_norm("b_down_bn").last();
  builder.from(a).conv("b1", 8, 3, 2, 1).batch_norm("b1_bn").add("b1_relu", net::Clip{.min = 0, .max = 6});
  builder.conv("b2", 8, 3, 1, 1)
      .batch_norm("b2_bn")
      .join("b_add", net::Binary{}, {builder.last(), shortcut})
      .add("b_relu", net::Relu{});
  return builder.add("gap", net::GlobalAveragePool{}).add("flatten", net::Flatten{}).dense("fc", 5).finish();
}

}  // namespace faultline::test
