#include "fmri2img/report/decoder_names.h"

#include "fmri2img/reconstruction/ensemble/members.h"

namespace fmri2img::report {

std::vector<std::string> decoder_names(const reconstruction::Results& run) {
  std::vector<std::string> names = run.models;
  std::erase(names, reconstruction::kAverageName);
  return names;
}

}  // namespace fmri2img::report
