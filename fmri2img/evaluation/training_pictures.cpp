#include "fmri2img/evaluation/training_pictures.h"

#include <torch/torch.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/random.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/decoder_folder.h"

namespace fmri2img::evaluation {
namespace {

namespace fs = std::filesystem;

/// The run's subject: the only folder among its inputs.
fs::path subject_folder(const Manifest& manifest) {
  for (const auto& [path, fingerprint] : manifest.inputs) {
    if (fs::is_directory(path)) return path;
  }
  fail(ErrorKind::kBadInput, "the subject that the run's manifest names is no longer there");
}

TrainingPictures open_training_pictures(const reconstruction::Results& results) {
  const Manifest manifest = Manifest::read(results.folder / "manifest.json");
  const fs::path folder = subject_folder(manifest);
  const data::Subject subject = data::Subject::open(folder);
  FMRI2IMG_CHECK(subject.fingerprint() == manifest.inputs.at(folder.string()),
                 "\"{}\" is no longer the subject of this run: its responses differ",
                 folder.string());
  FMRI2IMG_CHECK(subject.has_pictures(data::Partition::kTrain), "\"{}\" has no training pictures", folder.string());
  const Json decoders = manifest.settings.value("decoders", Json::array());
  FMRI2IMG_CHECK(!decoders.empty() && decoders[0].is_string(), "the run's manifest names no decoder");
  const fs::path decoder = decoders[0].get<std::string>();
  FMRI2IMG_CHECK(fs::is_directory(decoder), "the decoder \"{}\" is no longer there", decoder.string());
  const decoding::DecoderRecord record = decoding::read_record(decoder);
  FMRI2IMG_CHECK(!record.train_rows.empty(), "\"{}\" names no training rows", decoder.string());
  return {subject.pictures(data::Partition::kTrain), record.train_rows};
}

}  // namespace

FoundTrainingPictures find_training_pictures(const reconstruction::Results& results) {
  try {
    return {open_training_pictures(results), {}};
  } catch (const Error& error) {
    return {std::nullopt, error.what()};
  }
}

std::vector<std::string> random_training_files(const TrainingPictures& training, int64_t count, uint64_t seed) {
  at::Generator generator = make_generator(seed);
  const auto rows = static_cast<int64_t>(training.rows.size());
  const at::Tensor drawn = at::randint(0, rows, {count}, generator, at::kLong);
  std::vector<std::string> files;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t row = training.rows[static_cast<size_t>(drawn[i].item<int64_t>())];
    files.push_back(fs::absolute(training.pictures.path(row)).string());
  }
  return files;
}

}  // namespace fmri2img::evaluation
