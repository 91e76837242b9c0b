#include <gmock/gmock.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/unit/data/checked_subject.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using testing::kLeftVertices;
using testing::kRightVertices;
using testing::kTestRows;
using testing::kTrainRows;

class CheckResponses : public CheckedSubject {
 protected:
  void write_left(const at::Tensor& values) const { io::write_npy(responses()[0], values); }
  static at::Tensor left_values() { return testing::made_responses(kTrainRows, kLeftVertices, 1); }
};

TEST_F(CheckResponses, MissingHemisphere) {
  fs::remove(responses()[0]);
  EXPECT_THAT(codes(), ElementsAre("error hemisphere-missing"));
  expect_finding(
      "hemisphere-missing",
      {"training_split/training_fmri/lh_training_fmri.npy", "rh_training_fmri.npy is there", "left hemisphere"});
}

TEST_F(CheckResponses, NoResponsesAtAll) {
  for (const fs::path& file : responses()) fs::remove(file);
  EXPECT_THAT(codes(), ElementsAre("error responses-missing"));
  expect_finding("responses-missing", {"training_split/training_fmri", "training_fmri.npy", "fmri2img convert"});
}

TEST_F(CheckResponses, MatrixBesideHemispheresIsNotUsed) {
  io::write_npy(whole_file(path(), Partition::kTrain), left_values());
  EXPECT_THAT(codes(), ElementsAre("warning responses-twice"));
}

TEST_F(CheckResponses, HemispheresOfDifferentLengths) {
  io::write_npy(responses()[1], testing::made_responses(kTrainRows + 1, kRightVertices, 2));
  EXPECT_THAT(codes(), ElementsAre("error hemisphere-rows"));
  expect_finding("hemisphere-rows", {"rh_training_fmri.npy", "13 rows", "lh_training_fmri.npy has 12"});
}

TEST_F(CheckResponses, UnreadableFileDoesNotEndTheChecks) {
  write_file(responses()[0], read_file(responses()[0]).substr(0, 200));
  write_file(picture(3), "");
  EXPECT_THAT(codes(), ElementsAre("error responses-unreadable", "error picture-unreadable"));
  expect_finding("responses-unreadable", {"lh_training_fmri.npy", "truncated"});
}

TEST_F(CheckResponses, ArrayThatIsNoMatrix) {
  write_left(at::zeros({kTrainRows, 2, 5}));
  EXPECT_THAT(codes(), ElementsAre("error responses-shape"));
  expect_finding("responses-shape", {"float32 of shape 12 x 2 x 5"});
}

TEST_F(CheckResponses, OtherTypesAreANote) {
  write_left(left_values().to(at::kDouble));
  EXPECT_THAT(codes(), ElementsAre("note responses-converted"));
  expect_finding("responses-converted", {"holds float64"});
  write_left((left_values() * 100).to(at::kShort));
  expect_finding("responses-converted", {"holds int16"});
  std::string fortran = io::format_npy_header(at::kFloat, {kTrainRows, kLeftVertices});
  fortran.replace(fortran.find("False,"), 6, "True, ");
  const at::Tensor stored = left_values().t().contiguous();
  write_file(responses()[0], fortran + std::string(static_cast<const char*>(stored.const_data_ptr()), stored.nbytes()));
  expect_finding("responses-converted", {"holds Fortran order"});
  EXPECT_THAT(codes(), ElementsAre("note responses-converted"));
}

TEST_F(CheckResponses, ValuesThatAreNotFiniteAreCountedAndPlaced) {
  at::Tensor values = left_values();
  values[3][7] = NAN;
  values[3][2] = INFINITY;
  values[9][7] = NAN;
  for (const bool fortran : {false, true}) {
    if (fortran) {
      std::string header = io::format_npy_header(at::kFloat, {kTrainRows, kLeftVertices});
      header.replace(header.find("False,"), 6, "True, ");
      const at::Tensor stored = values.t().contiguous();
      write_file(responses()[0],
                 header + std::string(static_cast<const char*>(stored.const_data_ptr()), stored.nbytes()));
    } else {
      write_left(values);
    }
    const Finding finding = expect_finding(
        "responses-not-finite",
        {"lh_training_fmri.npy", "NaN or infinity in 3 values", "2 vertices (columns 2, 7)", "2 rows (3, 9)"});
    EXPECT_EQ(finding.severity, Severity::kError);
  }
}

TEST_F(CheckResponses, VertexOfNothingButNanIsNotCalledConstant) {
  at::Tensor values = left_values();
  values.select(1, 4).fill_(NAN);
  write_left(values);
  EXPECT_THAT(codes(), ElementsAre("error responses-not-finite"));
}

TEST_F(CheckResponses, VerticesThatNeverChangeAreNamed) {
  at::Tensor values = left_values();
  for (const int64_t vertex : {0, 2, 3, 4, 5, 6, 9}) values.select(1, vertex).fill_(2);
  write_left(values);
  EXPECT_THAT(codes(), ElementsAre("warning vertices-constant"));
  expect_finding("vertices-constant", {"in every row of 7 of 10 vertices", "columns 0, 2, 3, 4, 5 and 2 more"});
}

TEST_F(CheckResponses, TestSplitIsCheckedLikewise) {
  const std::vector<fs::path> files = hemisphere_files(path(), Partition::kTest);
  fs::create_directories(files[0].parent_path());
  at::Tensor values = testing::made_responses(kTestRows, kLeftVertices, 1);
  values[0][0] = NAN;
  io::write_npy(files[0], values);
  io::write_npy(files[1], testing::made_responses(kTestRows, kRightVertices, 2));
  EXPECT_THAT(codes(), ElementsAre("error responses-not-finite"));
  io::write_npy(files[1], testing::made_responses(kTestRows, kRightVertices - 1, 2));
  EXPECT_THAT(codes(), ElementsAre("error test-vertices", "error responses-not-finite"));
  expect_finding("test-vertices", {"test_split/test_fmri", "10 + 7 vertices", "have 10 + 8"});
  fs::remove(files[1]);
  EXPECT_THAT(codes(), ElementsAre("error hemisphere-missing", "error responses-not-finite"));
}

}  // namespace
}  // namespace fmri2img::data
