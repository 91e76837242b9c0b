#pragma once

#include <string>
#include <vector>

namespace fmri2img::commands {

/// Runs one command line (without the program's name) in this process, as `demo` does with its steps.
/// Throws Error; wrong usage is an Error of that kind which names the command's --help.
void run_command_line(const std::vector<std::string>& words);

/// The whole program: parses, runs, reports errors on stderr. Returns the exit code.
int run_program(const std::vector<std::string>& words);

}  // namespace fmri2img::commands
