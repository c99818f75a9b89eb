#include "engine/kernel_table.h"

#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "base/files.h"
#include "engine/engine.h"
#include "engine/tune.h"
#include "temporary_folder.h"

namespace faultline::engine {
namespace {

// A forward 3x3 convolution of 64 to 128 channels on maps of 56 x 28.
ConvSignature signature() {
  return {.isa = "avx512", .inputs = 64, .outputs = 128, .height = 56, .width = 28, .kernel = 3, .stride = 1};
}

TEST(KernelRule, WithoutConditionsFitsEverything) {
  EXPECT_TRUE(KernelRule{}.fits(signature()));
  EXPECT_TRUE(KernelRule{}.fits({.backward = true, .isa = "sse41", .kernel = 11, .stride = 4}));
}

TEST(KernelRule, FitsItsDirectionOnly) {
  ConvSignature backward = signature();
  backward.backward = true;
  EXPECT_TRUE(KernelRule{.backward = false}.fits(signature()));
  EXPECT_FALSE(KernelRule{.backward = false}.fits(backward));
  EXPECT_FALSE(KernelRule{.backward = true}.fits(signature()));
  EXPECT_TRUE(KernelRule{.backward = true}.fits(backward));
}

TEST(KernelRule, FitsItsInstructionSetOnly) {
  EXPECT_TRUE(KernelRule{.isa = "avx512"}.fits(signature()));
  EXPECT_FALSE(KernelRule{.isa = "avx2"}.fits(signature()));
}

struct Extent {
  const char* key;
  Bounds KernelRule::*bounds;
  std::int64_t value;  // signature()'s
};
constexpr Extent kExtents[] = {
    {"inputs", &KernelRule::inputs, 64}, {"outputs", &KernelRule::outputs, 128},
    {"height", &KernelRule::height, 56}, {"width", &KernelRule::width, 28},
    {"kernel", &KernelRule::kernel, 3},  {"stride", &KernelRule::stride, 1},
};

TEST(KernelRule, FitsBetweenItsBoundsWhichAreInside) {
  for (const Extent& extent : kExtents) {
    SCOPED_TRACE(extent.key);
    const auto fits = [&](std::int64_t least, std::int64_t most) {
      KernelRule rule;
      rule.*extent.bounds = {least, most};
      return rule.fits(signature());
    };
    EXPECT_TRUE(fits(extent.value, extent.value));
    EXPECT_TRUE(fits(1, extent.value));
    EXPECT_TRUE(fits(extent.value, 1000));
    EXPECT_FALSE(fits(extent.value + 1, 1000));
    EXPECT_FALSE(fits(0, extent.value - 1));
  }
}

TEST(IsAllowed, WinogradAtFastAndBf16AtBf16) {
  const auto allowed = [](ConvAlgorithm algorithm) {
    std::string names;
    for (const Precision precision : {Precision::f32, Precision::fast, Precision::bf16}) {
      if (is_allowed(algorithm, precision)) names += std::string(name_of(precision)) + " ";
    }
    return names;
  };
  EXPECT_EQ(allowed(ConvAlgorithm::direct), "f32 fast bf16 ");
  EXPECT_EQ(allowed(ConvAlgorithm::narrow), "f32 fast bf16 ");
  EXPECT_EQ(allowed(ConvAlgorithm::winograd), "fast ");
  EXPECT_EQ(allowed(ConvAlgorithm::bf16), "bf16 ");
}

class KernelTableFile : public testing::Test {
 protected:
  KernelTable read(const std::string& text) const {
    write_file(file_, text);
    return read_kernel_table(file_);
  }
  // The text is refused as usage, naming the file and `part`.
  void expect_refused(const std::string& text, const std::string& part) const {
    SCOPED_TRACE(text);
    try {
      read(text);
      ADD_FAILURE() << "was read";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_NE(std::string(error.what()).find(file_.string()), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  }

  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "table.json";
};

TEST_F(KernelTableFile, HoldsWhatItsTextSays) {
  const KernelTable table =
      read(R"({"version": 1, "rules": [{"algorithm": "winograd", "direction": "backward", "isa": "avx2",)"
           R"( "inputs": [16, 64], "width": [6, 7]}, {"algorithm": "direct"}]})");
  ASSERT_EQ(table.rules.size(), 2U);
  const KernelRule& rule = table.rules[0];
  EXPECT_EQ(rule.algorithm, ConvAlgorithm::winograd);
  EXPECT_EQ(rule.backward, true);
  EXPECT_EQ(rule.isa, "avx2");
  EXPECT_EQ(rule.inputs.least, 16);
  EXPECT_EQ(rule.inputs.most, 64);
  EXPECT_EQ(rule.width.least, 6);
  EXPECT_EQ(rule.width.most, 7);
  EXPECT_EQ(rule.height.least, Bounds{}.least);
  EXPECT_EQ(rule.height.most, Bounds{}.most);
  EXPECT_EQ(table.rules[1].algorithm, ConvAlgorithm::direct);
  EXPECT_EQ(table.rules[1].backward, std::nullopt);
}

TEST_F(KernelTableFile, IsReadBackAsItWasWritten) {
  KernelRule full{.algorithm = ConvAlgorithm::narrow, .backward = true, .isa = "avx512"};
  std::int64_t least = 2;
  for (const Extent& extent : kExtents) {
    full.*extent.bounds = {least, 2 * least + 1};
    ++least;
  }
  for (const KernelTable& table :
       {KernelTable{}, KernelTable{{full, {}, {.backward = false}}}, default_kernel_table()}) {
    const KernelTable again = read(table.to_json());
    EXPECT_EQ(again.rules.size(), table.rules.size());
    EXPECT_EQ(again.to_json(), table.to_json());
    EXPECT_EQ(again.sha256(), table.sha256());
  }
}

TEST_F(KernelTableFile, OfAnyOtherContentIsRefusedNamingTheKey) {
  const auto rule = [](const std::string& content) {
    return R"({"version": 1, "rules": [{)" + content + "}]}";
  };
  expect_refused("", "is not JSON");
  expect_refused("{\"version\": 1, \"rules\": [", "is not JSON");
  expect_refused("[]", "object");
  expect_refused(R"({"rules": []})", "'version'");
  expect_refused(R"({"version": 2, "rules": []})", "'version'");
  expect_refused(R"({"version": 1})", "'rules'");
  expect_refused(R"({"version": 1, "rules": {}})", "'rules'");
  expect_refused(R"({"version": 1, "rules": [], "machine": "mine"})", "'machine'");
  expect_refused(rule(""), "algorithm'");
  expect_refused(rule(R"("algorithm": 3)"), "algorithm'");
  expect_refused(rule(R"("algorithm": "fft")"), "algorithm': got \"fft\", expected one of direct, winograd");
  expect_refused(rule(R"("algorithm": "direct", "direction": "sideways")"), "direction'");
  expect_refused(rule(R"("algorithm": "direct", "isa": 512)"), "isa'");
  expect_refused(rule(R"("algorithm": "direct", "isa": "avx3")"), "isa': got \"avx3\"");
  expect_refused(rule(R"("algorithm": "direct", "colour": "red")"), "colour'");
  for (const Extent& extent : kExtents) {
    for (const char* range :
         {"3", "[3]", "[1, 2, 3]", "[0, 3]", "[5, 3]", "[1.5, 3]", "[1, \"3\"]", "null"}) {
      expect_refused(rule(R"("algorithm": "direct", ")" + std::string(extent.key) + "\": " + range),
                     std::string(extent.key) + "'");
    }
  }
}

TEST_F(KernelTableFile, ThatCannotBeReadIsAnErrorOfFiles) {
  try {
    read_kernel_table(folder_ / "none.json");
    ADD_FAILURE() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_NE(std::string(error.what()).find("none.json"), std::string::npos);
  }
}

TEST(KernelTableHash, ChangesWithWhateverTheTableSays) {
  std::set<std::string> hashes = {KernelTable{}.sha256()};
  std::size_t tables = 1;
  const auto add = [&](const KernelTable& table) {
    ++tables;
    const std::string hash = table.sha256();
    EXPECT_EQ(hash.size(), 64U);
    EXPECT_EQ(hash, KernelTable(table).sha256());
    hashes.insert(hash);
  };
  const KernelRule winograd{.algorithm = ConvAlgorithm::winograd};
  add({{KernelRule{}}});
  add({{KernelRule{}, KernelRule{}}});
  add({{KernelRule{}, winograd}});
  add({{winograd, KernelRule{}}});
  add({{KernelRule{.backward = true}}});
  add({{KernelRule{.backward = false}}});
  add({{KernelRule{.isa = "avx2"}}});
  for (const Extent& extent : kExtents) {
    for (const Bounds bounds : {Bounds{.least = 2}, Bounds{.most = 2}}) {
      KernelRule rule;
      rule.*extent.bounds = bounds;
      add({{rule}});
    }
  }
  EXPECT_EQ(hashes.size(), tables);
}

// Of a table for one shape the rule that `precision` takes.
ConvAlgorithm choice(const KernelTable& table, const ConvSignature& of, Precision precision) {
  for (const KernelRule& rule : table.rules) {
    if (rule.fits(of) && is_allowed(rule.algorithm, precision)) return rule.algorithm;
  }
  return ConvAlgorithm::direct;
}

TEST(TunedTable, GivesEveryPrecisionItsFastestAlgorithm) {
  const auto tuned = [](std::vector<AlgorithmTime> times) {
    return tuned_table({{.signature = signature(), .node = "conv", .times = std::move(times)}});
  };
  const AlgorithmTime direct{.algorithm = ConvAlgorithm::direct, .seconds = 3};
  const AlgorithmTime winograd{.algorithm = ConvAlgorithm::winograd, .seconds = 1};
  const AlgorithmTime bf16{.algorithm = ConvAlgorithm::bf16, .seconds = 2};
  const KernelTable fast = tuned({winograd, bf16, direct});
  EXPECT_EQ(choice(fast, signature(), Precision::f32), ConvAlgorithm::direct);
  EXPECT_EQ(choice(fast, signature(), Precision::fast), ConvAlgorithm::winograd);
  EXPECT_EQ(choice(fast, signature(), Precision::bf16), ConvAlgorithm::bf16);
  const KernelTable slow = tuned({direct, winograd, bf16});
  for (const Precision precision : {Precision::f32, Precision::fast, Precision::bf16})
    EXPECT_EQ(choice(slow, signature(), precision), ConvAlgorithm::direct);
}

TEST(TunedTable, SaysNothingNewOfOtherShapes) {
  const KernelTable table = tuned_table(
      {{.signature = signature(), .node = "conv", .times = {{.algorithm = ConvAlgorithm::direct}}}});
  const std::size_t defaults = default_kernel_table().rules.size();
  ASSERT_EQ(table.rules.size(), 1 + defaults);
  const KernelTable rest{{table.rules.begin() + 1, table.rules.end()}};
  EXPECT_EQ(rest.to_json(), default_kernel_table().to_json());
  std::vector<ConvSignature> others(8, signature());
  others[0].backward = true;
  others[1].isa = "avx2";
  ++others[2].inputs;
  --others[3].outputs;
  ++others[4].height;
  --others[5].width;
  others[6].kernel = 5;
  others[7].stride = 2;
  EXPECT_TRUE(table.rules[0].fits(signature()));
  for (const ConvSignature& other : others) EXPECT_FALSE(table.rules[0].fits(other));
}

}  // namespace
}  // namespace faultline::engine
