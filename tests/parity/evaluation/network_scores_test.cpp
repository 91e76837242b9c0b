#include <fmt/format.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/json.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/evaluation/evaluate.h"
#include "fmri2img/evaluation/line_scores.h"
#include "fmri2img/evaluation/score_report.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/safetensors.h"
#include "tests/parity/vision/made_weights.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::evaluation {
namespace {

namespace fs = std::filesystem;
using models::VisionNetwork;

// Golden: torchvision 0.28.0, lpips 0.1.4 and NumPy 2.4.6, tools/parity/vision.py.
constexpr double kTolerance = 1e-4;

Json golden_metrics() {
  return read_json(testing::test_data("vision/golden.json"))["metrics"];
}

/// uint8 [count, side, side, 3], as `made_pixels` of tools/parity/made_pictures.py.
at::Tensor made_pixels(int64_t count, int64_t side, int number) {
  const at::Tensor values =
      testing::made_values(fmt::format("pixels {}", number), count * side * side * 3).view({count, side, side, 3});
  const at::Tensor blocks = testing::made_values(fmt::format("blocks {}", number), count * 48).view({count, 4, 4, 3});
  const at::Tensor large = blocks.repeat_interleave(side / 4, 1).repeat_interleave(side / 4, 2);
  return (60 * values + 190 * large).floor().to(at::kByte);
}

/// As `mixed_pixels` of tools/parity/made_pictures.py.
at::Tensor mixed_pixels(int64_t count, int64_t side) {
  const auto quarter = [](const at::Tensor& pixels) { return pixels.div(4, "floor"); };
  return (quarter(made_pixels(count, side, 0)) + quarter(made_pixels(count, side, 1)) * 3).to(at::kByte);
}

void write_network(const fs::path& path, VisionNetwork network) {
  models::NamedWeights wanted({}, "", "");
  models::make_feature_network(network, wanted);
  io::write_safetensors(path, testing::made_weights(wanted));
}

void write_lpips(const fs::path& folder, models::LpipsNet net, const std::string& backbone_file) {
  models::NamedWeights backbone({}, "", ""), heads({}, "", "");
  const models::Lpips lpips(net, backbone, heads);
  io::write_safetensors(folder / ("lpips_v0.1_" + models::lpips_name(net) + ".safetensors"),
                        testing::made_weights(heads));
  if (!backbone_file.empty()) io::write_safetensors(folder / backbone_file, testing::made_weights(backbone));
}

/// Made weights of every network, under names that people have.
class EveryWeight {
 public:
  EveryWeight() {
    write_network(folder_ / "alexnet-owt-7be5be79.safetensors", VisionNetwork::kAlexNet);
    write_network(folder_ / "inception_v3_google-0cc3c7bd.safetensors", VisionNetwork::kInceptionV3);
    write_network(folder_ / "efficientnet_b1.safetensors", VisionNetwork::kEfficientNetB1);
    write_network(folder_ / "swav_800ep_pretrain.safetensors", VisionNetwork::kResNet50);
    write_lpips(folder_.path(), models::LpipsNet::kAlex, "");
    write_lpips(folder_.path(), models::LpipsNet::kSqueeze, "squeezenet1_1.safetensors");
    write_lpips(folder_.path(), models::LpipsNet::kVgg, "vgg16.safetensors");
  }

  const fs::path& path() const { return folder_.path(); }

 private:
  testing::TemporaryFolder folder_;
};

/// Made weights of AlexNet, EfficientNet-B1 and the heads of LPIPS (alex), for what holds for any network.
class WeightFolder {
 public:
  WeightFolder() {
    write_network(folder_ / "alexnet-owt-7be5be79.safetensors", VisionNetwork::kAlexNet);
    write_network(folder_ / "efficientnet_b1.safetensors", VisionNetwork::kEfficientNetB1);
    write_lpips(folder_.path(), models::LpipsNet::kAlex, "");
  }

  const fs::path& path() const { return folder_.path(); }

