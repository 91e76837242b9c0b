#include "tests/canary/fmri2img/bad.h"

// clang-tidy must complain about this file and about its header: `make lint` fails where it does not.
int* canary() {
  return 0;
}
