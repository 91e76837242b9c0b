#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/roi.h"
#include "fmri2img/data/roi_files.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/roi_mapping.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::data {
namespace {

constexpr std::array kClassOrder = {
    "prf-visualrois", "floc-bodies", "floc-faces", "floc-places", "floc-words", "streams"};
constexpr std::string_view kMappingPrefix = "mapping_";

auto class_rank(const std::string& name) {
  return std::pair(std::find(kClassOrder.begin(), kClassOrder.end(), name), name);
}

/// Adds one mask's vertices, shifted to their columns, to the regions that its codes name.
void collect(const std::vector<int64_t>& codes,
             int64_t first_column,
             const std::map<int64_t, std::string>& names,
             std::map<std::string, std::vector<int64_t>>& columns) {
  for (size_t vertex = 0; vertex < codes.size(); ++vertex) {
    if (codes[vertex] == 0) continue;
    const auto name = names.find(codes[vertex]);
    if (name != names.end()) columns[name->second].push_back(first_column + static_cast<int64_t>(vertex));
  }
}

/// One mask a part of the matrix, in the order of its columns.
struct Part {
  std::string prefix;             ///< "lh.", "rh." or ""
  std::optional<int64_t> length;  ///< where the responses say it
};

std::vector<Part> parts_of(const std::filesystem::path& folder,
                           const std::string& roi_class,
                           int64_t left,
                           int64_t right) {
  if (right > 0) return {{"lh.", left}, {"rh.", right}};
  if (roi_mask_file(folder, "", roi_class)) return {{"", left}};
  return {{"lh.", std::nullopt}, {"rh.", std::nullopt}};
}

}  // namespace

std::vector<std::string> roi_classes(const std::filesystem::path& folder) {
  std::vector<std::string> classes;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string stem = entry->path().stem().string();
    if (entry->path().extension() == ".npy" && stem.starts_with(kMappingPrefix)) {
      classes.push_back(stem.substr(kMappingPrefix.size()));
    }
  }
  std::sort(classes.begin(), classes.end(), [](const std::string& a, const std::string& b) {
    return class_rank(a) < class_rank(b);
  });
  return classes;
}

std::filesystem::path roi_mapping_file(const std::filesystem::path& folder, const std::string& roi_class) {
  return folder / fmt::format("{}{}.npy", kMappingPrefix, roi_class);
}

std::optional<std::filesystem::path> roi_mask_file(const std::filesystem::path& folder,
                                                   const std::string& prefix,
                                                   const std::string& roi_class) {
  for (const char* ending : {"_challenge_space.npy", "_space.npy"}) {
    const std::filesystem::path file = folder / (prefix + roi_class + ending);
    if (std::filesystem::exists(file)) return file;
  }
  return std::nullopt;
}

std::vector<int64_t> read_roi_mask(const std::filesystem::path& file) {
  const at::Tensor mask = io::NpyFile(file).tensor();
  FMRI2IMG_CHECK(mask.dim() == 1 && c10::isIntegralType(mask.scalar_type(), /*includeBool=*/false),
                 "\"{}\" holds {} of shape {}; expected one whole number a vertex",
                 file.string(),
                 io::scalar_type_name(mask.scalar_type()),
                 format_shape(mask.sizes().vec()));
  const at::Tensor codes = mask.to(at::kLong).contiguous();
  return {codes.const_data_ptr<int64_t>(), codes.const_data_ptr<int64_t>() + codes.numel()};
}

RoiAtlas read_roi_atlas(const std::filesystem::path& folder, int64_t left_vertices, int64_t right_vertices) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<int64_t>> columns;
  for (const std::string& roi_class : roi_classes(folder)) {
    const std::map<int64_t, std::string> names = io::read_roi_mapping(roi_mapping_file(folder, roi_class));
    for (const auto& [code, name] : names) {
      if (code != 0 && columns.try_emplace(name).second) order.push_back(name);
    }
    int64_t first_column = 0;
    for (const Part& part : parts_of(folder, roi_class, left_vertices, right_vertices)) {
      const auto file = roi_mask_file(folder, part.prefix, roi_class);
      FMRI2IMG_CHECK(file.has_value(),
                     "\"{}\" has no {}{}_challenge_space.npy (nor ..._space.npy) beside its {}",
                     folder.string(),
                     part.prefix,
                     roi_class,
                     roi_mapping_file(folder, roi_class).filename().string());
      const std::vector<int64_t> codes = read_roi_mask(*file);
      const auto length = static_cast<int64_t>(codes.size());
      FMRI2IMG_CHECK(length == part.length.value_or(length),
                     "\"{}\" has {} vertices, but the responses have {} there; is it the mask of another subject?",
                     file->string(),
                     format_count(length),
                     format_count(*part.length));
      collect(codes, first_column, names, columns);
      first_column += length;
    }
    FMRI2IMG_CHECK(first_column == left_vertices + right_vertices,
                   "the masks of \"{}\" in \"{}\" have {} vertices, but the responses have {}",
                   roi_class,
                   folder.string(),
                   format_count(first_column),
                   format_count(left_vertices + right_vertices));
  }
  return {std::move(order), std::move(columns)};
}

}  // namespace fmri2img::data
