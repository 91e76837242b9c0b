// Pictures that are larger than what the codec makes go through a preset's own resizing as they were shown.
// Golden: NumPy 2.4.6, scikit-image 0.26.0, PyTorch 2.13.0 and Pillow 13.0.0, tools/parity/shown_size.py.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/json.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/data/subject_writer.h"
#include "fmri2img/evaluation/evaluate.h"
#include "fmri2img/evaluation/score_report.h"
#include "fmri2img/io/image.h"
#include "fmri2img/models/pixels_codec.h"
#include "fmri2img/reconstruction/reconstruct.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::evaluation {
namespace {

constexpr int64_t kCount = 4, kShown = 128, kMade = 64;
constexpr double kNear = 1e-4;

at::Tensor places(int64_t count, at::IntArrayRef shape) {
  return at::arange(count, at::kLong).view(shape);
}

at::Tensor whole(const at::Tensor& values, int64_t divisor) {
  return at::div(values, divisor, "floor");
}

/// uint8 [128, 128, 3], as `shown_picture` of the script.
at::Tensor shown_picture(int64_t i) {
  const at::Tensor y = places(kShown, {-1, 1, 1}), x = places(kShown, {1, -1, 1}), c = places(3, {1, 1, -1});
  const at::Tensor texture = at::remainder(x * (i + 3) + 5 * y + 11 * c, 7) * 10;
  return (whole(100 * x, kShown) + whole(60 * y, kShown) + 20 * c + texture).to(at::kByte);
}

/// uint8 [64, 64], as `made_picture` of the script.
at::Tensor made_picture(int64_t i) {
  const at::Tensor y = places(kMade, {-1, 1}), x = places(kMade, {1, -1});
  return (whole(130 * x, kMade) + whole(40 * y, kMade) + at::remainder(x * y * (i + 1), 9) * 6).to(at::kByte);
}

/// Responses are latents.
class Reader : public decoding::LatentDecoder {
 public:
  at::Tensor predict(const at::Tensor& responses) override { return responses.view({-1, 1, kMade, kMade}); }
};

/// A subject that was shown pictures of 128 x 128, whose responses are the low-level pictures.
data::Subject write_subject(const std::filesystem::path& folder) {
  data::SubjectWriter writer(folder, {.train_rows = 1, .test_rows = kCount, .left_vertices = kMade * kMade});
  writer.write_responses(data::Partition::kTrain, 0, at::zeros({1, kMade * kMade}));
  writer.write_picture(data::Partition::kTrain, 0, at::full({kShown, kShown, 3}, 7, at::kByte));
  for (int64_t i = 0; i < kCount; ++i) {
    const at::Tensor grey = made_picture(i).to(at::kFloat) + 0.5;  // away from the edge of truncation to 8 bits
    writer.write_responses(data::Partition::kTest, i, (grey / 255).view({1, -1}));
    writer.write_picture(data::Partition::kTest, i, shown_picture(i));
  }
  writer.commit();
  return data::Subject::open(folder);
}

class ShownSize : public ::testing::Test {
 protected:
  /// What `reconstruct` with the codec `pixels` at 64 x 64 leaves.
  reconstruction::Results reconstruct() {
    reconstruction::Member member{"pixels", "pixels", {}};
    member.record.kind = "ridge";
    member.record.latent_shape = {1, kMade, kMade};
    member.record.codec = Json::object();
    member.record.vertices.num_vertices = kMade * kMade;
    for (int64_t i = 0; i < kMade * kMade; ++i) member.record.vertices.columns.push_back(i);
    member.record.train_rows = {0};
    reconstruction::ReconstructionJob job{subject, {member}, {data::Partition::kTest, {0, 1, 2, 3}}, "test", {}};
    job.open.decoder = [](const reconstruction::Member&) { return std::make_unique<Reader>(); };
    job.open.codec = [](const Json&) {
      return std::make_unique<models::PixelsCodec>(models::PictureSize{kMade, kMade, 1});
    };
    Manifest manifest;
    manifest.command = "reconstruct";
    manifest.finished = "2026-01-01T00:00:00Z";
    std::filesystem::create_directories(folder / "results");
    write_json(folder / "results/manifest.json", manifest.to_json());
    reconstruction::reconstruct(job, folder / "results");
    return reconstruction::read_results(folder / "results");
  }

  Evaluation evaluate(const reconstruction::Results& results, const std::string& preset) {
    EvaluationOptions options;
    options.protocol = find_protocol(preset.substr(0, preset.find(' ')));
    options.protocol.antialias = preset.ends_with("antialias");
    return evaluation::evaluate(results, picture_choices(results), options, MetricNetworks());
  }

  testing::TemporaryFolder folder;
  data::Subject subject = write_subject(folder / "subj01");
};

TEST_F(ShownSize, ReproducesReferenceValuesInEveryPreset) {
  const reconstruction::Results results = reconstruct();
  ASSERT_TRUE(at::equal(io::read_image(results.folder / results.rows[1].low).select(2, 0), made_picture(1)));
  EXPECT_TRUE(at::equal(io::read_image(results.folder / results.rows[1].target), shown_picture(1)));
  const Json golden = read_json(testing::test_data("evaluation/shown_size.json"));
  for (const auto& [preset, scores] : golden.at("presets").items()) {
    const Json json = to_json(evaluate(results, preset));
    for (const auto& [score, value] : scores.items())
      EXPECT_NEAR(json[score]["mean"].get<double>(), value.get<double>(), kNear) << preset << " " << score;
  }
}

TEST_F(ShownSize, NativeComparesAtTheCodecsSizeAndSaysSo) {
  const Evaluation evaluation = evaluate(reconstruct(), "native");
  EXPECT_NE(to_table(evaluation).find("targets of 128 x 128 pixels were brought to the low-level pictures' 64 x 64"),
            std::string::npos);
}

TEST_F(ShownSize, OfResultsThatKeepReducedTargetsIsSaid) {
  reconstruction::Results results = reconstruct();
  results.targets_as_shown = false;
  for (const reconstruction::ResultRow& row : results.rows) {
    const std::filesystem::path target = results.folder / row.target;
    io::write_png(target, io::read_image(target).slice(0, 0, kShown, 2).slice(1, 0, kShown, 2).contiguous());
  }
  write_results(results);
  const reconstruction::Results read = reconstruction::read_results(results.folder);
  EXPECT_FALSE(read.targets_as_shown);
  EXPECT_NE(to_table(evaluate(read, "mindeye1-982")).find("keep targets at the codec's 64 x 64 pixels"),
            std::string::npos);
  EXPECT_EQ(to_table(evaluate(read, "native")).find("keep targets"), std::string::npos);

  EXPECT_TRUE(reconstruct().targets_as_shown) << "a run that is gone on with writes them again";
  EXPECT_TRUE(at::equal(io::read_image(results.folder / results.rows[1].target), shown_picture(1)));
}

}  // namespace
}  // namespace fmri2img::evaluation
