#include "oracles/stored_results.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "formats/load_model.h"
#include "oracles/stored.h"
#include "tensor/npy.h"

namespace faultline::oracles {

void expect_stored_results(const std::string& folder_name, std::size_t cases, double tolerance,
                           const RunStored& run, const CheckStored& check) {
  const std::filesystem::path folder =
      std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles" / folder_name;
  const auto index = nlohmann::json::parse(read_file(folder / "index.json"));
  const AttackCases tiny = attack_cases();
  const std::vector<std::string> keys = {"image0", "image1", "image2", "image3"};
  ASSERT_EQ(index.at("cases").size(), cases);
  for (const char* engine : {"reference", "onednn"}) {
    const auto plan = engine::make_engine(engine, {.precision = engine::Precision::f32})
                          ->compile(formats::load_model(tiny.model).graph, {});
    for (const nlohmann::json& entry : index.at("cases")) {
      const auto results =
          run(index, entry, *plan, {.images = tiny.images, .keys = keys, .seed = entry.at("seed")});
      const Tensor expected = read_npy(folder / entry.at("images").get<std::string>());
      ASSERT_EQ(results.size(), keys.size());
      for (std::size_t i = 0; i < results.size(); ++i) {
        SCOPED_TRACE(std::string(engine) + " " + entry.dump() + " image " + std::to_string(i));
        check(entry, i, results[i]);
        const TensorView image = expected.row(static_cast<std::int64_t>(i));
        for (std::int64_t j = 0; j < image.elements(); ++j)
          ASSERT_NEAR(double{results[i].image[j]}, double{image[j]}, tolerance) << "element " << j;
      }
    }
  }
}

}  // namespace faultline::oracles
