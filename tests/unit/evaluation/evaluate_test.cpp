#include "fmri2img/evaluation/evaluate.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/random.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/evaluation/compare_runs.h"
#include "fmri2img/evaluation/leak_guard.h"
#include "fmri2img/evaluation/score_report.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/check_results.h"
#include "fmri2img/reconstruction/seen_pictures.h"
#include "tests/support/errors.h"
#include "tests/support/small_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::evaluation {
namespace {

using reconstruction::Results;

/// A results folder with `images` random pictures; reconstruction i is target i with some noise.
class MadeUpResults {
 public:
  MadeUpResults(int64_t images, int64_t side) {
    std::filesystem::create_directories(folder_ / "targets");
    std::filesystem::create_directories(folder_ / "candidates/ridge");
    Manifest manifest;
    manifest.command = "reconstruct";
    manifest.finished = "2026-01-01T00:00:00Z";
    write_json(folder_ / "manifest.json", manifest.to_json());
    results = {folder_.path(), "subj01", "test", "test", {"ridge"}, side, side, "mean.png", 90, {}};
    at::Generator generator = make_generator(1);
    for (int64_t i = 0; i < images; ++i) {
      const at::Tensor target = at::randint(40, 200, {side, side}, generator, at::kByte);
      const at::Tensor made = target + at::randint(0, 40, {side, side}, generator, at::kByte);
      results.rows.push_back({i, fmt::format("picture-{}", i), "ridge", false, reconstruction::target_file(i), ""});
      results.rows.back().low = reconstruction::low_level_file("ridge", i);
      io::write_png(folder_ / results.rows.back().target, target);
      io::write_png(folder_ / results.rows.back().low, made);
    }
    io::write_png(folder_ / "mean.png", at::arange(side * side).fmod(200).to(at::kByte).view({side, side}));
    write_results(results);
  }

  Results results;

 private:
  testing::TemporaryFolder folder_;
};

const std::vector<PictureChoice> kRidge{{PictureChoice::Level::kLow, "ridge"}};

/// Without networks.
Evaluation evaluate(const Results& results,
                    const std::vector<PictureChoice>& choices,
                    const EvaluationOptions& options) {
  return evaluate(results, choices, options, MetricNetworks());
}

EvaluationOptions native() {
  return {.protocol = find_protocol("native")};
}

TEST(Evaluate, GivesEveryKeyOfTheContract) {
  const MadeUpResults made(4, 12);
  const Json json = to_json(evaluate(reconstruction::read_results(made.results.folder), kRidge, native()));
  EXPECT_EQ(json["images"], 4);
  for (const char* key : {"pixel_correlation", "mse", "ssim", "ssim_1d", "identification", "identification_top1"}) {
    EXPECT_LE(json[key]["low"].get<double>(), json[key]["mean"].get<double>()) << key;
    EXPECT_GE(json[key]["high"].get<double>(), json[key]["mean"].get<double>()) << key;
  }
  EXPECT_GT(json["pixel_correlation"]["mean"].get<double>(), 0.8);
  EXPECT_EQ(json["identification"]["mean"], 1);
  EXPECT_LT(json["baselines"]["mean_training_picture"]["pixel_correlation"]["mean"].get<double>(), 0.5);
  EXPECT_LT(json["baselines"]["chance"]["pixel_correlation"]["mean"].get<double>(), 0.5);
  EXPECT_EQ(json["baselines"]["chance"]["identification_top1"]["mean"], 0.25);
}

TEST(Evaluate, RefusesPicturesThatWereTrainedOnUnlessToldAndThenSaysSo) {
  MadeUpResults made(3, 12);
  made.results.rows[1].trained_on = true;
  EXPECT_ERROR(
      evaluate(made.results, kRidge, native()), "1 of the 3 pictures were trained on", "--allow-training-rows");
  try {
    evaluate(made.results, kRidge, native());
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kMismatch);
  }
  EvaluationOptions options = native();
  options.allow_training_rows = true;
  const Evaluation evaluation = evaluate(made.results, kRidge, options);
  EXPECT_NE(to_table(evaluation).find("1 of 3 images were TRAINED ON"), std::string::npos);
  EXPECT_EQ(to_json(evaluation)["training_rows"], 1);
  EXPECT_EQ(to_json(evaluation)["trained_on"][0], "picture-1 (trained on by ridge)");
}

