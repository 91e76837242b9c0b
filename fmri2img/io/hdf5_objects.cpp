#include "fmri2img/io/hdf5_objects.h"

#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"

namespace fmri2img::io::hdf5 {
namespace {

[[noreturn]] void refuse(const std::string& where) {
  fail(ErrorKind::kBadInput, "{} is damaged: the list of its datasets makes no sense", where);
}

/// CBOR has numbers that no integer holds.
std::vector<int64_t> shape_of(const Json& sizes, const std::string& where) {
  for (const Json& size : sizes) {
    if (!size.is_number_integer()) refuse(where);
  }
  return sizes.get<std::vector<int64_t>>();
}

}  // namespace

std::string objects_to_cbor(const std::vector<Object>& objects) {
  Json list = Json::array();
  for (const Object& object : objects) {
    list.push_back({object.name, object.type, object.shape, object.readable, object.matlab_class, object.matlab_empty});
  }
  std::string text;
  Json::to_cbor(list, text);
  return text;
}

std::vector<Object> objects_from_cbor(const std::string& text, const std::string& where) {
  std::vector<Object> objects;
  try {
    for (const Json& object : Json::from_cbor(text)) {
      objects.push_back({object.at(0).get<std::string>(),
                         object.at(1).get<std::string>(),
                         shape_of(object.at(2), where),
                         object.at(3).get<bool>(),
                         object.at(4).get<std::string>(),
                         object.at(5).get<bool>()});
    }
  } catch (const Json::exception&) {
    refuse(where);
  }
  return objects;
}

}  // namespace fmri2img::io::hdf5
