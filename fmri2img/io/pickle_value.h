#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace fmri2img::io {

struct PickleValue;
struct PickleEntry;

/// A list, tuple or set.
using PickleList = std::vector<PickleValue>;

/// A dict of any kind, in the order of the file.
using PickleDict = std::vector<PickleEntry>;

/// Python's bytes.
struct PickleBytes {
  std::string bytes;
};

/// A type or object that is only named, such as `torch.float32` or `torch.device("cuda:0")`.
struct PickleName {
  std::string name;
};

/// One value of a pickle, with everything below it. Values that the file shares are copied; tensors go on sharing
/// memory. Integers beyond 64 bits are doubles. NumPy numbers are numbers, numeric NumPy arrays are tensors.
struct PickleValue {
  std::variant<std::monostate,
               bool,
               int64_t,
               double,
               std::string,
               PickleBytes,
               PickleName,
               PickleList,
               PickleDict,
               at::Tensor>
      value;

  template <class T> const T* get_if() const;

  bool is_none() const { return std::holds_alternative<std::monostate>(value); }

  /// The entry of a dict with this text as its key; nullptr where there is none or this is no dict.
  const PickleValue* find(const std::string& key) const;

  /// The number of a bool, int, double or one-element tensor. Throws Error naming `where` for anything else.
  double number(const std::string& where) const;

  /// As `number`, of an integer (also a double or tensor that holds one).
  int64_t integer(const std::string& where) const;

  /// The dict. Throws Error naming `where` for anything else.
  const PickleDict& dict(const std::string& where) const;

  /// "None", "bool", "int", "float", "str", "bytes", "list", "dict", "tensor" or the name, for messages and listings.
  std::string type_name() const;
};

/// A key of a dict and its value.
struct PickleEntry {
  PickleValue first;
  PickleValue second;
};

template <class T> const T* PickleValue::get_if() const {
  return std::get_if<T>(&value);
}

}  // namespace fmri2img::io
