#include "fmri2img/training/zoo/pictures/hold_out_pictures.h"

#include <fmt/format.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::training {
namespace {

constexpr int64_t kFewestPictures = 20;
constexpr int64_t kSmallestStride = 10;
constexpr int64_t kMostHeldOut = 500;

class ChosenPictures : public CaptionedPictures {
 public:
  ChosenPictures(const CaptionedPictures& all, std::vector<int64_t> chosen) : all_(all), chosen_(std::move(chosen)) {}

  int64_t size() const override { return static_cast<int64_t>(chosen_.size()); }
  int64_t side() const override { return all_.side(); }
  std::string caption(int64_t row) const override { return all_.caption(chosen_[static_cast<size_t>(row)]); }

  CaptionedBatch read(std::span<const int64_t> rows) const override {
    std::vector<int64_t> of_all;
    for (const int64_t row : rows) of_all.push_back(chosen_[static_cast<size_t>(row)]);
    return all_.read(of_all);
  }

  std::string description() const override { return fmt::format("{} of {}", format_count(size()), all_.description()); }

 private:
  const CaptionedPictures& all_;
  std::vector<int64_t> chosen_;
};

}  // namespace

HeldOutPictures hold_out_pictures(const CaptionedPictures& all) {
  FMRI2IMG_CHECK(all.size() >= kFewestPictures,
                 "{}: at least {} are needed, some of them to see what was learned",
                 all.description(),
                 kFewestPictures);
  const int64_t stride = std::max(kSmallestStride, all.size() / kMostHeldOut);
  std::vector<int64_t> learned, held_out;
  for (int64_t row = 0; row < all.size(); ++row) (row % stride == 0 ? held_out : learned).push_back(row);
  return {.learned = std::make_unique<ChosenPictures>(all, std::move(learned)),
          .validation = std::make_unique<ChosenPictures>(all, std::move(held_out))};
}

}  // namespace fmri2img::training