TEST(Evaluate, NamesTheFileThatListsEveryRefusedPicture) {
  MadeUpResults made(7, 12);
  for (reconstruction::ResultRow& row : made.results.rows) row.trained_on = true;
  EXPECT_ERROR(evaluate(made.results, kRidge, native()), "and 2 more (all of them: trained_on in", "trials.csv\")");
  reconstruction::write_seen_pictures(made.results.folder, {});
  EXPECT_ERROR(evaluate(made.results, kRidge, native()), "and 2 more (all of them: \"", "seen_pictures.jsonl\")");
}

TEST(Evaluate, NamesTheWantedFilesWhereNoFolderOfWeightsIsGiven) {
  const MadeUpResults made(3, 40);
  const MetricNetworks networks({}, find_protocol("native"), 40, 40);
  const std::string table = to_table(evaluation::evaluate(made.results, kRidge, native(), networks));
  for (const char* file : {"alexnet.pth",
                           "inception_v3.pth",
                           "efficientnet_b1.pth",
                           "swav_resnet50.pth",
                           "squeezenet1_1.pth",
                           "vgg16.pth",
                           "lpips_alex.pth",
                           "lpips_vgg.pth",
                           "ViT-L-14.pt"})
    EXPECT_NE(table.find(file), std::string::npos) << file;
}

TEST(Evaluate, SaysOfWhichTrainingPictureARefusedOneIsACopy) {
  MadeUpResults made(3, 12);
  made.results.rows[1].trained_on = true;
  reconstruction::write_seen_pictures(
      made.results.folder, {{1, "picture-1", 44, "train-0045.png", reconstruction::kNearCopy, .99, {"ridge", "mlp"}}});
  EXPECT_ERROR(evaluate(made.results, kRidge, native()),
               "picture-1 (near copy of train-0045.png, trained on by ridge, mlp)");
}

TEST(CheckResults, NamesAMissingARepeatedAndAnExtraTrial) {
  const MadeUpResults made(3, 12);
  EXPECT_NO_THROW(reconstruction::check_results(made.results));
  Results results = made.results;
  results.rows.push_back(results.rows[1]);
  EXPECT_ERROR(reconstruction::check_results(results), "trial 1 stands 2 times in trials.jsonl for model \"ridge\"");
  results = made.results;
  results.models.emplace_back("mlp");
  EXPECT_ERROR(reconstruction::check_results(results), "trial 0 stands nowhere in trials.jsonl for model \"mlp\"");
  results = made.results;
  results.rows.pop_back();
  EXPECT_ERROR(reconstruction::check_results(results), "target_2.png", "is the target of no trial", "of another run");

  Manifest manifest = Manifest::read(results.folder / "manifest.json");
  manifest.results["images"] = 3;
  write_json(results.folder / "manifest.json", manifest.to_json());
  EXPECT_ERROR(reconstruction::check_results(results), "trials.jsonl has 2 images, the run made 3");
}

TEST(Evaluate, OfConstantPicturesAloneGivesNoCorrelationAndNoNan) {
  const MadeUpResults made(3, 12);
  for (const reconstruction::ResultRow& row : made.results.rows) {
    io::write_png(made.results.folder / row.low, at::full({12, 12}, 7, at::kByte));
  }
  io::write_png(made.results.folder / made.results.rows[2].target, at::full({12, 12}, 9, at::kByte));
  const Evaluation evaluation = evaluate(made.results, kRidge, native());
  const Json json = to_json(evaluation);
  EXPECT_TRUE(json["pixel_correlation"]["mean"].is_null());
  EXPECT_EQ(json["identification"]["mean"], 0);
  EXPECT_EQ(json["baselines"]["mean_training_picture"]["pixel_correlation"]["undefined"], 1);
  EXPECT_EQ(to_csv(evaluation).find("nan"), std::string::npos);
  EXPECT_EQ(to_table(evaluation).find("nan"), std::string::npos);
  EXPECT_NE(to_table(evaluation).find("not defined for 3 of 3 images"), std::string::npos);
}

