#include <cstdio>

#include "fmri2img/core/text.h"

int main() {
  std::printf("3 minutes are %s\n", fmri2img::format_duration(180).c_str());
}
