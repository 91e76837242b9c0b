#include "fmri2img/training/zoo/drawn_from_captions.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/data/rows.h"
#include "fmri2img/diffusion/stable_diffusion.h"
#include "fmri2img/models/clip/clip_embedder.h"
#include "fmri2img/training/zoo/contact_sheet.h"
#include "fmri2img/training/zoo/embedding_figures.h"
#include "fmri2img/training/zoo/lessons/caption_ids.h"

namespace fmri2img::training {
namespace {

constexpr int64_t kDrawn = 100;
constexpr int64_t kGrey = 128;

diffusion::Img2ImgOptions from_noise() {
  return {.steps = 30, .strength = 1, .guidance = 6};
}

std::vector<at::Tensor> draw(const std::filesystem::path& zoo, const CaptionedBatch& batch) {
  const at::Tensor grey = at::full({batch.pictures.size(2), batch.pictures.size(3), 3}, kGrey, at::kByte);
  std::vector<diffusion::RefineRequest> requests;
  for (const std::string& caption : batch.captions) {
    requests.push_back({.picture = grey, .prompt = caption, .seed = requests.size()});
  }
  std::vector<at::Tensor> pictures;
  diffusion::StableDiffusion model({.folder = zoo / "stable-diffusion"}, from_noise());
  model.refine(requests, [&](size_t, const at::Tensor& picture) { pictures.push_back(picture); });
  return pictures;
}

std::vector<at::Tensor> with_colours_last(const at::Tensor& pictures) {
  return pictures.permute({0, 2, 3, 1}).contiguous().unbind();
}

}  // namespace

Json judge_drawn_from_captions(const std::filesystem::path& zoo, const CaptionedPictures& pictures) {
  const CaptionedBatch batch = pictures.read(data::all_rows(std::min(kDrawn, pictures.size())));
  models::ClipEmbedder clip(models::load_clip(zoo / "clip"), at::kFloat, at::kCPU);
  const std::vector<at::Tensor> made = draw(zoo, batch);
  write_contact_sheet(zoo / "stable-diffusion/unet", batch, made);
  const at::Tensor drawn = clip.embed(made);
  const at::Tensor own = clip.embed(with_colours_last(batch.pictures));
  const at::Tensor captions = clip.embed_text(clip_ids(text::BytePairTokenizer(zoo / "clip"), batch.captions));
  return {{"caption_top1_of_100", caption_top1(drawn, captions)},
          {"two_way", two_way(drawn, own)},
          {"cosine", at::cosine_similarity(drawn, own).mean().item<double>()}};
}

}  // namespace fmri2img::training
