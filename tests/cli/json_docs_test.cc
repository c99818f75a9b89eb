#include <gtest/gtest.h>

#include "cli/documents.h"
#include "cli/run_program.h"
#include "cli/samples.h"
#include "temporary_folder.h"

namespace faultline::test {
namespace {

// Parameters of attacks, methods and measures are docs/catalogue.md's matter.
void empty_settings(Json& json) {
  for (auto& item : json.items()) {
    if (item.key() == "settings") {
      item.value() = Json::object();
    } else if (item.value().is_structured()) {
      empty_settings(item.value());
    }
  }
}

// A measure's columns are documented with it.
std::string documented_name(const std::string& key) {
  for (const char* suffix : {"_lower", "_upper", "_n", "_censored"}) {
    if (key.ends_with(suffix)) return key.substr(0, key.size() - std::string(suffix).size());
  }
  return key;
}

// docs/json.md mentions a key as `key` or `parent[].key`.
void expect_documented(const std::string& output) {
  static const std::string docs = read_file(FAULTLINE_SOURCE_DIR "/docs/json.md");
  std::set<std::string> keys;
  Json json = Json::parse(output);
  empty_settings(json);
  collect_keys(json, keys);
  EXPECT_TRUE(keys.contains("version"));
  for (const std::string& key : keys) {
    const auto mentioned = [&](const std::string& name) {
      return docs.find("`" + name + "`") != std::string::npos ||
             docs.find("." + name + "`") != std::string::npos;
    };
    const bool known = mentioned(key) || mentioned(documented_name(key));
    EXPECT_TRUE(known) << key << " is not in docs/json.md";
  }
}

TEST(JsonDocs, MentionEveryKeyOfEveryOutput) {
  const TemporaryFolder folder;
  const std::string model = tiny_model().string();
  const std::string picture = (folder / "a.png").string();
  const std::string out = (folder / "out").string();
  write_picture(picture);
  write_file(folder / "truth.csv", "file,class_index\na.png,1\n");
  write_file(folder / "text.png", "this is no picture\n");
  const std::string study = (folder / "study").string();
  expect_success(run({"study", model, picture, "-o", study, "--draws", "2", "--twins", "0", "-q"}));
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"predict", model, picture, "--truth", (folder / "truth.csv").string()},
        {"inspect", model},
        {"list", "attacks"},
        {"list", "controls"},
        {"list", "heatmaps"},
        {"list", "metrics"},
        {"bench", model, "--inputs", "1", "--repeat", "1"},
        {"accuracy", model, picture},
        {"tune", model, "-o", (folder / "kernels.json").string(), "--repeat", "1"},
        {"attack", model, picture, "-o", out, "--target", "3"},
        {"explain", model, picture, "-o", out},
        {"summary", study},
        {"compare", study, study},
        {"sanity", model, picture, "--methods", "layercam"},
        {"faithfulness", model, picture, "--methods", "layercam"},
        {"analyze", model, picture, (folder / "text.png").string(), "-o", out, "--metrics", "all", "--set",
         "steps=3"}}) {
    SCOPED_TRACE(words[0]);
    std::vector<std::string> all = words;
    all.emplace_back("--json");
    const Outcome outcome = run(all);
    expect_success(outcome);
    expect_documented(outcome.out);
  }
}

}  // namespace
}  // namespace faultline::test
