#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fmri2img::experiments {

/// One number a row of a partition: the finished work of one item of an experiment, as it lies on disk.
struct RowValues {
  std::vector<int64_t> rows;
  std::vector<double> values;
};

/// A CSV file "row,NAME", atomically. Numbers are written so that they read back equal.
void write_row_values(const std::filesystem::path& file, const std::string& name, const RowValues& values);

/// Throws Error naming the file and the line if it is not such a table.
RowValues read_row_values(const std::filesystem::path& file);

}  // namespace fmri2img::experiments
