#include "fmri2img/io/pickle_classes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <map>
#include <numeric>
#include <set>

#include "fmri2img/core/check.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io {
namespace {

const std::map<std::string, at::ScalarType> kStorageTypes = {{"torch.DoubleStorage", at::kDouble},
                                                             {"torch.FloatStorage", at::kFloat},
                                                             {"torch.HalfStorage", at::kHalf},
                                                             {"torch.BFloat16Storage", at::kBFloat16},
                                                             {"torch.LongStorage", at::kLong},
                                                             {"torch.IntStorage", at::kInt},
                                                             {"torch.ShortStorage", at::kShort},
                                                             {"torch.CharStorage", at::kChar},
                                                             {"torch.ByteStorage", at::kByte},
                                                             {"torch.BoolStorage", at::kBool},
                                                             {"torch.ComplexFloatStorage", at::kComplexFloat},
                                                             {"torch.ComplexDoubleStorage", at::kComplexDouble},
                                                             {"torch.storage.UntypedStorage", at::kByte}};

const std::map<std::string, at::ScalarType> kTorchTypes = {{"torch.float64", at::kDouble},
                                                           {"torch.float32", at::kFloat},
                                                           {"torch.float16", at::kHalf},
                                                           {"torch.bfloat16", at::kBFloat16},
                                                           {"torch.int64", at::kLong},
                                                           {"torch.int32", at::kInt},
                                                           {"torch.int16", at::kShort},
                                                           {"torch.int8", at::kChar},
                                                           {"torch.uint8", at::kByte},
                                                           {"torch.uint16", at::kUInt16},
                                                           {"torch.uint32", at::kUInt32},
                                                           {"torch.uint64", at::kUInt64},
                                                           {"torch.bool", at::kBool},
                                                           {"torch.complex64", at::kComplexFloat},
                                                           {"torch.complex128", at::kComplexDouble}};

const std::map<std::string, at::ScalarType> kNumpyTypes = {{"f8", at::kDouble},
                                                           {"f4", at::kFloat},
                                                           {"f2", at::kHalf},
                                                           {"i8", at::kLong},
                                                           {"i4", at::kInt},
                                                           {"i2", at::kShort},
                                                           {"i1", at::kChar},
                                                           {"u8", at::kUInt64},
                                                           {"u4", at::kUInt32},
                                                           {"u2", at::kUInt16},
                                                           {"u1", at::kByte},
                                                           {"b1", at::kBool}};

using Call = PickleNode (*)(PickleProgram&, const ListNode&, const std::string&);

const PickleNode& argument(const PickleProgram& program,
                           const ListNode& arguments,
                           size_t index,
                           const std::string& where) {
  FMRI2IMG_CHECK(index < arguments.items.size(), "{}: damaged pickle: an argument is missing", where);
  return program.nodes[arguments.items[index]];
}

template <class T>
const T& argument_of(const PickleProgram& program,
                     const ListNode& arguments,
                     size_t index,
                     const char* expected,
                     const std::string& where) {
  const T* found = std::get_if<T>(&argument(program, arguments, index, where));
  FMRI2IMG_CHECK(found != nullptr, "{}: damaged pickle: argument {} of a call is not {}", where, index, expected);
  return *found;
}

std::vector<int64_t> integers(const PickleProgram& program, const ListNode& list, const std::string& where) {
  std::vector<int64_t> values;
  for (size_t i = 0; i < list.items.size(); ++i)
    values.push_back(argument_of<int64_t>(program, list, i, "an integer", where));
  return values;
}

// torch

TensorNode tensor_of(const PickleProgram& program, const ListNode& arguments, const std::string& where) {
  const auto& storage = argument_of<StorageNode>(program, arguments, 0, "a storage", where);
  const auto& sizes = argument_of<ListNode>(program, arguments, 2, "a shape", where);
  const auto& strides = argument_of<ListNode>(program, arguments, 3, "a list of strides", where);
  return {storage.index,
          program.storages[storage.index].type,
          argument_of<int64_t>(program, arguments, 1, "an offset", where),
          integers(program, sizes, where),
          integers(program, strides, where)};
}

PickleNode rebuild_tensor(PickleProgram& program, const ListNode& arguments, const std::string& where) {
  return tensor_of(program, arguments, where);
}

/// Of types that have no storage class of their own: the sixth argument names the type.
PickleNode rebuild_tensor_v3(PickleProgram& program, const ListNode& arguments, const std::string& where) {
  TensorNode tensor = tensor_of(program, arguments, where);
  const std::string& name = argument_of<PickleName>(program, arguments, 6, "a data type", where).name;
  const auto type = kTorchTypes.find(name);
  FMRI2IMG_CHECK(type != kTorchTypes.end(), "{}: tensors of type {} are not supported", where, name);
  tensor.type = type->second;
  return tensor;
}

PickleNode rebuild_parameter(PickleProgram& program, const ListNode& arguments, const std::string& where) {
  return argument_of<TensorNode>(program, arguments, 0, "a tensor", where);
}

PickleNode make_device(PickleProgram& program, const ListNode& arguments, const std::string& where) {
  std::string name = argument_of<std::string>(program, arguments, 0, "a device", where);
  if (arguments.items.size() > 1)
    name += fmt::format(":{}", argument_of<int64_t>(program, arguments, 1, "a number", where));
  return PickleName{name};
}

// Python's own containers

PickleNode make_dict(PickleProgram& program, const ListNode& arguments, const std::string& where) {
  if (arguments.items.empty()) return DictNode{};
  const PickleNode& content = argument(program, arguments, 0, where);
  if (const auto* dict = std::get_if<DictNode>(&content)) return *dict;
  const auto& pairs = argument_of<ListNode>(program, arguments, 0, "a dict or a list of pairs", where);
  DictNode dict;
  for (const NodeId id : pairs.items) {
    const ListNode& pair = list_node(program, id, where);
    FMRI2IMG_CHECK(pair.items.size() == 2, "{}: damaged pickle: a dict is made from something else than pairs", where);
    dict.items.emplace_back(pair.items[0], pair.items[1]);
  }
  return dict;
}

PickleNode make_default_dict(PickleProgram&, const ListNode&, const std::string&) {
  return DictNode{};
}

PickleNode make_list(PickleProgram& program, const ListNode& arguments, const std::string& where) {
  return arguments.items.empty() ? ListNode{} : argument_of<ListNode>(program, arguments, 0, "a list", where);
}

/// Protocol 2 writes bytes as text whose code points are the bytes, to be encoded as latin-1.
PickleNode encode_latin1(PickleProgram& program, const ListNode& arguments, const std::string& where) {
  const auto& text = argument_of<std::string>(program, arguments, 0, "a text", where);
  const auto& encoding = argument_of<std::string>(program, arguments, 1, "an encoding", where);
  FMRI2IMG_CHECK(
      encoding == "latin1", "{}: the pickle encodes a text as \"{}\", only latin1 is allowed", where, encoding);
  PickleBytes bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    auto code = static_cast<unsigned char>(text[i]);
    if (code >= 0x80) {
      const bool two_bytes = (code == 0xc2 || code == 0xc3) && i + 1 < text.size();
      FMRI2IMG_CHECK(two_bytes, "{}: damaged pickle: a text that stands for bytes is not latin-1", where);
      code = static_cast<unsigned char>(((code & 3) << 6) | (static_cast<unsigned char>(text[++i]) & 0x3f));
    }
    bytes.bytes += static_cast<char>(code);
  }
  return bytes;
}

