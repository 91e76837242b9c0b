#include "fmri2img/data/subject_writer.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/npy_header.h"

namespace fmri2img::data {
namespace fs = std::filesystem;
namespace {

/// Some of the columns of one partition's responses, as one .npy file that grows row by row.
class ColumnFile {
 public:
  ColumnFile(const fs::path& path, int64_t rows, int64_t first_column, int64_t columns)
      : file_(path), first_column_(first_column), columns_(columns) {
    file_.write(io::format_npy_header(at::kFloat, {rows, columns}));
  }

  void write(const at::Tensor& responses) {
    const at::Tensor part = responses.narrow(1, first_column_, columns_).to(at::kFloat).contiguous();
    if (part.numel() == 0) return;
    file_.write({static_cast<const std::byte*>(part.const_data_ptr()), part.nbytes()});
  }

  void commit() { file_.commit(); }

 private:
  AtomicFile file_;
  int64_t first_column_;
  int64_t columns_;
};

struct PartitionFiles {
  int64_t rows = 0;
  int64_t written = 0;
  std::vector<std::unique_ptr<ColumnFile>> files;
};

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(ErrorKind::kFailed, "cannot make the folder \"{}\": {}", folder.string(), error.message());
}

}  // namespace

struct SubjectWriter::State {
  fs::path folder;
  SubjectSize size;
  PartitionFiles train;
  PartitionFiles test;

  PartitionFiles& files(Partition partition) { return partition == Partition::kTrain ? train : test; }

  void open_partition(Partition partition, int64_t rows, bool responses) {
    if (rows == 0) return;
    make_folder(pictures_folder(folder, partition));
    PartitionFiles& part = files(partition);
    part.rows = rows;
    if (!responses) return;
    make_folder(responses_folder(folder, partition));
    if (size.right_vertices == 0) {
      part.files.push_back(std::make_unique<ColumnFile>(whole_file(folder, partition), rows, 0, size.left_vertices));
      return;
    }
    const std::vector<fs::path> paths = hemisphere_files(folder, partition);
    part.files.push_back(std::make_unique<ColumnFile>(paths[0], rows, 0, size.left_vertices));
    part.files.push_back(std::make_unique<ColumnFile>(paths[1], rows, size.left_vertices, size.right_vertices));
  }
};

SubjectWriter::SubjectWriter(fs::path folder, const SubjectSize& size) : state_(std::make_unique<State>()) {
  FMRI2IMG_ASSERT(size.train_rows > 0 && size.test_rows >= 0 && size.left_vertices > 0 && size.right_vertices >= 0);
  state_->folder = std::move(folder);
  state_->size = size;
  make_folder(state_->folder);
  const int64_t rows = size.train_rows + (size.test_responses ? size.test_rows : 0);
  require_disk_space(state_->folder,
                     rows * (size.left_vertices + size.right_vertices) * int64_t{sizeof(float)},
                     "the subject's responses");
  state_->open_partition(Partition::kTrain, size.train_rows, true);
  state_->open_partition(Partition::kTest, size.test_rows, size.test_responses);
}

SubjectWriter::~SubjectWriter() = default;

void SubjectWriter::write_responses(Partition partition, int64_t first_row, const at::Tensor& responses) {
  PartitionFiles& part = state_->files(partition);
  FMRI2IMG_ASSERT(responses.dim() == 2 && !part.files.empty() && first_row == part.written &&
                  first_row + responses.size(0) <= part.rows &&
                  responses.size(1) == state_->size.left_vertices + state_->size.right_vertices);
  for (const auto& file : part.files) file->write(responses);
  part.written += responses.size(0);
}

void SubjectWriter::write_picture(Partition partition,
                                  int64_t row,
                                  const at::Tensor& picture,
                                  std::optional<int64_t> nsd_id) {
  const std::string name = picture_file_name(partition, row, nsd_id.value_or(-1));
  io::write_png(pictures_folder(state_->folder, partition) / name, picture);
}

void SubjectWriter::commit() {
  for (PartitionFiles* part : {&state_->train, &state_->test}) {
    FMRI2IMG_ASSERT(part->files.empty() || part->written == part->rows);
    for (const auto& file : part->files) file->commit();
  }
}

}  // namespace fmri2img::data
