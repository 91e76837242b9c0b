#include "commands/experiment.h"

#include <algorithm>
#include <string>
#include <vector>
#include <CLI/App.hpp>

#include "commands/experiment_kinds.h"

namespace fmri2img::commands {
namespace {

class Experiment {
 public:
  void usage(CLI::App& app) {
    app_ = &app;
    app.require_subcommand(1);
    for (Command& kind : kinds_) {
      CLI::App* sub = app.add_subcommand(kind.name, kind.summary);
      sub->fallthrough();  // --quiet and --config are the command's own
      kind.usage(*sub);
    }
    app.footer(
        "Each writes tables (CSV), charts (SVG) and finding.json, which a report shows as a section. "
        "doc/experiments.md "
        "says what each does.\nExample: fmri2img experiment 1 --help");
  }

  void run() {
    const std::string name = app_->get_subcommands().front()->get_name();
    std::find_if(kinds_.begin(), kinds_.end(), [&](const Command& kind) { return kind.name == name; })->run();
  }

 private:
  std::vector<Command> kinds_ = {experiment_one(),
                                 experiment_two(),
                                 experiment_three(),
                                 experiment_roi_importance(),
                                 experiment_data_scaling(),
                                 experiment_noise_ceiling()};
  const CLI::App* app_ = nullptr;
};

}  // namespace

Command experiment() {
  return make_command<Experiment>("experiment",
                                  "Compare decoders, regions and amounts of data, with tables and charts");
}

}  // namespace fmri2img::commands
