#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "stats/interval.h"
#include "stats/resampler.h"

// The values of tests/data/oracles/statistics, computed by scripts/oracles/statistics.py.
namespace faultline::stats::test {

const nlohmann::json& stored(const std::string& group);

// Figures are stored with twelve digits: off by up to 5e-12, relative.
void expect_figure(double found, const nlohmann::json& expected, const std::string& what);

// expected: [lower, upper].
void expect_interval(const std::optional<Interval>& found, const nlohmann::json& expected,
                     const std::string& what);

// What a stored bootstrap was made with: resamples, seed, and confidence where it is not 0.95.
BootstrapOptions options_of(const nlohmann::json& entry);

}  // namespace faultline::stats::test
