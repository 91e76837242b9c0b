#include "fmri2img/training/event_file.h"

#include <array>
#include <bit>
#include <cstring>
#include <optional>

namespace fmri2img::training {
namespace {

static_assert(std::endian::native == std::endian::little, "event files are written as they lie in memory");

// Fields of tensorflow.Event, Summary and Summary.Value (event.proto, summary.proto). Frozen: they are on disk.
enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };
constexpr uint32_t kEventWallTime = 1, kEventStep = 2, kEventFileVersion = 3, kEventSummary = 5;
constexpr uint32_t kSummaryValue = 1, kValueTag = 1, kValueSimpleValue = 2;
constexpr size_t kHeaderSize = 12, kFooterSize = 4;

constexpr std::array<uint32_t, 256> make_crc_table() {
  constexpr uint32_t kReversedPolynomial = 0x82f63b78;
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? kReversedPolynomial : 0);
    table[i] = value;
  }
  return table;
}

uint32_t masked_crc(std::string_view bytes) {
  const uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8;  // a record that holds CRCs must not be its own CRC
}

template <class T> std::string raw(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

template <class T> T from_raw(std::string_view bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

std::string field(uint32_t number, WireType type, std::string_view content) {
  std::string bytes = varint(number << 3 | type);
  if (type == kBytes) bytes += varint(content.size());
  return bytes.append(content);
}

/// Step of an event that this program wrote: the second field, after the wall time; absent in the version record.
std::optional<int64_t> step_of(std::string_view event) {
  constexpr size_t kWallTimeSize = 9;
  if (event.size() <= kWallTimeSize || event[kWallTimeSize] != static_cast<char>(kEventStep << 3 | kVarint)) return {};
  uint64_t step = 0;
  int shift = 0;
  for (const char c : event.substr(kWallTimeSize + 1, 10)) {
    step |= static_cast<uint64_t>(c & 0x7f) << shift;
    if ((c & 0x80) == 0) return static_cast<int64_t>(step);
    shift += 7;
  }
  return {};
}

/// The whole record at the start of `file`, or nothing where it is torn or damaged.
std::optional<std::string_view> first_record(std::string_view file) {
  if (file.size() < kHeaderSize + kFooterSize) return {};
  const auto length = from_raw<uint64_t>(file);
  if (masked_crc(file.substr(0, 8)) != from_raw<uint32_t>(file.substr(8))) return {};
  if (length > file.size() - kHeaderSize - kFooterSize) return {};
  const std::string_view content = file.substr(kHeaderSize, length);
  if (masked_crc(content) != from_raw<uint32_t>(file.substr(kHeaderSize + length))) return {};
  return content;
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = make_crc_table();
  uint32_t crc = ~uint32_t{0};
  for (const char c : bytes) crc = kTable[(crc ^ static_cast<uint8_t>(c)) & 0xff] ^ (crc >> 8);
  return ~crc;
}

std::string tfrecord(std::string_view bytes) {
  const std::string length = raw<uint64_t>(bytes.size());
  return length + raw(masked_crc(length)) + std::string(bytes) + raw(masked_crc(bytes));
}

std::string version_event(double wall_time_s) {
  return field(kEventWallTime, kFixed64, raw(wall_time_s)) + field(kEventFileVersion, kBytes, "brain.Event:2");
}

std::string scalar_event(double wall_time_s, int64_t step, std::string_view tag, float value) {
  const std::string entry = field(kValueTag, kBytes, tag) + field(kValueSimpleValue, kFixed32, raw(value));
  return field(kEventWallTime, kFixed64, raw(wall_time_s)) +
         field(kEventStep, kVarint, varint(static_cast<uint64_t>(step))) +
         field(kEventSummary, kBytes, field(kSummaryValue, kBytes, entry));
}

int64_t event_file_prefix(std::string_view file, int64_t last_step) {
  size_t end = 0;
  while (const auto record = first_record(file.substr(end))) {
    if (step_of(*record).value_or(0) > last_step) break;
    end += kHeaderSize + record->size() + kFooterSize;
  }
  return static_cast<int64_t>(end);
}

}  // namespace fmri2img::training
