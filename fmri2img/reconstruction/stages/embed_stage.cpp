#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/results.h"
#include "fmri2img/reconstruction/stages/stages.h"
#include "fmri2img/reconstruction/voting/embeddings.h"

namespace fmri2img::reconstruction {
namespace {

TrialEmbeddings embed_trial(const StageContext& stage, models::ImageEmbedder& embedder, int64_t trial) {
  const std::vector<std::string> names = candidate_names(stage.job);
  const auto count = static_cast<int64_t>(names.size());
  std::vector<at::Tensor> pictures;
  for (const std::string& name : names) pictures.push_back(io::read_image(stage.folder / low_level_file(name, trial)));
  for (const std::string& name : names) pictures.push_back(io::read_image(stage.folder / high_level_file(name, trial)));
  const bool has_target = stage.job.subject.has_pictures(stage.job.trials.partition);
  // The picture itself, not what the codec's size leaves of it.
  if (has_target) pictures.push_back(stage.job.subject.pictures(stage.job.trials.partition).load(trial));
  const at::Tensor embedded = embedder.embed(pictures);
  FMRI2IMG_ASSERT(embedded.dim() == 2 && embedded.size(0) == static_cast<int64_t>(pictures.size()));
  FMRI2IMG_CHECK(embedded.isfinite().all().item<bool>(),
                 "trial {}: the embedding of one of its pictures is not finite: the weights of CLIP may be damaged",
                 trial);
  return {
      has_target ? embedded[2 * count] : at::Tensor(), embedded.narrow(0, 0, count), embedded.narrow(0, count, count)};
}

}  // namespace

void embed_stage(const StageContext& stage) {
  const std::vector<int64_t> todo = pending_trials(stage.job.trials.rows, stage.folder, embeddings_file);
  if (todo.empty()) return;
  auto embedder = stage.job.open.embedder();
  for (const int64_t trial : todo) {
    stop_if_interrupted(kHowToResume);
    write_embeddings(stage.folder / embeddings_file(trial), embed_trial(stage, *embedder, trial));
    stage.progress.advance(kEmbedStage);
  }
  embedder.reset();
  release_freed_memory();
}

}  // namespace fmri2img::reconstruction
