#include "tests/support/small_subject.h"

#include <ATen/ATen.h>

#include "fmri2img/core/random.h"
#include "fmri2img/data/subject_writer.h"

namespace fmri2img::testing {

void write_small_subject(const std::filesystem::path& folder, const SmallSubject& size) {
  data::SubjectWriter writer(
      folder, {.train_rows = size.train_rows, .test_rows = size.test_rows, .left_vertices = size.vertices});
  const at::Generator generator = make_generator(size.seed);
  const int64_t pixels = size.side * size.side;
  const at::Tensor mixture = at::randn({pixels, size.vertices}, generator);
  const auto write = [&](data::Partition partition, int64_t rows) {
    if (rows == 0) return;
    const at::Tensor pictures = at::randint(0, 256, {rows, pixels}, generator, at::kByte);
    writer.write_responses(partition, 0, at::mm(pictures.to(at::kFloat).div(255).sub_(0.5), mixture));
    for (int64_t i = 0; i < rows; ++i) writer.write_picture(partition, i, pictures[i].view({size.side, size.side}));
  };
  write(data::Partition::kTrain, size.train_rows);
  write(data::Partition::kTest, size.test_rows);
  writer.commit();
}

}  // namespace fmri2img::testing
