#include "fmri2img/reconstruction/voting/vote_table.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/reconstruction/mock_models.h"

namespace fmri2img::reconstruction {
namespace {

/// Two models: the first one's images are at .2, .4, .6 from the targets, the second one's .2 nearer.
class VoteTableOfTwo : public ::testing::Test {
 protected:
  VoteTableOfTwo() {
    job.votes = {Vote::kLowHigh, Vote::kFirst};
    for (int64_t trial = 0; trial < 3; ++trial) {
      TrialVotes votes;
      votes.trial = trial;
      votes.voted = {1, 0.5};
      votes.picks = {{Vote::kLowHigh, votes.voted}, {Vote::kFirst, {0, std::nullopt}}};
      const double first = 0.2 * static_cast<double>(trial + 1);
      votes.cosines.high_target = {first, first + 0.2};
      votes.best_low = 0;
      votes.best_high = 1;
      trials.push_back(votes);
    }
  }

  testing::TemporaryFolder folder;
  MockState state;
  data::Subject subject = make_up_subject(folder / "subj01", 3, 3);
  ReconstructionJob job{subject, {mock_member("a", {0}), mock_member("b", {0})}, {}, "test", mock_openers(state)};
  std::vector<TrialVotes> trials;
};

TEST_F(VoteTableOfTwo, ComparesEveryVoteWithARandomPickTrialByTrial) {
  const VoteTable table = compare_votes(job, trials);
  EXPECT_NEAR(table.random_pick, 0.5, 1e-12);
  ASSERT_EQ(table.lines.size(), 3U);
  EXPECT_NEAR(table.lines[0].similarity.mean, 0.6, 1e-12);
  // The gain is .1 in every trial, so its interval has no width although the similarities differ.
  EXPECT_NEAR(table.lines[0].gain.low, 0.1, 1e-12);
  EXPECT_NEAR(table.lines[0].gain.high, 0.1, 1e-12);
  EXPECT_LT(table.lines[0].similarity.low, 0.5);
  EXPECT_NEAR(table.lines[1].gain.mean, -0.1, 1e-12);
  EXPECT_EQ(table.lines[2].name, "best of all");
  EXPECT_NEAR(table.lines[2].similarity.mean, 0.6, 1e-12);
}

TEST_F(VoteTableOfTwo, IsWrittenForPeopleAndPrograms) {
  const VoteTable table = compare_votes(job, trials);
  EXPECT_NE(to_text(table).find("low-high"), std::string::npos);
  EXPECT_NE(to_text(table).find("+0.1000 [+0.1000, +0.1000]"), std::string::npos);
  EXPECT_NE(to_text(compare_votes(job, {trials.front()})).find("+0.1000  "), std::string::npos) << "no interval";
  write_vote_table(folder.path(), table);
  const Json json = read_json(folder / "votes.json");
  EXPECT_EQ(json["trials"], 3);
  EXPECT_EQ(json["votes"][0]["vote"], "low-high");
  EXPECT_EQ(json["votes"][0]["decides"], true);
  EXPECT_EQ(read_file(folder / "votes.csv").rfind("vote,decides,trials,similarity,", 0), 0U);
}

TEST_F(VoteTableOfTwo, PicksHaveALineATrial) {
  write_picks(job, folder.path(), trials);
  const std::string csv = read_file(folder / "picks.csv");
  EXPECT_EQ(csv.substr(0, csv.find('\n')),
            "trial,voted,margin,similarity,oracle_low,oracle_high,low-high,low-high_margin,first,first_margin");
  EXPECT_NE(csv.find("\n0,b,0.5,0.4,a,b,b,0.5,a,\n"), std::string::npos) << csv;
  const Json line = parse_json(
      read_file(folder / "picks.jsonl").substr(0, csv.size()).substr(0, read_file(folder / "picks.jsonl").find('\n')),
      "picks.jsonl");
  EXPECT_EQ(line["votes"]["low-high"]["pick"], "b");
  EXPECT_TRUE(line["votes"]["first"]["margin"].is_null());
}

}  // namespace
}  // namespace fmri2img::reconstruction
