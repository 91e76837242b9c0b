#pragma once

#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "fmri2img/io/pickle_value.h"

namespace fmri2img::io {

/// Index of a value in PickleProgram::nodes. Values refer to each other by it, so hostile sharing and cycles cost
/// nothing until `pickle_tree` walks them, which counts.
using NodeId = uint32_t;

struct ListNode {
  std::vector<NodeId> items;
};

struct DictNode {
  std::vector<std::pair<NodeId, NodeId>> items;
};

/// A tensor before its storage is known. Strides and offset count elements.
struct TensorNode {
  size_t storage;
  at::ScalarType type;
  int64_t offset;
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
};

/// A reference to PickleProgram::storages.
struct StorageNode {
  size_t index;
};

/// An allowed class or function, not yet called.
struct ClassNode {
  std::string name;
};

/// numpy.dtype, by its code: "f8".
struct NumpyTypeNode {
  std::string code;
};

/// numpy.ndarray before its state arrives.
struct NumpyArrayNode {};

using PickleNode = std::variant<std::monostate,
                                bool,
                                int64_t,
                                double,
                                std::string,
                                PickleBytes,
                                PickleName,
                                ListNode,
                                DictNode,
                                TensorNode,
                                StorageNode,
                                ClassNode,
                                NumpyTypeNode,
                                NumpyArrayNode>;

/// The memory behind tensors, as the pickle names it.
struct PickleStorage {
  std::string key;
  at::ScalarType type;                      ///< uint8 for an untyped storage
  int64_t count;                            ///< elements of `type`
  std::optional<std::string> inline_bytes;  ///< of a NumPy array: the pickle holds the bytes itself
};

/// What running a pickle gives.
struct PickleProgram {
  std::vector<PickleNode> nodes;
  std::vector<PickleStorage> storages;
  NodeId root = 0;
  size_t end = 0;  ///< bytes that the pickle took
};

/// Runs one pickle of protocol 2 to 5 (doc/formats/torch_files.md lists instructions and classes). Nothing of the file
/// is called. Throws Error naming `where` and the instruction or class that is not allowed, or if the pickle is
/// truncated.
PickleProgram run_pickle(std::span<const std::byte> bytes, const std::string& where);

/// Bytes of a storage and who keeps them.
struct StorageBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

/// The program's result with its tensors, which look into the storages that `bytes_of` supplies.
/// Throws Error naming `where` if a tensor leaves its storage, or the value is nested too deeply or too large.
PickleValue pickle_tree(const PickleProgram& program,
                        const std::function<StorageBytes(const PickleStorage&)>& bytes_of,
                        const std::string& where);

}  // namespace fmri2img::io
