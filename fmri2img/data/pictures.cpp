#include "fmri2img/data/pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <mutex>

#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/lower_case.h"
#include "fmri2img/io/image.h"

namespace fmri2img::data {
namespace {

constexpr std::string_view kNsdMark = "nsd-";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_picture_file(const std::filesystem::path& path) {
  const std::string ending = lower_case(path.extension().string());
  return !path.filename().string().starts_with('.') && (ending == ".png" || ending == ".jpg" || ending == ".jpeg");
}

/// The run of digits at `position`.
std::string_view digits_at(std::string_view text, size_t position) {
  size_t end = position;
  while (end < text.size() && is_digit(text[end])) ++end;
  return text.substr(position, end - position);
}

/// As numbers of any length: without leading zeros the longer one is larger.
int compare_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

}  // namespace

bool natural_less(const std::string& a, const std::string& b) {
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const std::string_view left = digits_at(a, i);
      const std::string_view right = digits_at(b, j);
      if (const int order = compare_numbers(left, right); order != 0) return order < 0;
      i += left.size();
      j += right.size();
    } else {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i;
      ++j;
    }
  }
  if (i < a.size() || j < b.size()) return j < b.size();
  return a < b;
}

struct Pictures::Warnings {
  std::once_flag alpha;
  std::once_flag deep;
};

Pictures::Pictures(const std::filesystem::path& folder) : folder_(folder), warnings_(std::make_shared<Warnings>()) {
  std::error_code error;
  std::vector<std::string> names;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (is_picture_file(entry->path())) names.push_back(entry->path().filename().string());
  }
  FMRI2IMG_CHECK(!error, "cannot list the pictures in \"{}\": {}", folder.string(), error.message());
  std::sort(names.begin(), names.end(), natural_less);
  for (const std::string& name : names) files_.push_back(folder / name);
}

const std::filesystem::path& Pictures::path(int64_t row) const {
  FMRI2IMG_CHECK(
      row >= 0 && row < size(), "\"{}\" has {} pictures: there is no picture {}", folder_.string(), size(), row);
  return files_[static_cast<size_t>(row)];
}

std::optional<int64_t> Pictures::nsd_id(int64_t row) const {
  const std::string name = path(row).stem().string();
  const size_t mark = name.find(kNsdMark);
  if (mark == std::string::npos) return std::nullopt;
  const std::string_view digits = digits_at(name, mark + kNsdMark.size());
  int64_t number = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || result.ec != std::errc{}) return std::nullopt;
  return number;
}

std::string Pictures::id(int64_t row) const {
  const std::optional<int64_t> number = nsd_id(row);
  return number ? fmt::format("nsd-{:05}", *number) : path(row).stem().string();
}

at::Tensor Pictures::load(int64_t row) const {
  const io::ImageInfo info = io::read_image_info(path(row));
  if (info.alpha) {
    std::call_once(warnings_->alpha, [&] {
      log_warning("\"{}\" has an alpha channel: it is dropped here and from all such pictures", path(row).string());
    });
  }
  if (info.bit_depth == 16) {
    std::call_once(warnings_->deep, [&] {
      log_warning(
          "\"{}\" has 16 bits a channel: they are cut to 8 here and in all such pictures (grey above 255 turns white)",
          path(row).string());
    });
  }
  return io::read_image(path(row));
}

}  // namespace fmri2img::data
