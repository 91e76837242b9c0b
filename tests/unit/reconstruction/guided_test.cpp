#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <set>

#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/random.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/reconstruct.h"
#include "fmri2img/reconstruction/stages/stages.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/reconstruction/mock_models.h"

namespace fmri2img::reconstruction {
namespace {

namespace fs = std::filesystem;

class Guided : public ::testing::Test {
 protected:
  ReconstructionJob make_job(MockState& mocks) {
    ReconstructionJob made{subject,
                           {mock_member("a", data::all_rows(15)), mock_member("b", data::all_rows(13))},
                           {data::Partition::kTest, {0, 1, 2}},
                           "test",
                           mock_openers(mocks)};
    made.guided = true;
    made.votes = {Vote::kLowHigh, Vote::kConsensus, Vote::kRandom, Vote::kFirst};
    made.batch = 2;
    return made;
  }

  /// Every picture and record of a results folder with its content.
  std::map<std::string, std::string> contents(const std::string& out) const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder / out)) {
      if (entry.is_regular_file())
        found[entry.path().lexically_relative(folder / out).string()] = fingerprint(entry.path());
    }
    return found;
  }

  testing::TemporaryFolder folder;
  data::Subject subject = make_up_subject(folder / "subj01", 20, 3);
  MockState state;
  ReconstructionJob job = make_job(state);
};

TEST_F(Guided, LeavesARowWithEverythingForEachTrialAndModel) {
  const Results results = reconstruct(job, folder / "results").results;
  ASSERT_EQ(results.rows.size(), 6U);
  EXPECT_EQ(results.vote, "low-high");
  EXPECT_EQ(results.high_height, 2 * kSide);
  for (size_t i = 0; i < results.rows.size(); ++i) {
    const ResultRow& row = results.rows[i];
    EXPECT_EQ(row.trial, static_cast<int64_t>(i) / 2);
    EXPECT_EQ(row.seed, image_seed(42, static_cast<uint64_t>(row.trial), i % 2));
    EXPECT_EQ(row.raw_caption.rfind("a blurry picture of blurry ", 0), 0U) << row.raw_caption;
    EXPECT_EQ(row.caption, "a picture of " + row.raw_caption.substr(27));
    EXPECT_TRUE(row.low_high && row.low_target && row.high_target);
    EXPECT_EQ(io::read_image(folder / "results" / row.high).size(0), 2 * kSide);
  }
  EXPECT_EQ(state.refined.size(), 6U);
  for (const std::string& prompt : state.prompts) EXPECT_EQ(prompt.find("blurry"), std::string::npos) << prompt;
}

TEST_F(Guided, VotesForTheHighestCosineOfLowAndHigh) {
  const Results results = reconstruct(job, folder / "results").results;
  for (size_t i = 0; i < results.rows.size(); i += 2) {
    EXPECT_NE(results.rows[i].voted, results.rows[i + 1].voted);
    EXPECT_EQ(results.rows[i].voted, *results.rows[i].low_high >= *results.rows[i + 1].low_high);
  }
}

TEST_F(Guided, ReadsBackWhatItWrote) {
  const Results made = reconstruct(job, folder / "results").results;
  Manifest manifest;
  manifest.command = "reconstruct";
  manifest.finished = "2026-01-01T00:00:00Z";
  write_json(folder / "results/manifest.json", manifest.to_json());
  const Results read = read_results(folder / "results");
  ASSERT_EQ(read.rows.size(), made.rows.size());
  EXPECT_EQ(read.vote, "low-high");
  for (size_t i = 0; i < read.rows.size(); ++i) {
    EXPECT_EQ(read.rows[i].caption, made.rows[i].caption);
    EXPECT_EQ(read.rows[i].seed, made.rows[i].seed);
    EXPECT_EQ(read.rows[i].low_high, made.rows[i].low_high);
    EXPECT_EQ(read.rows[i].encoder, made.rows[i].encoder);
    EXPECT_EQ(read.rows[i].voted, made.rows[i].voted);
  }
}