PickleNode make_bytes(PickleProgram& program, const ListNode& arguments, const std::string& where) {
  return arguments.items.empty() ? PickleBytes{} : argument_of<PickleBytes>(program, arguments, 0, "bytes", where);
}

// NumPy

at::ScalarType numpy_type(const NumpyTypeNode& type, const std::string& where) {
  const auto found = kNumpyTypes.find(type.code);
  FMRI2IMG_CHECK(found != kNumpyTypes.end(), "{}: NumPy values of type \"{}\" are not supported", where, type.code);
  return found->second;
}

PickleNode make_numpy_type(PickleProgram& program, const ListNode& arguments, const std::string& where) {
  return NumpyTypeNode{argument_of<std::string>(program, arguments, 0, "a type code", where)};
}

PickleNode make_numpy_array(PickleProgram&, const ListNode&, const std::string&) {
  return NumpyArrayNode{};
}

template <class T> T read_number(const std::string& bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

PickleNode make_numpy_number(PickleProgram& program, const ListNode& arguments, const std::string& where) {
  const at::ScalarType type =
      numpy_type(argument_of<NumpyTypeNode>(program, arguments, 0, "a NumPy type", where), where);
  const std::string& bytes = argument_of<PickleBytes>(program, arguments, 1, "bytes", where).bytes;
  FMRI2IMG_CHECK(
      bytes.size() == c10::elementSize(type), "{}: damaged pickle: a NumPy number of {} bytes", where, bytes.size());
  switch (type) {
    case at::kDouble:
      return read_number<double>(bytes);
    case at::kFloat:
      return double{read_number<float>(bytes)};
    case at::kHalf:
      return double{static_cast<float>(read_number<c10::Half>(bytes))};
    case at::kLong:
      return read_number<int64_t>(bytes);
    case at::kInt:
      return int64_t{read_number<int32_t>(bytes)};
    case at::kShort:
      return int64_t{read_number<int16_t>(bytes)};
    case at::kChar:
      return int64_t{read_number<int8_t>(bytes)};
    case at::kUInt64:
      return static_cast<double>(read_number<uint64_t>(bytes));
    case at::kUInt32:
      return int64_t{read_number<uint32_t>(bytes)};
    case at::kUInt16:
      return int64_t{read_number<uint16_t>(bytes)};
    case at::kByte:
      return int64_t{read_number<uint8_t>(bytes)};
    default:
      return bytes[0] != 0;
  }
}

std::vector<int64_t> strides_of(const std::vector<int64_t>& sizes, bool fortran_order) {
  std::vector<int64_t> strides(sizes.size());
  int64_t stride = 1;
  for (size_t i = 0; i < sizes.size(); ++i) {
    const size_t dimension = fortran_order ? i : sizes.size() - 1 - i;
    strides[dimension] = stride;
    stride *= std::max<int64_t>(sizes[dimension], 1);
  }
  return strides;
}

/// State of an ndarray: version, shape, type, is it in Fortran order, bytes.
TensorNode numpy_array(PickleProgram& program, const ListNode& state, const std::string& where) {
  const auto sizes = integers(program, argument_of<ListNode>(program, state, 1, "a shape", where), where);
  const at::ScalarType type = numpy_type(argument_of<NumpyTypeNode>(program, state, 2, "a NumPy type", where), where);
  const bool fortran_order = argument_of<bool>(program, state, 3, "a bool", where);
  std::string bytes = argument_of<PickleBytes>(program, state, 4, "the bytes of a numeric array", where).bytes;
  const std::optional<int64_t> expected = array_bytes(sizes, type);
  FMRI2IMG_CHECK(expected && *expected == static_cast<int64_t>(bytes.size()),
                 "{}: damaged pickle: a NumPy array has {} bytes, its shape does not",
                 where,
                 bytes.size());
  program.storages.push_back({"", type, static_cast<int64_t>(bytes.size() / c10::elementSize(type)), std::move(bytes)});
  return {program.storages.size() - 1, type, 0, sizes, strides_of(sizes, fortran_order)};
}

const std::map<std::string, Call> kCalls = {{"collections.OrderedDict", make_dict},
                                            {"collections.Counter", make_dict},
                                            {"collections.defaultdict", make_default_dict},
                                            {"builtins.dict", make_dict},
                                            {"builtins.list", make_list},
                                            {"builtins.tuple", make_list},
                                            {"builtins.set", make_list},
                                            {"builtins.frozenset", make_list},
                                            {"builtins.bytes", make_bytes},
                                            {"builtins.bytearray", make_bytes},
                                            {"_codecs.encode", encode_latin1},
                                            {"torch.Size", make_list},
                                            {"torch.device", make_device},
                                            {"torch._utils._rebuild_tensor", rebuild_tensor},
                                            {"torch._utils._rebuild_tensor_v2", rebuild_tensor},
                                            {"torch._utils._rebuild_tensor_v3", rebuild_tensor_v3},
                                            {"torch._utils._rebuild_parameter", rebuild_parameter},
                                            {"torch._utils._rebuild_parameter_with_state", rebuild_parameter},
                                            {"numpy.dtype", make_numpy_type},
                                            {"numpy.core.multiarray.scalar", make_numpy_number},
                                            {"numpy.core.multiarray._reconstruct", make_numpy_array}};

/// Named as arguments only, never called.
const std::set<std::string> kInertClasses = {"numpy.ndarray", "builtins.int", "builtins.float"};

}  // namespace

