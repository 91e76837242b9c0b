#include "commands/diffusion_options.h"

#include <CLI/App.hpp>

namespace fmri2img::commands {

void DiffusionOptions::add_to(CLI::App& app) {
  app.add_option("--strength", values.strength, "How far the result may leave the picture: above 0, at most 1")
      ->capture_default_str();
  app.add_option("--guidance", values.guidance, "How far the prompt pulls; up to 1 is no guidance")
      ->capture_default_str();
  app.add_option("--steps", values.steps, "Steps of a whole run, of which --strength is done")->capture_default_str();
  app.add_option(
      "--scheduler",
      scheduler,
      "pndm, ddim, dpm++2m, dpm++2m-karras, euler, euler-ancestral, unipc or lcm (default: the model's own)");
  app.add_option("--guidance-until",
                 values.guidance_until,
                 "Share of the steps with guidance; below 1 is faster and approximate")
      ->capture_default_str();
  app.add_option("--reuse-features",
                 values.reuse_features,
                 "Run the whole network every so many steps, its last layer alone in between; above 1 is faster and "
                 "approximate")
      ->capture_default_str();
}

diffusion::Img2ImgOptions DiffusionOptions::read() const {
  diffusion::Img2ImgOptions options = values;
  if (!scheduler.empty()) options.scheduler = diffusion::parse_scheduler_name(scheduler);
  diffusion::check_img2img_options(options);
  return options;
}

}  // namespace fmri2img::commands
