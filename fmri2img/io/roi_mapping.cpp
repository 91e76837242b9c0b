#include "fmri2img/io/roi_mapping.h"

#include <fmt/format.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/npy_header.h"
#include "fmri2img/io/roi_pickle.h"

namespace fmri2img::io {
namespace {

using Kind = RoiPickleValue::Kind;

/// A 0-d object array: shape () and one object.
const RoiPickleValue& dict_of(const RoiPickleValue& array, const std::string& where) {
  const bool is_scalar = array.kind == Kind::kArray && array.items.size() == 2 && array.items[0]->items.empty() &&
                         array.items[1]->kind == Kind::kSequence && array.items[1]->items.size() == 1;
  FMRI2IMG_CHECK(is_scalar && array.items[1]->items[0]->kind == Kind::kDict,
                 "{}: not a ROI mapping: a 0-d object array with one dict was expected",
                 where);
  return *array.items[1]->items[0];
}

}  // namespace

std::map<int64_t, std::string> read_roi_mapping(const std::filesystem::path& path) {
  const MappedFile file(path);
  const std::string where = fmt::format("\"{}\"", path.string());
  RoiPickleMachine machine(file.bytes().subspan(object_data_offset(file.bytes(), where)), where);
  const RoiPickleValue& dict = dict_of(machine.run(), where);
  std::map<int64_t, std::string> mapping;
  for (size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    const RoiPickleValue& code = *dict.items[i];
    const RoiPickleValue& name = *dict.items[i + 1];
    FMRI2IMG_CHECK(code.kind == Kind::kInteger && name.kind == Kind::kText,
                   "{}: entry {} of the ROI mapping is not an integer with a name",
                   where,
                   i / 2);
    mapping[code.integer] = name.text;
  }
  return mapping;
}

}  // namespace fmri2img::io
