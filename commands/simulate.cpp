#include "commands/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>
#include <CLI/CLI.hpp>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/output_folder.h"
#include "fmri2img/core/text.h"
#include "fmri2img/simulation/simulate_subject.h"
#include "fmri2img/training/zoo/scene_seeds.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

using simulation::SubjectSettings;

constexpr int64_t kVertices = 2400;

struct Simulate {
  std::vector<int64_t> subjects;
  std::optional<int64_t> vertices, train, test;
  bool full_size = false;
  SubjectSettings common;
  OutputOptions output;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    auto* number = app.add_option("--vertices", vertices, "Vertices of both hemispheres");
    number->default_str(std::to_string(kVertices));
    app.add_flag("--full-size", full_size, "Vertices and pictures of the challenge's subject: 39548, 9841 and 159")
        ->excludes(number);
    app.add_option("--train", train, "Training pictures")
        ->check(CLI::Range(1, 73000))
        ->default_str(std::to_string(common.train));
    app.add_option("--test", test, "Test pictures; 0 for no test split")
        ->check(CLI::Range(0, 73000))
        ->default_str(std::to_string(common.test));
    app.add_option("--picture-size", common.picture_size, "Height and width of the pictures in pixels")
        ->check(CLI::Range(8, 2048))
        ->capture_default_str();
    app.add_option("--ncsnr", common.ncsnr, "Signal-to-noise ratio of a single trial, median over vertices")
        ->check(CLI::Range(.01, 100.0))
        ->capture_default_str();
    app.add_option("--subjects", subjects, "Numbers of several subjects, each in a folder of its own below --out")
        ->check(CLI::Range(1, 99));
    app.add_option("--seed", common.seed, "Seed of pictures, vertices and noise")
        ->check(not_negative())
        ->capture_default_str();
    output.add_to(app, "the subject");
    compute.add_threads_to(app);
    app.footer(
        "Pictures are drawn; doc/simulation.md says how, and what the responses to them are made of.\n"
        "Example: fmri2img simulate --out subj01 --vertices 5000 --train 1000 --test 100");
  }

  SubjectSettings settings_of(int64_t subject) const {
    SubjectSettings settings = common;
    settings.subject = subject;
    if (full_size) {
      simulation::set_full_size(settings, subject);
    } else {
      simulation::set_vertices(settings, vertices.value_or(kVertices));
    }
    settings.train = train.value_or(settings.train);
    settings.test = test.value_or(settings.test);
    simulation::check(settings);
    return settings;
  }

  Manifest manifest() const {
    const auto or_null = [](const auto& value) { return value ? Json(*value) : Json(); };
    return {.command = "simulate",
            .command_line = command_line(),
            .settings = {{"subjects", subjects},
                         {"vertices", or_null(vertices)},
                         {"full_size", full_size},
                         {"train", or_null(train)},
                         {"test", or_null(test)},
                         {"picture_size", common.picture_size},
                         {"ncsnr", common.ncsnr},
                         {"seed", common.seed}}};
  }

  /// Before anything is written.
  void require_room(const std::vector<SubjectSettings>& all) const {
    simulation::SimulationCost total;
    for (const SubjectSettings& settings : all) {
      const simulation::SimulationCost cost = simulation::cost(settings);
      total.memory_bytes = std::max(total.memory_bytes, cost.memory_bytes);
      total.disk_bytes += cost.disk_bytes;
    }
    require_memory(total.memory_bytes, "simulating so many vertices", "choose fewer --vertices");
    require_disk_space(output.out, total.disk_bytes, "responses and pictures");
  }

  void run() {
    compute.apply();
    std::vector<SubjectSettings> all;
    for (const int64_t subject : subjects) {
      FMRI2IMG_CHECK_USAGE(
          std::ranges::count(subjects, subject) == 1, "--subjects names {} twice: a folder holds one subject", subject);
      all.push_back(settings_of(subject));
    }
    if (all.empty()) all.push_back(settings_of(1));
    if (training::has_scenes_of_zoo(common.seed))
      log_warning("--seed {}: models that zoo train has made know these pictures; choose another seed to test them",
                  common.seed);
    require_room(all);
    OutputFolder folder(output.out, manifest(), output.policy());
    if (folder.was_finished()) {
      log_info("\"{}\" is finished already: nothing to do", output.out);
      return;
    }
    for (const SubjectSettings& settings : all) {
      const std::filesystem::path place =
          subjects.empty() ? folder.path() : folder / fmt::format("subj{:02}", settings.subject);
      simulation::simulate_subject(place, settings);
      fmt::print("{}: {} training and {} test pictures, {} + {} vertices\n",
                 place.string(),
                 format_count(settings.train),
                 format_count(settings.test),
                 format_count(settings.left_vertices),
                 format_count(settings.right_vertices));
    }
    folder.finish();
  }
};

}  // namespace

Command simulate() {
  return make_command<Simulate>("simulate", "Make up a subject: drawn pictures and simulated responses to them");
}

}  // namespace fmri2img::commands
