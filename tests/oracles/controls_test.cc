#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/files.h"
#include "control/catalogue.h"
#include "tensor/npy.h"

namespace faultline::oracles {
namespace {

using nlohmann::json;

const std::filesystem::path& folder() {
  static const std::filesystem::path path =
      std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/data/oracles/controls";
  return path;
}

// What all cases share.
struct Given {
  json index = json::parse(read_file(folder() / "index.json"));
  Tensor image = read_npy(folder() / "image.npy");
  Tensor perturbation = read_npy(folder() / "perturbation.npy");
  Tensor other = read_npy(folder() / "other.npy");
  Tensor boost = read_npy(folder() / "boost.npy");
  DoubleTensor weights = read_npy_double(folder() / "weights.npy");

  std::vector<bool> flips(std::span<const Tensor> images) const {
    std::vector<bool> result;
    for (const Tensor& x : images) {
      double sum = 0;
      for (std::int64_t i = 0; i < x.elements(); ++i) sum += weights[i] * static_cast<double>(x[i]);
      result.push_back(sum > index.at("threshold").get<double>());
    }
    return result;
  }

  control::ControlledImage make(const json& stored) const {
    const std::string name = stored.at("control");
    Settings settings = control::control_settings(name);
    settings.set_all(stored.at("settings"));
    const control::ControlInput input{
        .image = image,
        .perturbation = perturbation,
        .options = control::control_options(settings),
        .boost_perturbation = boost,
        .transfer_perturbation = other,
        .flips = [this](std::span<const Tensor> images) { return flips(images); }};
    return control::make_control(control::find_control(name), input, index.at("seed"),
                                 index.at("key").get<std::string>(), stored.at("draw"));
  }
};

TEST(StoredControls, AreMade) {
  const Given given;
  const double precision = given.index.at("precision");
  std::set<std::string> names;
  for (const json& stored : given.index.at("cases")) {
    SCOPED_TRACE(stored.dump());
    names.insert(stored.at("control"));
    const control::ControlledImage found = given.make(stored);
    EXPECT_TRUE(found.matched);
    const double scale = stored.at("scale");
    if (!stored.at("exact").get<bool>()) {  // a flip is looked for to so much, from above
      EXPECT_GE(found.scale, scale * (1 - 1e-6));
      EXPECT_LE(found.scale, scale * (1 + precision));
      continue;
    }
    EXPECT_NEAR(found.scale, scale, 1e-5 * scale);  // lengths are matched to 1e-6
    const Tensor expected = read_npy(folder() / stored.at("image").get<std::string>());
    for (std::int64_t i = 0; i < expected.elements(); ++i)
      ASSERT_NEAR(found.image[i], expected[i], 1e-6F) << i;
  }
  std::set<std::string> all;
  for (const control::ControlEntry& entry : control::control_catalogue()) all.insert(std::string(entry.name));
  EXPECT_EQ(names, all) << "every control has a stored case";
}

}  // namespace
}  // namespace faultline::oracles