TEST_F(Guided, MakesNoPictureTwiceWhereverItWasCutOff) {
  job.votes = all_votes();
  job.trials.rows = {0, 2};
  reconstruct(job, folder / "whole");
  const auto whole = contents("whole");
  const int64_t calls = state.limit.calls;
  ASSERT_GT(calls, 10);
  for (int64_t allowed = 0; allowed < calls; ++allowed) {
    MockState cut{.limit = {.calls = 0, .allowed = allowed}};
    ReconstructionJob again = make_job(cut);
    again.votes = job.votes;
    again.trials = job.trials;
    const std::string out = "cut" + std::to_string(allowed);
    EXPECT_ERROR(reconstruct(again, folder / out), "killed");
    cut.limit.allowed = std::numeric_limits<int64_t>::max();
    reconstruct(again, folder / out);
    for (const auto& [seed, times] : cut.refined) EXPECT_EQ(times, 1) << "cut after " << allowed << " calls";
    EXPECT_EQ(cut.refined.size(), 6U) << "cut after " << allowed << " calls";
    EXPECT_EQ(contents(out), whole) << "cut after " << allowed << " calls";
  }
}

// Six pictures in one batch, of which the refiner makes two at a time.
TEST_F(Guided, KeepsTheFinishedPicturesOfABatchThatIsCutOff) {
  job.batch = 6;
  job.open.refiner = [this] {
    state.limit = {.calls = 0, .allowed = 1};
    return std::make_unique<NoisyRefiner>(state);
  };
  EXPECT_ERROR(reconstruct(job, folder / "results"), "killed");
  int64_t there = 0;
  for (const char* name : {"a", "b"}) {
    for (const int64_t trial : job.trials.rows) there += fs::exists(folder / "results" / high_level_file(name, trial));
  }
  EXPECT_EQ(there, 2);
  state.limit = {};
  job.open.refiner = mock_openers(state).refiner;
  reconstruct(job, folder / "results");
  EXPECT_EQ(state.refined.size(), 6U);
  for (const auto& [seed, times] : state.refined) EXPECT_EQ(times, 1);
}

TEST_F(Guided, ShowsProgressWithinAnImage) {
  std::vector<ProgressState> shown;
  const ProgressSink previous = set_progress_sink([&](const ProgressState& now) { shown.push_back(now); });
  job.batch = 6;
  reconstruct(job, folder / "results");
  set_progress_sink(previous);
  std::map<std::string, std::set<int64_t>> done;  // by note
  for (const ProgressState& one : shown) done[one.note].insert(one.done);
  const size_t evaluations = NoisyRefiner::kEvaluations;
  for (const char* note : {"high-level images 0/6", "high-level images 2/6", "high-level images 4/6"})
    EXPECT_GE(done[note].size(), evaluations) << note;
  EXPECT_EQ(shown.back().done, shown.back().total) << "what was shown early is not counted twice";
}

TEST_F(Guided, StopsPolitelyBetweenBatches) {
  install_interrupt_handlers();
  job.open.refiner = [this] {
    ::raise(SIGTERM);
    return std::make_unique<NoisyRefiner>(state);
  };
  try {
    reconstruct(job, folder / "results");
    ADD_FAILURE() << "was not interrupted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInterrupted);
    EXPECT_NE(error.message().find("run the same command again to go on"), std::string::npos) << error.message();
  }
  EXPECT_TRUE(state.refined.empty());
  install_interrupt_handlers();  // forgets the signal
  job.open.refiner = mock_openers(state).refiner;
  EXPECT_EQ(reconstruct(job, folder / "results").results.rows.size(), 6U);
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGINT, SIG_DFL);
}

TEST_F(Guided, OpensNoModelWhoseStageIsDone) {
  job.votes = all_votes();
  reconstruct(job, folder / "results");
  state.opened.clear();
  reconstruct(job, folder / "results");
  EXPECT_TRUE(state.opened.empty());
  fs::remove(folder / "results" / high_level_file("b", 1));
  reconstruct(job, folder / "results");
  EXPECT_EQ(state.opened, (std::map<std::string, int64_t>{{"refiner", 1}}));
}

TEST_F(Guided, GivesEqualImagesWhateverTheBatch) {
  reconstruct(job, folder / "two");
  EXPECT_EQ(state.refine_batches, (std::vector<size_t>{2, 2, 2}));
  job.batch = 5;
  state.refine_batches.clear();
  reconstruct(job, folder / "five");
  EXPECT_EQ(state.refine_batches, (std::vector<size_t>{5, 1}));
  EXPECT_EQ(contents("two"), contents("five"));
}

