#include "fmri2img/core/atomic_file.h"
#include "fmri2img/diffusion/scheduler_config.h"

namespace fmri2img::diffusion {
namespace {

/// diffusers writes minus infinity, DPM-Solver++'s default of one key, as Python does: it is not JSON.
std::string without_minus_infinity(std::string text) {
  constexpr std::string_view kKey = "\"lambda_min_clipped\": ";
  constexpr std::string_view kValue = "-Infinity";
  const size_t key = text.find(kKey);
  if (key == std::string::npos || !text.substr(key + kKey.size()).starts_with(kValue)) return text;
  return text.replace(key + kKey.size(), kValue.size(), "null");
}

}  // namespace

SchedulerConfig open_scheduler_config(const std::filesystem::path& model_folder,
                                      const std::optional<SchedulerChoice>& choice) {
  const std::filesystem::path path = model_folder / "scheduler/scheduler_config.json";
  const std::string where = fmt::format("\"{}\"", path.string());
  const Json json = parse_json(without_minus_infinity(read_file(path)), where);
  SchedulerConfig config = parse_scheduler_config(json, where, choice);
  config.steps_offset = 1;
  config.clip_range.reset();
  return config;
}

}  // namespace fmri2img::diffusion
