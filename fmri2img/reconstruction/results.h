#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fmri2img::reconstruction {

/// One reconstruction: one trial by one model. Paths are relative to the results folder.
struct ResultRow {
  int64_t trial = 0;        ///< 0-based row of the partition
  std::string picture;      ///< what names the picture whatever its row
  std::string model;        ///< name of the decoder's folder
  bool trained_on = false;  ///< the model saw this picture in training
  std::string target;       ///< the true picture; empty where the subject has none
  std::string low;          ///< the low-level reconstruction
};

/// What `reconstruct` leaves for everything after it (doc/formats/results.md).
struct Results {
  std::filesystem::path folder;
  std::string subject;
  std::string partition;            ///< "train" or "test"
  std::string trials;               ///< as asked for
  std::vector<std::string> models;  ///< names, in the order given
  int64_t height = 0;               ///< of every picture
  int64_t width = 0;
  std::string mean_picture;     ///< mean of pictures trained on: the baseline; empty where there are none
  int64_t mean_picture_of = 0;  ///< how many pictures that is the mean of
  std::vector<ResultRow> rows;  ///< trial by trial, model by model
};

/// Names of the files of one trial, relative to the results folder.
std::string target_file(int64_t trial);
std::string low_level_file(const std::string& model, int64_t trial);
inline constexpr const char* kMeanPictureFile = "mean_training_picture.png";

/// Writes trials.csv, trials.jsonl and, last, results.json.
void write_results(const Results& results);

/// Throws Error if the folder is no results folder, or of a run that has not ended; the message says how to go on.
Results read_results(const std::filesystem::path& folder);

}  // namespace fmri2img::reconstruction
