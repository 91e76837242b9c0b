#include "fmri2img/data/responses.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/scalar_type.h"
#include "tests/support/captured_log.h"
#include "tests/support/errors.h"
#include "tests/support/made_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::data {
namespace {

using testing::CapturedLog;
using testing::TemporaryFolder;

/// 0, 1, 2 ... as a matrix: exact in every type for up to 127 values.
at::Tensor counting(int64_t rows, int64_t columns, at::ScalarType type = at::kFloat) {
  return at::arange(rows * columns, at::kDouble).reshape({rows, columns}).to(type);
}

/// A matrix as NumPy would store it in another order than write_npy's.
void write_npy_as(const std::filesystem::path& path, const at::Tensor& matrix, bool fortran, bool big_endian) {
  const at::Tensor stored = (fortran ? matrix.t() : matrix).contiguous().clone();
  std::string header = io::format_npy_header(matrix.scalar_type(), matrix.sizes().vec());
  std::string data(static_cast<const char*>(stored.const_data_ptr()), stored.nbytes());
  if (fortran) header.replace(header.find("False,"), 6, "True, ");
  if (big_endian) {
    header.replace(header.find('<'), 1, ">");
    io::swap_byte_order({reinterpret_cast<std::byte*>(data.data()), data.size()}, matrix.scalar_type());
  }
  write_file(path, header + data);
}

at::Tensor chosen(const at::Tensor& whole, const std::vector<int64_t>& rows, const std::vector<int64_t>& columns) {
  return whole.index_select(0, at::tensor(rows, at::kLong)).index_select(1, at::tensor(columns, at::kLong));
}

/// Bytes of `file` that this process has in memory through its mappings.
int64_t resident_bytes(const std::filesystem::path& file) {
  std::ifstream maps("/proc/self/smaps");
  int64_t bytes = 0;
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    if (line.find('-') < line.find(' ') && line.find(':') > line.find(' ')) inside = line.ends_with(file.string());
    if (inside && line.starts_with("Rss:")) bytes += std::stoll(line.substr(4)) * 1024;
  }
  return bytes;
}

TEST(Responses, RightHemisphereFollowsTheLeft) {
  const TemporaryFolder folder;
  io::write_npy(folder / "lh.npy", counting(5, 4));
  io::write_npy(folder / "rh.npy", counting(5, 3) + 100);
  const Responses responses({folder / "lh.npy", folder / "rh.npy"});
  EXPECT_EQ(responses.rows(), 5);
  EXPECT_EQ(responses.vertices(), 7);
  EXPECT_EQ(responses.vertices_of_files(), (std::vector<int64_t>{4, 3}));
  const at::Tensor whole = at::cat({counting(5, 4), counting(5, 3) + 100}, 1);
  EXPECT_TRUE(at::equal(responses.gather(all_rows(5), all_rows(7)), whole));
  const std::vector<int64_t> rows{4, 0, 0, 2};
  const std::vector<int64_t> columns{6, 3, 4, 0, 1, 2, 6};  // runs across the border, backwards, twice
  EXPECT_TRUE(at::equal(responses.gather(rows, columns), chosen(whole, rows, columns)));
  EXPECT_EQ(responses.gather({}, columns).sizes(), (std::vector<int64_t>{0, 7}));
}

TEST(Responses, OneFileNeedsNoHemispheres) {
  const TemporaryFolder folder;
  io::write_npy(folder / "all.npy", counting(3, 2));
  const Responses responses({folder / "all.npy"});
  EXPECT_EQ(responses.vertices_of_files(), (std::vector<int64_t>{2}));
  EXPECT_TRUE(at::equal(responses.gather({2, 1}, {1}), at::tensor({5.F, 3.F}).view({2, 1})));
}

TEST(Responses, EveryTypeAndOrderGivesTheSameNumbers) {
  const TemporaryFolder folder;
  const std::vector<int64_t> rows{5, 1, 3};
  const std::vector<int64_t> columns{0, 1, 2, 19, 7, 8};
  for (const at::ScalarType type : {at::kFloat,
                                    at::kDouble,
                                    at::kHalf,
                                    at::kChar,
                                    at::kByte,
                                    at::kShort,
                                    at::kInt,
                                    at::kLong,
                                    at::kUInt16,
                                    at::kUInt32,
                                    at::kUInt64}) {
    for (const bool fortran : {false, true}) {
      for (const bool big_endian : {false, true}) {
        if (big_endian && c10::elementSize(type) == 1) continue;
        SCOPED_TRACE(io::scalar_type_name(type) + (fortran ? " Fortran" : "") + (big_endian ? " big-endian" : ""));
        write_npy_as(folder / "x.npy", counting(6, 20, type), fortran, big_endian);
        const at::Tensor found = Responses({folder / "x.npy"}).gather(rows, columns);
        EXPECT_TRUE(at::equal(found, chosen(counting(6, 20), rows, columns)));
        EXPECT_TRUE(found.is_contiguous());
      }
    }
  }
}

