#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/run_program.h"

namespace faultline::test {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kCommands = {
    "accuracy",     "analyze", "attack", "bench",   "compare",   "demo",    "explain",
    "faithfulness", "inspect", "list",   "merge",   "new-model", "predict", "report",
    "sanity",       "serve",   "study",  "summary", "tune",      "twin",    "version"};

TEST(Help, OfTheProgramNamesEveryCommandFirstStepsAndExitCodes) {
  const Outcome outcome = run({"--help"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
  for (const std::string& command : kCommands) EXPECT_THAT(outcome.out, HasSubstr("\n  " + command));
  for (const char* part : {"Usage: faultline", "First steps:", "Exit codes: 0 done", "130 interrupted"})
    EXPECT_THAT(outcome.out, HasSubstr(part));
}

TEST(Help, OfEveryCommandShowsUsageAndItsOptions) {
  for (const std::string& command : kCommands) {
    SCOPED_TRACE(command);
    const Outcome outcome = run({command, "--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.err, "");
    EXPECT_THAT(outcome.out, HasSubstr("Usage: faultline " + command));
    EXPECT_THAT(outcome.out, HasSubstr("--help"));
  }
}

TEST(Help, OfEveryCommandThatTakesAModelHasAnExample) {
  for (const std::string& command : kCommands) {
    if (command == "version") continue;
    EXPECT_THAT(run({command, "--help"}).out, HasSubstr("Example: faultline " + command + " "));
  }
}

TEST(Help, NamesDefaultsUnitsAndChoices) {
  const std::string help = run({"analyze", "--help"}).out;
  for (const char* part : {"4/255", "onednn", "reference", "pixel units", "layercam", "gaussian=8", "pgd",
                           "--pair CLEAN PERTURBED", "docs/json.md"})
    EXPECT_THAT(help, HasSubstr(part));
}

TEST(Version, IsOneLineFromTheCommandAndTheFlag) {
  const Outcome command = run({"version"});
  EXPECT_EQ(command.exit_code, 0);
  EXPECT_EQ(command.out, std::string("faultline ") + FAULTLINE_VERSION + "\n");
  EXPECT_EQ(command.err, "");
  const Outcome flag = run({"--version"});
  EXPECT_EQ(flag.exit_code, 0);
  EXPECT_EQ(flag.out, command.out);
}

TEST(Help, ThatCannotBeWrittenIsAnError) {
  for (const char* what : {"--help", "--version", "version"}) {
    SCOPED_TRACE(what);
    expect_failure(run({what}, {.standard_output = "/dev/full"}), 6,
                   {"standard output", "No space left on device"});
  }
}

}  // namespace
}  // namespace faultline::test