TEST(Evaluate, SaysSoWhereATargetHasAnotherSize) {
  const MadeUpResults made(2, 12);
  io::write_png(made.results.folder / made.results.rows[0].target, at::zeros({12, 30}, at::kByte));
  EXPECT_ERROR(evaluate(made.results, kRidge, native()), "target_0.png", "12 x 30", "12 x 12");
}

TEST(RecordLeaks, NotesTheOverrideInTheManifestAndTakesItBackWithACleanEvaluation) {
  const MadeUpResults made(3, 12);
  const auto noted = [&] { return Manifest::read(made.results.folder / "manifest.json").results; };
  record_leaks(made.results.folder, "native", {});
  EXPECT_FALSE(noted().contains("evaluations"));
  record_leaks(made.results.folder, "native", {"picture-1 (trained on by ridge)"});
  EXPECT_EQ(noted()["evaluations"]["native"]["allow_training_rows"], true);
  EXPECT_EQ(noted()["evaluations"]["native"]["trained_on"].size(), 1U);
  record_leaks(made.results.folder, "native", {});
  EXPECT_EQ(noted()["evaluations"]["native"]["allow_training_rows"], false);
}

TEST(Evaluate, LeavesAConstantPictureOutOfTheCorrelationAndSaysSo) {
  const MadeUpResults made(3, 12);
  io::write_png(made.results.folder / made.results.rows[0].low, at::full({12, 12}, 7, at::kByte));
  const Evaluation evaluation = evaluate(made.results, kRidge, native());
  const Json json = to_json(evaluation);
  EXPECT_EQ(json["pixel_correlation"]["undefined"], 1);
  EXPECT_GT(json["pixel_correlation"]["mean"].get<double>(), 0.8);
  EXPECT_NEAR(json["identification"]["mean"].get<double>(), 2.0 / 3, 1e-12);
  EXPECT_NE(to_table(evaluation).find("constant pictures"), std::string::npos);
}

TEST(Evaluate, LeavesAConstantTargetOutOfIdentificationAndSaysSo) {
  const MadeUpResults made(4, 12);
  io::write_png(made.results.folder / made.results.rows[2].target, at::full({12, 12}, 9, at::kByte));
  const Evaluation evaluation = evaluate(made.results, kRidge, native());
  const Json json = to_json(evaluation);
  EXPECT_EQ(json["identification"]["mean"], 1) << "the others are all told apart";
  EXPECT_EQ(json["identification"]["undefined"], 1);
  EXPECT_EQ(json["identification_top1"]["mean"], 1);
  const std::string table = to_table(evaluation);
  EXPECT_NE(table.find("1 of 4 targets are constant: identification leaves them out"), std::string::npos) << table;
  EXPECT_EQ(table.find("as a failure"), std::string::npos) << table;
}

TEST(Evaluate, IdentifiesBaselinesByTheirPixels) {
  // One picture for all: over the images it is above and below equally often.
  const MadeUpResults made(5, 12);
  const Json baselines = to_json(evaluate(made.results, kRidge, native()))["baselines"];
  EXPECT_NEAR(baselines["mean_training_picture"]["identification"]["mean"].get<double>(), 0.5, 1e-12);
  EXPECT_NEAR(baselines["mean_training_picture"]["identification_top1"]["mean"].get<double>(), 0.2, 1e-12);
  EXPECT_EQ(baselines["mean_training_picture"]["identification_n_way"]["n"], 5);
}

/// Two models and a vote: high-level images are twice as large, and perfect where they were voted for.
Results add_high_level(Results results) {
  results.vote = "low-high";
  results.models = {"ridge", "mlp"};
  results.high_height = 2 * results.height;
  results.high_width = 2 * results.width;
  std::vector<reconstruction::ResultRow> rows;
  for (reconstruction::ResultRow row : results.rows) {
    for (const std::string& model : results.models) {
      row.model = model;
      row.voted = model == "mlp";
      row.high = reconstruction::high_level_file(model, row.trial);
      const at::Tensor picture = io::read_image(results.folder / (row.voted ? row.target : row.low));
      std::filesystem::create_directories((results.folder / row.high).parent_path());
      io::write_png(results.folder / row.high, picture.repeat_interleave(2, 0).repeat_interleave(2, 1));
      rows.push_back(row);
    }
  }
  results.rows = rows;
  return results;
}

