#include "fmri2img/io/pickle_value.h"

#include <array>
#include <cmath>

#include "fmri2img/core/check.h"

namespace fmri2img::io {

const PickleValue* PickleValue::find(const std::string& key) const {
  const auto* entries = get_if<PickleDict>();
  if (entries == nullptr) return nullptr;
  for (const auto& [name, entry] : *entries) {
    const auto* text = name.get_if<std::string>();
    if (text != nullptr && *text == key) return &entry;
  }
  return nullptr;
}

double PickleValue::number(const std::string& where) const {
  if (const auto* flag = get_if<bool>()) return *flag ? 1 : 0;
  if (const auto* integer = get_if<int64_t>()) return static_cast<double>(*integer);
  if (const auto* real = get_if<double>()) return *real;
  const auto* tensor = get_if<at::Tensor>();
  FMRI2IMG_CHECK(tensor != nullptr && tensor->numel() == 1 && !tensor->is_complex(),
                 "{}: expected a number, found {}",
                 where,
                 type_name());
  return tensor->item().toDouble();
}

int64_t PickleValue::integer(const std::string& where) const {
  if (const auto* integer = get_if<int64_t>()) return *integer;
  const double real = number(where);
  FMRI2IMG_CHECK(std::abs(real) < 9e15 && std::floor(real) == real, "{}: expected an integer, found {}", where, real);
  return static_cast<int64_t>(real);
}

const PickleDict& PickleValue::dict(const std::string& where) const {
  const auto* entries = get_if<PickleDict>();
  FMRI2IMG_CHECK(entries != nullptr, "{}: expected a dict, found {}", where, type_name());
  return *entries;
}

std::string PickleValue::type_name() const {
  if (const auto* name = get_if<PickleName>()) return name->name;
  constexpr std::array kNames{"None", "bool", "int", "float", "str", "bytes", "name", "list", "dict", "tensor"};
  static_assert(kNames.size() == std::variant_size_v<decltype(value)>);
  return kNames[value.index()];
}

}  // namespace fmri2img::io
