#include <fmt/format.h>

#include "fmri2img/core/check.h"
#include "fmri2img/io/state_dict.h"
#include "fmri2img/io/torch_script.h"
#include "fmri2img/models/clip/clip_embedder.h"
#include "fmri2img/models/clip/openai.h"
#include "fmri2img/nn/load_weights.h"

namespace fmri2img::models {
namespace {

namespace fs = std::filesystem;

ClipSource read_clip_folder(const fs::path& folder) {
  const fs::path config = folder / "config.json";
  return {{.options = ClipOptions::from_json(read_json(config), fmt::format("\"{}\"", config.string())),
           .weights = io::read_located_weights(folder),
           .rules = {.ignored_suffixes = {".position_ids"}}},
          ImageProcessorOptions::from_folder(folder, ImageProcessorOptions::clip_defaults())};
}

ClipSource read_openai(const fs::path& file) {
  const std::string where = fmt::format("\"{}\"", file.string());
  const io::StateDict tensors = io::is_torch_script(file) ? io::read_torch_script(file) : io::read_state_dict(file);
  FMRI2IMG_CHECK(is_openai_clip(tensors),
                 "{}: not one of OpenAI's CLIP files, which hold \"visual.class_embedding\"; of a Hugging Face model "
                 "name the folder, with config.json",
                 where);
  const ClipOptions options = ClipOptions::from_openai(tensors, where);
  ImageProcessorOptions processor = ImageProcessorOptions::clip_defaults();
  processor.shortest_edge = options.vision.image_size;
  processor.crop_size = {options.vision.image_size, options.vision.image_size};
  return {{.options = options,
           .weights = {rename_openai_tensors(tensors, where), io::all_in(file)},
           .rules = {.naming = "OpenAI's CLIP, by the names of transformers"}},
          processor};
}

}  // namespace

ClipSource read_clip_source(const fs::path& folder_or_file) {
  FMRI2IMG_CHECK(fs::exists(folder_or_file),
                 "\"{}\" is not there; expected the folder of a CLIP model, or OpenAI's ViT-L-14.pt",
                 folder_or_file.string());
  if (!fs::is_directory(folder_or_file)) return read_openai(folder_or_file);
  for (const fs::path& folder : {folder_or_file, folder_or_file / "clip"}) {
    if (fs::exists(folder / "config.json")) return read_clip_folder(folder);
  }
  fail(ErrorKind::kBadInput,
       "\"{}\" is not the folder of a CLIP model: expected config.json with model.safetensors or pytorch_model.bin (of "
       "OpenAI's own ViT-L-14.pt name the file)",
       folder_or_file.string());
}

LoadedClip load_clip(const fs::path& folder_or_file) {
  const ClipSource source = read_clip_source(folder_or_file);
  LoadedClip clip = {ClipModel(source.options), source.processor};
  nn::load_weights(*clip.model, source.weights, source.rules);
  return clip;
}

std::unique_ptr<ImageEmbedder> open_image_embedder(const fs::path& folder_or_file,
                                                   at::ScalarType dtype,
                                                   at::Device device) {
  LoadedClip clip = load_clip(folder_or_file);
  clip.model->drop_text();
  return std::make_unique<ClipEmbedder>(std::move(clip), dtype, device);
}

}  // namespace fmri2img::models
