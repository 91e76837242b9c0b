#include "commands/demo.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <filesystem>

#include "fmri2img/core/manifest.h"
#include "fmri2img/core/output_folder.h"
#include "commands/common_options.h"
#include "commands/program.h"

namespace fmri2img::commands {
namespace {

using Words = std::vector<std::string>;

/// A word as a shell would need it.
std::string quoted(const std::string& word) {
  return word.find_first_of(" |&()'\"") == std::string::npos ? word : "'" + word + "'";
}

void run_step(const std::string& what, const Words& words) {
  Words shown;
  for (const std::string& word : words) shown.push_back(quoted(word));
  fmt::print("\n{}\n  $ fmri2img {}\n", what, fmt::join(shown, " "));
  std::fflush(stdout);
  run_command_line(words);
}

struct Demo {
  OutputOptions output;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    output.add_to(app, "the simulated subject, its decoders and their results");
    compute.add_to(app);
    app.footer("Example:\n  fmri2img demo --out build/demo\nTakes about a minute on two cores; nothing is downloaded.");
  }

  void run() {
    compute.apply();
    OutputFolder folder(output.out, {.command = "demo", .command_line = command_line()}, output.policy());
    const auto at = [&](const char* name) { return (folder / name).string(); };
    run_step("A subject that never was: 2,400 vertices in 30 regions look at 640 drawn pictures.",
             {"simulate", "--out", at("subject"), "--vertices", "2400", "--train", "600", "--test", "40"});
    run_step("Is the folder as it should be?", {"doctor", at("subject")});
    run_step("A linear decoder, every setting chosen by cross-validation on the training rows.",
             {"train", at("subject"), "--decoder", "ridge", "--codec", "pixels", "--out", at("ridge")});
    run_step("A small neural decoder on the early visual regions.",
             {"train",
              at("subject"),
              "--decoder",
              "mlp",
              "--codec",
              "pixels",
              "--roi",
              "set1",
              "--width",
              "256",
              "--blocks",
              "2",
              "--channels",
              "32,32,64",
              "--epochs",
              "12",
              "--out",
              at("mlp")});
    for (const char* decoder : {"ridge", "mlp"}) {
      const std::string results = at("results_") + decoder;
      run_step(
          fmt::format("Pictures from the responses of 40 trials that the {} decoder has never seen.", decoder),
          {"reconstruct", at("subject"), "--decoder", at(decoder), "--trials", "test", "--low-only", "--out", results});
      run_step("How close are they?", {"evaluate", results});
    }
    folder.finish();
    fmt::print("\nLook at {} and {}:\nthe pictures shown, and under each what was read from the responses.\n",
               at("results_ridge/grid.png"),
               at("results_mlp/grid.png"));
  }
};

}  // namespace

Command demo() {
  return make_command<Demo>("demo", "Run everything on a simulated subject: data, decoders, pictures, scores");
}

}  // namespace fmri2img::commands
