#include "base/entry_settings.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "expect_error.h"

namespace faultline {
namespace {

using test::expect_error;

constexpr std::array kBrush = {integer_parameter("width", "3", 1, 99, "how wide")};
constexpr std::array kPen = {real_parameter("width", "0.5", 0, 2, "how wide"),
                             flag_parameter("wet", false, "whether it is")};

std::vector<Settings> tools() {
  return {{"tool", "brush", kBrush}, {"tool", "pen", kPen}, {"tool", "finger", {}}};
}

TEST(EntrySettings, AnAssignmentIsForTheEntryThatItNames) {
  std::vector<Settings> entries = tools();
  set_assignment(entries, "pen.width=1.5");
  set_assignment(entries, "brush.width=7");
  EXPECT_EQ(entries[0].integer("width"), 7);
  EXPECT_EQ(entries[1].real("width"), 1.5);
  EXPECT_FALSE(entries[1].flag("wet"));
}

TEST(EntrySettings, AnEntryIsNamedBeforeTheEqualsSignOnly) {
  EXPECT_TRUE(names_entry("pen.width=1"));
  EXPECT_TRUE(names_entry("pen.width"));
  EXPECT_FALSE(names_entry("width=1.5"));
  EXPECT_FALSE(names_entry("width"));
}

TEST(EntrySettings, WhatIsRecordedCanBeGivenAgain) {
  std::vector<Settings> entries = tools();
  set_all(entries, {{"pen", {{"wet", true}}}, {"brush", {{"width", "4"}}}});
  const nlohmann::ordered_json recorded = settings_json(entries);
  EXPECT_EQ(nlohmann::json(recorded),
            (nlohmann::json{{"brush", {{"width", 4}}}, {"pen", {{"width", 0.5}, {"wet", true}}}}));
  std::vector<Settings> again = tools();
  set_all(again, nlohmann::json(recorded));
  EXPECT_EQ(settings_json(again), recorded);
}

TEST(EntrySettings, RefuseWhatTakesNoPartWithWhatDoes) {
  std::vector<Settings> entries = tools();
  const auto refused = [&](std::string_view assignment, const std::string& part) {
    expect_error([&] { set_assignment(entries, assignment); }, ErrorKind::usage, part);
  };
  refused("chalk.width=1",
          "parameters of 'chalk', which takes no part; expected those of one of: brush, pen");
  refused("width=1", "got 'width=1', expected NAME.PARAMETER=VALUE with a name of: brush, pen, finger");
  refused("pen.colour=red", "tool pen: no parameter 'colour'; its parameters are width (");
  refused("pen.width=3", "tool pen: width: got '3', expected a number, 0 to 2");
  refused("finger.width=1", "tool finger: no parameter 'width'; it has no parameters");
  expect_error([&] { set_all(entries, nlohmann::json::array()); }, ErrorKind::usage, "expected an object");
  expect_error([&] { set_all(entries, {{"pen", 3}}); }, ErrorKind::usage, "tool pen: expected an object");
  expect_error([&] { set_all(entries, {{"chalk", {{"width", 1}}}}); }, ErrorKind::usage, "'chalk'");
}

}  // namespace
}  // namespace faultline
