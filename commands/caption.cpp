#include "commands/caption.h"

#include <ATen/core/Tensor.h>
#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <CLI/CLI.hpp>

#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/io/image.h"
#include "fmri2img/model_checks/zoo_hashes.h"
#include "fmri2img/models/captioner.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

constexpr size_t kImagesAtOnce = 8;  // in memory

struct CaptionImages {
  std::vector<std::string> images;
  std::string model;
  int64_t max_new_tokens = 0;
  std::string input = "processor";
  std::string dtype = "fp32";
  bool json = false;
  models::CaptionerOptions options;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    models::GenerationOptions& generation = options.generation;
    app.add_option("image", images, "PNG or JPEG files; what is transparent in them is laid on white")->required();
    app.add_option("--model", model, "Folder of a BLIP captioning model, or a zoo with blip/")->required();
    app.add_option("--beams", generation.num_beams, "Texts to follow at once; 1: the likeliest word each time")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    app.add_option("--max-new-tokens", max_new_tokens, "Tokens of a caption at most, prompt not counted (default: 20)")
        ->check(CLI::Range(1, 65536));
    app.add_option(
           "--min-length", generation.min_length, "Tokens of a caption at least, the first one, [DEC], included")
        ->check(CLI::Range(0, 65536))
        ->capture_default_str();
    app.add_option("--length-penalty", generation.length_penalty, "With --beams: above 0 long captions gain")
        ->capture_default_str();
    app.add_option("--repetition-penalty", generation.repetition_penalty, "Above 1: words come again less often")
        ->check(positive())
        ->capture_default_str();
    app.add_option("--prompt", options.prompt, "Words that every caption begins with");
    app.add_option(
           "--caption-input", input, "processor, or raw255: values 0 to 255 as they are, as the original had it")
        ->check(CLI::IsMember({"processor", "raw255"}))
        ->capture_default_str();
    add_dtype(app, dtype, "weights and products");
    app.add_flag("--json", json, "Print a list of image, tokens and text");
    compute.add_to(app);
    app.footer("Example: fmri2img caption photo.png --model blip-image-captioning-large --prompt \"a photography of\"");
  }

  std::unique_ptr<models::Captioner> open() {
    model_checks::require_unaltered(model);
    if (max_new_tokens > 0) options.generation.max_new_tokens = max_new_tokens;
    options.input = input == "raw255" ? models::CaptionInput::kRaw255 : models::CaptionInput::kProcessor;
    options.dtype = parse_dtype(dtype, compute.torch_device());
    options.device = compute.torch_device();
    return models::open_captioner(model, options);
  }

  static std::vector<models::Caption> caption_some(models::Captioner& captioner, std::span<const std::string> files) {
    std::vector<at::Tensor> pictures;
    for (const std::string& file : files) pictures.push_back(io::read_image(file, io::Transparency::kOnWhite));
    return captioner.caption(pictures);
  }

  void run() {
    compute.apply();
    for (const std::string& image : images) io::read_image_info(image);  // before the model takes its time
    const auto captioner = open();
    Json list = Json::array();
    Progress progress("captioning", "images", static_cast<int64_t>(images.size()));
    for (size_t first = 0; first < images.size(); first += kImagesAtOnce) {
      const auto files = std::span(images).subspan(first, std::min(kImagesAtOnce, images.size() - first));
      const std::vector<models::Caption> captions = caption_some(*captioner, files);
      for (size_t i = 0; i < files.size(); ++i) {
        list.push_back({{"image", files[i]}, {"tokens", captions[i].tokens}, {"text", captions[i].text}});
        if (!json) fmt::print("{}: {}\n", files[i], captions[i].text);
      }
      progress.advance(static_cast<int64_t>(files.size()));
      stop_if_interrupted("run it again with the images that are left");
    }
    if (json) fmt::print("{}\n", list.dump(2));
  }
};

}  // namespace

Command caption() {
  return make_command<CaptionImages>("caption", "Say in words what is in pictures");
}

}  // namespace fmri2img::commands
