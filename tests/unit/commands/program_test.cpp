#include "commands/program.h"

#include <gtest/gtest.h>

#include "commands/registry.h"
#include "tests/support/errors.h"

namespace fmri2img::commands {
namespace {

TEST(Program, NamesTheUnknownWordAndTheHelp) {
  EXPECT_ERROR(run_command_line({"transmogrify"}), "transmogrify", "--help");
  EXPECT_EQ(run_program({"transmogrify"}), 2);
}

TEST(Program, EveryCommandExplainsItselfWithAnExample) {
  for (const Command& command : all_commands()) {
    CLI::App app;
    command.usage(app);
    EXPECT_NE(app.help().find("fmri2img " + command.name), std::string::npos)
        << command.name << " --help shows no example";
  }
}

}  // namespace
}  // namespace fmri2img::commands
