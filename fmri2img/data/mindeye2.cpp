#include "fmri2img/data/mindeye2.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/tar.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;
using Trials = std::map<int64_t, std::vector<int64_t>>;

// Columns of a behaviour row.
constexpr int64_t kColumns = 17;
constexpr int64_t kImageColumn = 0;
constexpr int64_t kTrialColumn = 5;

constexpr const char* kBetas = "betas";
constexpr const char* kImages = "images";

fs::path betas_file(const fs::path& folder, int64_t subject) {
  return folder / fmt::format("betas_all_subj{:02}_fp32_renorm.hdf5", subject);
}

fs::path images_file(const fs::path& folder) {
  return folder / "coco_images_224_float16.hdf5";
}

/// `wds/subj01/train/*.tar` or `wds/subj01/new_test/*.tar`, in the order of their names.
std::vector<fs::path> tar_files(const fs::path& folder, int64_t subject, const char* part) {
  const fs::path tars = folder / "wds" / fmt::format("subj{:02}", subject) / part;
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(tars, error)) {
    if (entry.path().extension() == ".tar") files.push_back(entry.path());
  }
  FMRI2IMG_CHECK(!files.empty(),
                 "\"{}\" holds no .tar file{}: MindEye2's trials of subject {} are expected there",
                 tars.string(),
                 error ? fmt::format(" ({})", error.message()) : "",
                 subject);
  std::ranges::sort(files);
  return files;
}

/// A number of a behaviour row, which is kept as a float; negative: missing.
int64_t behaviour_number(const double* row, int64_t column, const std::string& where) {
  const double value = row[column];
  FMRI2IMG_CHECK(value == std::floor(value) && std::abs(value) < 1e9,
                 "{}: column {} of its behaviour row is {}, which is no index",
                 where,
                 column,
                 value);
  return static_cast<int64_t>(value);
}

void add_behaviour(const at::Tensor& array, const std::string& where, Trials& trials) {
  FMRI2IMG_CHECK(array.dim() >= 1 && array.dim() <= 2 && array.size(-1) == kColumns && !array.is_complex(),
                 "{}: shape {}; behaviour rows of {} columns are expected",
                 where,
                 format_shape(array.sizes().vec()),
                 kColumns);
  const at::Tensor rows = array.reshape({-1, kColumns}).to(at::kDouble).contiguous();
  for (int64_t i = 0; i < rows.size(0); ++i) {
    const double* row = rows.const_data_ptr<double>() + i * kColumns;
    const int64_t image = behaviour_number(row, kImageColumn, where);
    const int64_t trial = behaviour_number(row, kTrialColumn, where);
    if (image >= 0 && trial >= 0) trials[image].push_back(trial);
  }
}

Trials read_trials(const std::vector<fs::path>& tars) {
  Trials trials;
  for (const fs::path& path : tars) {
    const io::TarFile tar(path);
    for (const io::TarMember& member : tar.members()) {
      if (!member.name.ends_with(".behav.npy")) continue;  // beside .past_behav.npy and others
      const std::string where = fmt::format("\"{}\", member \"{}\"", path.string(), member.name);
      add_behaviour(io::parse_npy(member.bytes, tar.owner(), where), where, trials);
    }
  }
  for (auto& [image, rows] : trials) {
    std::ranges::sort(rows);
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  }
  return trials;
}

/// The shape of a dataset of `rank` dimensions.
std::vector<int64_t> shape_of(const io::Hdf5File& file, const std::string& name, size_t rank) {
  const std::vector<io::VariableInfo> variables = file.variables();
  std::vector<int64_t> shape = io::find_variable(variables, name, file.where()).shape;
  FMRI2IMG_CHECK(shape.size() == rank,
                 "{}: \"{}\" has shape {}, {} dimensions are expected",
                 file.where(),
                 name,
                 format_shape(shape),
                 rank);
  return shape;
}

}  // namespace

