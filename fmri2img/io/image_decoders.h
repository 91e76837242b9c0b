#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "fmri2img/io/image.h"

namespace fmri2img::io {

// The two decoders behind image.h. `where` is the quoted path, which starts every message.

/// What to do about a damaged picture: ends its messages.
inline constexpr const char* kRestorePicture = "copy it again from where it came from, or save it anew";

ImageInfo png_info(std::span<const std::byte> bytes, const std::string& where);
at::Tensor decode_png(std::span<const std::byte> bytes, const std::string& where, Transparency transparency);

ImageInfo jpeg_info(std::span<const std::byte> bytes, const std::string& where);
at::Tensor decode_jpeg(std::span<const std::byte> bytes, const std::string& where);

/// Throws Error unless a picture of this size may be allocated for.
void check_image_size(const ImageInfo& info, const std::string& where);

}  // namespace fmri2img::io
