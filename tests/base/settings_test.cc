#include "base/settings.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "expect_error.h"
#include "expect_parameters.h"

namespace faultline {
namespace {

using test::expect_error;

constexpr std::array<std::string_view, 2> kColours = {"red", "green"};

double half_of_size(const Settings& settings) {
  return static_cast<double>(settings.pixels("size") / 2);
}

constexpr std::array kParameters = {
    integer_parameter("count", "10", 1, 99, "how many"),
    real_parameter("share", "3/4", -1, kUnbounded, "which share"),
    pixels_parameter("size", "8/255", 2, "how large"),
    with_formula(pixels_parameter("step", "", 2, "how far"), "size / 2", &half_of_size),
    flag_parameter("hurry", true, "whether to hurry"),
    choice_parameter("colour", "green", kColours, "which colour"),
    text_parameter("place", "", "where"),
};

Settings settings() {
  return {"brush", "wide", kParameters};
}

TEST(Settings, WithoutAnythingGivenAreTheDefaults) {
  const Settings defaults = settings();
  EXPECT_EQ(defaults.name(), "wide");
  EXPECT_EQ(defaults.integer("count"), 10);
  EXPECT_EQ(defaults.real("share"), 0.75);
  EXPECT_EQ(defaults.pixels("size"), 8.0F / 255);
  EXPECT_EQ(defaults.pixels("step"), 4.0F / 255);
  EXPECT_TRUE(defaults.flag("hurry"));
  EXPECT_EQ(defaults.text("colour"), "green");
  EXPECT_EQ(defaults.text("place"), "");
  EXPECT_FALSE(defaults.is_given("count"));
  test::expect_sound_parameters("brush", "wide", kParameters);
}

TEST(Settings, TakeWhatUsersWrite) {
  Settings given = settings();
  for (const char* assignment :
       {"count=99", "share=-1/2", "size=0.5", "hurry=off", "colour=red", "place=a=b"})
    given.set_assignment(assignment);
  EXPECT_EQ(given.integer("count"), 99);
  EXPECT_EQ(given.real("share"), -0.5);
  EXPECT_EQ(given.pixels("size"), 0.5F);
  EXPECT_EQ(given.pixels("step"), 0.25F);  // the formula sees what was given after it
  EXPECT_FALSE(given.flag("hurry"));
  EXPECT_EQ(given.text("colour"), "red");
  EXPECT_EQ(given.text("place"), "a=b");
  EXPECT_TRUE(given.is_given("count"));
  EXPECT_EQ(given.set("step", 1).pixels("step"), 1.0F);
  EXPECT_EQ(given.set("size", "1/4").pixels("step"), 1.0F);
  EXPECT_TRUE(given.set("hurry", "true").flag("hurry"));
  EXPECT_FALSE(given.set("hurry", false).flag("hurry"));
}

TEST(Settings, KnowTheirParametersAndChoices) {
  EXPECT_TRUE(settings().has("colour"));
  EXPECT_FALSE(settings().has("color"));
  EXPECT_TRUE(settings().has_choice("colour", "red"));
  EXPECT_FALSE(settings().has_choice("colour", "blue"));
  EXPECT_FALSE(settings().has_choice("color", "red"));
  EXPECT_FALSE(settings().has_choice("count", "10"));
}

TEST(Settings, ValuesOutOfRangeAreRefusedWithEntryValueAndTable) {
  const auto refused = [](const std::string& assignment, const std::string& expected) {
    SCOPED_TRACE(assignment);
    const std::size_t equals = assignment.find('=');
    expect_error([&] { settings().set_assignment(assignment); }, ErrorKind::usage,
                 "brush wide: " + assignment.substr(0, equals) + ": got '" + assignment.substr(equals + 1) +
                     "', expected " + expected +
                     "; its parameters are count (integer, 1 to 99; default 10), ");
  };
  for (const std::string count : {"0", "100", "1.5", "nan", "", "ten", "-3"})
    refused("count=" + count, "an integer, 1 to 99");
  for (const std::string share : {"-1.01", "inf", "-4/3", "1e400"})
    refused("share=" + share, "a number, from -1");
  for (const std::string size : {"-1/255", "2.01", "8/0", "nan"})
    refused("size=" + size, "a size in pixel units such as 8/255 or 0.03, 0 to 2");
  for (const std::string hurry : {"1", "yes", ""}) refused("hurry=" + hurry, "on or off");
  for (const std::string colour : {"blue", "", "red "}) refused("colour=" + colour, "one of: red, green");
}

TEST(Settings, UnknownParametersAreRefusedWithTheTable) {
  expect_error(
      [] { settings().set_assignment("width=3"); }, ErrorKind::usage,
      "brush wide: no parameter 'width'; its parameters are count (integer, 1 to 99; default 10), share "
      "(real, from -1; default 3/4), size (pixels, 0 to 2; default 8/255), step (pixels, 0 to 2; default "
      "size / 2), hurry (flag, on, off; default on), colour (choice, red, green; default green), place "
      "(text, any; default none)");
  expect_error([] { settings().set_assignment("count"); }, ErrorKind::usage,
               "brush wide: got 'count', expected PARAMETER=VALUE; its parameters are count");
  expect_error([] { Settings("brush", "plain", {}).set("count", 1); }, ErrorKind::usage,
               "brush plain: no parameter 'count'; it has no parameters");
  expect_error([] { settings().set("colour", 1); }, ErrorKind::usage, "colour: got '1', expected one of");
}

TEST(Settings, ComeFromAnObjectAndGoBackIntoOne) {
  const nlohmann::json object = {{"count", 3},     {"share", 0.25},   {"size", 0.5},    {"step", 0.125},
                                 {"hurry", false}, {"colour", "red"}, {"place", "roof"}};
  EXPECT_EQ(nlohmann::json(settings().set_all(object).json()), object);
  EXPECT_EQ(settings().set_all({{"size", "1/4"}, {"count", "7"}}).pixels("size"), 0.25F);
  EXPECT_EQ(settings().json().begin().key(), "count");  // in the table's order
}

TEST(Settings, ObjectsOfOtherTypesAreRefused) {
  const auto refused = [](const nlohmann::json& object, const std::string& part) {
    expect_error([&] { settings().set_all(object); }, ErrorKind::usage, part);
  };
  refused({{"width", 3}}, "no parameter 'width'");
  refused({{"count", 3.5}}, "count: got '3.5', expected an integer");
  refused({{"count", true}}, "count: got 'true', expected an integer");
  refused({{"hurry", 1}}, "hurry: got '1', expected on or off");
  refused({{"colour", 1}}, "colour: got '1', expected one of");
  refused({{"size", nullptr}}, "size: got 'null'");
  refused({{"size", {1, 2}}}, "size: got '[1,2]'");
  refused({1, 2}, "expected an object");
}

TEST(Settings, RefuseNamesTheValueThatDoesNotGoWithAnother) {
  expect_error([] { settings().set("count", "2").refuse("count", "1 in a hurry"); }, ErrorKind::usage,
               "brush wide: count: got '2', expected 1 in a hurry; its parameters are");
  expect_error([] { settings().refuse("count", "1 in a hurry"); }, ErrorKind::usage, "count: got '10'");
}

TEST(Settings, ReadingWhatIsNotThereIsAProgrammingError) {
  EXPECT_THROW(settings().integer("width"), ContractError);
  EXPECT_THROW(settings().integer("share"), ContractError);
  EXPECT_THROW(settings().text("count"), ContractError);
}

}  // namespace
}  // namespace faultline
