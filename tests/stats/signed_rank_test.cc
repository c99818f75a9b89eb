#include "stats/signed_rank.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "samples.h"
#include "stats/signed_rank_distribution.h"
#include "stored.h"

namespace faultline::stats {
namespace {

TEST(SignedRank, StoredTests) {
  for (const auto& of : test::stored("signed_rank")) {
    const std::vector<double> differences = of.at("differences");
    const SignedRankTest found = signed_rank_test(differences);
    const std::string what = of.dump(-1);
    EXPECT_EQ(found.positive_sum, of.at("positive_sum").get<double>()) << what;
    EXPECT_EQ(found.negative_sum, of.at("negative_sum").get<double>()) << what;
    EXPECT_EQ(found.exact, of.at("exact").get<bool>()) << what;
    EXPECT_EQ(found.used + found.zeros, differences.size());
    test::expect_figure(*found.rank_biserial, of.at("rank_biserial"), what);
    test::expect_figure(found.p, of.at("two_sided"), what);
    test::expect_figure(signed_rank_test(differences, Alternative::greater).p, of.at("greater"), what);
    test::expect_figure(signed_rank_test(differences, Alternative::less).p, of.at("less"), what);
  }
}

std::vector<double> negated(std::vector<double> values) {
  for (double& x : values) x = -x;
  return values;
}

// Whole numbers of both signs, with ties and zeros.
std::vector<double> tied(int number, std::size_t count) {
  std::vector<double> values = test::normals("tied", number, count);
  for (double& x : values) x = std::round(2 * x + 0.3);
  return values;
}

TEST(SignedRank, ExchangeTurnsItRound) {
  for (const std::size_t count : {7U, 40U, 90U}) {
    const std::vector<double> d = tied(0, count);
    const std::vector<double> exchanged = negated(d);
    EXPECT_EQ(signed_rank_test(d).p, signed_rank_test(exchanged).p);
    EXPECT_EQ(signed_rank_test(d, Alternative::greater).p, signed_rank_test(exchanged, Alternative::less).p);
    EXPECT_EQ(*signed_rank_test(d).rank_biserial, -*signed_rank_test(exchanged).rank_biserial);
  }
}

// Any odd increasing map keeps signs and ranks.
TEST(SignedRank, FollowsNeitherMonotoneMapsNorOrder) {
  for (const std::size_t count : {30U, 90U}) {
    const std::vector<double> d = tied(1, count);
    std::vector<double> cubes = d;
    for (double& x : cubes) x = x * x * x / 7;
    const double p = signed_rank_test(d).p;
    EXPECT_EQ(signed_rank_test(cubes).p, p);
    EXPECT_EQ(signed_rank_test(test::shuffled(d)).p, p);
  }
}

TEST(SignedRank, TheExactAndTheNormalOneMeet) {
  const std::vector<double> fifty = test::normals("meet", 0, 50);
  std::vector<double> more = fifty;
  more.push_back(1e-9);  // the least rank: changes little
  ASSERT_TRUE(signed_rank_test(fifty).exact);
  ASSERT_FALSE(signed_rank_test(more).exact);
  EXPECT_NEAR(signed_rank_test(fifty).p, signed_rank_test(more).p, 0.01);
}

TEST(SignedRank, OfNothingButZeros) {
  const SignedRankTest none = signed_rank_test(std::vector<double>{0, -0.0, 0});
  EXPECT_EQ(none.p, 1);
  EXPECT_EQ(none.zeros, 3U);
  EXPECT_EQ(none.used, 0U);
  EXPECT_FALSE(none.rank_biserial);
  EXPECT_EQ(signed_rank_test({}, Alternative::greater).p, 1);
}

TEST(SignedRank, RefusesWhatIsNotFinite) {
  EXPECT_THROW(signed_rank_test(std::vector<double>{1, test::kNan}), ContractError);
}

// All 2^11 signs of tied ranks: of them the share with a one-sided p of at most any p that occurs is that p.
TEST(SignedRank, RejectsAsOftenAsItSays) {
  const std::vector<double> sizes = {1, 1, 2, 3, 3, 3, 4, 5, 6, 6, 7};
  std::vector<double> p;
  for (unsigned signs = 0; signs < 1U << sizes.size(); ++signs) {
    std::vector<double> d = sizes;
    for (std::size_t i = 0; i < d.size(); ++i) d[i] = (signs >> i & 1U) != 0 ? d[i] : -d[i];
    p.push_back(signed_rank_test(d, Alternative::greater).p);
  }
  for (const double level : p) {
    const auto rejected = std::count_if(p.begin(), p.end(), [=](double x) { return x <= level; });
    EXPECT_EQ(static_cast<double>(rejected) / static_cast<double>(p.size()), level);
  }
}

TEST(SignedRankDistribution, AgainstEverySelection) {
  const std::vector<std::int64_t> doubled = {3, 3, 6, 8, 11, 11, 11, 16, 18};
  for (std::int64_t t = -1; t <= 90; ++t) {
    int at_most = 0;
    int at_least = 0;
    for (unsigned chosen = 0; chosen < 1U << doubled.size(); ++chosen) {
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < doubled.size(); ++i) sum += (chosen >> i & 1U) != 0 ? doubled[i] : 0;
      at_most += sum <= t ? 1 : 0;
      at_least += sum >= t ? 1 : 0;
    }
    const Tails found = signed_rank_tails(doubled, t);
    EXPECT_EQ(found.at_most, at_most / 512.0) << t;
    EXPECT_EQ(found.at_least, at_least / 512.0) << t;
  }
}

TEST(SignedRankDistribution, RefusesWhatItCannotCountExactly) {
  EXPECT_THROW(signed_rank_tails(std::vector<std::int64_t>(53, 2), 0), ContractError);
  EXPECT_THROW(signed_rank_tails(std::vector<std::int64_t>{2, -2}, 0), ContractError);
}

}  // namespace
}  // namespace faultline::stats
