#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fmri2img::report {

/// A picture as a page needs it.
struct PictureUse {
  std::filesystem::path file;
  int64_t side = 0;  ///< the longer side is reduced to this many pixels; smaller pictures stay as they are

  auto operator<=>(const PictureUse&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy misreads it
};

/// Gives pictures to a page: as JPEG inside it, or as links to their files.
class PictureSource {
 public:
  /// `page`: the page's own file, from which links lead.
  PictureSource(std::filesystem::path page, bool link_images) : page_(std::move(page)), link_images_(link_images) {}

  /// Reads and encodes all of `uses` in parallel, with progress; those that are not prepared are made when asked for.
  void prepare(std::vector<PictureUse> uses);

  /// An <img> with `alternative` for those who do not see it. Throws Error if the picture cannot be read.
  std::string img(const PictureUse& use, std::string_view alternative);

 private:
  struct Made {
    std::string source;
    bool small = false;  ///< better enlarged pixel by pixel than blurred
  };

  [[nodiscard]] Made make(const PictureUse& use) const;

  std::filesystem::path page_;
  bool link_images_;
  std::map<PictureUse, Made> made_;
};

/// A relative path as the reference of a link: what is neither letter, digit nor one of -._~/ becomes %XX.
std::string url_of(const std::filesystem::path& relative);

}  // namespace fmri2img::report
