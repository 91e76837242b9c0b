#include "fmri2img/text/special_tokens.h"

namespace fmri2img::text {
namespace {

/// The longest special token at the beginning of `text`, or null.
const std::pair<const std::string, int64_t>* special_at(std::string_view text,
                                                        const std::map<std::string, int64_t>& special) {
  const std::pair<const std::string, int64_t>* longest = nullptr;
  for (const auto& entry : special) {
    if (text.starts_with(entry.first) && (longest == nullptr || entry.first.size() > longest->first.size())) {
      longest = &entry;
    }
  }
  return longest;
}

}  // namespace

std::vector<TextPiece> split_special_tokens(std::string_view text, const std::map<std::string, int64_t>& special) {
  std::vector<TextPiece> pieces;
  size_t plain = 0;
  const auto end_plain = [&](size_t end) {
    if (end > plain) pieces.push_back({std::string(text.substr(plain, end - plain))});
  };
  for (size_t at = 0; at < text.size();) {
    const auto* found = special_at(text.substr(at), special);
    if (found == nullptr) {
      ++at;
      continue;
    }
    end_plain(at);
    pieces.push_back({found->first, found->second});
    at += found->first.size();
    plain = at;
  }
  end_plain(text.size());
  return pieces;
}

}  // namespace fmri2img::text