TEST(Responses, SayOnceThatTheyAreConverted) {
  const TemporaryFolder folder;
  write_npy_as(folder / "lh.npy", counting(5, 4, at::kDouble), /*fortran=*/true, /*big_endian=*/false);
  write_npy_as(folder / "rh.npy", counting(5, 4, at::kShort), /*fortran=*/false, /*big_endian=*/false);
  const CapturedLog log;
  const Responses responses({folder / "lh.npy", folder / "rh.npy"});
  const Responses copy = responses;  // NOLINT(performance-unnecessary-copy-initialization): copies say it together
  copy.gather({0}, {0});
  responses.gather({0}, {5});
  ASSERT_EQ(log.infos().size(), 1U);
  EXPECT_TRUE(log.says("lh.npy\" holds float64 in Fortran order: converted to float32"));
  EXPECT_TRUE(log.warnings().empty());
}

TEST(Responses, Float32NeedsNoMessage) {
  const TemporaryFolder folder;
  io::write_npy(folder / "x.npy", counting(5, 4));
  const CapturedLog log;
  const Responses responses({folder / "x.npy"});
  EXPECT_TRUE(log.infos().empty());
}

// The system maps up to 2 MB around a page that is touched, hence the room left.
TEST(Responses, OpeningReadsTheHeaderAndGatheringOnlyItsRows) {
  constexpr int64_t kRows = 64;
  constexpr int64_t kColumns = 1 << 18;
  constexpr int64_t kFileBytes = kRows * kColumns * int64_t{sizeof(float)};
  const TemporaryFolder folder;
  testing::write_sparse_npy(folder / "x.npy", {kRows, kColumns});
  const Responses responses({folder / "x.npy"});
  EXPECT_GT(resident_bytes(folder / "x.npy"), 0);
  EXPECT_LT(resident_bytes(folder / "x.npy"), kFileBytes / 8);
  responses.gather({7, 50}, {0, 5, kColumns - 1});
  EXPECT_LT(resident_bytes(folder / "x.npy"), kFileBytes / 2);
  responses.gather(all_rows(kRows), all_rows(kColumns));
  EXPECT_GE(resident_bytes(folder / "x.npy"), kFileBytes);
}

TEST(Responses, HemispheresOfDifferentLengthsAreBothNamed) {
  const TemporaryFolder folder;
  io::write_npy(folder / "lh.npy", counting(5, 4));
  io::write_npy(folder / "rh.npy", counting(6, 4));
  EXPECT_ERROR(
      Responses({folder / "lh.npy", folder / "rh.npy"}), "lh.npy\" has 5", "rh.npy\" has 6", "one row a picture");
}

TEST(Responses, RefuseWhatIsNoMatrixOfNumbers) {
  const TemporaryFolder folder;
  const auto open = [&](const at::Tensor& array) {
    io::write_npy(folder / "x.npy", array);
    return Responses({folder / "x.npy"});
  };
  EXPECT_ERROR(open(at::zeros({3})), "x.npy", "float32 of shape 3", "pictures x vertices");
  EXPECT_ERROR(open(at::zeros({3, 4, 5})), "float32 of shape 3 x 4 x 5");
  EXPECT_ERROR(open(at::zeros({0, 5})), "float32 of shape 0 x 5");
  EXPECT_ERROR(open(at::zeros({3, 4}, at::kBool)), "bool of shape 3 x 4");
  EXPECT_ERROR(open(at::zeros({3, 4}, at::kComplexFloat)), "complex64 of shape 3 x 4");
}

TEST(Responses, NameTheIndexThatDoesNotExist) {
  const TemporaryFolder folder;
  io::write_npy(folder / "x.npy", counting(5, 4));
  const Responses responses({folder / "x.npy"});
  EXPECT_ERROR(responses.gather({0, 5}, {0}), "no row 5", "it has 5");
  EXPECT_ERROR(responses.gather({0}, {-1}), "no vertex -1", "it has 4");
}

TEST(Responses, AskForMemoryBeforeTheyTakeIt) {
  const TemporaryFolder folder;
  io::write_npy(folder / "x.npy", counting(5, 4));
  const Responses responses({folder / "x.npy"});
  const std::vector<int64_t> rows(2'000'000, 0);
  const std::vector<int64_t> columns(500'000, 0);
  EXPECT_ERROR(responses.gather(rows, columns), "gathering 2,000,000 x 500,000 responses needs about 4.00 TB", "--roi");
}

}  // namespace
}  // namespace fmri2img::data
