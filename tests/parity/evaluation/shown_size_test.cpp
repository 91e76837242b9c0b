// Pictures that are of another size than what the codec makes go through a preset's own resizing as they were shown.
// Golden: NumPy 2.4.6, scikit-image 0.26.0, PyTorch 2.13.0 and Pillow 13.0.0, tools/parity/shown_size.py.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <numeric>
#include <set>

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

constexpr int64_t kCount = 4;
constexpr double kNear = 1e-4;

/// Of a picture as it was shown, and as it is reconstructed.
struct Sides {
  int64_t shown = 128, made = 64;
};

at::Tensor places(int64_t count, at::IntArrayRef shape) {
  return at::arange(count, at::kLong).view(shape);
}

at::Tensor whole(const at::Tensor& values, int64_t divisor) {
  return at::div(values, divisor, "floor");
}

/// uint8 [side, side, 3], as `shown_picture` of the script.
at::Tensor shown_picture(int64_t i, int64_t side) {
  const at::Tensor y = places(side, {-1, 1, 1}), x = places(side, {1, -1, 1}), c = places(3, {1, 1, -1});
  const at::Tensor texture = at::remainder(x * (i + 3) + 5 * y + 11 * c, 7) * 10;
  return (whole((40 + 20 * i) * x, side) + whole(60 * y, side) + 20 * c + texture).to(at::kByte);
}

/// uint8 [side, side], as `made_picture` of the script.
at::Tensor made_picture(int64_t i, int64_t side) {
  const at::Tensor y = places(side, {-1, 1}), x = places(side, {1, -1});
  return (whole((130 - 25 * i) * x, side) + whole(40 * y, side) + at::remainder(x * y * (i + 1), 9) * 6).to(at::kByte);
}

/// Responses are latents.
class Reader : public decoding::LatentDecoder {
 public:
  explicit Reader(int64_t side) : side_(side) {}
  at::Tensor predict(const at::Tensor& responses) override { return responses.view({-1, 1, side_, side_}); }

 private:
  int64_t side_;
};

/// A subject whose responses are the low-level pictures.
data::Subject write_subject(const std::filesystem::path& folder, Sides sides) {
  const int64_t vertices = sides.made * sides.made;
  data::SubjectWriter writer(folder, {.train_rows = 1, .test_rows = kCount, .left_vertices = vertices});
  writer.write_responses(data::Partition::kTrain, 0, at::zeros({1, vertices}));
  writer.write_picture(data::Partition::kTrain, 0, at::full({sides.shown, sides.shown, 3}, 7, at::kByte));
  for (int64_t i = 0; i < kCount; ++i) {
    const at::Tensor grey = made_picture(i, sides.made).to(at::kFloat) + 0.5;  // away from the edge of truncation
    writer.write_responses(data::Partition::kTest, i, (grey / 255).view({1, -1}));
    writer.write_picture(data::Partition::kTest, i, shown_picture(i, sides.shown));
  }
  writer.commit();
  return data::Subject::open(folder);
}

/// A run of the codec `pixels`, whose reconstructions are the made pictures.
class MadeRun {
 public:
  explicit MadeRun(Sides sides = {}) : sides_(sides), subject_(write_subject(folder_ / "subj01", sides)) {}

  /// What `reconstruct` leaves.
  reconstruction::Results reconstruct() {
    const int64_t side = sides_.made;
    reconstruction::Member member{"pixels", "pixels", {}};
    member.record.kind = "ridge";
    member.record.latent_shape = {1, side, side};
    member.record.codec = Json::object();
    member.record.vertices.num_vertices = side * side;
    for (int64_t i = 0; i < side * side; ++i) member.record.vertices.columns.push_back(i);
    member.record.train_rows = {0};
    reconstruction::ReconstructionJob job{subject_, {member}, {}, "test", {}};
    job.trials.partition = data::Partition::kTest;
    for (int64_t i = 0; i < kCount; ++i) job.trials.rows.push_back(i);
    job.open.decoder = [side](const reconstruction::Member&) { return std::make_unique<Reader>(side); };
    job.open.codec = [side](const Json&) {
      return std::make_unique<models::PixelsCodec>(models::PictureSize{side, side, 1});
    };
    Manifest manifest;
    manifest.command = "reconstruct";
    manifest.finished = "2026-01-01T00:00:00Z";
    std::filesystem::create_directories(folder_ / "results");
    write_json(folder_ / "results/manifest.json", manifest.to_json());
    reconstruction::reconstruct(job, folder_ / "results");
    return reconstruction::read_results(folder_ / "results");
  }

