#include "commands/demo.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/output_folder.h"
#include "fmri2img/model_checks/zoo_hashes.h"
#include "fmri2img/simulation/simulate_subject.h"
#include "commands/common_options.h"
#include "commands/mini_zoo.h"
#include "commands/program.h"
#include "commands/shell_words.h"

namespace fmri2img::commands {
namespace {

using Words = std::vector<std::string>;

void run_step(const std::string& what, const Words& words) {
  fmt::print("\n{}\n  $ fmri2img {}\n", what, shell_line(words));
  std::fflush(stdout);
  run_command_line(words);
}

Words split_words(const std::string& line) {
  Words words;
  for (size_t begin = 0; begin < line.size();) {
    const size_t end = std::min(line.find(' ', begin), line.size());
    if (end > begin) words.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

/// The four sets of regions, each with a decoder of its own whose image stands for election.
constexpr std::array<const char*, 4> kRoiSets = {"none", "set1", "set2", "set3"};

// Measured on the miniature zoo: the most at once, and what is left on the disk beside the subject.
constexpr int64_t kMemory = int64_t{1} << 30;
constexpr int64_t kDecoders = int64_t{64} << 20;
constexpr int64_t kTrial = int64_t{1} << 20;

constexpr int64_t kFewTrials = 50;  // below, most intervals are wide

struct Demo {
  int64_t vertices = 400;
  int64_t train = 3000;
  int64_t test = 100;
  int64_t trials = 12;
  int64_t epochs = 4;
  uint64_t seed = 42;
  std::string zoo;
  OutputOptions output;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("--vertices", vertices, "Vertices of the simulated subject")->capture_default_str();
    const auto in = [&app](const char* name, int64_t& value, const char* help, int64_t least, int64_t most) {
      app.add_option(name, value, help)->check(CLI::Range(least, most))->capture_default_str();
    };
    in("--train", train, "Its training pictures", 50, 60000);
    in("--test", test, "Its test pictures", 1, 10000);
    in("--trials", trials, "Test pictures to reconstruct, the first so many", 1, 10000);
    in("--epochs", epochs, "Epochs of the neural decoder", 1, 10000);
    app.add_option("--seed", seed, "Seed of the subject: another one is another brain that looks at other pictures")
        ->check(not_negative())
        ->capture_default_str();
    app.add_option("--zoo", zoo, "Folder of models (default: the miniature zoo that comes with the program)");
    output.add_to(app, "the simulated subject, its decoders and their results");
    compute.add_threads_to(app);
    app.footer("Takes about a minute on two cores; nothing is downloaded.\nExample: fmri2img demo --out build/demo");
  }

  void run() {
    compute.apply();
    FMRI2IMG_CHECK_USAGE(trials >= 1 && trials <= test, "--trials {}: there are {} test pictures", trials, test);
    if (zoo.empty()) {
      zoo = mini_zoo().string();
      model_checks::require_intact_zoo(zoo);
    } else {
      model_checks::require_unaltered(zoo);
    }
    require_room();
    OutputFolder folder(output.out, manifest(), output.policy());
    again_ = folder.resumed() ? " --resume" : "";
    make_subject();
    for (const char* roi : kRoiSets) train_ridge(roi);
    train_mlp();
    reconstruct();
    score_and_show();
    folder.finish();
    if (trials < kFewTrials)
      fmt::print(
          "\nSo few trials tell little; a hundred take some five minutes:\n  fmri2img demo --trials 100 --out {}\n",
          shell_quoted(output.out + "-100"));
    fmt::print("\nOpen this page: the pictures shown, what was read from the responses, and the figures.\n  {}\n",
               at("results/report.html"));
  }

 private:
  /// Before anything is written.
  void require_room() const {
    simulation::SubjectSettings subject{.train = train, .test = test};
    simulation::set_vertices(subject, vertices);
    simulation::check(subject);
    const simulation::SimulationCost simulating = simulation::cost(subject);
    require_memory(std::max(simulating.memory_bytes, kMemory), "the demo", "close other programs");
    require_disk_space(
        output.out, simulating.disk_bytes + kDecoders + trials * kTrial, "the demo's subject and results");
  }

  void make_subject() const {
    run_step(fmt::format("A subject that never was: {} vertices look at {} drawn pictures.", vertices, train + test),
             with_threads(
                 {"simulate", "--out", at("subject")},
                 fmt::format("--vertices {} --train {} --test {} --ncsnr 0.5 --seed {}", vertices, train, test, seed)));
    run_step("Are data and models as they should be?", {"doctor", at("subject"), "--zoo", zoo});
    run_step("Its pictures as latents, which decoders learn to predict.",
             with_threads({"encode", at("subject"), "--model", pipeline()}, ""));
  }

  void train_ridge(const std::string& roi) const {
    const std::string regions = roi == "none" ? "every vertex" : "the regions of " + roi;
    run_step("A linear decoder of " + regions + ".",
             with_threads({"train", at("subject"), "--out", at("decoders/" + ridge_name(roi))},
                          "--decoder ridge --codec vae --roi " + roi + again_));
  }

  void train_mlp() const {
    run_step("A small neural decoder, briefly trained.",
             with_threads({"train", at("subject"), "--out", at("decoders/mlp")},
                          fmt::format("--decoder mlp --codec vae --width 256 --blocks 2 --channels 32,32 "
                                      "--learning-rate 0.002 --epochs {}{}",
                                      epochs,
                                      again_)));
  }

  void reconstruct() const {
    const std::string chosen = fmt::format("--trials test:0:{}", trials);
    Words words = {"reconstruct", at("subject")};
    for (const char* roi : kRoiSets) words.insert(words.end(), {"--decoder", at("decoders/" + ridge_name(roi))});
    words.insert(words.end(), {"--zoo", zoo, "--out", at("results")});
    run_step("Blurry pictures, captions, one high-level image a decoder, and votes; responses never seen before.",
             with_threads(words, chosen + " --vote encoder --votes all --dtype fp32"));
    run_step("The neural decoder's blurry pictures.",
             with_threads({"reconstruct",
                           at("subject"),
                           "--decoder",
                           at("decoders/mlp"),
                           "--codec-model",
                           pipeline(),
                           "--out",
                           at("results_mlp")},
                          chosen + " --low-only"));
  }

  void score_and_show() const {
    run_step("How close is the vote to what was shown?",
             with_threads({"evaluate", at("results"), "--clip", (std::filesystem::path(zoo) / "clip").string()},
                          "--all-networks"));
    run_step("And the neural decoder?", with_threads({"evaluate", at("results_mlp")}, ""));
    run_step("Everything on one page.", {"report", at("results"), at("results_mlp")});
  }

  /// `options` apart by spaces; `words` may hold any characters.
  Words with_threads(Words words, const std::string& options) const {
    const Words more = split_words(options);
    words.insert(words.end(), more.begin(), more.end());
    if (compute.threads > 0) words.insert(words.end(), {"--threads", std::to_string(compute.threads)});
    return words;
  }

  Manifest manifest() const {
    return {.command = "demo",
            .command_line = command_line(),
            .settings = {{"vertices", vertices},
                         {"train", train},
                         {"test", test},
                         {"trials", trials},
                         {"epochs", epochs},
                         {"seed", seed}},
            .models = {{zoo, fingerprint_model(zoo)}}};
  }

  static std::string ridge_name(const std::string& roi) { return roi == "none" ? "ridge-all" : "ridge-" + roi; }
  std::string at(const std::string& name) const { return (std::filesystem::path(output.out) / name).string(); }
  std::string pipeline() const { return (std::filesystem::path(zoo) / "stable-diffusion").string(); }

  std::string again_;  // options that go on with a training that was cut off
};

}  // namespace

Command demo() {
  return make_command<Demo>("demo", "Run everything on a simulated subject: data, decoders, pictures, vote, scores");
}

}  // namespace fmri2img::commands
