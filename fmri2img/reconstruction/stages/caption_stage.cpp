#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/random.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/results.h"
#include "fmri2img/reconstruction/stages/stages.h"

namespace fmri2img::reconstruction {
namespace {

void write_prompt(const std::filesystem::path& path, const models::Caption& caption, int64_t seed) {
  write_json(path,
             {{"raw_caption", caption.text},
              {"caption", without_blurry(caption.text)},
              {"tokens", caption.tokens},
              {"seed", seed}});
}

}  // namespace

std::string without_blurry(const std::string& caption) {
  const std::string word = "blurry ";
  std::string rest;
  size_t begin = 0;
  for (size_t end = caption.find(word); end != std::string::npos; end = caption.find(word, begin)) {
    rest.append(caption, begin, end - begin);
    begin = end + word.size();
  }
  return rest.append(caption, begin);
}

Prompt read_prompt(const std::filesystem::path& path) {
  JsonFields fields(read_json(path), "\"" + path.string() + "\"");
  fields.ignore({"tokens"});
  Prompt prompt;
  prompt.raw_caption = fields.require<std::string>("raw_caption");
  prompt.caption = fields.require<std::string>("caption");
  prompt.seed = fields.require<int64_t>("seed");
  fields.finish();
  return prompt;
}

void caption_stage(const StageContext& stage) {
  const std::vector<Item> todo = pending_items(stage.job, stage.folder, prompt_file);
  if (todo.empty()) return;
  const std::vector<std::string> names = candidate_names(stage.job);
  auto captioner = stage.job.open.captioner();
  in_batches(todo, stage.job.batch, [&](std::span<const Item> batch) {
    std::vector<at::Tensor> pictures;
    for (const Item& item : batch) {
      const std::string& name = names[static_cast<size_t>(item.candidate)];
      pictures.push_back(io::read_image(stage.folder / low_level_file(name, item.trial)));
    }
    const std::vector<models::Caption> captions = captioner->caption(pictures);
    FMRI2IMG_ASSERT(captions.size() == batch.size());
    for (size_t i = 0; i < batch.size(); ++i) {
      const auto [trial, candidate] = batch[i];
      const int64_t seed = image_seed(stage.job.seed, static_cast<uint64_t>(trial), static_cast<uint64_t>(candidate));
      write_prompt(stage.folder / prompt_file(names[static_cast<size_t>(candidate)], trial), captions[i], seed);
    }
    stage.progress.advance(kCaptionStage, static_cast<int64_t>(batch.size()));
  });
  captioner.reset();
  release_freed_memory();
}

}  // namespace fmri2img::reconstruction
