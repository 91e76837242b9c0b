#include "fmri2img/reconstruction/ensemble/ensemble.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::reconstruction {
namespace {

namespace fs = std::filesystem;

class EnsembleTest : public ::testing::Test {
 protected:
  EnsembleOptions read(const std::string& text) {
    write_file(folder / "e.toml", text);
    return read_ensemble_file(folder / "e.toml");
  }

  /// Options that are complete: models that are there, and one decoder.
  EnsembleOptions complete() {
    for (const char* name : {"stable-diffusion", "clip", "blip"}) fs::create_directories(folder / "zoo" / name);
    EnsembleOptions options;
    options.decoder = {"a"};
    options.zoo = (folder / "zoo").string();
    return options;
  }

  testing::TemporaryFolder folder;
};

TEST_F(EnsembleTest, FileSaysTheSameAsTheOptions) {
  const EnsembleOptions options = read(
      "decoder = ['ridge', '/abs/mlp']\nzoo = 'zoo'\nstrength = 1\nguidance = 7.5\nsteps = 20\nscheduler = 'ddim'\n"
      "negative = 'blurry'\nguidance-until = 0.5\nreuse-features = 3\ncaption-input = 'raw255'\nvote = "
      "'consensus'\nvotes = 'all'\nseed = 7\n");
  EXPECT_EQ(options.decoder, (std::vector<std::string>{(folder / "ridge").string(), "/abs/mlp"}));
  EXPECT_EQ(options.zoo, (folder / "zoo").string());
  EXPECT_EQ(options.strength, 1.0);
  EXPECT_EQ(options.guidance, 7.5);
  EXPECT_EQ(options.steps, 20);
  EXPECT_EQ(options.scheduler, "ddim");
  EXPECT_EQ(options.negative, "blurry");
  EXPECT_EQ(options.guidance_until, 0.5);
  EXPECT_EQ(options.reuse_features, 3);
  EXPECT_EQ(options.votes, (std::vector<std::string>{"all"}));
  EXPECT_EQ(options.seed, 7U);
  EXPECT_FALSE(options.clip.has_value());
}

TEST_F(EnsembleTest, FileErrorsNameLineAndKey) {
  EXPECT_ERROR(read("decoder = ["), "e.toml", "not valid TOML at line 1");
  EXPECT_ERROR(read("decoder = 'a'\nstrenght = 1"), "e.toml", "line 2", "unknown key \"strenght\"", "\"strength\"");
  EXPECT_ERROR(read("steps = 2.5"), "line 1", "\"steps\" is 2.5", "a whole number");
  EXPECT_ERROR(read("strength = 'much'"), "\"strength\" is 'much'", "a number");
  EXPECT_ERROR(read("decoder = ['a', 3]"), "\"decoder\" is 3", "a text");
  EXPECT_ERROR(read("negative = 1"), "\"negative\" is 1", "a text");
  EXPECT_ERROR(read("guidance-until = 'half'"), "\"guidance-until\" is 'half'", "a number");
  EXPECT_ERROR(read("reuse-features = 1.5"), "\"reuse-features\" is 1.5", "a whole number");
  EXPECT_ERROR(read("seed = -1"), "\"seed\" is -1", "not negative");
  EXPECT_ERROR(read("[models]\nclip = 'x'"), "unknown key \"models\"");
  EXPECT_ERROR(read_ensemble_file(folder / "none.toml"), "none.toml");
}

TEST_F(EnsembleTest, CommandLineWinsOptionByOption) {
  EnsembleOptions typed;
  typed.strength = 0.5;
  const EnsembleOptions merged = merge_options(typed, read("decoder = 'a'\nstrength = 1\nsteps = 20"));
  EXPECT_EQ(merged.strength, 0.5);
  EXPECT_EQ(merged.steps, 20);
  EXPECT_EQ(merged.decoder.size(), 1U);
  typed.negative = "";
  EXPECT_EQ(merge_options(typed, read("negative = 'blurry'")).negative, "") << "nothing, said aloud, wins too";
}

TEST_F(EnsembleTest, TypedDecodersReplaceAPresetOfTheFile) {
  EnsembleOptions typed;
  typed.decoder = {"mine"};
  const EnsembleOptions merged = merge_options(typed, read("preset = 'four-model-vote'\ndecoders = 'd'"));
  EXPECT_FALSE(merged.preset.has_value());
  EXPECT_EQ(merged.decoder, typed.decoder);
}

TEST_F(EnsembleTest, DefaultsAreThePublishedSettings) {
  const Ensemble ensemble = make_ensemble(complete(), /*guided=*/true, "subj01");
  EXPECT_EQ(ensemble.refine.strength, 0.75);
  EXPECT_EQ(ensemble.refine.guidance, 6);
  EXPECT_EQ(ensemble.refine.steps, 50);
  EXPECT_EQ(ensemble.caption.max_new_tokens, 20);
  EXPECT_EQ(ensemble.caption.input, "processor");
  EXPECT_EQ(ensemble.vote, Vote::kLowHigh);
  EXPECT_EQ(ensemble.votes.size(), 4U) << "the cheap ones";
  EXPECT_EQ(ensemble.clip, folder / "zoo/clip");
  EXPECT_EQ(ensemble.codec_model, folder / "zoo/stable-diffusion");
  EXPECT_EQ(ensemble.settings(true)["vote"], "low-high");
}

TEST_F(EnsembleTest, AskedVotesAreAdded) {
  EnsembleOptions options = complete();
  options.vote = "average";
  EXPECT_EQ(make_ensemble(options, true, "s").votes.size(), 5U);
  options.votes = {"all"};
  EXPECT_EQ(make_ensemble(options, true, "s").votes, all_votes());
}

TEST_F(EnsembleTest, ModelFolderOverridesTheZoo) {
  EnsembleOptions options = complete();
  fs::create_directories(folder / "other");
  options.clip = (folder / "other").string();
  EXPECT_EQ(make_ensemble(options, true, "s").clip, folder / "other");
}

TEST_F(EnsembleTest, NamesWhatIsMissing) {
  EXPECT_ERROR(make_ensemble({}, false, "s"), "--decoder", "--ensemble", "--preset");
  EnsembleOptions options;
  options.decoder = {"a"};
  EXPECT_ERROR(make_ensemble(options, true, "s"), "Stable Diffusion", "--stable-diffusion", "--zoo", "--low-only");
  options = complete();
  fs::remove(folder / "zoo/blip");
  EXPECT_ERROR(make_ensemble(options, true, "s"), "--zoo", "blip is not there", "--blip");
  options.blip = (folder / "nowhere").string();
  EXPECT_ERROR(make_ensemble(options, true, "s"), "--blip", "nowhere", "is not there");
  options = {};
  options.decoders = "d";
  EXPECT_ERROR(make_ensemble(options, false, "s"), "--decoders", "--preset");
}

TEST_F(EnsembleTest, RefusesValuesOutOfRange) {
  const auto with = [&](auto EnsembleOptions::*member, auto value) {
    EnsembleOptions options = complete();
    options.*member = value;
    return make_ensemble(options, true, "s");
  };
  EXPECT_ERROR(with(&EnsembleOptions::strength, 0.0), "--strength");
  EXPECT_ERROR(with(&EnsembleOptions::strength, 1.5), "--strength");
  EXPECT_ERROR(with(&EnsembleOptions::steps, int64_t{0}), "--steps");
  EXPECT_ERROR(with(&EnsembleOptions::guidance, -1.0), "--guidance is -1");
  EXPECT_ERROR(with(&EnsembleOptions::scheduler, std::string("ddin")), "--scheduler", "ddim");
  EXPECT_ERROR(with(&EnsembleOptions::guidance_until, 1.5), "--guidance-until is 1.5");
  EXPECT_ERROR(with(&EnsembleOptions::guidance_until, -0.5), "--guidance-until is -0.5");
  EXPECT_ERROR(with(&EnsembleOptions::reuse_features, int64_t{0}), "--reuse-features is 0");
  EXPECT_ERROR(with(&EnsembleOptions::caption_input, std::string("raw")), "--caption-input", "raw255");
  EXPECT_ERROR(with(&EnsembleOptions::max_new_tokens, int64_t{0}), "--max-new-tokens is 0");
  EXPECT_ERROR(with(&EnsembleOptions::beams, int64_t{0}), "--beams is 0");
  EXPECT_ERROR(with(&EnsembleOptions::vote, std::string("majority")), "--vote", "\"majority\"", "low-high");
}

TEST_F(EnsembleTest, SettingsTellRunsApart) {
  const auto settings = [](const EnsembleOptions& options) { return make_ensemble(options, true, "s").settings(true); };
  const Json plain = settings(complete());
  const auto with = [&](auto EnsembleOptions::*member, auto value) {
    EnsembleOptions options = complete();
    options.*member = value;
    return settings(options);
  };
  EXPECT_NE(with(&EnsembleOptions::strength, 0.5), plain);
  EXPECT_NE(with(&EnsembleOptions::negative, std::string("blurry")), plain);
  EXPECT_NE(with(&EnsembleOptions::guidance_until, 0.5), plain);
  EXPECT_NE(with(&EnsembleOptions::reuse_features, int64_t{2}), plain);
  EXPECT_EQ(with(&EnsembleOptions::reuse_features, int64_t{1}), plain) << "the default, said aloud";
}

TEST_F(EnsembleTest, LowLevelRunTakesTheCodecOfTheZoo) {
  const Ensemble ensemble = make_ensemble(complete(), /*guided=*/false, "s");
  EXPECT_EQ(ensemble.codec_model, folder / "zoo/stable-diffusion");
  EXPECT_TRUE(ensemble.votes.empty());
  EXPECT_EQ(ensemble.settings(false)["low_only"], true);
  EnsembleOptions options = complete();
  options.vote = "low";
  EXPECT_ERROR(make_ensemble(options, /*guided=*/false, "s"), "--vote", "\"low\"");
}

}  // namespace
}  // namespace fmri2img::reconstruction
