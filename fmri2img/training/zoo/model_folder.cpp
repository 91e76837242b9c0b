#include "fmri2img/training/zoo/model_folder.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/nn/state_dict.h"
#include "fmri2img/training/zoo/contact_sheet.h"

namespace fmri2img::training {
namespace {

std::string figure(const Json& value) {
  return value.is_number_float() ? fmt::format("{:.4g}", value.get<double>()) : value.dump();
}

std::string table(const Json& rows) {
  std::string text = "| figure | value |\n|---|---|\n";
  for (const auto& [name, value] : rows.items()) text += fmt::format("| {} | {} |\n", name, figure(value));
  return text;
}

std::string sheet_of(const ModelCard& card) {
  if (card.contact_sheet.empty()) return {};
  return fmt::format("\n{0}\n\n![{0}]({1})\n", card.contact_sheet, kContactSheet);
}

int64_t count_numbers(const std::filesystem::path& weights) {
  const io::SafetensorsFile file(weights);
  int64_t numbers = 0;
  for (const auto& [name, entry] : file.entries()) {
    int64_t of_tensor = 1;
    for (const int64_t size : entry.shape) of_tensor *= size;
    numbers += of_tensor;
  }
  return numbers;
}

}  // namespace

void write_weights(const std::filesystem::path& file, const torch::nn::Module& module, const std::string& prefix) {
  io::StateDict tensors;
  for (const auto& [name, tensor] : nn::state_dict(module)) {
    if (name.starts_with(prefix)) tensors[name] = tensor.to(at::kHalf).contiguous();
  }
  std::filesystem::create_directories(file.parent_path());
  io::write_safetensors(file, tensors, {{"format", "pt"}});
}

void write_card(const std::filesystem::path& folder, const std::string& weights, const ModelCard& card) {
  const Recipe& recipe = card.recipe;
  const std::string text = fmt::format(
      "# {}\n\n{}\n\nTrained on {}; {} steps of {} pictures, AdamW, learning rate {:g}, seed {}, weights averaged over "
      "the steps.\n\n    {}\n\nOn pictures that it was not trained on, in float32, before the weights were rounded to "
      "float16:\n\n{}\n{} parameters in float16. Licence: Apache-2.0, as the program's.\n\n    sha256 {}  {}\n",
      card.title,
      card.what,
      card.pictures,
      format_count(recipe.steps),
      recipe.batch,
      recipe.learning_rate,
      recipe.seed,
      fmt::join(card.command_line, " "),
      table(card.figures),
      format_count(count_numbers(folder / weights)),
      sha256(read_file(folder / weights)),
      weights);
  write_file(folder / "README.md", text + sheet_of(card));
}

std::string and_what_it_knows(const std::string& what, const ZooJob& job) {
  const char* pictures = job.with_practice ? "the drawn scenes of `fmri2img simulate`" : "the pictures of one folder";
  return fmt::format("{} It knows {} and nothing else.", what, pictures);
}

ModelCard card_of(const ZooJob& job, const Recipe& recipe, std::string title, std::string what, Json figures) {
  return {.title = std::move(title),
          .what = std::move(what),
          .pictures = job.pictures.description(),
          .recipe = recipe,
          .figures = std::move(figures),
          .command_line = job.command_line};
}

void write_model(const std::filesystem::path& folder,
                 const std::string& weights,
                 const torch::nn::Module& module,
                 const Json& config,
                 const ModelCard& card,
                 const std::string& prefix) {
  write_weights(folder / weights, module, prefix);
  write_json(folder / "config.json", config);
  write_card(folder, weights, card);
}

}  // namespace fmri2img::training
