#include <gtest/gtest.h>

#include <cmath>

#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "formats/manifest.h"
#include "image/decode.h"
#include "image/encode.h"
#include "study/input_image.h"
#include "temporary_folder.h"
#include "tensor/npy.h"

namespace faultline::test {
namespace {

class AttackCommand : public testing::Test {
 protected:
  // Attacks with the tiny network what lies in `pictures`; returns attack.json as text.
  std::string attack(const std::string& out, const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"attack", tiny_model().string(),    (folder_ / "pictures").string(),
                                      "-o",     (folder_ / out).string(), "--json",
                                      "-q"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    expect_success(outcome);
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(outcome.out, read_file(folder_ / out / "attack.json"));
    return outcome.out;
  }
  void make_pictures(int count) const {
    std::filesystem::create_directory(folder_ / "pictures");
    for (int i = 0; i < count; ++i) write_picture(folder_ / "pictures" / (std::to_string(i) + ".png"), i);
  }

  TemporaryFolder folder_;
};

TEST_F(AttackCommand, MinimalNormAttacksTakeTheirParameters) {
  make_pictures(2);
  const Json fab = Json::parse(attack("fab", {"--attack", "fab", "--norm", "l2", "--set", "steps=5"}));
  EXPECT_EQ(fab["attack"]["settings"]["beta"], 0.9);
  for (const Json& image : fab["images"]) {
    EXPECT_TRUE(image["adversarial"]["success"]);
    EXPECT_LE(image["forward_passes"], 11);
  }
  const Json limited = Json::parse(
      attack("limited", {"--attack", "fab", "--norm", "l2", "--eps", "1e-6", "--set", "steps=5"}));
  for (const Json& image : limited["images"]) {
    EXPECT_FALSE(image["adversarial"]["success"]);
    EXPECT_EQ(image["perturbation"]["l2"], 0);
  }
}

TEST_F(AttackCommand, TheLayerAttackTakesAGuide) {
  make_pictures(3);
  const std::string guide = (folder_ / "pictures" / "2.png").string();
  const Json json = Json::parse(attack("out", {"--attack", "layer", "--set", "direction=guide", "--set",
                                               "point=logits", "--eps", "8/255", "--guide", guide}));
  EXPECT_EQ(json["images"][2]["perturbation"]["linf"], 0);  // is where it should go
  EXPECT_GT(json["images"][0]["perturbation"]["linf"], 0);
  const Outcome missing = run({"attack", tiny_model().string(), guide, "-o", (folder_ / "no").string(),
                               "--attack", "layer", "--set", "direction=guide"});
  EXPECT_NE(missing.exit_code, 0);
  EXPECT_NE(missing.err.find("needs a guide image (--guide PICTURE)"), std::string::npos) << missing.err;
}

TEST_F(AttackCommand, ChangesTheAnswerWithinEps) {
  const std::filesystem::path model = embedded_model("vgg16-slim-imagenette");
  const std::string picture = embedded_picture("imagenette/1484479b7630af0a.jpg");
  const Outcome outcome =
      run({"attack", model.string(), picture, "-o", (folder_ / "out").string(), "--eps", "4/255", "--json"});
  expect_success(outcome);
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(json["version"], 2);
  EXPECT_EQ(json["attack"]["name"], "pgd");
  const Json& settings = json["attack"]["settings"];
  EXPECT_EQ(settings["norm"], "linf");
  const Json& image = json["images"][0];
  EXPECT_EQ(image["clean"]["label"], "parachute");
  EXPECT_TRUE(image["adversarial"]["success"]);
  EXPECT_NE(image["adversarial"]["label"], "parachute");
  const float eps = 4.0F / 255;
  EXPECT_EQ(settings["eps"].get<float>(), eps);
  EXPECT_LE(image["perturbation"]["linf"].get<double>(), static_cast<double>(eps) + 1e-7);

  const auto manifest = formats::read_manifest(std::filesystem::path(model).replace_extension(".json"));
  const Tensor clean = study::load_input(picture, manifest).pixels;
  const Tensor adversarial = read_npy(folder_ / "out" / image["adversarial_npy"].get<std::string>());
  ASSERT_EQ(adversarial.shape(), clean.shape());
  float largest = 0;
  for (std::int64_t i = 0; i < clean.elements(); ++i) {
    ASSERT_TRUE(adversarial[i] >= 0.0F && adversarial[i] <= 1.0F);
    largest = std::max(largest, std::abs(adversarial[i] - clean[i]));
  }
  EXPECT_LE(largest, eps + 1e-6F);
  EXPECT_GT(largest, 0.9F * eps);
  const Tensor stored = read_image(folder_ / "out" / image["adversarial_png"].get<std::string>()).pixels;
  const Tensor rounded = round_to_8bit(adversarial);
  ASSERT_EQ(stored.shape(), rounded.shape());
  EXPECT_TRUE(std::equal(stored.values().begin(), stored.values().end(), rounded.values().begin()));
}

TEST_F(AttackCommand, StartsAtRandomUnlessToldNotTo) {
  make_pictures(1);
  const auto passes = [&](const std::vector<std::string>& more) {
    return Json::parse(attack("out", more))["images"][0]["forward_passes"].get<int>();
  };
  // Clean, ten steps, rounded; and the random start, which is no clean pass.
  EXPECT_EQ(passes({"--set", "random_start=off"}), 12);
  EXPECT_EQ(passes({"--set", "random_start=on"}), 13);
  EXPECT_EQ(passes({}), 13);
}

TEST_F(AttackCommand, DependsOnTheSeedButNotOnTheBatch) {
  make_pictures(5);
  const std::string one = attack("one", {"--batch", "1", "--seed", "7"});
  EXPECT_EQ(attack("sixteen", {"--batch", "16", "--seed", "7"}), one);
  const std::string other = attack("other", {"--batch", "16", "--seed", "8"});
  for (int i = 0; i < 5; ++i) {
    const std::string name = std::to_string(i) + ".npy";
    EXPECT_EQ(read_file(folder_ / "one" / name), read_file(folder_ / "sixteen" / name));
    EXPECT_NE(read_file(folder_ / "one" / name), read_file(folder_ / "other" / name));
  }
  const std::string reference = attack("r1", {"--engine", "reference", "--threads", "1"});
  EXPECT_EQ(attack("r2", {"--engine", "reference", "--threads", "2"}), reference);
}

TEST_F(AttackCommand, RunsEveryAttackWithItsDefaults) {
  make_pictures(1);
  for (const std::string name : {"fgsm", "bim", "pgd"}) {
    for (const std::string norm : {"linf", "l2"}) {
      const Json json = Json::parse(attack("out", {"--attack", name, "--norm", norm}));
      EXPECT_EQ(json["attack"]["name"], name);
      EXPECT_EQ(json["attack"]["settings"]["norm"], norm);
    }
  }
}

TEST_F(AttackCommand, AimsAtAClass) {
  make_pictures(2);
  const Json json = Json::parse(attack("out", {"--target", "3", "--eps", "0.2", "--set", "steps=20"}));
  EXPECT_EQ(json["attack"]["settings"]["goal"], "targeted");
  for (const Json& image : json["images"]) {
    EXPECT_EQ(image["target"], 3);
    EXPECT_EQ(image["adversarial"]["success"].get<bool>(), image["adversarial"]["class_index"] == 3);
  }
}

TEST_F(AttackCommand, AimsAtAClassThatTheCleanLogitsName) {
  make_pictures(3);
  const auto targets = [&](const std::string& rule) {
    const Json json = Json::parse(attack("out", {"--target", rule, "--attack", "fgsm"}));
    EXPECT_EQ(json["target"], rule);
    EXPECT_EQ(json["attack"]["settings"]["goal"], "targeted");
    std::vector<int> found;
    for (const Json& image : json["images"]) {
      found.push_back(image["target"]);
      EXPECT_NE(found.back(), image["label"].get<int>());
      EXPECT_TRUE(found.back() >= 0 && found.back() < 10);
    }
    return found;
  };
  EXPECT_EQ(targets("most-likely"), targets("likely=1"));
  EXPECT_EQ(targets("least-likely"), targets("likely=9"));
  EXPECT_NE(targets("likely=1"), targets("likely=2"));
  EXPECT_EQ(targets("random"), targets("random"));
  for (const std::string rule : {"likely=0", "likely=10", "likely=x", "likely="}) {
    expect_failure(run({"attack", tiny_model().string(), (folder_ / "pictures").string(), "-o",
                        (folder_ / "no").string(), "--target", rule}),
                   2, {"--target " + rule, "rank of 1", "to 9"});
  }
}

// A mask of 48 x 40 pixels like the pictures, white where column < columns.
void write_mask(const std::filesystem::path& file, int columns) {
  Tensor mask({3, 40, 48});
  for (std::int64_t i = 0; i < mask.elements(); ++i) mask[i] = i % 48 < columns ? 1.0F : 0.0F;
  write_png(file, mask);
}

TEST_F(AttackCommand, ChangesPicturesOnlyWhereAMaskIsWhite) {
  make_pictures(2);
  write_mask(folder_ / "half.png", 24);
  const Json json =
      Json::parse(attack("out", {"--mask", (folder_ / "half.png").string(), "--attack", "bim"}));
  const auto manifest =
      formats::read_manifest(std::filesystem::path(tiny_model()).replace_extension(".json"));
  for (int n = 0; n < 2; ++n) {
    const Json& image = json["images"][static_cast<std::size_t>(n)];
    EXPECT_NEAR(image["mask"]["share"].get<double>(), 0.5, 0.06);
    const Tensor clean = study::load_input(image["file"].get<std::string>(), manifest).pixels;
    const Tensor found = read_npy(folder_ / "out" / image["adversarial_npy"].get<std::string>());
    std::vector<int> changed(32);
    for (std::int64_t i = 0; i < clean.elements(); ++i)
      changed[static_cast<std::size_t>(i % 32)] += found[i] != clean[i] ? 1 : 0;
    for (std::size_t column = 0; column < 32; ++column)
      EXPECT_EQ(changed[column] > 0, column < 16) << "column " << column;
  }
}

TEST_F(AttackCommand, TakesAMaskForEachPictureFromAFolder) {
  make_pictures(2);
  std::filesystem::create_directory(folder_ / "masks");
  write_mask(folder_ / "masks/0.png", 12);
  const std::vector<std::string> words = {
      "attack", tiny_model().string(),       (folder_ / "pictures").string(), "-o", (folder_ / "no").string(),
      "--mask", (folder_ / "masks").string()};
  expect_failure(run(words), 5, {"masks: no mask of", "1.png"});
  write_mask(folder_ / "masks/1.png", 0);
  expect_failure(run(words), 5, {"1.png", "without a white pixel"});
  write_mask(folder_ / "masks/1.png", 48);
  const Json json = Json::parse(attack("out", {"--mask", (folder_ / "masks").string(), "--attack", "fgsm"}));
  EXPECT_LT(json["images"][0]["mask"]["share"].get<double>(), 0.4);
  EXPECT_EQ(json["images"][1]["mask"]["share"], 1);
}

TEST_F(AttackCommand, KeepsToABudgetOfPasses) {
  make_pictures(2);
  const Json json = Json::parse(attack("out", {"--max-passes", "13"}));
  EXPECT_EQ(json["budget"]["passes"], 13);
  EXPECT_EQ(json["attack"]["settings"]["steps"], 5);
  for (const Json& image : json["images"])
    EXPECT_EQ(image["forward_passes"].get<int>() + image["backward_passes"].get<int>(), 13);
  expect_failure(run({"attack", tiny_model().string(), (folder_ / "pictures").string(), "-o",
                      (folder_ / "no").string(), "--max-passes", "2"}),
                 2, {"pgd", "5 passes", "not 2"});
}

TEST_F(AttackCommand, KeepsToABudgetOfTime) {
  make_pictures(2);
  const Json json = Json::parse(attack("out", {"--max-seconds", "0.05", "--set", "steps=1000000"}));
  EXPECT_EQ(json["budget"]["seconds"], 0.05);
  for (const Json& image : json["images"]) EXPECT_LT(image["backward_passes"], 1'000'000);
  expect_failure(run({"attack", tiny_model().string(), (folder_ / "pictures").string(), "-o",
                      (folder_ / "no").string(), "--max-seconds", "1", "--critical"}),
                 2, {"--max-seconds with --critical"});
}

// The record's settings are a file of settings; what is on the command line overrides it.
TEST_F(AttackCommand, TakesParametersFromAFileAndTheCommandLine) {
  make_pictures(1);
  const std::string given = attack(
      "given", {"--set", "steps=3", "--set", "step_size=2/255", "--eps", "8/255", "--set", "restarts=2"});
  const Json settings = Json::parse(given)["attack"]["settings"];
  EXPECT_EQ(settings["steps"], 3);
  EXPECT_EQ(settings["step_size"], 2.0 / 255);
  write_file(folder_ / "settings.json", settings.dump());
  EXPECT_EQ(attack("again", {"--set-file", (folder_ / "settings.json").string()}), given);
  const Json other =
      Json::parse(attack("other", {"--set", "steps=4", "--set-file", (folder_ / "settings.json").string()}));
  EXPECT_EQ(other["attack"]["settings"]["steps"], 4);
  EXPECT_EQ(other["attack"]["settings"]["restarts"], 2);
}

TEST_F(AttackCommand, FindsTheCriticalStrength) {
  make_pictures(3);
  const Json json = Json::parse(attack("out", {"--critical", "--attack", "bim", "--set", "steps=3"}));
  for (const Json& image : json["images"]) {
    const Json& critical = image["critical"];
    EXPECT_GE(critical["rounds"].get<int>(), 1);
    EXPECT_EQ(critical["backward_passes"].get<int>(), 3 * critical["rounds"].get<int>());
    EXPECT_EQ(critical["eps"].is_null(), !image["adversarial"]["success"].get<bool>());
    if (critical["eps"].is_null()) continue;
    EXPECT_LE(image["perturbation"]["linf"].get<double>(), critical["eps"].get<double>());
    EXPECT_LT(critical["fails_at"].get<double>(), critical["eps"].get<double>());
  }
  expect_failure(run({"attack", tiny_model().string(), (folder_ / "pictures").string(), "-o",
                      (folder_ / "out").string(), "--critical", "--set", "goal=boost"}),
                 2, {"--critical", "goal=boost"});
}

// Stopped as soon as the first state is kept; the second run ends as one that was not stopped, and leaves
// nothing behind.
TEST_F(AttackCommand, AutoAttackGoesOnWhereItWasStopped) {
  make_pictures(4);
  const std::vector<std::string> settings = {"--attack",   "autoattack", "--set", "steps=3", "--set",
                                             "queries=20", "--batch",    "2",     "--eps",   "1/255"};
  const std::string whole = attack("whole", settings);
  const std::filesystem::path state = folder_ / "out" / "autoattack-state";
  std::vector<std::string> words = {"attack", tiny_model().string(), (folder_ / "pictures").string(), "-o",
                                    (folder_ / "out").string()};
  words.insert(words.end(), settings.begin(), settings.end());
  const auto has_record = [&] {
    const std::vector<std::string> files = files_below(state);
    return std::ranges::any_of(
        files, [](const std::string& file) { return file.ends_with(".json") && file != "run.json"; });
  };
  run(words, {.interrupt_when = has_record});
  EXPECT_TRUE(has_record());
  EXPECT_EQ(attack("out", settings), whole);
  EXPECT_FALSE(std::filesystem::exists(state));
  const Json document = Json::parse(whole);
  for (const Json& image : document["images"]) EXPECT_TRUE(image["stage"].is_string());
}

}  // namespace
}  // namespace faultline::test
