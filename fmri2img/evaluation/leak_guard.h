#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/reconstruction/results.h"

namespace fmri2img::evaluation {

/// The pictures among `rows` (one a trial) that some model of the run was trained on, each by name with the reason:
/// `nsd-00013 (trained on by ridge, mlp)`, `test-0003 (near copy of train-0044.png, trained on by mlp)`. Reasons come
/// from `seen_pictures.jsonl`; results of versions that wrote none have the names of the models alone.
std::vector<std::string> find_leaks(const reconstruction::Results& results,
                                    const std::vector<reconstruction::ResultRow>& rows);

/// The first five of `leaks` in one sentence part, and how many more there are.
std::string name_some(const std::vector<std::string>& leaks);

/// Throws Error (mismatch) naming the leaks, unless there is none or they are allowed; where there are more than
/// `name_some` names, also the results' file that lists them all. `images` is the number of rows.
void refuse_leaks(const reconstruction::Results& results,
                  const std::vector<std::string>& leaks,
                  size_t images,
                  bool allowed);

/// Notes in the results folder's manifest that pictures were scored that were trained on: `results.evaluations`, by
/// `Protocol::label`. Does nothing where there were none and nothing is noted for it.
void record_leaks(const std::filesystem::path& folder,
                  const std::string& protocol,
                  const std::vector<std::string>& leaks);

}  // namespace fmri2img::evaluation
