#include "fmri2img/experiments/published.h"

#include <fmt/format.h>

namespace fmri2img::experiments {
namespace {

std::string three_digits(double value) {
  return fmt::format("{:.3f}", value);
}

}  // namespace

findings::FindingTable published_errors() {
  findings::FindingTable table{"Published: the original's decoders on NSD subject 1, mean of batch means at batch 64",
                               {"decoder", "training rows", "validation rows"},
                               {}};
  for (const PublishedDecoder& each : kPublishedDecoders) {
    table.rows.push_back({each.name, three_digits(each.training_error), three_digits(each.validation_error)});
  }
  return table;
}

findings::FindingTable published_similarities() {
  findings::FindingTable table{"Published: the original's decoders on NSD subject 1, first 100 rows of each part",
                               {"decoder", "training rows", "validation rows"},
                               {}};
  for (const PublishedDecoder& each : kPublishedDecoders) {
    table.rows.push_back({each.name, three_digits(each.training_similarity), three_digits(each.validation_similarity)});
  }
  return table;
}

}  // namespace fmri2img::experiments
