#pragma once

#include <string>
#include <vector>

namespace fmri2img::commands {

/// A word as a shell would need it: in single quotes unless it is made of letters, digits and _ . / : = , + @ % -
/// alone.
std::string shell_quoted(const std::string& word);

/// The words of a command as one line that can be pasted into a shell.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace fmri2img::commands
