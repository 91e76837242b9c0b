#include <csignal>

#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/memory.h"
#include "commands/program.h"

int main(int argc, char** argv) {
  fmri2img::keep_freed_memory();
  fmri2img::install_interrupt_handlers();
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is then an error of the write that meets it
  return fmri2img::commands::run_program({argv + 1, argv + argc});
}
