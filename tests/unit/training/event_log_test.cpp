#include "fmri2img/training/event_log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/training/event_file.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kTags = {"train/loss", "val/loss"};

fs::path event_file_in(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("events.out.tfevents.")) return entry.path();
  }
  return {};
}

/// Events of the file, counted by walking through its records.
std::vector<int64_t> sizes_of_records(const std::string& file) {
  std::vector<int64_t> sizes;
  for (size_t at = 0; at < file.size();) {
    const auto length = *reinterpret_cast<const uint64_t*>(file.data() + at);
    sizes.push_back(static_cast<int64_t>(length));
    at += 16 + length;
  }
  return sizes;
}

void append_to(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::app | std::ios::binary) << bytes;
}

// Check value of CRC-32C (RFC 3720, appendix B.4, and the usual "123456789").
TEST(Crc32c, GivesThePublishedValues) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
}

// Golden: tensorboard 2.21's own EventFileWriter and event_pb2, tools/parity/event_log.py.
TEST(EventFile, HasTheBytesThatTensorBoardWrites) {
  const std::string expected = read_file(testing::test_data("training/tensorboard.tfevents"));
  EXPECT_EQ(tfrecord(version_event(1700000000.25)) + tfrecord(scalar_event(1700000001.5, 1, "train/loss", 0.75F)) +
                tfrecord(scalar_event(1700000002.5, 43800, "val/loss", 0.6582F)) +
                tfrecord(scalar_event(1700000003.5, 5000000000, "train/lr", 2e-8F)),
            expected);
}

TEST(EventFile, KeepsWholeRecordsUpToAStep) {
  const std::string head = tfrecord(version_event(1)) + tfrecord(scalar_event(1, 1, "a", 1));
  const std::string second = tfrecord(scalar_event(1, 2, "a", 1));
  EXPECT_EQ(event_file_prefix(head + second, 1), static_cast<int64_t>(head.size()));
  EXPECT_EQ(event_file_prefix(head + second, 2), static_cast<int64_t>((head + second).size()));
  EXPECT_EQ(event_file_prefix(head + second.substr(0, second.size() - 1), 2), static_cast<int64_t>(head.size()));
  std::string damaged = second;
  damaged[14] ^= 1;
  EXPECT_EQ(event_file_prefix(head + damaged, 2), static_cast<int64_t>(head.size()));
  EXPECT_EQ(event_file_prefix(std::string("\xff\xff\xff\xff\xff\xff\xff\xff", 8) + std::string(30, 'x'), 2), 0);
}

TEST(EventLog, WritesOneRowAndOneRecordPerValue) {
  const testing::TemporaryFolder folder;
  {
    EventLog log(folder.path(), kTags, 0);
    log.write(1, {{"train/loss", 0.5}});
    log.write(1, {{"val/loss", 0.25}});
  }
  EXPECT_EQ(read_file(folder / "log.csv"), "step,train/loss,val/loss\n1,0.5,\n1,,0.25\n");
  EXPECT_EQ(sizes_of_records(read_file(event_file_in(folder.path()))).size(), 3U);
}

TEST(EventLog, CutsAResumedRunBackToItsCheckpoint) {
  const testing::TemporaryFolder folder;
  {
    EventLog log(folder.path(), kTags, 0);
    for (int64_t step = 1; step <= 5; ++step) log.write(step, {{"train/loss", 1.0 / static_cast<double>(step)}});
  }
  append_to(folder / "log.csv", "6,0.1");  // a process killed in the middle of a write
  append_to(event_file_in(folder.path()), tfrecord(scalar_event(1, 6, "train/loss", 1)).substr(0, 9));
  {
    EventLog log(folder.path(), kTags, 3);
    log.write(4, {{"train/loss", 0.125}});
  }
  EXPECT_EQ(read_file(folder / "log.csv"), "step,train/loss,val/loss\n1,1,\n2,0.5,\n3,0.3333333333333333,\n4,0.125,\n");
  const std::string events = read_file(event_file_in(folder.path()));
  EXPECT_EQ(sizes_of_records(events).size(), 5U);
  EXPECT_EQ(event_file_prefix(events, 4), static_cast<int64_t>(events.size()));
}

TEST(EventLog, RefusesATableOfAnotherKind) {
  const testing::TemporaryFolder folder;
  write_file(folder / "log.csv", "step,other\n1,2\n");
  EXPECT_ERROR(EventLog(folder.path(), kTags, 5), "log.csv", "step,other", "step,train/loss,val/loss");
}

TEST(EventLog, NamesAFolderThatCannotBeWritten) {
  const testing::TemporaryFolder folder;
  fs::create_directory(folder / "log.csv");
  EXPECT_ERROR(EventLog(folder.path(), kTags, 0), "log.csv");
}

}  // namespace
}  // namespace fmri2img::training
