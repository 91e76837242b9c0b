#include <ATen/ATen.h>

#include <filesystem>
#include <optional>
#include <CLI/CLI.hpp>

#include "fmri2img/core/text.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/experiments/roi_importance.h"
#include "fmri2img/experiments/unseen_rows.h"
#include "commands/common_options.h"
#include "commands/experiment_kinds.h"
#include "commands/experiment_output.h"

namespace fmri2img::commands {
namespace {

struct RoiImportanceCommand {
  std::string subject;
  std::string decoder;
  std::string trials;
  std::vector<std::string> rois;
  std::string how = "permute";
  std::optional<std::string> codec_model;
  experiments::ImportanceOptions options;
  OutputOptions output;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("SUBJECT", subject, "Subject folder")->required();
    app.add_option("--decoder", decoder, "Folder of a trained decoder")->required();
    app.add_option("--trials",
                   trials,
                   "Rows that the decoder was not fitted to: validation, held-out, test, test:A:B, or rows such as "
                   "0:100 (default: the first of these three that there is)");
    app.add_option("--roi", rois, "Regions to take away, one at a time (default: every one)");
    app.add_option("--how", how, "permute: take responses from other rows; mean: set them to their training means")
        ->check(CLI::IsMember({"permute", "mean"}))
        ->capture_default_str();
    app.add_option("--repeats", options.repeats, "Permutations to average")->check(positive())->capture_default_str();
    app.add_option("--seed", options.seed, "Seed of permutations and intervals")
        ->check(not_negative())
        ->capture_default_str();
    app.add_option("--codec-model",
                   codec_model,
                   "Folder with the weights of the decoder's codec: needed for test rows, whose pictures are encoded, "
                   "unless the codec is pixels");
    output.add_to(app, "tables and charts");
    compute.add_to(app);
    app.footer("Example: fmri2img experiment roi-importance subj01 --decoder decoders/92 --out roi-importance");
  }

  Json settings(const experiments::UnseenRows& rows) const {
    return {{"trials", rows.name},
            {"rows", data::format_rows(rows.trials.rows)},
            {"roi", rois},
            {"how", how},
            {"repeats", options.repeats},
            {"seed", options.seed}};
  }

  void run() {
    compute.apply();
    options.how = how == "mean" ? experiments::Ablation::kMean : experiments::Ablation::kPermute;
    const data::Subject opened = data::Subject::open(subject);
    const reconstruction::Member member = reconstruction::read_members({decoder}, opened).front();
    const experiments::UnseenRows rows = experiments::unseen_rows(trials, opened, member);
    const std::vector<int64_t>& columns = member.record.vertices.columns;
    const std::vector<experiments::RoiPart> parts = experiments::roi_parts(opened, columns, rois);
    OutputFolder folder(
        output.out, experiment_manifest("roi-importance", opened, {member}, settings(rows)), output.policy());
    if (show_finished_experiment(folder)) return;
    const auto loaded = decoding::load_decoder(member.folder);
    experiments::ImportanceJob job{.decoder = *loaded,
                                   .rows = experiments::load_decoder_rows(
                                       opened, member.record, rows.trials.partition, rows.trials.rows, codec_path()),
                                   .training_mean = training_mean(opened, member),
                                   .row_numbers = rows.trials.rows,
                                   .parts = parts,
                                   .options = options};
    const experiments::RoiImportance importance = experiments::roi_importance(job, folder.path());
    finish_experiment(folder,
                      experiments::importance_finding(
                          importance, {member.name, rows.name, options, experiments::absent_rois(opened, rois, parts)}),
                      {{"importance.csv", experiments::importance_csv(importance, options.seed)}});
  }

  std::optional<std::filesystem::path> codec_path() const {
    return codec_model ? std::optional<std::filesystem::path>(*codec_model) : std::nullopt;
  }

  /// [K], where it is needed.
  at::Tensor training_mean(const data::Subject& opened, const reconstruction::Member& member) const {
    if (options.how == experiments::Ablation::kPermute) return {};
    return opened.responses(data::Partition::kTrain)
        .gather(member.record.train_rows, member.record.vertices.columns)
        .mean(0);
  }
};

}  // namespace

Command experiment_roi_importance() {
  return make_command<RoiImportanceCommand>("roi-importance",
                                            "What a trained decoder loses without each region's responses");
}

}  // namespace fmri2img::commands
