#include <ATen/ATen.h>

#include "fmri2img/core/memory.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/results.h"
#include "fmri2img/reconstruction/stages/plan.h"
#include "fmri2img/reconstruction/stages/stages.h"

namespace fmri2img::reconstruction {

void refine_stage(const StageContext& stage) {
  const std::vector<Item> todo = pending_items(stage.job, stage.folder, high_level_file);
  if (todo.empty()) return;
  const std::vector<std::string> names = candidate_names(stage.job);
  auto refiner = stage.job.open.refiner();
  refiner->on_evaluation = [&](int64_t requests) {
    stage.progress.advance_within(kRefineStage, requests * kEvaluationCost);
  };
  in_batches(todo, stage.job.batch, [&](std::span<const Item> batch) {
    std::vector<diffusion::RefineRequest> requests;
    for (const Item& item : batch) {
      const std::string& name = names[static_cast<size_t>(item.candidate)];
      const Prompt prompt = read_prompt(stage.folder / prompt_file(name, item.trial));
      requests.push_back({io::read_image(stage.folder / low_level_file(name, item.trial)),
                          prompt.caption,
                          static_cast<uint64_t>(prompt.seed)});
    }
    refiner->refine(requests, [&](size_t i, const at::Tensor& picture) {
      const std::string& name = names[static_cast<size_t>(batch[i].candidate)];
      io::write_png(stage.folder / high_level_file(name, batch[i].trial), picture);
      stage.progress.advance(kRefineStage);
    });
  });
  refiner.reset();
  release_freed_memory();
}

}  // namespace fmri2img::reconstruction
