#include "fmri2img/experiments/decoder_rows.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/text.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/training/targets.h"

namespace fmri2img::experiments {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kRowsAtOnce = 64;

bool is_pixels(const decoding::DecoderRecord& record) {
  return record.codec.value("name", "") == "pixels";
}

void require_same_codec(const training::Targets& targets, const decoding::DecoderRecord& record) {
  const auto fingerprint = [](const Json& codec) { return codec.value("fingerprint", std::string()); };
  const std::string stored = fingerprint(targets.codec), trained = fingerprint(record.codec);
  const bool same_model = stored.empty() || trained.empty() || stored == trained;
  const models::LatentShape& expected = record.latent_shape;
  const bool same_shape = targets.shape.channels == expected.channels && targets.shape.height == expected.height &&
                          targets.shape.width == expected.width;
  if (same_model && same_shape) return;
  fail(ErrorKind::kMismatch,
       "the subject's fMRI_VAE.npy holds latents of {} x {} x {} by the codec {}, but the decoder was trained on {} x "
       "{} x {} by {}: make the file again with fmri2img encode and that codec, or train the decoder again",
       targets.shape.channels,
       targets.shape.height,
       targets.shape.width,
       stored.empty() ? "(unrecorded)" : stored,
       expected.channels,
       expected.height,
       expected.width,
       trained.empty() ? "(unrecorded)" : trained);
}

at::Tensor encode_rows(models::LatentCodec& codec, const data::Pictures& pictures, const std::vector<int64_t>& rows) {
  const at::NoGradGuard no_gradients;
  std::vector<at::Tensor> latents;
  for (const int64_t row : rows) {
    stop_if_interrupted(kExperimentResume);
    latents.push_back(
        codec.encode(pictures.load(row).permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).div_(255), std::nullopt));
  }
  return at::cat(latents);
}

}  // namespace

at::Tensor decoder_targets(const data::Subject& subject,
                           const decoding::DecoderRecord& record,
                           data::Partition partition,
                           const std::vector<int64_t>& rows,
                           const std::optional<fs::path>& codec_model) {
  if (partition == data::Partition::kTrain && !is_pixels(record)) {
    const training::Targets targets = training::load_targets(subject, "vae", rows);
    require_same_codec(targets, record);
    return targets.latents;
  }
  return encode_rows(*models::make_codec(record.codec, codec_model), subject.pictures(partition), rows);
}

DecoderRows load_decoder_rows(const data::Subject& subject,
                              const decoding::DecoderRecord& record,
                              data::Partition partition,
                              const std::vector<int64_t>& rows,
                              const std::optional<fs::path>& codec_model) {
  return {subject.responses(partition).gather(rows, record.vertices.columns),
          decoder_targets(subject, record, partition, rows, codec_model)};
}

std::vector<double> row_errors(decoding::LatentDecoder& decoder,
                               const at::Tensor& responses,
                               const at::Tensor& latents) {
  FMRI2IMG_ASSERT(responses.size(0) == latents.size(0));
  const at::NoGradGuard no_gradients;
  std::vector<double> errors;
  for (int64_t first = 0; first < responses.size(0); first += kRowsAtOnce) {
    stop_if_interrupted(kExperimentResume);
    const int64_t count = std::min(kRowsAtOnce, responses.size(0) - first);
    const at::Tensor truth = latents.narrow(0, first, count);
    const at::Tensor predicted = decoder.predict(responses.narrow(0, first, count));
    FMRI2IMG_CHECK(predicted.sizes() == truth.sizes(),
                   "the decoder predicts latents of {}, the pictures have {}: was it trained with another codec?",
                   format_shape(predicted.sizes().vec()),
                   format_shape(truth.sizes().vec()));
    const at::Tensor error = (predicted - truth).abs().flatten(1).mean({1}, /*keepdim=*/false, at::kDouble);
    errors.insert(errors.end(), error.const_data_ptr<double>(), error.const_data_ptr<double>() + count);
  }
  return errors;
}

}  // namespace fmri2img::experiments
