#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fmri2img::report {

/// What one publication reached. Scores are named as in evaluation.json; shares from 0 to 1.
struct PublishedRow {
  std::string method, source;
  bool read_in_primary_source = true;  ///< else quoted from a secondary one
  std::string note;                    ///< may be empty
  std::map<std::string, double> scores;
};

/// Rows of one protocol: only these may be compared with each other.
struct PublishedGroup {
  std::string id, title, protocol;
  std::string preset;  ///< the preset of `evaluate` that scores the same way; empty: none is known to
  int64_t images = 0;  ///< 0: not known
  std::string subjects;
  std::vector<PublishedRow> rows;
};

/// The rows of published_rows.json, which the program carries.
std::vector<PublishedGroup> published_groups();

}  // namespace fmri2img::report
