#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "engine/engine.h"
#include "engine/roofline.h"
#include "formats/load_model.h"
#include "study/input_image.h"

namespace faultline::bench {

// What is measured: a network, and pictures for it.
struct Subject {
  std::filesystem::path file;
  formats::Model model;
  std::unique_ptr<engine::Engine> engine;
  std::vector<study::InputImage> images;
  Tensor pixels;  // [N,3,H,W], all of them
  engine::Roofline roofline;
  int repeat = 5;

  TensorView first(std::int64_t count) const { return pixels.rows(0, count); }
  std::vector<net::NodeId> layers() const {
    std::vector<net::NodeId> nodes;
    for (const net::Layer& layer : model.map.layers) nodes.push_back(layer.post_activation);
    return nodes;
  }
  std::unique_ptr<engine::Plan> compile() const {
    return engine->compile(model.graph, {.observed = layers()});
  }
};

}  // namespace faultline::bench
