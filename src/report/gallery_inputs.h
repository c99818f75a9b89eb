#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "store/store.h"

namespace faultline::report {

// A picture or perturbation and a heatmap as the page takes them (web/src/payload.ts: ExemplarInput,
// MapData).
nlohmann::ordered_json picture_json(const store::PictureRow& row);
nlohmann::ordered_json map_json(const store::MapRow& row);
// The numbers of an input: what the network answers, and the size of the perturbation.
nlohmann::ordered_json input_numbers(const store::InputRow& row);

// The inputs of an image that have a picture, each with its heatmaps; empty where there are none.
nlohmann::ordered_json gallery_inputs(const store::Store& store, std::int64_t image, std::int64_t condition);

// The same of every image of a condition, without pictures and heatmaps: what a page shows before it fetches
// those. Some 600 bytes an image; reads no picture.
struct ListedInputs {
  std::int64_t image = 0;
  nlohmann::ordered_json inputs;
};
std::vector<ListedInputs> listed_inputs(const store::Store& store, std::int64_t condition);

}  // namespace faultline::report
