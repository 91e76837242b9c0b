#include "fmri2img/io/npy_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/npy_header.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io {
namespace {

namespace fs = std::filesystem;

fs::path with_suffix(const fs::path& path, const char* suffix) {
  return path.string() + suffix;
}

std::string read_record(const fs::path& record) {
  std::error_code ignored;
  return fs::exists(record, ignored) ? read_file(record) : std::string();
}

}  // namespace

NpyWriter::NpyWriter(fs::path path, at::ScalarType dtype, std::vector<int64_t> shape, std::string recipe)
    : path_(std::move(path)),
      partial_(with_suffix(path_, ".partial")),
      record_(with_suffix(path_, ".partial.json")),
      dtype_(dtype),
      shape_(std::move(shape)),
      resumable_(!recipe.empty()) {
  FMRI2IMG_ASSERT(!shape_.empty() && array_bytes(shape_, dtype_));
  row_bytes_ = *array_bytes({shape_.begin() + 1, shape_.end()}, dtype_);
  header_bytes_ = static_cast<int64_t>(format_npy_header(dtype_, shape_).size());
  open_partial(Json{{"type", scalar_type_name(dtype_)}, {"shape", shape_}, {"recipe", recipe}}.dump());
}

NpyWriter::~NpyWriter() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (resumable_) return;
  std::error_code ignored;
  fs::remove(partial_, ignored);
}

void NpyWriter::open_partial(const std::string& description) {
  descriptor_ = ::open(partial_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail_with_errno("create");
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) fail_with_errno("lock (another process is writing it)");
  const off_t length = ::lseek(descriptor_, 0, SEEK_END);
  if (resumable_ && length >= header_bytes_ && read_record(record_) == description) {
    rows_written_ = row_bytes_ > 0 ? std::min((length - header_bytes_) / row_bytes_, shape_[0]) : 0;
    if (::ftruncate(descriptor_, header_bytes_ + rows_written_ * row_bytes_) != 0) fail_with_errno("resume");
    return;
  }
  if (::ftruncate(descriptor_, 0) != 0) fail_with_errno("empty");
  if (resumable_) write_file(record_, description);
  const int64_t bytes = header_bytes_ + shape_[0] * row_bytes_;
  if (::fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, 0, bytes) != 0 && errno == ENOSPC)
    fail_with_errno("reserve room for");
  const std::string header = format_npy_header(dtype_, shape_);
  if (::pwrite(descriptor_, header.data(), header.size(), 0) != header_bytes_) fail_with_errno("write");
}

void NpyWriter::write_rows(int64_t first_row, const at::Tensor& rows) {
  FMRI2IMG_ASSERT(first_row >= 0 && first_row <= rows_written_ && rows.dim() == static_cast<int64_t>(shape_.size()));
  FMRI2IMG_ASSERT(first_row + rows.size(0) <= shape_[0] &&
                  rows.sizes().slice(1).equals(at::IntArrayRef(shape_).slice(1)));
  const at::Tensor stored = rows.detach().to(at::kCPU, dtype_).contiguous();
  const auto* bytes = static_cast<const std::byte*>(stored.const_data_ptr());
  auto left = static_cast<int64_t>(stored.nbytes());
  int64_t offset = header_bytes_ + first_row * row_bytes_;
  while (left > 0) {
    const ssize_t written = ::pwrite(descriptor_, bytes, static_cast<size_t>(left), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_with_errno("write");
    bytes += written;
    offset += written;
    left -= written;
  }
  if (resumable_ && ::fdatasync(descriptor_) != 0) fail_with_errno("flush");
  rows_written_ = std::max(rows_written_, first_row + rows.size(0));
}

void NpyWriter::commit() {
  FMRI2IMG_CHECK(
      rows_written_ == shape_[0], "\"{}\": {} of {} rows were written", path_.string(), rows_written_, shape_[0]);
  if (::fsync(descriptor_) != 0) fail_with_errno("flush");
  if (::rename(partial_.c_str(), path_.c_str()) != 0) fail_with_errno("rename the finished file to");
  ::close(descriptor_);
  descriptor_ = -1;
  std::error_code ignored;
  fs::remove(record_, ignored);
}

void NpyWriter::fail_with_errno(const char* action) const {
  const int reason = errno;
  fail(ErrorKind::kFailed, "cannot {} \"{}\": {}", action, path_.string(), std::strerror(reason));
}

}  // namespace fmri2img::io
