#include "commands/demo.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>

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

Words split_words(const std::string& line) {
  Words words;
  for (size_t begin = 0; begin < line.size();) {
    const size_t end = std::min(line.find(' ', begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

struct Demo {
  int64_t vertices = 2400;
  int64_t train = 900;
  int64_t test = 40;
  int64_t epochs = 20;
  OutputOptions output;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("--vertices", vertices, "Vertices of the simulated subject")->capture_default_str();
    app.add_option("--train", train, "Its training pictures")->capture_default_str();
    app.add_option("--test", test, "Its test pictures")->capture_default_str();
    app.add_option("--epochs", epochs, "Epochs of the neural decoder")->capture_default_str();
    output.add_to(app, "the simulated subject, its decoders and their results");
    compute.add_threads_to(app);
    app.footer(
        "Takes about a minute and a half on two cores; nothing is downloaded.\nExample: fmri2img demo --out "
        "build/demo");
  }

  /// `options` apart by spaces; `folder` may hold any characters.
  Words with_threads(Words words, const std::string& options) const {
    const Words more = split_words(options);
    words.insert(words.end(), more.begin(), more.end());
    if (compute.threads > 0) words.insert(words.end(), {"--threads", std::to_string(compute.threads)});
    return words;
  }

  void train_decoders(const std::string& subject, const std::string& ridge, const std::string& mlp, bool resume) const {
    const std::string again = resume ? " --resume" : "";
    run_step("A linear decoder; its penalty, components and vertices are chosen by cross-validation.",
             with_threads({"train", subject, "--out", ridge}, "--decoder ridge --codec pixels" + again));
    run_step("A small neural decoder, trained for a minute.",
             with_threads({"train", subject, "--out", mlp},
                          fmt::format("--decoder mlp --codec pixels --width 256 --blocks 2 --channels 32,32 "
                                      "--learning-rate 0.002 --epochs {}{}",
                                      epochs,
                                      again)));
  }

  void reconstruct_and_score(const std::string& subject, const std::string& decoder, const std::string& results) const {
    run_step(
        "Pictures from the responses of trials that the decoder has never seen.",
        with_threads({"reconstruct", subject, "--decoder", decoder, "--out", results}, "--trials test --low-only"));
    run_step("How close are they to what was shown?", with_threads({"evaluate", results}, ""));
  }

  void run() {
    compute.apply();
    OutputFolder folder(output.out, manifest(), output.policy());
    const auto at = [&](const char* name) { return (folder / name).string(); };
    run_step(
        fmt::format("A subject that never was: {} vertices look at {} drawn pictures.", vertices, train + test),
        with_threads(
            {"simulate", "--out", at("subject")},
            fmt::format("--vertices {} --train {} --test {} --picture-size 32 --ncsnr 0.8", vertices, train, test)));
    run_step("Is the folder as it should be?", {"doctor", at("subject")});
    train_decoders(at("subject"), at("ridge"), at("mlp"), folder.resumed());
    reconstruct_and_score(at("subject"), at("ridge"), at("results_ridge"));
    reconstruct_and_score(at("subject"), at("mlp"), at("results_mlp"));
    folder.finish();
    fmt::print(
        "\nLook at these two: the pictures shown, and under each what was read from the responses.\n  {}\n  {}\n",
        at("results_ridge/grid.png"),
        at("results_mlp/grid.png"));
  }

  Manifest manifest() const {
    return {.command = "demo",
            .command_line = command_line(),
            .settings = {{"vertices", vertices}, {"train", train}, {"test", test}, {"epochs", epochs}}};
  }
};

}  // namespace

Command demo() {
  return make_command<Demo>("demo", "Run everything on a simulated subject: data, decoders, pictures, scores");
}

}  // namespace fmri2img::commands
