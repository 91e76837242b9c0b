#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/diffusion/scheduler_config.h"
#include "fmri2img/diffusion/stable_diffusion_folder.h"
#include "fmri2img/model_checks/model_checks.h"
#include "fmri2img/text/byte_pair_tokenizer.h"

namespace fmri2img::model_checks {
namespace {

namespace fs = std::filesystem;

using data::Severity;

void check_files(Findings& findings, const fs::path& folder) {
  can_read(findings, folder, [&] { diffusion::check_pipeline_class(folder); });
  for (const auto& [path, files] : diffusion::missing_parts(folder)) {
    findings.add(Severity::kError,
                 "model-part-missing",
                 folder / path,
                 files.empty() ? "is missing" : "lacks " + files,
                 "copy it from where the model came from: image-to-image needs it");
  }
  for (const std::string& name : diffusion::unused_parts(folder))
    findings.add(Severity::kNote, "model-part-unused", folder / name, "is not used", "");
}

void check_tokenizer(Findings& findings, const fs::path& model, const models::ClipTextOptions& text_encoder) {
  const fs::path folder = model / "tokenizer";
  std::optional<text::BytePairTokenizer> tokenizer;
  if (!can_read(findings, folder, [&] { tokenizer.emplace(folder); })) return;
  check_parts(findings, folder, [&] { diffusion::check_token_embeddings(*tokenizer, text_encoder, model); });
  check_parts(findings, folder, [&] {
    const int64_t length = tokenizer->max_length();
    FMRI2IMG_CHECK(length <= text_encoder.max_position_embeddings,
                   "the tokenizer makes texts of {} tokens, the text encoder reads {} (\"max_position_embeddings\")",
                   length,
                   text_encoder.max_position_embeddings);
  });
}

/// A part whose config.json is missing has been named already.
bool is_there(const fs::path& part) {
  return fs::exists(part / "config.json");
}

}  // namespace

void check_stable_diffusion(Findings& findings, const fs::path& folder) {
  check_files(findings, folder);
  const auto unet = is_there(folder / "unet") ? check_unet(findings, folder / "unet") : std::nullopt;
  const auto vae = is_there(folder / "vae") ? check_autoencoder_kl(findings, folder / "vae") : std::nullopt;
  const auto text_encoder =
      is_there(folder / "text_encoder") ? check_text_encoder(findings, folder / "text_encoder") : std::nullopt;
  if (fs::exists(folder / "scheduler/scheduler_config.json"))
    can_read(findings, folder, [&] { diffusion::open_scheduler_config(folder, std::nullopt); });
  if (unet && vae) check_parts(findings, folder, [&] { diffusion::check_latent_channels(*unet, *vae, folder); });
  if (unet && text_encoder)
    check_parts(findings, folder, [&] { diffusion::check_text_width(*unet, *text_encoder, folder); });
  const auto missing = diffusion::missing_parts(folder);
  const bool no_tokenizer = std::ranges::any_of(missing, [](const auto& part) { return part.path == "tokenizer"; });
  if (text_encoder && !no_tokenizer) check_tokenizer(findings, folder, *text_encoder);
}

}  // namespace fmri2img::model_checks
