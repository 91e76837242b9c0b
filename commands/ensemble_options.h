#pragma once

#include <filesystem>
#include <string>

#include "fmri2img/reconstruction/ensemble/ensemble.h"

namespace CLI {
class App;
}

namespace fmri2img::commands {

/// Which decoders and models take part in a reconstruction and how: --ensemble and what may stand in its file.
struct EnsembleCommandOptions {
  std::string file;
  reconstruction::EnsembleOptions typed;

  void add_to(CLI::App& app);
  void add_decoders_to(CLI::App& app);  ///< --decoder, --preset and --decoders alone
  void add_models_to(
      CLI::App& app);  ///< models, captions and images: all that is left but the ensemble's file and votes

  /// What was typed, the file where that says nothing, and defaults; errors as `reconstruction::make_ensemble`.
  reconstruction::Ensemble read(bool guided, const std::filesystem::path& subject) const;
};

}  // namespace fmri2img::commands
