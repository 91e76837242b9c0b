#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fmri2img::reconstruction {

/// One reconstruction: one trial by one model. Paths are relative to the results folder. What belongs to the high-level
/// image is empty in a run that stopped at the low-level pictures; similarities are cosines of image embeddings.
struct ResultRow {
  int64_t trial = 0;            ///< 0-based row of the partition
  std::string picture;          ///< what names the picture whatever its row
  std::string model;            ///< name of the decoder's folder, or "average"
  bool trained_on = false;      ///< the model saw this picture in training
  std::string target;           ///< the true picture; empty where the subject has none
  std::string low;              ///< the low-level reconstruction
  std::string high;             ///< the high-level one
  std::string caption;          ///< what it was made to show
  std::string raw_caption;      ///< as the captioner gave it
  std::optional<int64_t> seed;  ///< of the high-level image
  std::optional<double> low_high, low_target, high_target;

  /// Cosines of the high-level image to those of the trial's other candidates, by the names of their models. Empty in
  /// tables of versions before 4, which have the means under `consensus` alone.
  std::vector<std::pair<std::string, std::optional<double>>> high_high;
  std::optional<double> consensus;  ///< mean cosine of the high-level image to those of the other models
  std::optional<double> encoder;    ///< correlation of the predicted with the measured response
  bool voted = false;               ///< the answer for this trial
};

/// What `reconstruct` leaves for everything after it (doc/formats/results.md).
struct Results {
  std::filesystem::path folder;
  std::string subject;
  std::string partition;            ///< "train" or "test"
  std::string trials;               ///< as asked for
  std::vector<std::string> models;  ///< names, in the order given; "average" last where it was made
  int64_t height = 0;               ///< of every low-level picture: the codec's
  int64_t width = 0;
  std::string mean_picture;     ///< mean of pictures trained on: the baseline; empty where there are none
  int64_t mean_picture_of = 0;  ///< how many pictures that is the mean of
  std::vector<ResultRow> rows;  ///< trial by trial, model by model
  std::string vote;             ///< what decided; empty in a run that stopped at the low-level pictures
  int64_t high_height = 0;      ///< of every high-level image; 0 where there are none
  int64_t high_width = 0;

  /// The targets are the pictures as they were shown, of whatever size; else they have the low-level pictures' size,
  /// as versions of the format before 3 kept them.
  bool targets_as_shown = false;
};

/// Names of the files of one trial, relative to the results folder.
std::string target_file(int64_t trial);
std::string low_level_file(const std::string& model, int64_t trial);
std::string high_level_file(const std::string& model, int64_t trial);
std::string prompt_file(const std::string& model, int64_t trial);  ///< caption and seed of the high-level image
std::string embeddings_file(int64_t trial);
std::string result_strip_file(int64_t trial);
std::string low_level_strip_file(int64_t trial);
inline constexpr const char* kMeanPictureFile = "mean_training_picture.png";

/// Writes trials.csv, trials.jsonl and, last, results.json: of version 4, or 2 where targets are not as shown.
void write_results(const Results& results);

/// Reads versions 2 to 4. Throws Error if the folder is no results folder, or of a run that has not ended; the message
/// says how to go on.
Results read_results(const std::filesystem::path& folder);

}  // namespace fmri2img::reconstruction
