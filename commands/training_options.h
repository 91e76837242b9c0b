#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/core/manifest.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/training/train_mlp.h"

namespace CLI {
class App;
}

namespace fmri2img::commands {

/// Which responses and rows of a subject a decoder is made from; for `train` and `import`.
struct TrainingDataOptions {
  std::string subject;
  std::string roi = "none";
  std::string train_rows;
  std::string hold_out;
  std::string codec;
  std::optional<uint64_t> split_seed;

  /// Everything but the subject's own name for it.
  void add_to(CLI::App& app);
  void add_rows_to(CLI::App& app);  ///< without --roi, of which an experiment takes several
  void add_to(Json& settings, uint64_t seed) const;

  /// The record of a decoder on these data, with rows and vertices chosen. Without `validate` the whole pool is for
  /// training. Throws Error as the options' own readers do.
  decoding::DecoderRecord record(const data::Subject& opened, bool validate, uint64_t seed) const;

  /// Splits the training rows of a record without validation rows, 70/30.
  void split(decoding::DecoderRecord& record, uint64_t seed) const;
};

/// The options of `--decoder mlp`; for `train`, `import` and the experiments that train.
struct MlpOptions {
  training::MlpTraining training;
  std::string dtype = "fp32";
  std::string weights = "best";
  std::optional<int64_t> num_train;
  std::string group = "With --decoder mlp";  ///< heads them in the help

  void add_to(CLI::App& app);
  void add_all_but_batch_to(CLI::App& app);  ///< for an experiment that takes several batch sizes
  void add_sizes_to(CLI::App& app);          ///< not for `import`: its file has its sizes
  void add_to(Json& settings) const;
  training::MlpTraining with(uint64_t seed, bool resume, at::Device device) const;
};

/// Where the settings' --hold-out names a file, it is an input: its hash decides whether a run is the same.
void add_hold_out_file(Manifest& manifest);

/// The manifest of a training: also what `import` leaves, so that `train --resume` goes on from it.
Manifest training_manifest(const std::string& decoder, const data::Subject& subject, Json settings);

}  // namespace fmri2img::commands
