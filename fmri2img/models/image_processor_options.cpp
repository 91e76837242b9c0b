#include <cmath>

#include "fmri2img/models/config_fields.h"
#include "fmri2img/models/image_processor.h"

namespace fmri2img::models {
namespace {

namespace fs = std::filesystem;
using Size = ImageProcessorOptions::Size;

constexpr Size kClipSize = {224, 224};
constexpr Size kBlipSize = {384, 384};

// Pillow's numbers.
constexpr int kLanczos = 1;
constexpr int kBilinear = 2;
constexpr int kBicubic = 3;

int64_t read_side(const Json& json, const std::string& key, const std::string& where) {
  const bool in_range = json.is_number_integer() && json >= 1 && json <= kLongestSampleSide;
  FMRI2IMG_CHECK(
      in_range, "{}: \"{}\" is {}, expected 1 to {} pixels a side", where, key, json.dump(), kLongestSampleSide);
  return json.get<int64_t>();
}

bool has_exactly(const Json& json, std::initializer_list<const char*> keys) {
  if (!json.is_object() || json.size() != keys.size()) return false;
  for (const char* key : keys) {
    if (!json.contains(key)) return false;
  }
  return true;
}

/// {"height", "width"}, [height, width], or one number for both.
Size read_size(const Json& json, const std::string& key, const std::string& where) {
  if (has_exactly(json, {"height", "width"})) {
    return {read_side(json["height"], key, where), read_side(json["width"], key, where)};
  }
  if (json.is_array() && json.size() == 2) return {read_side(json[0], key, where), read_side(json[1], key, where)};
  FMRI2IMG_CHECK(json.is_number(),
                 "{}: \"{}\" is {}; expected one number of pixels{}, or {{\"height\", \"width\"}}",
                 where,
                 key,
                 json.dump(),
                 key == "size" ? ", {\"shortest_edge\"}" : "");
  const int64_t side = read_side(json, key, where);
  return {side, side};
}

void read_resized_size(JsonFields& fields, ImageProcessorOptions& options) {
  const bool to_square = fields.optional<bool>("default_to_square", !options.shortest_edge);
  const auto json = fields.optional<Json>("size", Json());
  if (json.is_null()) return;
  if (has_exactly(json, {"shortest_edge"})) {
    options.shortest_edge = read_side(json["shortest_edge"], "size", fields.where());
    return;
  }
  options.size = read_size(json, "size", fields.where());
  options.shortest_edge = json.is_number() && !to_square ? std::optional(options.size.first) : std::nullopt;
}

io::Filter read_filter(JsonFields& fields, io::Filter fallback) {
  const auto json = fields.optional<Json>("resample", Json());
  if (json.is_null()) return fallback;
  if (json == kLanczos) return io::Filter::kLanczos;
  if (json == kBilinear) return io::Filter::kBilinear;
  FMRI2IMG_CHECK(json == kBicubic,
                 "{}: \"resample\" is {}; expected 1 (Lanczos), 2 (bilinear) or 3 (bicubic)",
                 fields.where(),
                 json.dump());
  return io::Filter::kBicubic;
}

/// Three numbers, or one for all three colours.
std::array<double, 3> read_colours(JsonFields& fields, const std::string& key, const std::array<double, 3>& fallback) {
  const auto json = fields.optional<Json>(key, Json());
  if (json.is_null()) return fallback;
  const Json list = json.is_array() ? json : Json{json, json, json};
  std::array<double, 3> colours{};
  bool all_numbers = list.size() == 3;
  for (size_t c = 0; c < 3 && all_numbers; ++c) {
    all_numbers = list[c].is_number() && std::isfinite(list[c].get<double>());
    if (all_numbers) colours[c] = list[c].get<double>();
  }
  FMRI2IMG_CHECK(
      all_numbers, "{}: \"{}\" is {}, expected three numbers, or one for all", fields.where(), key, json.dump());
  return colours;
}

void check_divisors(const ImageProcessorOptions& options, const std::string& where) {
  FMRI2IMG_CHECK(std::isfinite(options.rescale_factor) && options.rescale_factor > 0,
                 "{}: \"rescale_factor\" is {}, expected a positive number",
                 where,
                 options.rescale_factor);
  for (const double deviation : options.image_std) {
    FMRI2IMG_CHECK(deviation > 0, "{}: \"image_std\" holds {}, expected positive numbers", where, deviation);
  }
}

}  // namespace

ImageProcessorOptions ImageProcessorOptions::clip_defaults() {
  return {.shortest_edge = kClipSize.first, .size = kClipSize, .do_center_crop = true, .crop_size = kClipSize};
}

ImageProcessorOptions ImageProcessorOptions::blip_defaults() {
  return {.shortest_edge = std::nullopt, .size = kBlipSize, .crop_size = kBlipSize};
}

ImageProcessorOptions ImageProcessorOptions::from_json(const Json& json,
                                                       const std::string& where,
                                                       ImageProcessorOptions options) {
  JsonFields fields(json, where);
  options.do_resize = fields.optional<bool>("do_resize", options.do_resize);
  read_resized_size(fields, options);
  options.resample = read_filter(fields, options.resample);
  options.do_center_crop = fields.optional<bool>("do_center_crop", options.do_center_crop);
  const auto crop = fields.optional<Json>("crop_size", Json());
  if (!crop.is_null()) options.crop_size = read_size(crop, "crop_size", where);
  options.do_rescale = fields.optional<bool>("do_rescale", options.do_rescale);
  options.rescale_factor = fields.optional<double>("rescale_factor", options.rescale_factor);
  options.do_normalize = fields.optional<bool>("do_normalize", options.do_normalize);
  options.image_mean = read_colours(fields, "image_mean", options.image_mean);
  options.image_std = read_colours(fields, "image_std", options.image_std);
  check_divisors(options, where);
  if (!fields.optional<Json>("do_pad", Json()).is_null()) fields.only("do_pad", false);
  fields.ignore({"pad_size", "size_divisor", "do_convert_rgb"});  // pictures come as RGB
  fields.ignore({"image_processor_type", "feature_extractor_type", "processor_class", "_valid_processor_keys"});
  fields.ignore({"data_format", "input_data_format", "device", "return_tensors", "disable_grouping", "use_fast"});
  fields.ignore({"image_seq_length", "_processor_class", "auto_map"});
  fields.finish();
  return options;
}

ImageProcessorOptions ImageProcessorOptions::from_folder(const fs::path& folder, ImageProcessorOptions defaults) {
  const fs::path whole = folder / "processor_config.json";
  if (fs::exists(whole)) {
    const Json json = read_json(whole);
    if (json.is_object() && json.contains("image_processor")) {
      return from_json(
          json["image_processor"], fmt::format("\"{}\": \"image_processor\"", whole.string()), std::move(defaults));
    }
  }
  const fs::path file = folder / "preprocessor_config.json";
  if (!fs::exists(file)) return defaults;
  return from_json(read_json(file), fmt::format("\"{}\"", file.string()), std::move(defaults));
}

}  // namespace fmri2img::models