MindEye2::MindEye2(const fs::path& folder, int64_t subject)
    : betas_(betas_file(folder, subject)), images_(images_file(folder)) {
  files_ = {betas_file(folder, subject), images_file(folder)};
  const std::vector<fs::path> train_tars = tar_files(folder, subject, "train");
  const std::vector<fs::path> test_tars = tar_files(folder, subject, "new_test");
  files_.insert(files_.end(), train_tars.begin(), train_tars.end());
  files_.insert(files_.end(), test_tars.begin(), test_tars.end());
  train_ = read_trials(train_tars);
  test_ = read_trials(test_tars);
  const std::vector<int64_t> betas_shape = shape_of(betas_, kBetas, 2);
  const std::vector<int64_t> images_shape = shape_of(images_, kImages, 4);
  FMRI2IMG_CHECK(images_shape[1] == 3,
                 "{}: \"images\" has shape {}; N x 3 x H x W is expected",
                 images_.where(),
                 format_shape(images_shape));
  voxels_ = betas_shape[1];
  check_trials(betas_shape[0], images_shape[0]);
}

void MindEye2::check_trials(int64_t num_trials, int64_t num_pictures) const {
  FMRI2IMG_CHECK(!train_.empty(), "the trials of {} name no training picture", betas_.where());
  for (const Trials* trials : {&train_, &test_}) {
    for (const auto& [image, rows] : *trials) {
      FMRI2IMG_CHECK(
          image < num_pictures, "a trial shows picture {}, {} holds {}", image, images_.where(), num_pictures);
      FMRI2IMG_CHECK(rows.back() < num_trials,
                     "picture {} was shown in trial {}, {} holds {} trials",
                     image,
                     rows.back(),
                     betas_.where(),
                     num_trials);
      FMRI2IMG_CHECK(trials == &train_ || !train_.contains(image),
                     "picture {} is among the training and the test trials: scores on it would mean nothing",
                     image);
    }
  }
}

int64_t MindEye2::nsd_id(Partition partition, int64_t row) const {
  return std::next(trials(partition).begin(), row)->first;
}

at::Tensor MindEye2::responses(Partition partition, int64_t first, int64_t count) const {
  const auto begin = std::next(trials(partition).begin(), first);
  const auto end = std::next(begin, count);
  std::vector<int64_t> needed;
  for (auto it = begin; it != end; ++it) needed.insert(needed.end(), it->second.begin(), it->second.end());
  std::ranges::sort(needed);
  needed.erase(std::unique(needed.begin(), needed.end()), needed.end());
  const at::Tensor betas = betas_.read_rows(kBetas, needed);
  const at::Tensor finite = betas.isfinite().all(1);
  at::Tensor means = at::empty({count, voxels_}, at::kFloat);
  int64_t row = 0;
  for (auto it = begin; it != end; ++it, ++row) {
    at::Tensor sum = at::zeros({voxels_}, at::kDouble);
    for (const int64_t trial : it->second) {
      const int64_t at = std::ranges::lower_bound(needed, trial) - needed.begin();
      FMRI2IMG_CHECK(finite[at].item<bool>(), "{}: trial {} holds values that are not finite", betas_.where(), trial);
      sum += betas[at];
    }
    means[row].copy_(sum / static_cast<double>(it->second.size()));
  }
  return means;
}

at::Tensor MindEye2::pictures(Partition partition, int64_t first, int64_t count) const {
  std::vector<int64_t> ids;
  const auto begin = std::next(trials(partition).begin(), first);
  for (auto it = begin; it != std::next(begin, count); ++it) ids.push_back(it->first);
  const at::Tensor values = images_.read_rows(kImages, ids).to(at::kFloat);
  FMRI2IMG_CHECK(values.ge(0).logical_and(values.le(1)).all().item<bool>(),
                 "{}: pictures {} to {} hold values outside 0 .. 1",
                 images_.where(),
                 ids.front(),
                 ids.back());
  return io::to_pixels(values);
}

}  // namespace fmri2img::data
