#include "fmri2img/data/response_arrays.h"

#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/nifti.h"
#include "fmri2img/io/scalar_type.h"
#include "fmri2img/io/variable.h"

namespace fmri2img::data {
namespace {

/// [X, Y, Z, N] -> [N, X*Y*Z].
at::Tensor rows_of_volumes(const at::Tensor& image, const std::string& from) {
  FMRI2IMG_CHECK(
      image.dim() == 4 && image.numel() > 0,
      "{}: a NIfTI image of shape {}; responses are X x Y x Z x N, one volume a picture: join single volumes "
      "with nibabel.concat_images, or save rows x vertices as .npy",
      from,
      format_shape(image.sizes().vec()));
  require_memory(static_cast<int64_t>(image.nbytes()),
                 fmt::format("{}: turning volumes into rows", from),
                 "convert it on a machine with more, or cut it into runs");
  return image.permute({3, 0, 1, 2}).reshape({image.size(3), -1});
}

}  // namespace

at::Tensor read_responses(const std::string& from) {
  at::Tensor array = io::read_variable(from);
  FMRI2IMG_CHECK(!array.is_complex() && array.scalar_type() != at::kBool,
                 "{}: holds {}; responses are real numbers",
                 from,
                 io::scalar_type_name(array.scalar_type()));
  if (array.scalar_type() != at::kFloat)
    log_info("{}: holds {}: converted to float32", from, io::scalar_type_name(array.scalar_type()));
  if (io::is_nifti(MappedFile(io::split_variable_path(from).file))) return rows_of_volumes(array, from);
  FMRI2IMG_CHECK(array.dim() == 2 && array.numel() > 0,
                 "{}: shape {}; responses are rows x vertices",
                 from,
                 format_shape(array.sizes().vec()));
  return array;
}

}  // namespace fmri2img::data
