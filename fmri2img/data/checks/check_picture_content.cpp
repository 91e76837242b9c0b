#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <map>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/subject_checks.h"
#include "fmri2img/io/image.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kFilesAtOnce = 64;

struct PictureContent {
  io::ImageInfo info{};
  std::string hash;   ///< of the pixels and the shape; empty where the file is damaged
  std::string error;  ///< what is wrong with the file
};

PictureContent look_at(const fs::path& file) {
  PictureContent content;
  try {
    content.info = io::read_image_info(file);
    const at::Tensor pixels = io::read_image(file);
    const std::string_view bytes(static_cast<const char*>(pixels.const_data_ptr()), pixels.nbytes());
    content.hash = fmt::format("{}x{} {}", pixels.size(0), pixels.size(1), sha256(bytes));
  } catch (const Error& error) {
    content.error = without_file(error.message(), file);
  }
  return content;
}

std::vector<PictureContent> look_at_all(const std::vector<fs::path>& files, Partition partition) {
  const auto count = static_cast<int64_t>(files.size());
  std::vector<PictureContent> contents(files.size());
  Progress progress(fmt::format("checking the {} pictures", partition_name(partition)), "pictures", count);
  for (int64_t first = 0; first < count; first += kFilesAtOnce) {
    const int64_t last = std::min(first + kFilesAtOnce, count);
    at::parallel_for(first, last, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) contents[static_cast<size_t>(i)] = look_at(files[static_cast<size_t>(i)]);
    });
    progress.advance(last - first);
  }
  return contents;
}

void find_damaged(Findings& findings, const std::vector<fs::path>& files, const std::vector<PictureContent>& contents) {
  for (size_t i = 0; i < files.size(); ++i) {
    if (contents[i].error.empty()) continue;
    findings.add(Severity::kError,
                 "picture-unreadable",
                 files[i],
                 fmt::format("row {}: {}", i, contents[i].error),
                 "copy the picture again from where it came");
  }
}

/// Pictures for which `what_of` is not empty, one finding for each different text.
template <class What>
std::map<std::string, std::vector<int64_t>> rows_by(const std::vector<PictureContent>& contents, What what_of) {
  std::map<std::string, std::vector<int64_t>> rows;
  for (size_t i = 0; i < contents.size(); ++i) {
    if (contents[i].hash.empty()) continue;
    if (std::string what = what_of(contents[i].info); !what.empty()) rows[what].push_back(static_cast<int64_t>(i));
  }
  return rows;
}

void check_sizes(Findings& findings, const fs::path& folder, const std::vector<PictureContent>& contents) {
  const auto by_size =
      rows_by(contents, [](const io::ImageInfo& info) { return fmt::format("{} x {}", info.width, info.height); });
  if (by_size.size() < 2) return;
  const auto less = [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); };
  const auto usual = std::max_element(by_size.begin(), by_size.end(), less);
  std::vector<int64_t> others;
  for (const auto& [size, rows] : by_size) {
    if (size != usual->first) others.insert(others.end(), rows.begin(), rows.end());
  }
  std::sort(others.begin(), others.end());
  findings.add(
      Severity::kWarning,
      "picture-sizes",
      folder,
      fmt::format("{} not of {} pixels like most: rows {}",
                  counted(static_cast<int64_t>(others.size()), "picture", "pictures"),
                  usual->first,
                  list_some(others)),
      "every picture is resized to one size, which distorts those of another shape: see that they belong here");
}

void check_modes(Findings& findings, const fs::path& folder, const std::vector<PictureContent>& contents) {
  const auto report = [&](Severity severity, const char* code, const char* how, const char* advice, auto applies) {
    const auto rows = rows_by(contents, [&](const io::ImageInfo& info) { return applies(info) ? how : ""; });
    if (rows.empty()) return;
    const std::vector<int64_t>& found = rows.begin()->second;
    findings.add(severity,
                 code,
                 folder,
                 fmt::format("{} of {} pictures: {} (rows {})",
                             format_count(static_cast<int64_t>(found.size())),
                             format_count(static_cast<int64_t>(contents.size())),
                             how,
                             list_some(found)),
                 advice);
  };
  report(Severity::kNote,
         "pictures-grey",
         "grey",
         "nothing needs to be done: grey is repeated in all three channels",
         [](const io::ImageInfo& info) { return info.channels <= 2; });
  report(Severity::kWarning,
         "pictures-alpha",
         "an alpha channel, which is dropped, so that what was transparent shows its hidden colour",
         "save them as RGB on the background that was shown",
         [](const io::ImageInfo& info) { return info.alpha; });
  report(Severity::kWarning,
         "pictures-16-bit",
         "16 bits a channel, of which grey ones are clipped at 255 and others keep the high byte",
         "save them with 8 bits a channel",
         [](const io::ImageInfo& info) { return info.bit_depth == 16; });
}

}  // namespace

std::vector<std::string> check_picture_content(Findings& findings,
                                               const std::vector<fs::path>& files,
                                               Partition partition) {
  if (files.empty()) return {};
  const std::vector<PictureContent> contents = look_at_all(files, partition);
  find_damaged(findings, files, contents);
  check_sizes(findings, files.front().parent_path(), contents);
  check_modes(findings, files.front().parent_path(), contents);
  std::vector<std::string> hashes;
  for (const PictureContent& content : contents) hashes.push_back(content.hash);
  return hashes;
}

}  // namespace fmri2img::data
