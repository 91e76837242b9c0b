#pragma once

#include <functional>
#include <memory>
#include <string>
#include <CLI/App.hpp>

namespace fmri2img::commands {

/// One command of the program. Its file holds a struct with the options as members, `usage`, which declares them, and
/// `run`, which reads: parse, load, call the library, write, report.
struct Command {
  std::string name;
  std::string summary;                   ///< one line of `fmri2img --help`
  std::function<void(CLI::App&)> usage;  ///< declares the options; the footer shows an example
  std::function<void()> run;             ///< throws Error; returns when done
};

/// A Command from a struct with `void usage(CLI::App&)` and `void run()`.
template <class Implementation> Command make_command(std::string name, std::string summary) {
  auto implementation = std::make_shared<Implementation>();
  return {std::move(name),
          std::move(summary),
          [implementation](CLI::App& app) { implementation->usage(app); },
          [implementation] { implementation->run(); }};
}

}  // namespace fmri2img::commands
