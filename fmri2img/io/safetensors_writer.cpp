#include <ATen/core/Tensor.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/io/safetensors_header.h"

static_assert(std::endian::native == std::endian::little, "tensors are written as they lie in memory");

namespace fmri2img::io {
namespace {

constexpr size_t kDataAlignment = 64;  // the data begins on a cache line; the format itself asks for 8

using NamedTensor = StateDict::value_type;

/// Wide types first, so that every tensor is aligned to its type; then by name.
std::vector<const NamedTensor*> order_in_file(const StateDict& tensors) {
  std::vector<const NamedTensor*> order;
  for (const NamedTensor& entry : tensors) order.push_back(&entry);
  std::ranges::stable_sort(order, std::greater(), [](const NamedTensor* e) { return e->second.element_size(); });
  return order;
}

std::string header_of(const std::vector<const NamedTensor*>& order,
                      const std::map<std::string, std::string>& metadata,
                      const std::string& where) {
  // Text by text: an object of thousands of keys is slow to build as one value.
  std::string text = "{";
  if (!metadata.empty()) text += "\"__metadata__\":" + Json(metadata).dump();
  int64_t offset = 0;
  for (const auto* entry : order) {
    const at::Tensor& tensor = entry->second;
    const int64_t end = offset + static_cast<int64_t>(tensor.nbytes());
    Json fields;
    fields["dtype"] = safetensors_type(tensor.scalar_type(), fmt::format("{}: tensor \"{}\"", where, entry->first));
    fields["shape"] = tensor.sizes().vec();
    fields["data_offsets"] = {offset, end};
    text += fmt::format("{}{}:{}", text.size() > 1 ? "," : "", Json(entry->first).dump(), fields.dump());
    offset = end;
  }
  text += "}";
  const size_t end = kSafetensorsLengthBytes + text.size();
  text.append((kDataAlignment - end % kDataAlignment) % kDataAlignment, ' ');
  return text;
}

void write_bytes(AtomicFile& file, const at::Tensor& tensor) {
  const at::Tensor plain = tensor.cpu().contiguous();
  file.write({static_cast<const std::byte*>(plain.const_data_ptr()), plain.nbytes()});
}

}  // namespace

void write_safetensors(const std::filesystem::path& path,
                       const StateDict& tensors,
                       const std::map<std::string, std::string>& metadata) {
  const std::string where = fmt::format("cannot write \"{}\"", path.string());
  const std::vector<const NamedTensor*> order = order_in_file(tensors);
  const std::string header = header_of(order, metadata, where);
  int64_t total = kSafetensorsLengthBytes + static_cast<int64_t>(header.size());
  for (const auto* entry : order) total += static_cast<int64_t>(entry->second.nbytes());
  require_disk_space(
      std::filesystem::absolute(path).parent_path(), total, fmt::format("the tensors of \"{}\"", path.string()));

  AtomicFile file(path);
  const uint64_t length = header.size();
  file.write(std::as_bytes(std::span(&length, 1)));
  file.write(header);
  for (const auto* entry : order) write_bytes(file, entry->second);
  file.commit();
}

}  // namespace fmri2img::io