TEST(Evaluate, ScoresTheVotedImagesFirstAndThenEverythingElse) {
  const MadeUpResults made(4, 12);
  const Results results = add_high_level(made.results);
  const std::vector<PictureChoice> choices = picture_choices(results);
  ASSERT_EQ(choices.size(), 5U);
  const Evaluation evaluation = evaluate(results, choices, native());
  const Json json = to_json(evaluation);
  EXPECT_EQ(json["model"], "voted");
  EXPECT_LT(json["mse"]["mean"], json["others"]["ridge high"]["mse"]["mean"]) << "perfect but for the resizing";
  EXPECT_EQ(json["others"]["mlp high"]["mse"], json["mse"]) << "the same pictures";
  EXPECT_EQ(json["others"].size(), 4U);
  EXPECT_NE(to_table(evaluation).find("mlp low"), std::string::npos);
  EXPECT_NE(
      to_table(evaluation).find("high-level images of 24 x 24 pixels were brought to the low-level pictures' 12 x 12"),
      std::string::npos);
}

TEST(Evaluate, SaysThatTargetsAreOfSeveralSizes) {
  MadeUpResults made(3, 12);
  made.results.targets_as_shown = true;
  EXPECT_EQ(to_table(evaluate(made.results, kRidge, native())).find("sizes"), std::string::npos);
  io::write_png(made.results.folder / made.results.rows[1].target, at::arange(20 * 16, at::kByte).view({20, 16}));
  const std::string table = to_table(evaluate(made.results, kRidge, native()));
  EXPECT_NE(table.find("targets are of 2 sizes, 12 x 12"), std::string::npos) << table;
  EXPECT_NE(table.find("20 x 16 (\"" + made.results.rows[1].target + "\"): each was brought to"), std::string::npos)
      << table;
  EXPECT_EQ(table.find("were brought to"), std::string::npos) << "said once" << table;
}

TEST(Evaluate, GivesAPresetsResizingHighLevelImagesAtTheirOwnSize) {
  const MadeUpResults made(2, 12);
  const Results results = add_high_level(made.results);
  const Protocol& protocol = find_protocol("mindeye1-982");
  const Evaluation evaluation = evaluate(results, picture_choices(results), {.protocol = protocol});
  double expected = 0;
  for (const reconstruction::ResultRow& row : rows_of(results, picture_choices(results).front())) {
    const auto prepared = [&](const std::string& file) {
      return protocol.prepare(io::read_image(results.folder / file));
    };
    expected += score_pictures(prepared(row.target), prepared(row.high)).pixel_correlation / 2;
  }
  EXPECT_NEAR(to_json(evaluation)["pixel_correlation"]["mean"].get<double>(), expected, 1e-9);
  EXPECT_EQ(to_table(evaluation).find("were brought to"), std::string::npos);
}

TEST(Evaluate, RefusesVotedImagesOfPicturesThatAnyModelWasTrainedOn) {
  const MadeUpResults made(3, 12);
  Results results = add_high_level(made.results);
  results.rows[2].trained_on = true;  // by "ridge", which was not voted for
  EXPECT_ERROR(evaluate(results, picture_choices(results), native()), "1 of the 3 pictures were trained on");
}

TEST(Evaluate, ScoresEachVotesPicksBesideTheRunsOwn) {
  const MadeUpResults made(4, 12);
  const Results results = add_high_level(made.results);
  std::string picks;
  for (int trial = 0; trial < 4; ++trial) {
    picks += fmt::format(
        R"({{"trial": {}, "votes": {{"low-high": {{"pick": "mlp"}}, "first": {{"pick": "ridge"}}, "random": {{"pick": "{}"}}}}}})"
        "\n",
        trial,
        trial % 2 == 0 ? "ridge" : "mlp");
  }
  write_file(results.folder / "picks.jsonl", picks);
  const Json json = to_json(evaluate(results, picture_choices(results), native()));
  const Json &others = json["others"], &ridge = others["ridge high"], &random = others["vote random"];
  EXPECT_EQ(others["vote first"]["mse"], ridge["mse"]);
  EXPECT_GT(random["mse"]["mean"], json["mse"]["mean"]);
  EXPECT_LT(random["mse"]["mean"], ridge["mse"]["mean"]) << "perfect in two of four trials";
  EXPECT_FALSE(others.contains("vote low-high")) << "it is the answer";
  EXPECT_EQ(others["vote first"]["identification"]["mean"], 1);
  const std::string missing = "no lines of the votes average, consensus, encoder, which the run did not compute";
  EXPECT_NE(json["notes"].dump().find(missing), std::string::npos) << json["notes"];
  EXPECT_EQ(json["baselines"]["low_level_only"]["identification"]["mean"], 1);

  write_file(results.folder / "picks.jsonl", picks.substr(0, picks.rfind("{\"trial\"")));
  EXPECT_ERROR(evaluate(results, picture_choices(results), native()), "vote first: trial 3 is missing");
}

