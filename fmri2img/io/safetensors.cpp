#include "fmri2img/io/safetensors.h"

#include <fmt/format.h>

#include <cstring>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/git_lfs.h"
#include "fmri2img/io/mapped_tensor.h"
#include "fmri2img/io/safetensors_header.h"
#include "fmri2img/io/shard_index.h"

namespace fmri2img::io {
namespace {

/// The header's JSON, after checking that the file holds it.
std::string_view header_text(std::span<const std::byte> bytes, const std::string& where) {
  FMRI2IMG_CHECK(bytes.size() >= kSafetensorsLengthBytes,
                 "{}: not a safetensors file: it has {} bytes, its header's length alone takes 8",
                 where,
                 bytes.size());
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof(length));
  const uint64_t most = bytes.size() - kSafetensorsLengthBytes;
  FMRI2IMG_CHECK(length <= most,
                 "{}: its header is said to have {} bytes, but {} follow: truncated, or not a safetensors "
                 "file; copy it again from where it came from",
                 where,
                 length,
                 most);
  return {reinterpret_cast<const char*>(bytes.data()) + kSafetensorsLengthBytes, length};
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : file_(path) {
  const std::string where = fmt::format("\"{}\"", path.string());
  check_no_lfs_pointer(file_.bytes(), where);
  const std::string_view text = header_text(file_.bytes(), where);
  const int64_t data_start = kSafetensorsLengthBytes + static_cast<int64_t>(text.size());
  SafetensorsHeader header =
      parse_safetensors_header(text, static_cast<int64_t>(file_.bytes().size()) - data_start, where);
  for (auto& [name, entry] : header.entries) {
    entry.begin += data_start;
    entry.end += data_start;
  }
  entries_ = std::move(header.entries);
  metadata_ = std::move(header.metadata);
}

at::Tensor SafetensorsFile::tensor(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) {
    std::vector<std::string> known;
    for (const auto& [other, entry] : entries_) known.push_back(other);
    fail(ErrorKind::kBadInput, "\"{}\" has no tensor \"{}\"{}", file_.path().string(), name, did_you_mean(name, known));
  }
  const Entry& entry = found->second;
  const auto bytes =
      file_.bytes().subspan(static_cast<size_t>(entry.begin), static_cast<size_t>(entry.end - entry.begin));
  return tensor_over(bytes, file_.owner(), entry.dtype, entry.shape);
}

StateDict read_safetensors(const std::filesystem::path& path) {
  if (is_shard_index(path)) return read_shards(path, read_safetensors);
  const SafetensorsFile file(path);
  StateDict tensors;
  for (const auto& [name, entry] : file.entries()) tensors.emplace(name, file.tensor(name));
  return tensors;
}

}  // namespace fmri2img::io
