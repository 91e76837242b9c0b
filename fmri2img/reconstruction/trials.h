#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmri2img/data/subject.h"
#include "fmri2img/reconstruction/ensemble/members.h"

namespace fmri2img::reconstruction {

/// Which pictures are reconstructed: ascending 0-based rows of one partition.
struct Trials {
  data::Partition partition = data::Partition::kTrain;
  std::vector<int64_t> rows;
};

/// Trials as typed:
///
///   train        the rows that the decoder was fitted to
///   validation   the rows that chose or stopped its training; for a decoder without such rows, those that --hold-out
///                took out
///   held-out     the rows that --hold-out took out
///   test         every row of the test split; `test:0:10,12` some of them
///   0:100,120    rows of the training split, half-open ranges
///   nsd-00013    picture ids, separated by commas, of one split
///   file:ids.txt the training pictures or rows that a file lists, as for `train --hold-out`
///
/// Of several decoders the first three name the rows that all of them know by that name.
/// Throws Error (wrong usage) where this names no trial: rows out of range, an unknown id (with the nearest),
/// validation rows that a decoder does not have or that the decoders do not share (names --hold-out). Error (bad input)
/// where the partition has no responses.
Trials select_trials(const std::string& text, const data::Subject& subject, const std::vector<Member>& members);

/// NAME of `file:NAME`; empty for anything else.
std::string trials_file(const std::string& text);

}  // namespace fmri2img::reconstruction
