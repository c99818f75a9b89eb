#include "stats/distributions.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "samples.h"
#include "stored.h"

namespace faultline::stats {
namespace {

using nlohmann::json;
using test::expect_figure;
using test::kInfinity;
using test::kNan;

TEST(Distributions, StoredValues) {
  const json& index = test::stored("distributions");
  for (const json& of : index.at("normal_cdf")) expect_figure(normal_cdf(of.at("z")), of.at("p"), of.dump());
  for (const json& of : index.at("normal_quantile")) {
    expect_figure(normal_quantile(of.at("p")), of.at("z"), of.dump());
  }
  for (const json& of : index.at("chi_squared_survival")) {
    expect_figure(chi_squared_survival(of.at("x"), of.at("degrees")), of.at("p"), of.dump());
  }
  for (const json& of : index.at("student_t_survival")) {
    expect_figure(student_t_survival(of.at("t"), of.at("degrees")), of.at("p"), of.dump());
  }
  for (const json& of : index.at("binomial_cdf")) {
    expect_figure(binomial_cdf(of.at("successes"), of.at("trials"), of.at("probability")), of.at("p"),
                  of.dump());
  }
}

TEST(Distributions, AtTheirEnds) {
  EXPECT_EQ(normal_cdf(-kInfinity), 0);
  EXPECT_EQ(normal_cdf(kInfinity), 1);
  EXPECT_EQ(student_t_survival(kInfinity, 3), 0);
  EXPECT_EQ(student_t_survival(-kInfinity, 3), 1);
  EXPECT_EQ(chi_squared_survival(0, 2), 1);
  EXPECT_EQ(binomial_cdf(0, 0, 0.5), 1);
}

TEST(Distributions, RefuseWhatIsOutOfRange) {
  EXPECT_THROW(normal_cdf(kNan), ContractError);
  for (const double p : {0.0, 1.0, -0.1, kNan}) EXPECT_THROW(normal_quantile(p), ContractError);
  EXPECT_THROW(chi_squared_survival(-1e-9, 3), ContractError);
  EXPECT_THROW(chi_squared_survival(kInfinity, 3), ContractError);
  EXPECT_THROW(chi_squared_survival(1, 0), ContractError);
  EXPECT_THROW(chi_squared_survival(kNan, 1), ContractError);
  EXPECT_THROW(student_t_survival(kNan, 3), ContractError);
  EXPECT_THROW(student_t_survival(1, kInfinity), ContractError);
  EXPECT_THROW(binomial_cdf(1, 3, 1.5), ContractError);
}

}  // namespace
}  // namespace faultline::stats
