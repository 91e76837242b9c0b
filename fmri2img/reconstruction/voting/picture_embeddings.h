#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "fmri2img/data/pictures.h"
#include "fmri2img/models/image_embedder.h"

namespace fmri2img::reconstruction {

/// Embeds `rows` of `pictures` into a .npy file, float32 [rows, D], in the order given. A run that was cut off goes on
/// where it stopped; the file has its name only when it is whole, and one that is there is not made again.
///
/// `open` makes the embedder, if there is anything to do. Calls `advance` with the pictures that an earlier run had
/// embedded, then with those of each piece. Throws Error (interrupted) between pieces if the user asked to stop; the
/// message ends with `how_to_resume`.
void write_picture_embeddings(const data::Pictures& pictures,
                              const std::vector<int64_t>& rows,
                              const std::function<std::unique_ptr<models::ImageEmbedder>()>& open,
                              const std::filesystem::path& file,
                              const std::function<void(int64_t)>& advance,
                              std::string_view how_to_resume);

}  // namespace fmri2img::reconstruction
