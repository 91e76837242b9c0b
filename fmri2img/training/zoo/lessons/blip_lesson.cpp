#include "fmri2img/training/zoo/lessons/blip_lesson.h"

#include <ATen/ATen.h>

#include <utility>

#include "fmri2img/models/blip/generate.h"
#include "fmri2img/simulation/caption.h"
#include "fmri2img/training/zoo/lessons/caption_ids.h"
#include "fmri2img/training/zoo/pictures/picture_batches.h"

namespace fmri2img::training {
namespace {

constexpr int64_t kCaptionedTogether = 50;
constexpr int64_t kNotCounted = -100;

/// Counts how often a trait of captions agrees, where the truth has it.
class Agreement {
 public:
  template <class Trait> void add(const std::optional<Trait>& found, const std::optional<Trait>& truth) {
    if (!truth) return;
    ++asked_;
    right_ += found == truth;
  }

  void put_into(Json& figures, const std::string& name) const {
    if (asked_ > 0) figures[name] = static_cast<double>(right_) / static_cast<double>(asked_);
  }

 private:
  int64_t asked_ = 0;
  int64_t right_ = 0;
};

}  // namespace

BlipLesson::BlipLesson(models::Blip model,
                       models::ImageProcessorOptions processor,
                       const text::WordPieceTokenizer& tokenizer,
                       const MixedPictures& pictures,
                       std::vector<Exam> exams)
    : replicas_(make_replicas(model, model->options)),
      processor_(std::move(processor)),
      tokenizer_(tokenizer),
      pictures_(pictures),
      exams_(std::move(exams)) {}

std::vector<at::Tensor> BlipLesson::forward(const Share& share) {
  const NormalisedBatch batch = read_mixed_share(pictures_, share, processor_);
  models::Blip& model = replicas_[share.replica];
  const models::BlipTextOptions& words = model->options.text;
  const at::Tensor ids = blip_ids(tokenizer_, batch.captions, words);
  const at::Tensor labels = ids.masked_fill(ids == words.pad_token_id, kNotCounted);
  return {models::caption_loss(model(batch.pictures, ids).to(at::kFloat), labels, words.label_smoothing)};
}

Json BlipLesson::validate() {
  Json figures = Json::object();
  for (const Exam& exam : exams_) figures.update(score(exam));
  return figures;
}

Json BlipLesson::score(const Exam& exam) {
  models::Blip& model = replicas_.front();
  Agreement exact, kind, hue, place;
  for_each_batch(*exam.pictures, kCaptionedTogether, [&](const CaptionedBatch& batch) {
    const auto written =
        models::generate(model, to_normalised(batch.pictures, processor_), {model->options.text.bos_token_id}, {});
    for (size_t i = 0; i < written.size(); ++i) {
      const std::string caption = tokenizer_.decode(written[i]);
      const simulation::NamedInCaption found = simulation::read_caption(caption),
                                       truth = simulation::read_caption(batch.captions[i]);
      exact.add<std::string>(caption, batch.captions[i]);
      kind.add(found.kind, truth.kind);
      hue.add(found.hue, truth.hue);
      place.add(found.place, truth.place);
    }
  });
  Json figures = Json::object();
  exact.put_into(figures, exam.name + "_exact");
  kind.put_into(figures, exam.name + "_kind");
  hue.put_into(figures, exam.name + "_hue");
  place.put_into(figures, exam.name + "_place");
  return figures;
}

}  // namespace fmri2img::training
