#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fmri2img::evaluation {

/// What the file of one network is called: the name that we ask for, and those under which people have it.
struct WeightFileNames {
  std::string wanted;                   ///< "alexnet.pth"
  std::vector<std::string> beginnings;  ///< of accepted names, the preferred one first: "alexnet", "alexnet-"
};

/// The one file in `folder` whose name is a beginning (a "-" at its end stands for any further letters) and .pth, .pt,
/// .pth.tar or .safetensors; nothing where there is none. torchvision's hashed names (alexnet-owt-7be5be79.pth) and
/// those of the hub's cache are such.
/// Throws Error (bad input) naming both if several fit the same beginning, or if the folder is not there.
std::optional<std::filesystem::path> find_weight_file(const std::filesystem::path& folder,
                                                      const WeightFileNames& names);

/// SHA-256 of a whole file in hexadecimal, whose first eight digits are those in torchvision's names; of a folder its
/// `fingerprint_model`.
std::string weight_hash(const std::filesystem::path& path);

/// "sha256:7be5be79..." as "7be5be79", the digits that torchvision puts into names.
std::string short_hash(const std::string& hash);

}  // namespace fmri2img::evaluation