TEST_F(Guided, OfAnotherSeedGivesOtherImages) {
  reconstruct(job, folder / "first");
  job.seed = 43;
  reconstruct(job, folder / "second");
  EXPECT_NE(contents("first")["candidates/a/high_0.png"], contents("second")["candidates/a/high_0.png"]);
  EXPECT_EQ(contents("first")["candidates/a/low_0.png"], contents("second")["candidates/a/low_0.png"]);
}

TEST_F(Guided, AveragesLatentsIntoOneMoreCandidate) {
  state.shift = 0.01 / 255;
  job.vote = Vote::kAverage;
  job.votes = {Vote::kLowHigh, Vote::kAverage};
  const Reconstruction made = reconstruct(job, folder / "results");
  ASSERT_EQ(made.results.rows.size(), 9U);
  EXPECT_EQ(made.results.models.back(), "average");
  const at::Tensor response =
      subject.responses(data::Partition::kTest).gather({0}, job.members[0].record.vertices.columns);
  const at::Tensor expected = ((response + response * 0.8) / 2 * 255 + 0.01).to(at::kByte).view({kSide, kSide});
  EXPECT_TRUE(at::equal(io::read_image(folder / "results/candidates/average/low_0.png").select(2, 0), expected));
  for (const ResultRow& row : made.results.rows) EXPECT_EQ(row.voted, row.model == "average");
  ASSERT_EQ(made.votes->lines.size(), 3U);
  EXPECT_EQ(made.votes->lines[1].name, "average");
}

TEST_F(Guided, RefusesToAverageLatentsOfTwoKinds) {
  job.votes.push_back(Vote::kAverage);
  job.members[1].record.latent_shape = {4, 8, 8};
  EXPECT_ERROR(check_job(job), "vote \"average\"", "\"a\" and \"b\"", "4,8,8");
}

TEST_F(Guided, EncoderVoteNeedsCommonTrainingRows) {
  job.votes.push_back(Vote::kEncoder);
  job.members[0].record.train_rows = {0, 1, 2, 14};
  EXPECT_ERROR(check_job(job), "vote \"encoder\"", "3 training rows in common", "at least 10");
}

TEST_F(Guided, EncoderVoteTakesTheBestCorrelation) {
  job.vote = Vote::kEncoder;
  job.votes.push_back(Vote::kEncoder);
  const Results results = reconstruct(job, folder / "results").results;
  for (size_t i = 0; i < results.rows.size(); i += 2) {
    ASSERT_TRUE(results.rows[i].encoder && results.rows[i + 1].encoder);
    EXPECT_EQ(results.rows[i].voted, *results.rows[i].encoder >= *results.rows[i + 1].encoder);
  }
  EXPECT_TRUE(fs::exists(folder / "results/encoding_model/model.safetensors"));
}

TEST_F(Guided, WithoutTargetsLeavesTheirPlacesWhite) {
  fs::remove_all(data::pictures_folder(folder / "subj01", data::Partition::kTest));
  const data::Subject blind = data::Subject::open(folder / "subj01");
  ReconstructionJob untargeted{blind, job.members, job.trials, "test", mock_openers(state)};
  untargeted.guided = true;
  untargeted.votes = job.votes;
  const Reconstruction made = reconstruct(untargeted, folder / "results");
  EXPECT_FALSE(made.votes.has_value());
  EXPECT_FALSE(fs::exists(folder / "results/votes.csv"));
  EXPECT_FALSE(made.results.rows[0].high_target.has_value());
  const at::Tensor result = io::read_image(folder / "results/result_0.png");
  EXPECT_TRUE(result.narrow(1, 0, 552).eq(255).all().item<bool>());
  EXPECT_FALSE(result.narrow(1, 552, 512).eq(255).all().item<bool>());
  const at::Tensor low = io::read_image(folder / "results/low_level_0.png");
  EXPECT_TRUE(low.narrow(1, 0, 1144).eq(255).all().item<bool>()) << "no target, so no oracle";
}

TEST(WithoutBlurry, RemovesEveryOccurrence) {
  EXPECT_EQ(without_blurry("a blurry photo of a blurry cat"), "a photo of a cat");
  EXPECT_EQ(without_blurry("blurry blurry "), "");
  EXPECT_EQ(without_blurry("it is blurry"), "it is blurry") << "the substring ends with a space";
  EXPECT_EQ(without_blurry("blurblurry ry sky"), "blurry sky") << "once over the text, as str.replace";
}

}  // namespace
}  // namespace fmri2img::reconstruction
