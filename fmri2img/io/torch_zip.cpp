#include <cstring>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/io/pickle_program.h"
#include "fmri2img/io/torch_formats.h"
#include "fmri2img/io/zip_directory.h"

namespace fmri2img::io {
namespace {

/// A state dict's pickle is thousands of names; a larger one is refused before it is unpacked.
constexpr int64_t kLargestPickle = int64_t{256} << 20;

/// An archive whose members stand in one folder that is named as the file was.
class TorchArchive {
 public:
  TorchArchive(const MappedFile& file, const std::string& where)
      : file_(file), where_(where), members_(read_zip_directory(file.bytes(), where)), folder_(find_folder()) {}

  bool has(const std::string& name) const { return members_.contains(folder_ + name); }

  StorageBytes bytes(const std::string& name) const {
    const auto found = members_.find(folder_ + name);
    FMRI2IMG_CHECK(found != members_.end(), "{}: the archive has no member \"{}\"", where_, folder_ + name);
    const HeldBytes held = zip_member_bytes({file_.bytes(), file_.owner()}, found->second, where_);
    return {held.bytes, held.owner};
  }

  int64_t size(const std::string& name) const { return members_.at(folder_ + name).size; }

  bool has_code() const {
    const auto first = members_.lower_bound(folder_ + "code/");
    return first != members_.end() && first->first.starts_with(folder_ + "code/");
  }

 private:
  /// Up to and with the slash before `data.pkl`.
  std::string find_folder() const {
    for (const auto& [name, member] : members_) {
      if (name.ends_with("/data.pkl") && name.find('/') == name.size() - 9) return name.substr(0, name.size() - 8);
    }
    fail(ErrorKind::kBadInput, "{}: a zip archive, but no PyTorch file: it has no <folder>/data.pkl", where_);
  }

  const MappedFile& file_;
  const std::string& where_;
  std::map<std::string, ZipMember> members_;
  std::string folder_;
};

void check_kind(const TorchArchive& archive, const std::string& where) {
  FMRI2IMG_CHECK(
      !archive.has("constants.pkl") && !archive.has_code(),
      "{}: a TorchScript archive (torch.jit.save), which holds a program beside the weights; not supported. Save its "
      "weights in Python: torch.save(torch.jit.load(path, map_location=\"cpu\").state_dict(), new_path)",
      where);
  if (!archive.has("byteorder")) return;
  const auto order = archive.bytes("byteorder").bytes;
  const std::string_view text(reinterpret_cast<const char*>(order.data()), order.size());
  FMRI2IMG_CHECK(text == "little", "{}: its byte order is \"{}\", only little is supported", where, text.substr(0, 20));
}

}  // namespace

bool is_torch_zip(const MappedFile& file) {
  return file.bytes().size() >= 4 && std::memcmp(file.bytes().data(), "PK\3\4", 4) == 0;
}

PickleValue read_torch_zip(const MappedFile& file, const std::string& where) {
  const TorchArchive archive(file, where);
  check_kind(archive, where);
  FMRI2IMG_CHECK(archive.size("data.pkl") <= kLargestPickle,
                 "{}: its data.pkl has {} bytes, at most {} are read",
                 where,
                 archive.size("data.pkl"),
                 kLargestPickle);
  const StorageBytes pickle = archive.bytes("data.pkl");
  const auto bytes_of = [&](const PickleStorage& storage) { return archive.bytes("data/" + storage.key); };
  return pickle_tree(run_pickle(pickle.bytes, where), bytes_of, where);
}

}  // namespace fmri2img::io
