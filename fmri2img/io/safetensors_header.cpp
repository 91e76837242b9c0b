#include "fmri2img/io/safetensors_header.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>
#include <nlohmann/json.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io {
namespace {

constexpr std::array<std::pair<const char*, at::ScalarType>, 13> kTypes{{{"F64", at::kDouble},
                                                                         {"F32", at::kFloat},
                                                                         {"F16", at::kHalf},
                                                                         {"BF16", at::kBFloat16},
                                                                         {"I64", at::kLong},
                                                                         {"I32", at::kInt},
                                                                         {"I16", at::kShort},
                                                                         {"I8", at::kChar},
                                                                         {"U64", at::kUInt64},
                                                                         {"U32", at::kUInt32},
                                                                         {"U16", at::kUInt16},
                                                                         {"U8", at::kByte},
                                                                         {"BOOL", at::kBool}}};

/// One entry while its fields arrive.
struct EntryFields {
  std::optional<at::ScalarType> dtype;
  std::optional<std::vector<int64_t>> shape;
  std::optional<std::vector<int64_t>> offsets;
};

/// Receives the header's JSON piece by piece: nothing is built that the header does not need, however hostile it is.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  HeaderReader(SafetensorsHeader& header, const std::string& where) : header_(header), where_(where) {}

  bool start_object(std::size_t) override {
    if (array_ != nullptr || depth_ == 2 || (depth_ == 1 && name_.empty() && !named_)) refuse("an object");
    ++depth_;
    field_.clear();
    entry_ = {};
    return true;
  }

  bool key(std::string& text) override {
    if (depth_ == 2) {
      field_ = text;
      return true;
    }
    name_ = text;
    named_ = true;
    const bool repeated = text == kMetadata ? std::exchange(has_metadata_, true) : header_.entries.contains(text);
    FMRI2IMG_CHECK(!repeated, "{}: its header names \"{}\" twice", where_, text);
    return true;
  }

  bool end_object() override {
    if (depth_ == 2 && name_ != kMetadata) keep_entry();
    --depth_;
    return true;
  }

  bool string(std::string& text) override {
    if (depth_ == 2 && name_ == kMetadata) {
      header_.metadata[field_] = text;
    } else if (depth_ == 2 && array_ == nullptr && field_ == "dtype" && !entry_.dtype) {
      entry_.dtype = parse_safetensors_type(text, tensor_name());
    } else {
      refuse("a text");
    }
    return true;
  }

  bool start_array(std::size_t) override {
    const bool in_entry = depth_ == 2 && array_ == nullptr && name_ != kMetadata;
    if (in_entry && field_ == "shape" && !entry_.shape) {
      array_ = &entry_.shape.emplace();
    } else if (in_entry && field_ == "data_offsets" && !entry_.offsets) {
      array_ = &entry_.offsets.emplace();
    } else {
      refuse("a list");
    }
    return true;
  }

  bool end_array() override {
    array_ = nullptr;
    return true;
  }

  bool number_unsigned(std::uint64_t value) override {
    if (array_ == nullptr) refuse("a number");
    FMRI2IMG_CHECK(value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()),
                   "{}: \"{}\" holds {}, which no file can reach",
                   tensor_name(),
                   field_,
                   value);
    array_->push_back(static_cast<int64_t>(value));
    return true;
  }

  bool null() override { refuse("null"); }
  bool boolean(bool) override { refuse("a bool"); }
  bool number_integer(std::int64_t) override { refuse("a negative number"); }
  bool number_float(double, const std::string&) override { refuse("a number that is not whole or too large"); }
  bool binary(nlohmann::json::binary_t&) override { refuse("binary data"); }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    fail(ErrorKind::kBadInput, "{}: its header is not valid JSON at byte {}: {}", where_, position, error.what());
  }

 private:
  static constexpr const char* kMetadata = "__metadata__";

  std::string tensor_name() const { return fmt::format("{}: tensor \"{}\"", where_, name_); }

  [[noreturn]] void refuse(std::string_view what) const {
    if (depth_ == 0) fail(ErrorKind::kBadInput, "{}: its header is {}, expected an object of tensors", where_, what);
    fail(ErrorKind::kBadInput, "{}: unexpected {} as \"{}\"", tensor_name(), what, depth_ == 2 ? field_ : name_);
  }

  void keep_entry() {
    FMRI2IMG_CHECK(entry_.dtype && entry_.shape && entry_.offsets,
                   "{}: \"{}\" is missing in its header",
                   tensor_name(),
                   !entry_.dtype ? "dtype" : (!entry_.shape ? "shape" : "data_offsets"));
    FMRI2IMG_CHECK(entry_.offsets->size() == 2,
                   "{}: \"data_offsets\" holds {} numbers, expected 2",
                   tensor_name(),
                   entry_.offsets->size());
    header_.entries[name_] = {*entry_.dtype, std::move(*entry_.shape), entry_.offsets->at(0), entry_.offsets->at(1)};
  }

  SafetensorsHeader& header_;
  const std::string& where_;
  int depth_ = 0;
  std::string name_;
  bool named_ = false;
  bool has_metadata_ = false;
  std::string field_;
  EntryFields entry_;
  std::vector<int64_t>* array_ = nullptr;
};

