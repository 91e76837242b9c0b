#pragma once

namespace fmri2img::commands {

/// Shows the library's messages and progress on stderr: bars on a terminal, plain lines elsewhere (one every ten
/// seconds and at the end). `quiet` keeps warnings only.
void show_messages_on_stderr(bool quiet);

}  // namespace fmri2img::commands
