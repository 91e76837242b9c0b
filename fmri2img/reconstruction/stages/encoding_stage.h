#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "fmri2img/reconstruction/stages/stages.h"
#include "fmri2img/reconstruction/voting/encoding_model.h"

namespace fmri2img::reconstruction {

/// Rows that the encoding model is fitted on: those that all members trained on, evenly spaced where there are more
/// than kMostEncodingRows. Ascending.
std::vector<int64_t> encoding_rows(const ReconstructionJob& job);

/// True where the results folder holds the encoding model already.
bool has_encoding_model(const std::filesystem::path& folder);

/// Embeds the pictures of those rows and fits the model to every vertex that some member reads. Both are kept in
/// `encoding_model/`; embeddings that an interrupted run finished are not made again.
EncodingModel encoding_stage(const StageContext& stage);

}  // namespace fmri2img::reconstruction
