#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>

namespace fmri2img::data {
class Subject;
}

namespace fmri2img::experiments {

/// What repeated measurements say about vertices.
struct RepeatStatistics {
  at::Tensor ncsnr;           ///< [V] double: noise-ceiling signal-to-noise ratio of a single trial
  at::Tensor inverse_trials;  ///< [V] double: mean over pictures of 1 / trials, the noise that averaging leaves
};

/// From single-trial responses to pictures that were shown several times.
///
/// The noise variance of a vertex is the mean over pictures of the variance over their trials (divided by trials - 1),
/// its signal variance the variance of all trials less that, and not below zero; ncsnr is the ratio of the two
/// deviations. 0 for a vertex without noise and signal, infinite for one with signal alone.
///
/// Shape: repeats [N, R, V] any real type; NaN where a picture was shown fewer than R times. Throws Error (bad input)
/// for another shape, infinite values, or if no picture was shown twice.
/// Source: Allen et al., "A massive 7T fMRI dataset" (2022), Methods, "Noise ceiling estimation". Differs: the total
/// variance is measured, not taken to be 1, so that responses need not be z-scored.
RepeatStatistics repeat_statistics(const at::Tensor& repeats);

/// The share of the variance of a vertex' responses, each a mean of several trials, that a perfect model explains:
/// ncsnr^2 / (ncsnr^2 + T), where T is the mean over pictures of 1 / trials; of pictures shown once, twice or three
/// times (n3 / 3 + n2 / 2 + n1) / (n1 + n2 + n3).
/// Shape: [V] double each. Source: as above, and the Algonauts 2023 challenge.
at::Tensor noise_ceiling(const at::Tensor& ncsnr, const at::Tensor& inverse_trials);

/// The challenge's score in per cent: r^2 / ceiling x 100, where a negative r counts as 0, a ceiling of 0 as 1e-14, and
/// what is above 100 as 100. An undefined (NaN) r counts as 0.
/// Shape: [V] double each. Source: the Algonauts 2023 challenge's scoring.
at::Tensor normalised_scores(const at::Tensor& correlations, const at::Tensor& ceilings);

/// The ceilings in a folder: `lh_noise_ceiling.npy` and `rh_noise_ceiling.npy`, or `noise_ceiling.npy` of responses
/// without hemispheres. [V] double, in the order of the subject's vertices. Throws Error naming the file that is
/// missing, of another length than its hemisphere, or holds a value outside 0 .. 1.
at::Tensor read_ceilings(const std::filesystem::path& folder, const data::Subject& subject);

}  // namespace fmri2img::experiments
