#include "fmri2img/reconstruction/voting/picture_embeddings.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <span>

#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/io/npy_writer.h"

namespace fmri2img::reconstruction {
namespace {

constexpr int64_t kPicturesAtOnce = 8;

at::Tensor embed_rows(const data::Pictures& pictures, models::ImageEmbedder& embedder, std::span<const int64_t> rows) {
  std::vector<at::Tensor> loaded;
  for (const int64_t row : rows) loaded.push_back(pictures.load(row));
  return embedder.embed(loaded);
}

}  // namespace

void write_picture_embeddings(const data::Pictures& pictures,
                              const std::vector<int64_t>& rows,
                              const std::function<std::unique_ptr<models::ImageEmbedder>()>& open,
                              const std::filesystem::path& file,
                              const std::function<void(int64_t)>& advance,
                              std::string_view how_to_resume) {
  if (std::filesystem::exists(file)) return;
  auto embedder = open();
  const auto count = static_cast<int64_t>(rows.size());
  const int64_t width = embed_rows(pictures, *embedder, std::span(rows).first(1)).size(1);
  io::NpyWriter writer(file, at::kFloat, {count, width}, sha256(data::format_rows(rows)));
  advance(writer.rows_written());
  for (int64_t first = writer.rows_written(); first < count; first += kPicturesAtOnce) {
    stop_if_interrupted(how_to_resume);
    const int64_t part = std::min(kPicturesAtOnce, count - first);
    writer.write_rows(
        first,
        embed_rows(
            pictures, *embedder, std::span(rows).subspan(static_cast<size_t>(first), static_cast<size_t>(part))));
    advance(part);
  }
  writer.commit();
  embedder.reset();
  release_freed_memory();
}

}  // namespace fmri2img::reconstruction