void check_size(const std::string& tensor, const SafetensorsFile::Entry& entry, int64_t data_bytes) {
  FMRI2IMG_CHECK(entry.begin <= entry.end && entry.end <= data_bytes,
                 "{}: its bytes {} .. {} leave the file, which holds {} bytes of data (truncated?)",
                 tensor,
                 entry.begin,
                 entry.end,
                 data_bytes);
  const std::optional<int64_t> bytes = array_bytes(entry.shape, entry.dtype);
  FMRI2IMG_CHECK(bytes && *bytes == entry.end - entry.begin,
                 "{}: {} of type {} do not fit its {} bytes",
                 tensor,
                 format_shape(entry.shape),
                 scalar_type_name(entry.dtype),
                 entry.end - entry.begin);
}

/// The tensors must follow each other without gap or overlap and fill the file.
void check_tiling(const SafetensorsHeader& header, int64_t data_bytes, const std::string& where) {
  std::vector<const std::pair<const std::string, SafetensorsFile::Entry>*> in_file;
  for (const auto& entry : header.entries) {
    check_size(fmt::format("{}: tensor \"{}\"", where, entry.first), entry.second, data_bytes);
    in_file.push_back(&entry);
  }
  std::ranges::sort(in_file, {}, [](const auto* e) { return std::pair(e->second.begin, e->second.end); });
  int64_t end = 0;
  for (const auto* entry : in_file) {
    FMRI2IMG_CHECK(entry->second.begin == end,
                   "{}: tensor \"{}\" begins at byte {} of the data, but the one before it ends at {}: tensors {}",
                   where,
                   entry->first,
                   entry->second.begin,
                   end,
                   entry->second.begin < end ? "overlap" : "leave a hole");
    end = entry->second.end;
  }
  FMRI2IMG_CHECK(
      end == data_bytes, "{}: {} bytes follow the last tensor, which ends at byte {}", where, data_bytes - end, end);
}

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view json, int64_t data_bytes, const std::string& where) {
  SafetensorsHeader header;
  HeaderReader reader(header, where);
  nlohmann::json::sax_parse(json, &reader);
  check_tiling(header, data_bytes, where);
  return header;
}

std::string safetensors_type(at::ScalarType type, const std::string& where) {
  const auto* found = std::ranges::find(kTypes, type, [](const auto& row) { return row.second; });
  FMRI2IMG_CHECK(found != kTypes.end(), "{}: safetensors files have no type {}", where, scalar_type_name(type));
  return found->first;
}

at::ScalarType parse_safetensors_type(const std::string& name, const std::string& where) {
  const auto* found = std::ranges::find(kTypes, name, [](const auto& row) { return std::string(row.first); });
  if (found != kTypes.end()) return found->second;
  std::string known;
  for (const auto& row : kTypes) known += fmt::format("{}{}", known.empty() ? "" : ", ", row.first);
  fail(ErrorKind::kBadInput, "{}: its type \"{}\" is not supported; known are {}", where, name, known);
}

}  // namespace fmri2img::io