/// Gives the run a subject and a decoder that was trained on row 3 alone.
void add_training(const Results& results) {
  const std::filesystem::path subject = results.folder / "subject", decoder = results.folder / "decoder";
  testing::write_small_subject(subject, {.side = results.height});
  std::filesystem::create_directories(decoder);
  decoding::DecoderRecord record;
  record.kind = "ridge";
  record.subject = "subject";
  record.subject_fingerprint = data::Subject::open(subject).fingerprint();
  record.vertices.num_vertices = 1;
  record.vertices.columns = {0};
  record.codec = Json::object();
  record.latent_shape = {1, 1, 1};
  record.train_rows = {3};
  decoding::write_decoder(decoder, record, {{"weight", at::zeros({1})}}, Json::object());
  Manifest manifest = Manifest::read(results.folder / "manifest.json");
  manifest.inputs[subject.string()] = record.subject_fingerprint;
  manifest.settings["decoders"] = Json::array({decoder.string()});
  write_json(results.folder / "manifest.json", manifest.to_json());
}

TEST(Evaluate, HasARandomTrainingPictureAsABaseline) {
  const MadeUpResults made(4, 12);
  EXPECT_NE(to_table(evaluate(made.results, kRidge, native())).find("random_training_picture is not computed"),
            std::string::npos);
  add_training(made.results);
  const Json json = to_json(evaluate(made.results, kRidge, native()));
  const data::Subject subject = data::Subject::open(made.results.folder / "subject");
  const at::Tensor trained_on = io::read_image(subject.pictures(data::Partition::kTrain).path(3)).to(at::kDouble) / 255;
  double expected = 0;
  for (const reconstruction::ResultRow& row : made.results.rows) {
    const at::Tensor target = io::read_image(made.results.folder / row.target).to(at::kDouble) / 255;
    expected += (target - trained_on).square().mean().item<double>() / 4;
  }
  EXPECT_NEAR(json.at("baselines").at("random_training_picture").at("mse").at("mean").get<double>(), expected, 1e-6);
}

TEST(CompareRuns, ReadsTablesWithCaptions) {
  const MadeUpResults made(3, 12);
  Evaluation evaluation = evaluate(made.results, kRidge, native());
  for (ScoredImage& image : evaluation.images) image.target_caption = "a dog, and a \"cat\"";
  write_evaluation(made.results.folder, evaluation);
  const ScoreTable table = read_score_table(made.results.folder, find_protocol("native"));
  EXPECT_EQ(table.scores.back(), "caption_cosine");
  EXPECT_EQ(table.trials.size(), 3U);
  EXPECT_EQ(compare_runs(table, table, 42).images, 3);
}

TEST(Evaluate, OfOneImageSaysThatIdentificationIsImpossible) {
  const MadeUpResults made(1, 12);
  const Evaluation evaluation = evaluate(made.results, kRidge, native());
  EXPECT_TRUE(to_json(evaluation)["identification"]["mean"].is_null());
  EXPECT_NE(to_table(evaluation).find("needs at least two images"), std::string::npos);
  EXPECT_TRUE(to_table(evaluation).starts_with("1 image, preset native"));
}

