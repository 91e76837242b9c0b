#include "fmri2img/decoding/ridge/train_ridge.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <numeric>

#include "fmri2img/core/progress.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/ridge/encoding_scores.h"
#include "fmri2img/decoding/ridge/ridge_decoder.h"
#include "fmri2img/io/safetensors.h"
#include "tests/support/captured_log.h"
#include "tests/support/errors.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::decoding {
namespace {

using testing::TemporaryFolder;

constexpr int64_t kRows = 60;
constexpr int64_t kVertices = 300;
constexpr int64_t kInformed = 40;  // the first so many vertices know the latents

at::Tensor latents() {
  at::Tensor smooth = at::randn({kRows, 1, 3, 3}, make_generator(1), at::kFloat);
  return at::upsample_bilinear2d(smooth, {6, 6}, false);
}

at::Tensor responses_to(const at::Tensor& pictures) {
  const at::Tensor mixing = at::randn({36, kInformed}, make_generator(2), at::kFloat);
  at::Tensor responses = at::randn({pictures.size(0), kVertices}, make_generator(3), at::kFloat);
  responses.narrow(1, 0, kInformed).add_(at::mm(pictures.reshape({-1, 36}), mixing));
  return responses * 20 + 300;
}

DecoderRecord record(const std::string& codec) {
  DecoderRecord result;
  result.subject = "subj01";
  result.subject_fingerprint = "sha256:00";
  result.vertices.num_vertices = kVertices;
  result.vertices.columns.resize(kVertices);
  std::iota(result.vertices.columns.begin(), result.vertices.columns.end(), 0);
  result.codec = {{"name", codec}};
  result.train_rows.resize(kRows);
  std::iota(result.train_rows.begin(), result.train_rows.end(), 0);
  result.command_line = {"fmri2img", "train"};
  return result;
}

TEST(EncodingScores, SeparateVerticesThatKnowThePictures) {
  const at::Tensor pictures = latents();
  const at::Tensor flat = pictures.reshape({kRows, -1});
  const TargetComponents components = TargetComponents::fit(flat, 9);
  const at::Tensor scores = encoding_scores(responses_to(pictures), components.scores(flat));
  EXPECT_GT(scores.narrow(0, 0, kInformed).median().item<float>(), 0.5);
  EXPECT_LT(scores.narrow(0, kInformed, kVertices - kInformed).median().item<float>(), 0.05);
}

TEST(TrainRidge, ChoosesInformedVerticesAndPredictsAfterReloading) {
  const TemporaryFolder folder;
  const at::Tensor pictures = latents();
  const RidgeSummary summary = train_ridge({responses_to(pictures), pictures}, {}, record("vae"), folder.path());
  EXPECT_LE(summary.vertices, 150);
  EXPECT_GT(summary.correlation, 0.8);
  const std::unique_ptr<LatentDecoder> decoder = load_decoder(folder.path());
  const at::Tensor predicted = decoder->predict(responses_to(pictures));
  EXPECT_EQ(predicted.sizes().vec(), (std::vector<int64_t>{kRows, 1, 6, 6}));
  EXPECT_LT((predicted - pictures).square().mean().item<double>(), 0.1);
  const DecoderRecord read = read_record(folder.path());
  EXPECT_EQ(read.kind, "ridge");
  EXPECT_EQ(read.train_rows.size(), kRows);
  EXPECT_EQ(read.vertices.columns.size(), kVertices);
}

TEST(TrainRidge, EqualRunsWriteEqualWeights) {
  const TemporaryFolder a;
  const TemporaryFolder b;
  train_ridge({responses_to(latents()), latents()}, {}, record("pixels"), a.path());
  train_ridge({responses_to(latents()), latents()}, {}, record("pixels"), b.path());
  const at::Tensor fresh = responses_to(latents());
  EXPECT_TRUE(at::equal(load_decoder(a.path())->predict(fresh), load_decoder(b.path())->predict(fresh)));
}

TEST(TrainRidge, SaysWhatItIsDoing) {
  const testing::TemporaryFolder folder;
  const testing::CapturedLog log;
  std::vector<std::string> jobs;  // that were followed to their end
  const ProgressSink before = set_progress_sink([&](const ProgressState& state) {
    if (state.unit == "folds" && state.done == state.total && state.finished) jobs.push_back(state.what);
  });
  train_ridge({responses_to(latents()), latents()}, {}, record("pixels"), folder.path());
  set_progress_sink(before);
  EXPECT_EQ(jobs, (std::vector<std::string>{"choosing vertices and components", "choosing the picture prior"}));
  EXPECT_TRUE(log.says("fitting the chosen decoder on all "));
}

TEST(TrainRidge, RowsDoNotInfluenceEachOther) {
  const TemporaryFolder folder;
  train_ridge({responses_to(latents()), latents()}, {}, record("pixels"), folder.path());
  const auto decoder = load_decoder(folder.path());
  const at::Tensor fresh = responses_to(latents());
  const at::Tensor together = decoder->predict(fresh);
  EXPECT_LT((decoder->predict(fresh.narrow(0, 7, 1)) - together.narrow(0, 7, 1)).abs().max().item<double>(), 1e-4);
}

TEST(TrainRidge, GivenNumbersAreUsed) {
  const TemporaryFolder folder;
  RidgeTrainingOptions options;
  options.alpha = "250";
  options.components = "5";
  options.vertices = "77";
  const RidgeSummary summary = train_ridge({responses_to(latents()), latents()}, options, record("vae"), folder.path());
  EXPECT_EQ(summary.vertices, 77);
  EXPECT_EQ(summary.components, 5);
  EXPECT_EQ(summary.median_alpha, 250);
}

TEST(TrainRidge, RescalingRestoresSpread) {
  const auto spread_of = [](bool rescale) {
    const TemporaryFolder folder;
    RidgeTrainingOptions options;
    options.rescale = rescale;
    options.alpha = "300";
    train_ridge({responses_to(latents()), latents()}, options, record("vae"), folder.path());
    return load_decoder(folder.path())->predict(responses_to(latents())).std().item<double>();
  };
  EXPECT_GT(spread_of(true), 1.1 * spread_of(false));
}

TEST(TrainRidge, NamesTheOptionThatIsOutOfRange) {
  const TemporaryFolder folder;
  const auto train = [&](const RidgeTrainingOptions& options) {
    train_ridge({responses_to(latents()), latents()}, options, record("vae"), folder.path());
  };
  EXPECT_ERROR(train({.alpha = "-3"}), "--alpha is \"-3\"", "auto, gcv, folds or a positive number");
  EXPECT_ERROR(train({.components = "2.5"}), "--components is 2.5", "whole number");
  EXPECT_ERROR(train({.vertices = "301"}), "--vertices is 301", "only 300");
  EXPECT_ERROR(train({.folds = 1}), "--folds is 1");
}

TEST(TrainRidge, LearnsNothingFromOnePicture) {
  const TemporaryFolder folder;
  EXPECT_ERROR(train_ridge({responses_to(latents()), at::ones_like(latents())}, {}, record("vae"), folder.path()),
               "the 60 training pictures are all the same",
               "--train-rows");
}

TEST(TrainRidge, NamesTheVertexThatIsNotFinite) {
  const TemporaryFolder folder;
  at::Tensor responses = responses_to(latents());
  responses[3][17] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_ERROR(train_ridge({responses, latents()}, {}, record("vae"), folder.path()),
               "selected vertex 17",
               "NaN",
               "fmri2img doctor");
}

TEST(RidgeDecoder, RefusesAnotherNumberOfVertices) {
  const TemporaryFolder folder;
  train_ridge({responses_to(latents()), latents()}, {}, record("vae"), folder.path());
  EXPECT_ERROR(load_decoder(folder.path())->predict(at::zeros({2, 10})), "2 x 10", "300 vertices");
}

TEST(DecoderFolder, RefusesWhatIsNoWholeDecoder) {
  const TemporaryFolder folder;
  EXPECT_ERROR(load_decoder(folder.path()), "not a decoder", "no config.json");
  train_ridge({responses_to(latents()), latents()}, {}, record("vae"), folder.path());
  Json config = read_json(folder / "config.json");
  Json changed = config;
  changed["vertices"]["columns"] = "0:299";
  write_json(folder / "config.json", changed);
  EXPECT_ERROR(load_decoder(folder.path()), "vertices.hash", "was changed");
  changed = config;
  changed["version"] = 9;
  write_json(folder / "config.json", changed);
  EXPECT_ERROR(load_decoder(folder.path()), "format version is 9", "reads version 1");
  write_json(folder / "config.json", config);
  io::StateDict state = io::read_safetensors(folder / "model.safetensors");
  state["mean"] = at::zeros({5});
  io::write_safetensors(folder / "other.safetensors", state);
  std::filesystem::rename(folder / "other.safetensors", folder / "model.safetensors");
  EXPECT_ERROR(load_decoder(folder.path()), "\"mean\" is 5, expected 36");
}

TEST(TrainRidge, GathersTheResponsesOfItsRecord) {
  const TemporaryFolder folder;
  testing::make_subject(folder / "subj");
  const data::Subject subject = data::Subject::open(folder / "subj");
  DecoderRecord chosen = record("vae");
  chosen.vertices.columns = {1, 4, 5, 12, 17};
  chosen.train_rows = {0, 2, 3, 5, 7, 8, 9, 11};
  const at::Tensor targets = latents().narrow(0, 0, 8);
  const at::Tensor responses =
      subject.responses(data::Partition::kTrain).gather(chosen.train_rows, chosen.vertices.columns);
  const RidgeTrainingOptions options{.alpha = "10", .components = "off", .vertices = "all", .folds = 4};
  for (const char* name : {"tensors", "subject"}) std::filesystem::create_directories(folder / name);
  train_ridge({responses.clone(), targets}, options, chosen, folder / "tensors");
  train_ridge(subject, targets, options, chosen, folder / "subject");
  EXPECT_TRUE(at::equal(load_decoder(folder / "subject")->predict(responses),
                        load_decoder(folder / "tensors")->predict(responses)));
}

TEST(TrainRidge, AsksForMemoryBeforeItGathers) {
  const TemporaryFolder folder;
  testing::make_subject(folder / "subj");
  constexpr int64_t kMany = 1'000'000;  // the fit alone would take 20 TB
  DecoderRecord huge = record("vae");
  huge.train_rows.assign(kMany, 0);
  huge.vertices.columns.assign(kMany, 0);
  const at::Tensor targets = at::zeros({1, 1, 2, 2}).expand({kMany, 1, 2, 2});
  EXPECT_ERROR(train_ridge(data::Subject::open(folder / "subj"), targets, {}, huge, folder.path()),
               "ridge on 1,000,000 x 1,000,000 responses needs about",
               "--roi",
               "--train-rows");
}

}  // namespace
}  // namespace fmri2img::decoding