PickleNode resolve_class(std::string module, const std::string& name, const std::string& where) {
  if (module == "__builtin__") module = "builtins";
  if (module.starts_with("numpy._core")) module.replace(0, 11, "numpy.core");
  const std::string full = module + "." + name;
  if (kTorchTypes.contains(full)) return PickleName{full};
  const bool allowed = kCalls.contains(full) || kStorageTypes.contains(full) || kInertClasses.contains(full);
  FMRI2IMG_CHECK(
      allowed,
      "{}: refused: it names \"{}\", which is not among the classes that weights need; nothing of it was run. If you "
      "trust its source, load it in Python and save only the weights: torch.save(model.state_dict(), path)",
      where,
      full);
  return ClassNode{full};
}

PickleNode call_class(PickleProgram& program,
                      const ClassNode& callee,
                      const ListNode& arguments,
                      const std::string& where) {
  const auto found = kCalls.find(callee.name);
  FMRI2IMG_CHECK(found != kCalls.end(), "{}: refused: it calls \"{}\", which may only be named", where, callee.name);
  const ListNode kept = arguments;  // the call may add to the program
  return found->second(program, kept, where);
}

void build_state(PickleProgram& program, NodeId target, NodeId state, const std::string& where) {
  PickleNode& node = program.nodes[target];
  if (std::holds_alternative<NumpyTypeNode>(node)) {
    const auto& order = argument_of<std::string>(program, list_node(program, state, where), 1, "a byte order", where);
    FMRI2IMG_CHECK(order == "<" || order == "|" || order == "=",
                   "{}: NumPy values of byte order \"{}\" are not supported",
                   where,
                   order);
  } else if (std::holds_alternative<NumpyArrayNode>(node)) {
    const ListNode kept = list_node(program, state, where);
    node = numpy_array(program, kept, where);
  } else {
    const bool harmless = std::holds_alternative<DictNode>(node) || std::holds_alternative<ListNode>(node) ||
                          std::holds_alternative<TensorNode>(node);
    FMRI2IMG_CHECK(harmless, "{}: damaged pickle: a state is set on a value that has none", where);
  }
}

