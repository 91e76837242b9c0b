#pragma once

#include <array>

#include "fmri2img/findings/finding.h"

namespace fmri2img::experiments {

/// Figures of the original for its four voting decoders on subject 1 of NSD.
struct PublishedDecoder {
  const char* name;
  double training_error, validation_error;            ///< mean of batch means at batch 64, experiment 2
  double training_similarity, validation_similarity;  ///< experiment 3
};

inline constexpr std::array<PublishedDecoder, 4> kPublishedDecoders = {{{"92", .399, .648, .561, .527},
                                                                        {"94", .391, .660, .559, .532},
                                                                        {"97", .403, .649, .558, .536},
                                                                        {"100", .371, .659, .559, .535}}};

/// The tables that stand beside one's own figures.
findings::FindingTable published_errors();
findings::FindingTable published_similarities();

}  // namespace fmri2img::experiments
