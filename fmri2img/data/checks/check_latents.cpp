#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/subject_checks.h"
#include "fmri2img/data/latents.h"
#include "fmri2img/statistics/array_summary.h"

namespace fmri2img::data {
namespace {

constexpr int64_t kRowsPerBlock = 128;
constexpr const char* kMakeAnew = "make the file anew with \"fmri2img encode\"";

/// Scaled latents of every codec in use have a standard deviation of about 1. Stable Diffusion's unscaled ones have 5,
/// and those scaled twice .2.
constexpr double kLeastDeviation = 0.4;
constexpr double kMostDeviation = 2.5;

/// Rows that cannot be trained on.
struct BadLatents {
  std::vector<int64_t> not_finite;
  std::vector<int64_t> constant;
};

BadLatents find_bad_rows(const at::Tensor& latents) {  // [N, ...]
  BadLatents bad;
  Progress progress("checking the latents", "rows", latents.size(0));
  for (int64_t first = 0; first < latents.size(0); first += kRowsPerBlock) {
    const int64_t count = std::min(kRowsPerBlock, latents.size(0) - first);
    const at::Tensor block = latents.narrow(0, first, count).reshape({count, -1}).to(at::kFloat);
    const at::Tensor lowest = block.amin(1).contiguous();  // NaN where there is one
    const at::Tensor highest = block.amax(1).contiguous();
    for (int64_t i = 0; i < count; ++i) {
      const float low = lowest.const_data_ptr<float>()[i];
      const float high = highest.const_data_ptr<float>()[i];
      if (!std::isfinite(low) || !std::isfinite(high)) bad.not_finite.push_back(first + i);
      if (low == high) bad.constant.push_back(first + i);
    }
    progress.advance(count);
  }
  return bad;
}

void report_rows(Findings& findings,
                 const std::filesystem::path& file,
                 const char* code,
                 const char* how,
                 const std::vector<int64_t>& rows) {
  if (rows.empty()) return;
  findings.add(Severity::kError,
               code,
               file,
               fmt::format("the latents of {}: {} (rows {})",
                           counted(static_cast<int64_t>(rows.size()), "picture", "pictures"),
                           how,
                           list_some(rows)),
               kMakeAnew);
}

void check_scale(Findings& findings, const std::filesystem::path& file, const at::Tensor& latents) {
  const double deviation = statistics::summarise(latents).deviation;
  if (!(deviation < kLeastDeviation || deviation > kMostDeviation)) return;
  findings.add(Severity::kWarning,
               "latents-scale",
               file,
               fmt::format("the standard deviation is {:.3g}, that of scaled latents is about 1", deviation),
               deviation > kMostDeviation
                   ? "multiply them by the codec's scale factor (0.18215 for Stable Diffusion 1.5), or make them anew"
                   : "see that they were not multiplied twice by the codec's scale factor");
}

}  // namespace

void check_latents(Findings& findings, std::optional<int64_t> num_pictures) {
  const std::filesystem::path file = latents_file(findings.folder());
  if (!std::filesystem::exists(file)) {
    findings.add(Severity::kNote,
                 "latents-absent",
                 file,
                 "there are no stored latents: --codec pixels is used",
                 "make them with \"fmri2img encode\" to train on latents of a VAE");
    return;
  }
  try {
    const io::NpyFile npy(file);
    const int64_t stored = npy.shape().empty() ? 0 : npy.shape()[0];
    const Latents latents(file, num_pictures.value_or(stored));
    const at::Tensor values = npy.tensor();
    const BadLatents bad = find_bad_rows(values);
    report_rows(findings, file, "latents-not-finite", "NaN or infinity", bad.not_finite);
    report_rows(findings, file, "latents-constant", "one and the same number throughout", bad.constant);
    check_scale(findings, file, values);
  } catch (const Error& error) {
    findings.add(Severity::kError,
                 "latents-unusable",
                 file,
                 without_file(error.message(), file),
                 error.message().ends_with(kMakeAnew) ? "" : kMakeAnew);
  }
}

}  // namespace fmri2img::data
