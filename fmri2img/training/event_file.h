#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace fmri2img::training {

/// CRC-32C (Castagnoli), as TFRecord files use it.
uint32_t crc32c(std::string_view bytes);

/// `bytes` as one TFRecord: length (u64), masked CRC of the length, bytes, masked CRC of the bytes; all little-endian.
std::string tfrecord(std::string_view bytes);

/// The first record of every TensorBoard event file.
std::string version_event(double wall_time_s);

/// A serialised `tensorflow.Event` with one scalar.
std::string scalar_event(double wall_time_s, int64_t step, std::string_view tag, float value);

/// Length of the beginning of an event file that holds whole, undamaged records of steps up to `last_step`.
///
/// A process that was killed may leave a torn record behind, and records of steps that a resumed run will write again.
int64_t event_file_prefix(std::string_view file, int64_t last_step);

}  // namespace fmri2img::training