TEST(Evaluate, OfPicturesBelowTheSsimWindowGivesNullAndSaysSo) {
  const MadeUpResults made(3, 10);
  const Evaluation evaluation = evaluate(made.results, kRidge, native());
  EXPECT_TRUE(to_json(evaluation)["ssim"]["mean"].is_null());
  EXPECT_FALSE(to_json(evaluation)["mse"]["mean"].is_null());
  EXPECT_NE(to_table(evaluation).find("shorter than the window of 11 pixels"), std::string::npos);
}

TEST(Evaluate, NamesAMissingAndAWrongSizedPicture) {
  const MadeUpResults made(2, 12);
  io::write_png(made.results.folder / made.results.rows[1].low, at::zeros({9, 12}, at::kByte));
  EXPECT_ERROR(evaluate(made.results, kRidge, native()), "low_1.png", "9 x 12", "12 x 12");
  std::filesystem::remove(made.results.folder / made.results.rows[1].low);
  EXPECT_ERROR(evaluate(made.results, kRidge, native()), "low_1.png");
}

TEST(Evaluate, RefusesATrialWithoutATarget) {
  MadeUpResults made(2, 12);
  made.results.rows[1].target.clear();
  EXPECT_ERROR(evaluate(made.results, kRidge, native()), "trial 1 has no target", "test split");
}

TEST(Evaluate, RefusesMoreDistractorsThanImages) {
  const MadeUpResults made(3, 12);
  EvaluationOptions options = native();
  options.among = 5;
  EXPECT_ERROR(evaluate(made.results, kRidge, options), "--among 5", "there are 3 images");
}

TEST(Evaluate, PublishedPresetsSayHowManyImagesTheyAreOver) {
  const MadeUpResults made(3, 28);
  for (const char* preset : {"mindeye2-1000", "mindeye1-982", "brain-diffuser"}) {
    const Evaluation evaluation = evaluate(made.results, kRidge, {.protocol = find_protocol(preset)});
    EXPECT_NE(to_table(evaluation).find("these over 3"), std::string::npos) << preset;
    EXPECT_EQ(to_json(evaluation)["preset"], preset);
  }
}

TEST(WriteEvaluation, KeepsTheAntialiasedVariantApartAndLabelsIt) {
  const MadeUpResults made(3, 12);
  Protocol protocol = find_protocol("mindeye1-982");
  write_evaluation(made.results.folder, evaluate(made.results, kRidge, {.protocol = protocol}));
  protocol.antialias = true;
  const Evaluation antialiased = evaluate(made.results, kRidge, {.protocol = protocol});
  write_evaluation(made.results.folder, antialiased);
  const auto read = [&](const std::string& file) { return read_json(made.results.folder / file); };
  EXPECT_EQ(read("evaluation_mindeye1-982.json")["protocol"], "mindeye1-982");
  EXPECT_EQ(read("evaluation_mindeye1-982_antialiased.json")["protocol"], "mindeye1-982, antialiased");
  EXPECT_NE(to_table(antialiased).find("3 images, preset mindeye1-982, antialiased: "), std::string::npos);
  EXPECT_NE(to_table_csv(antialiased).find("\"mindeye1-982, antialiased\",answer,ridge,ssim,"), std::string::npos);
  EXPECT_TRUE(read_score_table(made.results.folder, protocol).antialias);
  EXPECT_ERROR(read_score_table(made.results.folder, find_protocol("brain-diffuser")), "--preset brain-diffuser first");
}

TEST(FindProtocol, SuggestsTheNearest) {
  EXPECT_ERROR(find_protocol("mindeye2"), "mindeye2-1000");
}

TEST(ReadResults, SaysWhatIsWrongWithTheFolder) {
  const testing::TemporaryFolder folder;
  EXPECT_ERROR(reconstruction::read_results(folder / "none"), "is no folder");
  EXPECT_ERROR(reconstruction::read_results(folder.path()), "no manifest.json");
  Manifest manifest;
  manifest.command = "train";
  write_json(folder / "manifest.json", manifest.to_json());
  EXPECT_ERROR(reconstruction::read_results(folder.path()), "made by \"train\"");
  manifest.command = "reconstruct";
  write_json(folder / "manifest.json", manifest.to_json());
  EXPECT_ERROR(reconstruction::read_results(folder.path()), "has not ended", "run its command again");
}

}  // namespace
}  // namespace fmri2img::evaluation
