#include "fmri2img/core/fingerprint.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/core/mapped_file.h"

namespace fmri2img {
namespace {

constexpr size_t kBlock = size_t{1} << 20;
constexpr size_t kNumBlocks = 64;

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }

  void add(std::span<const std::byte> bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }

  std::string hexadecimal() {
    std::array<unsigned char, 32> digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    std::string text;
    for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hexadecimal();
}

std::string sha256(std::string_view text) {
  return sha256(std::as_bytes(std::span(text)));
}

std::string fingerprint(const std::filesystem::path& path) {
  const MappedFile file(path);
  const auto bytes = file.bytes();
  if (bytes.size() <= kBlock * kNumBlocks) return "sha256:" + sha256(bytes);
  Sha256 hash;
  const uint64_t size = bytes.size();
  hash.add(std::as_bytes(std::span(&size, 1)));
  for (size_t i = 0; i < kNumBlocks; ++i)
    hash.add(bytes.subspan((bytes.size() - kBlock) / (kNumBlocks - 1) * i, kBlock));
  return "sampled-sha256:" + hash.hexadecimal();
}

std::string fingerprint_model(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  if (!fs::is_directory(path)) return fingerprint(path);
  std::vector<std::string> lines;
  for (fs::recursive_directory_iterator it(path), end; it != end; ++it) {
    const bool hidden = it->path().filename().string().starts_with(".");
    if (hidden && it->is_directory()) it.disable_recursion_pending();
    if (hidden || !it->is_regular_file()) continue;
    lines.push_back(it->path().lexically_relative(path).string() + " " + fingerprint(it->path()) + "\n");
  }
  std::sort(lines.begin(), lines.end());
  Sha256 hash;
  for (const std::string& line : lines) hash.add(std::as_bytes(std::span(line)));
  return "sha256:" + hash.hexadecimal();
}

}  // namespace fmri2img
