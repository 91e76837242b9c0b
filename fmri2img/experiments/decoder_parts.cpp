#include "fmri2img/experiments/decoder_parts.h"

#include <algorithm>
#include <array>

#include "fmri2img/experiments/error_summary.h"
#include "fmri2img/findings/grouped_bars.h"

namespace fmri2img::experiments {

std::vector<DecoderPart> parts_of(const decoding::DecoderRecord& record, std::optional<int64_t> count) {
  std::vector<DecoderPart> parts{{kTrainingPart, record.train_rows}};
  if (!record.validation_rows.empty()) {
    parts.push_back({kValidationPart, record.validation_rows});
  } else if (!record.held_out_rows.empty()) {
    parts.push_back({kHeldOutPart, record.held_out_rows});
  }
  for (DecoderPart& part : parts) {
    if (count) part.rows.resize(std::min(part.rows.size(), static_cast<size_t>(*count)));
  }
  return parts;
}

std::vector<findings::ChartSeries> part_bars(const std::vector<PartValues>& parts, uint64_t seed) {
  std::vector<findings::GroupedBar> bars;
  for (const PartValues& part : parts) {
    const statistics::Interval mean = summarise_rows(part.measured.values, seed);
    bars.push_back({part.decoder, part.part, mean.mean, std::pair(mean.low, mean.high)});
  }
  return findings::grouped_bars(bars, std::array{kTrainingPart, kValidationPart, kHeldOutPart});
}

}  // namespace fmri2img::experiments
