#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/model_checks/model_checks.h"
#include "fmri2img/models/blip/blip.h"
#include "fmri2img/models/blip/blip_captioner.h"
#include "fmri2img/models/clip/clip_embedder.h"
#include "fmri2img/text/word_piece_tokenizer.h"

namespace fmri2img::model_checks {
namespace {

namespace fs = std::filesystem;

void check_blip_tokenizer(Findings& findings, const fs::path& folder, int64_t vocab_size) {
  int64_t highest = 0;
  const bool is_read = can_read(findings, folder, [&] {
    const text::WordPieceTokenizer tokenizer(folder);
    for (const auto& [token, id] : tokenizer.vocabulary().ids) highest = std::max(highest, id);
  });
  if (is_read) check_vocabulary(findings, folder, highest, vocab_size);
}

void check_blip_processor(Findings& findings, const fs::path& folder, int64_t side) {
  models::ImageProcessorOptions options;
  const auto read = [&] { options = models::read_blip_processor(folder, side); };
  if (!can_read(findings, folder, read)) return;
  check_parts(findings, folder, [&] {
    const at::Tensor any_picture = at::zeros({48, 64, 3}, at::kByte);
    models::check_blip_input(models::ImageProcessor(options).process(any_picture), side);
  });
}

}  // namespace

void check_clip(Findings& findings, const fs::path& folder_or_file) {
  const auto source = check_network<models::ClipModel>(findings, folder_or_file, "CLIP", models::read_clip_source);
  if (!source) return;
  check_parts(findings, folder_or_file, [&] {
    models::check_clip_processor(source->processor, source->options.vision.image_size);
  });
}

void check_blip(Findings& findings, const fs::path& folder) {
  const auto source = check_network<models::Blip>(findings, folder, "BLIP", models::read_blip_source);
  if (!source) return;
  check_blip_tokenizer(findings, folder, source->options.text.vocab_size);
  check_blip_processor(findings, folder, source->options.vision.image_size);
}

}  // namespace fmri2img::model_checks