 private:
  Sides sides_;
  testing::TemporaryFolder folder_;
  data::Subject subject_;
};

Evaluation evaluate_preset(const reconstruction::Results& results, const std::string& preset) {
  EvaluationOptions options;
  options.protocol = find_protocol(preset.substr(0, preset.find(' ')));
  options.protocol.antialias = preset.ends_with("antialias");
  return evaluate(results, picture_choices(results), options, MetricNetworks());
}

double score_of(const ScoredImage& image, const std::string& score) {
  if (score == "pixel_correlation") return image.scores.pixel_correlation;
  if (score == "mse") return image.scores.mse;
  if (score == "ssim") return image.scores.ssim;
  return score == "ssim_1d" ? image.scores.ssim_1d : image.identification.value();
}

void expect_golden(const Evaluation& evaluation, const Json& scores, const std::string& what) {
  for (const auto& [score, values] : scores.items()) {
    const auto expected = values.get<std::vector<double>>();
    ASSERT_EQ(expected.size(), evaluation.images.size());
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(score_of(evaluation.images[i], score), expected[i], kNear) << what << " " << score << " " << i;
    const double mean = std::accumulate(expected.begin(), expected.end(), 0.0) / static_cast<double>(kCount);
    EXPECT_NEAR(to_json(evaluation)[score]["mean"].get<double>(), mean, kNear) << what << " " << score;
  }
}

TEST(ShownSize, ReproducesReferenceValuesInEveryPreset) {
  const Json golden = read_json(testing::test_data("evaluation/shown_size.json"));
  for (const Json& size : golden.at("sizes")) {
    const Sides sides{size.at("shown").get<int64_t>(), size.at("made").get<int64_t>()};
    MadeRun run(sides);
    const reconstruction::Results results = run.reconstruct();
    const at::Tensor made = io::read_image(results.folder / results.rows[1].low);
    ASSERT_TRUE(at::equal(made.select(2, 0), made_picture(1, sides.made)));
    EXPECT_TRUE(at::equal(io::read_image(results.folder / results.rows[1].target), shown_picture(1, sides.shown)));
    std::set<std::string> presets;
    for (const auto& [preset, scores] : size.at("presets").items()) {
      presets.insert(preset.substr(0, preset.find(' ')));
      expect_golden(evaluate_preset(results, preset), scores, fmt::format("{}, shown at {}", preset, sides.shown));
    }
    for (const Protocol& protocol : all_protocols()) EXPECT_TRUE(presets.contains(protocol.name)) << protocol.name;
  }
}

TEST(ShownSize, NativeComparesAtTheCodecsSizeAndSaysSo) {
  const std::string table = to_table(evaluate_preset(MadeRun().reconstruct(), "native"));
  EXPECT_NE(table.find("targets of 128 x 128 pixels were brought to the low-level pictures' 64 x 64"),
            std::string::npos);
}

TEST(ShownSize, OfResultsThatKeepReducedTargetsIsSaid) {
  MadeRun run;
  reconstruction::Results results = run.reconstruct();
  results.targets_as_shown = false;
  for (const reconstruction::ResultRow& row : results.rows) {
    const std::filesystem::path target = results.folder / row.target;
    io::write_png(target, io::read_image(target).slice(0, 0, 128, 2).slice(1, 0, 128, 2).contiguous());
  }
  write_results(results);
  const reconstruction::Results read = reconstruction::read_results(results.folder);
  EXPECT_FALSE(read.targets_as_shown);
  EXPECT_NE(to_table(evaluate_preset(read, "mindeye1-982")).find("keep targets at the codec's 64 x 64 pixels"),
            std::string::npos);
  EXPECT_EQ(to_table(evaluate_preset(read, "native")).find("keep targets"), std::string::npos);

  EXPECT_TRUE(run.reconstruct().targets_as_shown) << "a run that is gone on with writes them again";
  EXPECT_TRUE(at::equal(io::read_image(results.folder / results.rows[1].target), shown_picture(1, 128)));
}

}  // namespace
}  // namespace fmri2img::evaluation
