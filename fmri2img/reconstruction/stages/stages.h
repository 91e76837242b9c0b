#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/reconstruction/job.h"
#include "fmri2img/reconstruction/stages/run_progress.h"

namespace fmri2img::reconstruction {

/// What every stage works with.
struct StageContext {
  const ReconstructionJob& job;
  const std::filesystem::path& folder;
  RunProgress& progress;
};

// Names of the stages in the run's progress.
inline constexpr const char* kLowStage = "low-level pictures";
inline constexpr const char* kAverageStage = "averaged pictures";
inline constexpr const char* kTargetStage = "targets";
inline constexpr const char* kMeanStage = "mean picture";
inline constexpr const char* kCaptionStage = "captions";
inline constexpr const char* kRefineStage = "high-level images";
inline constexpr const char* kEmbedStage = "embeddings";
inline constexpr const char* kEncodingStage = "encoding model";
inline constexpr const char* kStripStage = "result strips";

/// Ends the message of an interrupted run.
inline constexpr const char* kHowToResume = "every finished picture is safe; run the same command again to go on";

/// A picture of one trial by one candidate.
struct Item {
  int64_t trial = 0;
  int64_t candidate = 0;  ///< index into `candidate_names`
};

using FileOf = std::function<std::string(const std::string& candidate, int64_t trial)>;

/// What is not there yet, trial by trial. A file that is there is whole, so it is never made again.
std::vector<Item> pending_items(const ReconstructionJob& job, const std::filesystem::path& folder, const FileOf& file);

/// Trials whose file is not there yet.
std::vector<int64_t> pending_trials(const std::vector<int64_t>& trials,
                                    const std::filesystem::path& folder,
                                    const std::function<std::string(int64_t)>& file);

/// Trials whose target is not there yet as it was shown. Results of version 2 had targets at the codec's
/// size: those of a run that began so are written again. REQUIRES: the partition has pictures.
std::vector<int64_t> pending_targets(const ReconstructionJob& job, const std::filesystem::path& folder);

/// `work` on `items` in batches of `size`: stops between batches if the user asked to.
void in_batches(const std::vector<Item>& items, int64_t size, const std::function<void(std::span<const Item>)>& work);

/// Responses -> latents -> 8-bit pictures of every member, model by model; then those of the mean of their latents,
/// decoded with the first member's codec, where that vote is computed. Pictures are the codec's output times 255,
/// truncated. Throws Error naming the trial whose picture is not finite.
void decode_stage(const StageContext& stage);

/// Low-level pictures -> captions, freed of every "blurry ", beside the seed that the high-level image will have.
void caption_stage(const StageContext& stage);

/// Low-level pictures and captions -> high-level images.
void refine_stage(const StageContext& stage);

/// Targets, low-level and high-level pictures -> embeddings, trial by trial.
void embed_stage(const StageContext& stage);

/// Caption and seed of a high-level image, as they stand beside it.
struct Prompt {
  std::string raw_caption;
  std::string caption;
  int64_t seed = 0;
};

/// `caption` without every occurrence of "blurry ".
std::string without_blurry(const std::string& caption);

Prompt read_prompt(const std::filesystem::path& path);

}  // namespace fmri2img::reconstruction
