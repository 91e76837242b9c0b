#include <algorithm>
#include <array>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/subject_checks.h"

namespace fmri2img::data {
namespace {

/// Sizes of the training split. Source: the Algonauts 2023 challenge's files.
struct KnownSize {
  const char* subjects;
  int64_t left;
  int64_t right;
  int64_t rows;
};

constexpr std::array kKnownSizes{KnownSize{"1, 2, 5 or 7", 19004, 20544, 9841},
                                 KnownSize{"3", 19004, 20544, 9082},
                                 KnownSize{"6", 18978, 20220, 9082},
                                 KnownSize{"4", 19004, 20544, 8779},
                                 KnownSize{"8", 18981, 20530, 8779}};

std::string describe(const ResponseFiles& train) {
  return fmt::format("{} rows, {} vertices", format_count(*train.rows), format_widths(train.widths));
}

}  // namespace

void check_known_size(Findings& findings, const ResponseFiles& train) {
  if (!train.rows || train.widths.empty()) return;
  const auto* known = std::find_if(kKnownSizes.begin(), kKnownSizes.end(), [&](const KnownSize& size) {
    return train.widths == std::vector<int64_t>{size.left, size.right} && *train.rows == size.rows;
  });
  const bool found = known != kKnownSizes.end();
  findings.add(
      Severity::kNote,
      found ? "size-known" : "size-unknown",
      responses_folder(findings.folder(), Partition::kTrain),
      found
          ? fmt::format("{}: the size of subject {} of the Algonauts 2023 challenge", describe(train), known->subjects)
          : fmt::format("{}: the size of none of the eight subjects of the Algonauts 2023 challenge", describe(train)),
      found ? "" : "if this should be one of them, copy its responses again");
}

}  // namespace fmri2img::data
