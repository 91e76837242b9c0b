#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fmri2img::data {

class Subject;

/// Rows in the order in which they were drawn: the original trains in this order, without shuffling.
struct Split {
  std::vector<int64_t> train;
  std::vector<int64_t> validation;
};

/// The rows that PyTorch gives for `random_split(pool, [f, 1 - f], generator=torch.Generator().manual_seed(seed))`.
///
/// Sizes: n f and n (1 - f) rounded down, the row left over goes to training: 5,000 gives 3,500 / 1,500 and 9,841 gives
/// 6,889 / 2,952 at f = .7.
/// Source: torch.utils.data.random_split, PyTorch 2.13.
/// Throws Error (wrong usage) if `train_fraction` is not inside (0, 1) or a part would be empty.
Split random_split(const std::vector<int64_t>& pool, double train_fraction, uint64_t seed);

/// A pool of training rows with the rows that nobody may train on taken out. Both parts are ascending.
struct HoldOut {
  std::vector<int64_t> pool;      ///< what is left to train and validate on
  std::vector<int64_t> held_out;  ///< what honest scores are made on
};

/// Takes rows out of `pool` as `--hold-out` says: no seed is involved, so every model of an ensemble gets the same
/// rows.
///
/// * `N`: the N rows of the pool with the smallest splitmix64(row). A row's place in this order is its own: models with
/// other pools
///   hold out the same rows as far as they share them, and a larger N contains a smaller one. It looks random, so it is
///   fair where rows are sorted (by session, by class).
/// * `FILE`: one a line, a picture's id ("nsd-00013"), its file name with or without ending, or rows as in `parse_rows`
///   ("17", "0:100"). A bare number is always a row. Blank lines and what follows `#` are skipped. Ids that this
///   subject does not have are counted in a message, so one list of shared pictures serves all subjects; a row that
///   does not exist is an error.
/// * empty: nothing is held out.
///
/// A name of digits alone is a number: write "./100" for a file called 100.
/// Throws Error if the file cannot be read, nothing of it is in the pool, or nothing would be left.
HoldOut apply_hold_out(const std::vector<int64_t>& pool, const std::string& file_or_number, const Subject& subject);

/// The rows of the training split that a file names, as for `apply_hold_out`, ascending. `option` ("--hold-out") begins
/// the messages. Throws Error if the file cannot be read or names a row that does not exist.
std::vector<int64_t> read_row_list(const std::string& file, const Subject& subject, const std::string& option);

}  // namespace fmri2img::data
