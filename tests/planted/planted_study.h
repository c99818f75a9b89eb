#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "findings/summary.h"
#include "formats/load_model.h"
#include "store/store.h"
#include "study/study_run.h"
#include "temporary_folder.h"

namespace faultline::test {

// Writes a network as ONNX with its manifest (centred pixels; blocks by their first nodes) and reads it back.
formats::Model stored_model(const std::filesystem::path& folder, const net::Graph& graph,
                            const std::vector<net::BlockStart>& blocks);

// Pictures of random contents, one of them much the strongest, but never kTriggered's, as PNG files: listed.
std::vector<study::ListedImage> write_contents(const std::filesystem::path& folder, int count,
                                               std::uint64_t seed);

// A run in a folder of its own: made by run_study, read back from its store.
struct FinishedRun {
  std::vector<store::IdentityRow> identities;
  std::vector<store::InputRow> inputs;
  std::vector<store::PointResponseRow> point_responses;
  std::vector<store::ContributionRow> contributions;
  std::vector<store::ShapleyRow> shapley;
  findings::Summary summary;
};
FinishedRun run_and_read(const study::StudyJob& job);

}  // namespace faultline::test
