#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace fmri2img {

/// SHA-256 in lower-case hexadecimal.
std::string sha256(std::span<const std::byte> bytes);
std::string sha256(std::string_view text);

/// What identifies a file in manifests and decoders: `sha256:...` of the whole content up to 64 MiB; of a larger file
/// `sampled-sha256:...` of its size and 64 evenly spread blocks of 1 MiB, so that 1.5 GB of responses cost
/// milliseconds.
std::string fingerprint(const std::filesystem::path& path);

/// What identifies a model, be it a file (as `fingerprint`) or a folder: `sha256:...` over the relative names and the
/// fingerprints of all its files, hidden ones and what is in hidden folders left out.
std::string fingerprint_model(const std::filesystem::path& path);

}  // namespace fmri2img
