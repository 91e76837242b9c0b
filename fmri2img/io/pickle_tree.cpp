#include <limits>
#include <map>
#include <memory>
#include <optional>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/mapped_tensor.h"
#include "fmri2img/io/pickle_program.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io {
namespace {

constexpr int kDeepestValue = 64;
constexpr int64_t kLargestTree = int64_t{1} << 23;  // values plus text bytes / 64

/// An expanded tensor (stride 0) may have more elements than its storage; this many are refused as hostile.
constexpr int64_t kMostExpanded = int64_t{1} << 28;

/// One past the last element that the tensor reads, or nothing where that cannot be counted.
std::optional<int64_t> reach_of(const TensorNode& tensor) {
  int64_t last = tensor.offset;
  for (size_t i = 0; i < tensor.sizes.size(); ++i) {
    int64_t step = 0;
    if (tensor.strides[i] < 0 || __builtin_mul_overflow(tensor.sizes[i] - 1, tensor.strides[i], &step) ||
        __builtin_add_overflow(last, step, &last)) {
      return std::nullopt;
    }
  }
  return last == std::numeric_limits<int64_t>::max() ? std::nullopt : std::optional(last + 1);
}

class TreeBuilder {
 public:
  TreeBuilder(const PickleProgram& program,
              const std::function<StorageBytes(const PickleStorage&)>& bytes_of,
              const std::string& where)
      : program_(program), bytes_of_(bytes_of), where_(where) {}

  PickleValue build(NodeId id, int depth = 0) {
    FMRI2IMG_CHECK(depth <= kDeepestValue, "{}: its values are nested deeper than {} levels", where_, kDeepestValue);
    spend(1);
    const PickleNode& node = program_.nodes[id];
    if (const auto* list = std::get_if<ListNode>(&node)) return {build_list(*list, depth)};
    if (const auto* dict = std::get_if<DictNode>(&node)) return {build_dict(*dict, depth)};
    if (const auto* tensor = std::get_if<TensorNode>(&node)) return {build_tensor(*tensor)};
    return build_leaf(node);
  }

 private:
  void spend(size_t cost) {
    spent_ += static_cast<int64_t>(cost);
    FMRI2IMG_CHECK(
        spent_ <= kLargestTree, "{}: its shared values unfold to more than {}", where_, format_count(kLargestTree));
  }

  PickleList build_list(const ListNode& node, int depth) {
    PickleList list;
    for (const NodeId item : node.items) list.push_back(build(item, depth + 1));
    return list;
  }

  PickleDict build_dict(const DictNode& node, int depth) {
    PickleDict dict;
    for (const auto& [key, value] : node.items) dict.push_back({build(key, depth + 1), build(value, depth + 1)});
    return dict;
  }

  PickleValue build_leaf(const PickleNode& node) {
    if (const auto* text = std::get_if<std::string>(&node)) return spend(text->size() / 64), PickleValue{*text};
    if (const auto* bytes = std::get_if<PickleBytes>(&node))
      return spend(bytes->bytes.size() / 64), PickleValue{*bytes};
    if (const auto* name = std::get_if<PickleName>(&node)) return {*name};
    if (const auto* flag = std::get_if<bool>(&node)) return {*flag};
    if (const auto* integer = std::get_if<int64_t>(&node)) return {*integer};
    if (const auto* number = std::get_if<double>(&node)) return {*number};
    if (const auto* type = std::get_if<ClassNode>(&node)) return {PickleName{type->name}};
    if (const auto* type = std::get_if<NumpyTypeNode>(&node)) return {PickleName{"numpy." + type->code}};
    FMRI2IMG_CHECK(std::holds_alternative<std::monostate>(node),
                   "{}: damaged pickle: a value was begun and never finished",
                   where_);
    return {};
  }

  /// The whole storage as one row, made once, so that tensors which share it in the file share it in memory.
  const at::Tensor& storage(size_t index, at::ScalarType type) {
    const PickleStorage& description = program_.storages[index];
    const auto key = std::pair(description.inline_bytes ? fmt::format("#{}", index) : "=" + description.key, type);
    const auto found = made_.find(key);
    if (found != made_.end()) return found->second;
    const StorageBytes stored = inline_or_file(description);
    const auto expected = static_cast<size_t>(*array_bytes({description.count}, description.type));
    FMRI2IMG_CHECK(stored.bytes.size() == expected,
                   "{}: storage \"{}\" is said to have {} elements of type {}, but {} bytes are there",
                   where_,
                   description.key,
                   description.count,
                   scalar_type_name(description.type),
                   stored.bytes.size());
    const size_t size = c10::elementSize(type);
    return made_[key] = tensor_over(
               stored.bytes.first(expected / size * size), stored.owner, type, {static_cast<int64_t>(expected / size)});
  }

  StorageBytes inline_or_file(const PickleStorage& description) const {
    if (!description.inline_bytes) return bytes_of_(description);
    const auto owner = std::make_shared<const std::string>(*description.inline_bytes);
    return {std::as_bytes(std::span(*owner)), owner};
  }

  at::Tensor build_tensor(const TensorNode& node) {
    const at::Tensor& row = storage(node.storage, node.type);
    const std::optional<int64_t> count = element_count(node.sizes);
    FMRI2IMG_CHECK(
        count && node.offset >= 0 && node.sizes.size() == node.strides.size() && node.sizes.size() <= kDeepestValue,
        "{}: damaged pickle: a tensor of shape {} with {} strides at offset {}",
        where_,
        format_shape(node.sizes),
        node.strides.size(),
        node.offset);
    const std::optional<int64_t> reach = *count == 0 ? std::optional<int64_t>(0) : reach_of(node);
    FMRI2IMG_CHECK(reach && *reach <= row.numel() && (*count <= row.numel() || *count <= kMostExpanded),
                   "{}: a tensor of shape {} at offset {} leaves its storage \"{}\" of {} elements",
                   where_,
                   format_shape(node.sizes),
                   node.offset,
                   program_.storages[node.storage].key,
                   row.numel());
    return row.as_strided(node.sizes, node.strides, *count == 0 ? 0 : node.offset);
  }

  const PickleProgram& program_;
  const std::function<StorageBytes(const PickleStorage&)>& bytes_of_;
  const std::string& where_;
  int64_t spent_ = 0;
  std::map<std::pair<std::string, at::ScalarType>, at::Tensor> made_;
};

}  // namespace

PickleValue pickle_tree(const PickleProgram& program,
                        const std::function<StorageBytes(const PickleStorage&)>& bytes_of,
                        const std::string& where) {
  return TreeBuilder(program, bytes_of, where).build(program.root);
}

}  // namespace fmri2img::io