 private:
  testing::TemporaryFolder folder_;
};

/// The results of a run of one model, the golden pictures.
class GoldenResults {
 public:
  GoldenResults(int64_t count, int64_t side) {
    fs::create_directories(folder_ / "targets");
    fs::create_directories(folder_ / "candidates/ridge");
    Manifest manifest;
    manifest.command = "reconstruct";
    manifest.finished = "2026-01-01T00:00:00Z";
    write_json(folder_ / "manifest.json", manifest.to_json());
    results = {folder_.path(), "subj01", "test", "test", {"ridge"}, side, side, "mean.png", 90, {}};
    const at::Tensor targets = made_pixels(count, side, 0), made = mixed_pixels(count, side);
    for (int64_t i = 0; i < count; ++i) {
      reconstruction::ResultRow row;
      row.trial = i;
      row.model = "ridge";
      row.target = reconstruction::target_file(i);
      row.low = reconstruction::low_level_file("ridge", i);
      io::write_png(folder_ / row.target, targets[i]);
      io::write_png(folder_ / row.low, made[i]);
      results.rows.push_back(row);
    }
    io::write_png(folder_ / "mean.png", targets.to(at::kDouble).mean(0).round().to(at::kByte));
  }

  reconstruction::Results results;

 private:
  testing::TemporaryFolder folder_;
};

Evaluation evaluate_golden(const reconstruction::Results& results, const fs::path& weights, const Protocol& protocol) {
  EvaluationOptions options;
  options.protocol = protocol;
  const MetricNetworks networks({.weights = weights}, protocol, results.height, results.width);
  return evaluate(results, picture_choices(results), options, networks);
}

TEST(NetworkScores, ReproduceReferenceValuesInEveryPreset) {
  const Json golden = golden_metrics();
  const EveryWeight weights;
  const GoldenResults made(golden["count"].get<int64_t>(), golden["side"].get<int64_t>());
  for (const auto& [name, scores] : golden["presets"].items()) {
    Protocol protocol = find_protocol(name.substr(0, name.find(' ')));
    protocol.antialias = name.ends_with("antialias");
    const Json json = to_json(evaluate_golden(made.results, weights.path(), protocol));
    for (const auto& [score, value] : scores.items()) {
      EXPECT_NEAR(json[score]["mean"].get<double>(), value.get<double>(), kTolerance) << name << " " << score;
    }
  }
}

/// A pass over the golden pictures that measures nothing but them.
PassInput golden_pass(int64_t count, int64_t side) {
  PassInput input;
  input.identify = false;
  input.read = [targets = made_pixels(count, side, 0), made = mixed_pixels(count, side)](const std::string& file) {
    return (file.front() == 't' ? targets : made)[std::stoll(file.substr(1))];
  };
  for (int64_t i = 0; i < count; ++i) {
    input.targets.push_back(fmt::format("t{}", i));
    input.pictures.push_back({{fmt::format("m{}", i)}});
    input.circle.push_back(i);
  }
  return input;
}

TEST(NetworkScores, OfClipReproduceReferenceValuesImageByImage) {
  // Golden: transformers 5.24.0's CLIP on the miniature zoo and NumPy 2.4.6, tools/parity/clip_scores.py.
  const Json golden = read_json(testing::test_data("vision/clip_scores.json"));
  const PassInput input = golden_pass(golden["count"].get<int64_t>(), golden["side"].get<int64_t>());
  for (const auto& [name, expected] : golden["presets"].items()) {
    Protocol protocol = find_protocol(name.substr(0, name.find(' ')));
    protocol.antialias = name.ends_with("antialias");
    const MetricNetworks networks({.clip = testing::test_data("../../zoo/mini/clip")}, protocol, 96, 96);
    const PassOutput output = measure_pictures(input, protocol, networks);
    std::vector<Measurement> measured;
    for (size_t i = 0; i < input.pictures.size(); ++i)
      measured.push_back(output.pictures[i].at(input.pictures[i].front().file));
    for (const char* rule : {"cosine", "csls"}) {
      const EvaluationOptions options{.protocol = protocol, .csls = rule == std::string("csls")};
      const ScoredLine line = LineScores(networks, output.target_clip, {}, options).score("made", measured, {});
      for (size_t i = 0; i < measured.size(); ++i) {
        EXPECT_NEAR(line.networks[i].at("clip"), expected["clip"][i].get<double>(), kTolerance) << name << " " << i;
        for (const auto& [score, hits] : expected[rule].items())
          EXPECT_EQ(line.networks[i].at(score), hits[i].get<double>())
              << name << " " << rule << " " << score << " " << i;
      }
    }
  }
}

TEST(NetworkScores, OfCaptionsReproduceReferenceValues) {
  // Golden: transformers 5.24.0's BLIP and CLIP on the miniature zoo, tools/parity/caption_cosine.py.
  const Json golden = read_json(testing::test_data("vision/captions.json"));
  const auto captions = golden["captions"].get<std::vector<std::string>>();
  GoldenResults made(static_cast<int64_t>(captions.size()), golden["side"].get<int64_t>());
  reconstruction::Results& results = made.results;
  results.vote = "low-high";
  results.high_height = results.height;
  results.high_width = results.width;
  for (size_t i = 0; i < captions.size(); ++i) {
    results.rows[i].high = results.rows[i].low;
    results.rows[i].caption = captions[i];
    results.rows[i].voted = true;
  }
  const fs::path zoo = testing::test_data("../../zoo/mini");
  EvaluationOptions options;
  options.protocol = find_protocol("native");
  const MetricNetworks networks({{}, zoo / "clip", zoo / "blip"}, options.protocol, results.height, results.width);
  const Evaluation evaluation = evaluate(results, picture_choices(results), options, networks);
  for (size_t i = 0; i < captions.size(); ++i) {
    EXPECT_EQ(evaluation.images[i].target_caption, golden["target_captions"][i]) << i;
    EXPECT_NEAR(evaluation.images[i].networks.at("caption_cosine"), golden["cosines"][i].get<double>(), kTolerance)
        << captions[i];
  }
  EXPECT_NEAR(to_json(evaluation)["caption_cosine"]["mean"].get<double>(), golden["mean"].get<double>(), kTolerance);
  EXPECT_TRUE(to_json(evaluation)["baselines"]["chance"]["caption_cosine"]["mean"].is_null());
  const Json retrieval = to_json(evaluation)["retrieval_clip_l_target"];
  EXPECT_EQ(retrieval["over_draws"]["low"], retrieval["over_draws"]["high"]) << "every draw is of all eight images";
  EXPECT_LT(retrieval["low"], retrieval["high"]);
}

TEST(NetworkScores, StandBesideTheirBaselinesWithTheirWeights) {
  const WeightFolder weights;
  const GoldenResults made(6, 96);
  const Evaluation evaluation = evaluate_golden(made.results, weights.path(), find_protocol("native"));
  const Json json = to_json(evaluation);
  EXPECT_LT(json["efficientnet"]["mean"], json["baselines"]["chance"]["efficientnet"]["mean"]);
  EXPECT_LT(json["lpips_alex"]["mean"], json["baselines"]["chance"]["lpips_alex"]["mean"]);
  EXPECT_EQ(json["baselines"]["chance"]["alexnet2"]["mean"], 0.5);
  EXPECT_NEAR(json["baselines"]["mean_training_picture"]["alexnet2"]["mean"].get<double>(), 0.5, 1e-9)
      << "one picture for all of them is above and below equally often";
  EXPECT_LE(json["alexnet2"]["low"], json["alexnet2"]["mean"]);
  EXPECT_EQ(json["networks"][0]["scores"], Json({"alexnet2", "alexnet5", "lpips_alex"}));
  EXPECT_TRUE(json["networks"][0]["hash"].get<std::string>().starts_with("sha256:"));
  EXPECT_NE(to_table(evaluation).find("weights: alexnet-owt-7be5be79.safetensors ("), std::string::npos);
  EXPECT_NE(to_csv(evaluation).find("alexnet2,alexnet5,inception,clip"), std::string::npos);
  const std::string csv = to_table_csv(evaluation);
  EXPECT_TRUE(csv.starts_with("preset,group,line,score,mean,low,high,undefined,images,weights,note\n"));
  EXPECT_NE(csv.find(",0,6," + json["networks"][0]["hash"].get<std::string>() + ","), std::string::npos) << csv;
}

TEST(NetworkScores, NameTheFileOfWhatIsNotComputed) {
  const WeightFolder weights;
  const GoldenResults made(3, 96);
  const Evaluation evaluation = evaluate_golden(made.results, weights.path(), find_protocol("native"));
  EXPECT_TRUE(to_json(evaluation)["inception"]["mean"].is_null());
  const std::string table = to_table(evaluation), csv = to_table_csv(evaluation);
  for (const char* file : {"inception_v3.pth", "swav_resnet50.pth", "squeezenet1_1.pth", "vgg16.pth"}) {
    EXPECT_NE(table.find(std::string(file) + "\" is missing"), std::string::npos) << file;
    EXPECT_NE(csv.find(file), std::string::npos) << file;
  }
  EXPECT_NE(table.find("not computed: clip, retrieval_clip_l_target"), std::string::npos) << table;
}

TEST(NetworkScores, OfPicturesTooSmallForLpipsSaySo) {
  const WeightFolder weights;
  const GoldenResults made(3, 28);
  const Evaluation evaluation = evaluate_golden(made.results, weights.path(), find_protocol("native"));
  EXPECT_FALSE(to_json(evaluation)["alexnet5"]["mean"].is_null());
  EXPECT_NE(to_table(evaluation).find("lpips_vgg: pictures of 28 x 28 are smaller than LPIPS's 32"), std::string::npos);
}

TEST(NetworkScores, CountConstantPicturesInsteadOfSpoilingTheMean) {
  const WeightFolder weights;
  const GoldenResults made(3, 96);
  io::write_png(made.results.folder / made.results.rows[1].low, at::full({96, 96}, 40, at::kByte));
  const Json json = to_json(evaluate_golden(made.results, weights.path(), find_protocol("native")));
  EXPECT_EQ(json["pixel_correlation"]["undefined"], 1);
  EXPECT_TRUE(std::isfinite(json["efficientnet"]["mean"].get<double>()));
}

TEST(NetworkScores, OfOneImageHaveDistancesButNoIdentification) {
  const WeightFolder weights;
  const GoldenResults made(1, 96);
  const Evaluation evaluation = evaluate_golden(made.results, weights.path(), find_protocol("native"));
  EXPECT_TRUE(to_json(evaluation)["alexnet2"]["mean"].is_null());
  EXPECT_FALSE(to_json(evaluation)["lpips_alex"]["mean"].is_null());
  EXPECT_NE(to_table(evaluation).find("needs at least two images"), std::string::npos);
}

// torchvision's first and second set fit the same network; their names tell them apart.
TEST(MetricNetworks, SayThatWeightsAreNotThoseOfThePreset) {
  const WeightFolder weights;
  const auto noted = [&](const char* file, const char* preset) {
    fs::rename(weights.path() / "efficientnet_b1.safetensors", weights.path() / file);
    const MetricNetworks networks({.weights = weights.path()}, find_protocol(preset), 96, 96);
    fs::rename(weights.path() / file, weights.path() / "efficientnet_b1.safetensors");
    return std::ranges::any_of(networks.notes(), [&](const std::string& note) {
      return note.find(file) != std::string::npos && note.find("another set of weights") != std::string::npos;
    });
  };
  EXPECT_TRUE(noted("efficientnet_b1_rwightman-bac287d4.safetensors", "mindeye1-982"));
  EXPECT_FALSE(noted("efficientnet_b1_rwightman-bac287d4.safetensors", "brain-diffuser"));
  EXPECT_TRUE(noted("efficientnet_b1-c27df63c.safetensors", "brain-diffuser"));
  EXPECT_FALSE(noted("efficientnet_b1-c27df63c.safetensors", "mindeye1-982"));
}

TEST(MetricNetworks, RefuseTheWeightsOfAnotherNetworkAndTwoFilesForOne) {
  const WeightFolder weights;
  const Protocol& native = find_protocol("native");
  fs::copy(weights.path() / "efficientnet_b1.safetensors", weights.path() / "inception_v3.safetensors");
  EXPECT_ERROR(MetricNetworks({.weights = weights.path()}, native, 96, 96),
               "inception_v3.safetensors",
               "torchvision's Inception-v3",
               "\"Conv2d_1a_3x3.conv.weight\" (32 x 3 x 3 x 3) is missing");
  fs::remove(weights.path() / "inception_v3.safetensors");
  fs::copy(weights.path() / "efficientnet_b1.safetensors", weights.path() / "efficientnet_b1.pth");
  EXPECT_ERROR(MetricNetworks({.weights = weights.path()}, native, 96, 96), "efficientnet_b1.pth", "leave one of them");
  EXPECT_ERROR(MetricNetworks({.weights = weights.path() / "none"}, native, 96, 96), "is no folder");
}

}  // namespace
}  // namespace fmri2img::evaluation
