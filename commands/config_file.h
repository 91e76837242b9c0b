#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fmri2img::commands {

/// The words of a command line that say the same as a TOML text: `batch = 16` becomes `--batch 16`, an array gives its
/// values one after the other, `true` a bare flag, `false` nothing. Tables are refused: options have no sections.
/// `where` names the text in errors, which are of the kind "wrong usage".
std::vector<std::string> config_words(std::string_view toml_text, std::string_view where);

/// Replaces `--config FILE` by what the file says; an option that stands on the command line itself wins. A key that is
/// no option of the command is refused later, like any unknown option.
std::vector<std::string> expand_config_files(const std::vector<std::string>& words);

}  // namespace fmri2img::commands
