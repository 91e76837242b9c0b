#include "fmri2img/core/interrupt.h"

#include <csignal>

#include "fmri2img/core/check.h"

namespace fmri2img {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void request_interrupt(int signal_number) {
  interrupted = 1;
  std::signal(signal_number, SIG_DFL);
}

}  // namespace

void install_interrupt_handlers() {
  interrupted = 0;
  std::signal(SIGINT, request_interrupt);
  std::signal(SIGTERM, request_interrupt);
}

bool interrupt_requested() {
  return interrupted != 0;
}

void stop_if_interrupted(std::string_view how_to_resume) {
  if (interrupt_requested()) fail(ErrorKind::kInterrupted, "interrupted; what was finished is safe: {}", how_to_resume);
}

}  // namespace fmri2img
