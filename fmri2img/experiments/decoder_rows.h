#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/decoding/latent_decoder.h"

namespace fmri2img::experiments {

/// What a decoder reads and what it should have said, row by row.
struct DecoderRows {
  at::Tensor responses;  ///< [n, K] float32, the decoder's vertices
  at::Tensor latents;    ///< [n, C, h, w] float32, at the scale of its codec
};

/// The true latents of pictures, as the decoder's codec has them: [rows, C, h, w] float32.
///
/// Pixels come from the pictures; other latents of the training split from fMRI_VAE.npy, those of the test split are
/// encoded here (the posterior's mean), for which `codec_model` names the folder of the codec's weights.
/// Throws Error (mismatch) if the stored latents are of another codec than the decoder was trained on, and as
/// `models::make_codec`.
at::Tensor decoder_targets(const data::Subject& subject,
                           const decoding::DecoderRecord& record,
                           data::Partition partition,
                           const std::vector<int64_t>& rows,
                           const std::optional<std::filesystem::path>& codec_model);

/// Responses and true latents of rows of one partition. Throws Error as `decoder_targets`.
DecoderRows load_decoder_rows(const data::Subject& subject,
                              const decoding::DecoderRecord& record,
                              data::Partition partition,
                              const std::vector<int64_t>& rows,
                              const std::optional<std::filesystem::path>& codec_model);

/// Mean absolute error of each row's predicted latents, over all of their values. Rows go through the decoder in
/// blocks; the result does not depend on them. Throws Error (interrupted) between blocks if the user asked to stop.
std::vector<double> row_errors(decoding::LatentDecoder& decoder,
                               const at::Tensor& responses,
                               const at::Tensor& latents);

/// Ends the message of every interrupted experiment.
inline constexpr const char* kExperimentResume = "everything finished is on disk; run the same command again to go on";

}  // namespace fmri2img::experiments
