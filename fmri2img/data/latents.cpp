#include "fmri2img/data/latents.h"

#include <ATen/ops/empty.h>
#include <c10/core/ScalarType.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::data {

Latents::Latents(const std::filesystem::path& file, int64_t num_pictures) : path_(file) {
  const io::NpyFile npy(file);
  const std::vector<int64_t>& shape = npy.shape();
  const bool with_one = shape.size() == 5 && shape[1] == 1;
  FMRI2IMG_CHECK((shape.size() == 4 || with_one) && c10::isFloatingType(npy.dtype()),
                 "\"{}\" holds {} of shape {}; expected floating-point latents, pictures x channels x height x width "
                 "(pictures x 1 x ... is accepted too)",
                 file.string(),
                 io::scalar_type_name(npy.dtype()),
                 format_shape(shape));
  values_ = with_one ? npy.tensor().select(1, 0) : npy.tensor();
  size_ = values_.size(0);
  channels_ = values_.size(1);
  height_ = values_.size(2);
  width_ = values_.size(3);
  FMRI2IMG_CHECK(size_ == num_pictures,
                 "\"{}\" holds the latents of {} pictures, but this subject has {} training pictures; make the file "
                 "anew with \"fmri2img encode\"",
                 file.string(),
                 format_count(size_),
                 format_count(num_pictures));
}

at::Tensor Latents::gather(const std::vector<int64_t>& rows) const {
  const auto count = static_cast<int64_t>(rows.size());
  require_memory(count * channels_ * height_ * width_ * int64_t{sizeof(float)},
                 fmt::format("gathering the latents of {} pictures", format_count(count)),
                 "choose fewer rows");
  at::Tensor chosen = at::empty({count, channels_, height_, width_}, at::TensorOptions().dtype(at::kFloat));
  for (size_t i = 0; i < rows.size(); ++i) {
    FMRI2IMG_CHECK(rows[i] >= 0 && rows[i] < size_,
                   "\"{}\" holds the latents of {} pictures: there is no row {}",
                   path_.string(),
                   format_count(size_),
                   rows[i]);
    chosen.select(0, static_cast<int64_t>(i)).copy_(values_.select(0, rows[i]));
  }
  return chosen;
}

}  // namespace fmri2img::data
