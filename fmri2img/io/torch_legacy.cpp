#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "fmri2img/core/check.h"
#include "fmri2img/io/pickle_program.h"
#include "fmri2img/io/scalar_type.h"
#include "fmri2img/io/torch_formats.h"

namespace fmri2img::io {
namespace {

// The number 0x1950a86a20f9469cfc6c as a pickle writes it: LONG1 of ten bytes. It follows the protocol (two bytes) and,
// from protocol 4 on, a frame (nine bytes).
constexpr std::array<uint8_t, 12> kLegacyMagic{0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};
constexpr int64_t kFormatVersion = 1001;

/// The pickles of the file, one after the other, and then the storages.
class LegacyReader {
 public:
  LegacyReader(const MappedFile& file, const std::string& where) : file_(file), where_(where) {}

  PickleProgram next_pickle() {
    PickleProgram program = run_pickle(file_.bytes().subspan(position_), where_);
    position_ += program.end;
    return program;
  }

  /// A pickle that holds no tensors.
  PickleValue next_value() {
    return pickle_tree(
        next_pickle(), [](const PickleStorage&) { return StorageBytes{}; }, where_);
  }

  /// A storage as it stands in the file: its element count, then its bytes.
  StorageBytes next_storage(const PickleStorage& storage) {
    const auto rest = file_.bytes().subspan(position_);
    int64_t count = -1;
    if (rest.size() >= sizeof(count)) std::memcpy(&count, rest.data(), sizeof(count));
    FMRI2IMG_CHECK(count == storage.count,
                   "{}: storage \"{}\" has {} elements in the pickle and {} in the file (truncated?)",
                   where_,
                   storage.key,
                   storage.count,
                   count);
    const auto bytes = static_cast<size_t>(*array_bytes({count}, storage.type));
    FMRI2IMG_CHECK(bytes <= rest.size() - sizeof(count),
                   "{}: truncated: storage \"{}\" has {} bytes, {} are left",
                   where_,
                   storage.key,
                   bytes,
                   rest.size() - sizeof(count));
    position_ += sizeof(count) + bytes;
    return {rest.subspan(sizeof(count), bytes), file_.owner()};
  }

 private:
  const MappedFile& file_;
  const std::string& where_;
  size_t position_ = 0;
};

void check_system(const PickleValue& system, const std::string& where) {
  const PickleValue* little = system.find("little_endian");
  const bool* flag = little != nullptr ? little->get_if<bool>() : nullptr;
  FMRI2IMG_CHECK(
      flag != nullptr && *flag, "{}: it was not written on a little-endian machine, others are not supported", where);
}

/// Where each storage lies, in the order of the list of keys that precedes them.
std::map<std::string, StorageBytes> locate_storages(LegacyReader& reader,
                                                    const PickleProgram& program,
                                                    const std::string& where) {
  std::map<std::string, const PickleStorage*> named;
  for (const PickleStorage& storage : program.storages) {
    if (!storage.inline_bytes) named.emplace(storage.key, &storage);
  }
  const PickleValue keys = reader.next_value();
  const auto* list = keys.get_if<PickleList>();
  FMRI2IMG_CHECK(list != nullptr, "{}: expected the list of its storages, found {}", where, keys.type_name());
  std::map<std::string, StorageBytes> located;
  for (const PickleValue& key : *list) {
    const auto* text = key.get_if<std::string>();
    const auto found = text != nullptr ? named.find(*text) : named.end();
    FMRI2IMG_CHECK(found != named.end(), "{}: its list of storages names one that no tensor uses", where);
    located[*text] = reader.next_storage(*found->second);
  }
  return located;
}

}  // namespace

bool is_torch_legacy(const MappedFile& file) {
  const auto bytes = file.bytes();
  const auto magic_at = [&](size_t offset) {
    return bytes.size() >= offset + kLegacyMagic.size() &&
           std::memcmp(bytes.data() + offset, kLegacyMagic.data(), kLegacyMagic.size()) == 0;
  };
  return magic_at(2) || magic_at(11);
}

PickleValue read_torch_legacy(const MappedFile& file, const std::string& where) {
  LegacyReader reader(file, where);
  reader.next_value();  // the magic number
  const int64_t version = reader.next_value().integer(where + ": format version");
  FMRI2IMG_CHECK(
      version == kFormatVersion, "{}: its format version is {}, expected {}", where, version, kFormatVersion);
  check_system(reader.next_value(), where);
  const PickleProgram program = reader.next_pickle();
  const std::map<std::string, StorageBytes> located = locate_storages(reader, program, where);
  const auto bytes_of = [&](const PickleStorage& storage) {
    const auto found = located.find(storage.key);
    FMRI2IMG_CHECK(found != located.end(), "{}: storage \"{}\" is not in the file", where, storage.key);
    return found->second;
  };
  return pickle_tree(program, bytes_of, where);
}

}  // namespace fmri2img::io