StorageNode resolve_storage(PickleProgram& program, NodeId persistent_id, const std::string& where) {
  const ListNode& id = list_node(program, persistent_id, where);
  const auto& kind = argument_of<std::string>(program, id, 0, "a text", where);
  FMRI2IMG_CHECK(
      kind == "storage", "{}: it refers to \"{}\" outside the pickle, only storages are supported", where, kind);
  const auto& name = argument_of<ClassNode>(program, id, 1, "a storage class", where).name;
  const auto type = kStorageTypes.find(name);
  FMRI2IMG_CHECK(type != kStorageTypes.end(), "{}: damaged pickle: \"{}\" is no storage class", where, name);
  const auto& key = argument_of<std::string>(program, id, 2, "a storage key", where);
  const int64_t count = argument_of<int64_t>(program, id, 4, "a count", where);
  FMRI2IMG_CHECK(
      array_bytes({count}, type->second), "{}: storage \"{}\" is said to have {} elements", where, key, count);
  const bool is_view = id.items.size() > 5 && !std::holds_alternative<std::monostate>(program.nodes[id.items[5]]);
  FMRI2IMG_CHECK(
      !is_view, "{}: storage \"{}\" is a view, as PyTorch before 0.4 wrote them: save it anew in Python", where, key);
  program.storages.push_back({key, type->second, count, std::nullopt});
  return {program.storages.size() - 1};
}

const ListNode& list_node(const PickleProgram& program, NodeId id, const std::string& where) {
  const auto* list = std::get_if<ListNode>(&program.nodes[id]);
  FMRI2IMG_CHECK(list != nullptr, "{}: damaged pickle: expected a tuple", where);
  return *list;
}

}  // namespace fmri2img::io
