#include "commands/reconstruct.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/output_folder.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/reconstruction/low_level.h"
#include "fmri2img/report/results_grid.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;

struct Reconstruct {
  std::string subject;
  std::string decoder;
  std::string trials;
  std::string codec_model;
  bool low_only = false;
  OutputOptions output;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("SUBJECT", subject, "Subject folder")->required();
    app.add_option("--decoder", decoder, "Folder of a trained decoder")->required();
    app.add_option(
           "--trials", trials, "train, validation, held-out, test, test:A:B, rows such as 0:100,120, or picture ids")
        ->required();
    app.add_flag("--low-only", low_only, "Stop at the low-level pictures");
    app.add_option("--codec-model", codec_model, "Folder with the weights of the decoder's codec, where it needs any");
    output.add_to(app, "the results");
    compute.add_to(app);
    app.footer(
        "Run it again with the same options to go on after an interruption.\n"
        "Example: fmri2img reconstruct subj01 --decoder decoder --trials test --low-only --out results");
  }

  Manifest manifest(const data::Subject& opened,
                    const reconstruction::Trials& chosen,
                    const models::LatentCodec& codec) const {
    Manifest manifest;
    manifest.command = "reconstruct";
    manifest.command_line = command_line();
    manifest.settings = {{"trials", trials}, {"low_only", low_only}};
    manifest.inputs[fs::weakly_canonical(opened.path()).string()] = opened.fingerprint();
    for (const fs::path& file : opened.responses(chosen.partition).files()) {
      manifest.inputs[fs::weakly_canonical(file).string()] = fingerprint(file);
    }
    manifest.models[fs::weakly_canonical(decoder).string()] = fingerprint(fs::path(decoder) / "model.safetensors");
    if (!codec_model.empty())
      manifest.models[fs::weakly_canonical(codec_model).string()] = codec.config().value("fingerprint", "");
    return manifest;
  }

  void run() {
    compute.apply();
    FMRI2IMG_CHECK_USAGE(low_only, "reconstruct: this version makes low-level pictures only: say so with --low-only");
    const data::Subject opened = data::Subject::open(subject);
    const decoding::DecoderRecord record = decoding::read_record(decoder);
    decoding::require_match(record, opened);
    const reconstruction::Trials chosen = reconstruction::select_trials(trials, opened, record);
    const auto model = decoding::load_decoder(decoder);
    const auto weights = codec_model.empty() ? std::nullopt : std::make_optional<fs::path>(codec_model);
    const auto codec = models::make_codec(record.codec, weights);
    OutputFolder folder(output.out, manifest(opened, chosen, *codec), output.policy());
    const std::string name = fs::weakly_canonical(decoder).filename().string();
    const reconstruction::Results results =
        reconstruction::reconstruct_low_level({opened, record, *model, *codec, name, chosen, trials}, folder.path());
    report::write_results_grid(results);
    folder.finish({{"images", results.rows.size()}});
    fmt::print("{} images in {}\nLook at {}, then: fmri2img evaluate {}\n",
               format_count(static_cast<int64_t>(results.rows.size())),
               output.out,
               (folder / report::kGridFile).string(),
               output.out);
  }
};

}  // namespace

Command reconstruct() {
  return make_command<Reconstruct>("reconstruct", "Turn the responses of trials into pictures");
}

}  // namespace fmri2img::commands
