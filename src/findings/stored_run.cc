#include "findings/stored_run.h"

#include <algorithm>
#include <iterator>

#include "findings/rules.h"

namespace faultline::findings {

std::vector<store::ConditionRow> model_conditions(const StoredRun& run) {
  std::vector<store::ConditionRow> found;
  std::copy_if(run.conditions.begin(), run.conditions.end(), std::back_inserter(found),
               [](const store::ConditionRow& row) { return row.network == 0; });
  return found;
}

std::vector<std::size_t> convolutions(const StoredRun& run) {
  std::vector<std::size_t> found;
  for (std::size_t point = 0; point < run.points.size(); ++point) {
    if (run.points[point].kind == "layer") found.push_back(point);
  }
  return found;
}

std::size_t layers_in(const StoredRun& run, std::int64_t block) {
  return static_cast<std::size_t>(std::count_if(run.layers.begin(), run.layers.end(),
                                                [&](const auto& layer) { return layer.block == block; }));
}

std::optional<std::int64_t> head_block(const StoredRun& run) {
  if (run.blocks.empty() || run.blocks.back().name != "head") return {};
  return run.blocks.back().block;
}

std::vector<std::int64_t> late_blocks(const StoredRun& run) {
  std::vector<std::int64_t> blocks;
  for (const store::BlockRow& of : run.blocks) {
    if (of.block != head_block(run) && layers_in(run, of.block) > 0) blocks.push_back(of.block);
  }
  if (blocks.size() > kDistractionBlocks) blocks.erase(blocks.begin(), blocks.end() - kDistractionBlocks);
  return blocks;
}

std::vector<std::int64_t> intermediate_blocks(const StoredRun& run) {
  std::vector<std::int64_t> blocks;
  for (const store::BlockRow& of : run.blocks) {
    if (of.block != run.blocks.front().block && of.block != head_block(run)) blocks.push_back(of.block);
  }
  return blocks;
}

std::vector<std::int64_t> twin_conditions(const StoredRun& run, const store::ConditionRow& of_model) {
  std::vector<std::int64_t> found;
  for (const store::ConditionRow& of : run.conditions) {
    if (of.network > 0 && of.attack == of_model.attack && of.settings == of_model.settings &&
        of.regime == of_model.regime && of.eps == of_model.eps)
      found.push_back(of.condition);
  }
  return found;
}

}  // namespace faultline::findings
