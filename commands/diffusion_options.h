#pragma once

#include <string>

#include "fmri2img/diffusion/img2img_options.h"

namespace CLI {
class App;
}

namespace fmri2img::commands {

/// --strength, --guidance, --steps, --scheduler and what else decides how a picture is redrawn.
struct DiffusionOptions {
  diffusion::Img2ImgOptions values;
  std::string scheduler;

  void add_to(CLI::App& app);

  /// The values with --scheduler read, checked.
  diffusion::Img2ImgOptions read() const;
};

}  // namespace fmri2img::commands
