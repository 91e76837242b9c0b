#include "fmri2img/experiments/learning_curves.h"

#include <algorithm>
#include <sstream>
#include <string>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"

namespace fmri2img::experiments {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

size_t column_of(const std::vector<std::string>& head, const std::string& tag, const std::filesystem::path& log) {
  const auto found = std::find(head.begin(), head.end(), tag);
  FMRI2IMG_CHECK(
      found != head.end(), "\"{}\" has no column {}: it is not the log of a decoder's training", log.string(), tag);
  return static_cast<size_t>(found - head.begin());
}

}  // namespace

LearningCurves read_learning_curves(const std::filesystem::path& log) {
  std::istringstream lines(read_file(log));
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> head = cells_of(line);
  const size_t training = column_of(head, "train/loss", log), validation = column_of(head, "val/loss", log);
  LearningCurves curves;
  std::string last_training;
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() != head.size()) continue;  // the last line of a run that was killed
    if (!cells[training].empty()) last_training = cells[training];
    if (cells[validation].empty()) continue;
    curves.training.push_back(std::stod(last_training));
    curves.validation.push_back(std::stod(cells[validation]));
  }
  FMRI2IMG_CHECK(!curves.training.empty(), "\"{}\" holds no validation loss: no epoch was finished", log.string());
  return curves;
}

}  // namespace fmri2img::experiments
