#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/settings.h"

namespace faultline::test {

// Expects of an entry's table that names differ and have a meaning, that defaults are values that the table
// itself accepts, and that what Settings tells can be given back.
inline void expect_sound_parameters(std::string_view what, std::string_view name,
                                    std::span<const Parameter> parameters) {
  std::set<std::string_view> names;
  for (const Parameter& parameter : parameters) {
    SCOPED_TRACE(parameter.name);
    EXPECT_TRUE(names.insert(parameter.name).second);
    EXPECT_FALSE(parameter.meaning.empty());
    EXPECT_FALSE(parameter.default_value.empty() && parameter.kind != ParameterKind::text);
    EXPECT_LE(parameter.least, parameter.most);
  }
  const Settings defaults(what, name, parameters);
  Settings again(what, name, parameters);
  EXPECT_NO_THROW(again.set_all(nlohmann::json(defaults.json())));
  EXPECT_EQ(again.json(), defaults.json());
}

}  // namespace faultline::test
