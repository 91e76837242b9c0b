#include "commands/similarity.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "fmri2img/core/json.h"
#include "fmri2img/io/image.h"
#include "fmri2img/model_checks/zoo_hashes.h"
#include "fmri2img/models/image_embedder.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

double cosine(const at::Tensor& one, const at::Tensor& other) {
  const at::Tensor x = one.to(at::kDouble), y = other.to(at::kDouble);
  return (x.dot(y) / (x.norm() * y.norm())).item<double>();
}

std::vector<float> to_vector(const at::Tensor& embedding) {
  const at::Tensor values = embedding.contiguous();
  const auto* first = values.const_data_ptr<float>();
  return {first, first + values.numel()};
}

struct Similarity {
  std::vector<std::string> images;
  std::string model;
  std::string dtype = "fp32";
  bool json = false;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option(
           "image", images, "Two PNG or JPEG files, transparent ones laid on white; of one its embedding is shown")
        ->required()
        ->expected(1, 2);
    app.add_option("--model",
                   model,
                   "A CLIP: folder of Hugging Face, a model zoo (its clip), or OpenAI's own file (ViT-L-14.pt)")
        ->required();
    add_dtype(app, dtype, "the products");
    app.add_flag("--json", json, "Print as JSON");
    compute.add_to(app);
    app.footer(
        "The similarity is the cosine of the pictures' embeddings: 1 for equal pictures.\n"
        "Example: fmri2img similarity target.png reconstruction.png --model clip-vit-large-patch14");
  }

  void run() {
    compute.apply();
    model_checks::require_unaltered(model);
    std::vector<at::Tensor> pictures;
    for (const std::string& image : images) pictures.push_back(io::read_image(image, io::Transparency::kOnWhite));
    const auto embedder =
        models::open_image_embedder(model, parse_dtype(dtype, compute.torch_device()), compute.torch_device());
    const at::Tensor embeddings = embedder->embed(pictures);
    if (pictures.size() == 1) {
      print_embedding(to_vector(embeddings[0]));
    } else {
      print_cosine(cosine(embeddings[0], embeddings[1]));
    }
  }

  void print_embedding(const std::vector<float>& embedding) const {
    if (json) return fmt::print("{}\n", Json(embedding).dump());
    for (const float value : embedding) fmt::print("{}\n", value);
  }

  void print_cosine(double value) const {
    if (json) return fmt::print("{}\n", Json{{"images", images}, {"similarity", value}}.dump(2));
    fmt::print("{:.6f}\n", value);
  }
};

}  // namespace

Command similarity() {
  return make_command<Similarity>("similarity", "Say how alike two pictures are to CLIP");
}

}  // namespace fmri2img::commands
