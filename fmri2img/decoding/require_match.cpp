#include <string>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/decoder_folder.h"

namespace fmri2img::decoding {
namespace {

/// Why the expression does not select the decoder's vertices in `subject`, or "".
std::string mask_difference(const data::VertexSelection& expected, const data::Subject& subject) {
  try {
    const data::VertexSelection found = data::select_vertices(subject, expected.expression);
    if (found.columns == expected.columns) {
      return {};
    }
    return fmt::format("mask: \"{}\" selected {} vertices in training and selects {} here, not the same ones",
                       expected.expression,
                       format_count(static_cast<int64_t>(expected.columns.size())),
                       format_count(static_cast<int64_t>(found.columns.size())));
  } catch (const Error& error) {
    return fmt::format("mask: \"{}\" cannot be evaluated here ({})", expected.expression, error.message());
  }
}

}  // namespace

void require_match(const DecoderRecord& record, const data::Subject& subject) {
  std::string differences;
  const auto add = [&](const std::string& difference) { differences += "\n  " + difference; };
  if (subject.fingerprint() != record.subject_fingerprint) {
    add(fmt::format("subject: trained on the responses of \"{}\" ({}), these are \"{}\" ({})",
                    record.subject,
                    record.subject_fingerprint,
                    subject.name(),
                    subject.fingerprint()));
  }
  if (subject.num_vertices() != record.vertices.num_vertices) {
    add(fmt::format("vertex count: trained on {}, this subject has {}",
                    format_count(record.vertices.num_vertices),
                    format_count(subject.num_vertices())));
  } else if (const std::string difference = mask_difference(record.vertices, subject); !difference.empty()) {
    add(difference);
  }
  if (!differences.empty()) {
    fail(ErrorKind::kMismatch,
         "the decoder and the subject \"{}\" do not belong together:{}\nuse the subject folder that it was trained on, "
         "or train a decoder on this one",
         subject.path().string(),
         differences);
  }
}

}  // namespace fmri2img::decoding
