#include <bit>
#include <cstring>
#include <limits>
#include <unordered_map>

#include "fmri2img/core/check.h"
#include "fmri2img/io/pickle_classes.h"
#include "fmri2img/io/pickle_program.h"

namespace fmri2img::io {
namespace {

/// A state dict of thousands of tensors has tens of thousands of values; a hostile pickle makes one a byte.
constexpr size_t kMostNodes = size_t{1} << 22;

/// Python's Lib/pickletools.py, protocols 2 to 5. Instructions of protocols 0 and 1 that PyTorch never writes are
/// absent.
// clang-format off: a table
enum Instruction : uint8_t {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kDup = '2',
  kProto = 0x80,
  kFrame = 0x95,
  kNone = 'N',
  kTrue = 0x88,
  kFalse = 0x89,
  kInt4 = 'J',
  kInt1 = 'K',
  kInt2 = 'M',
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kFloat = 'G',
  kText4 = 'X',
  kText1 = 0x8c,
  kText8 = 0x8d,
  kOldText1 = 'U',
  kOldText4 = 'T',
  kBytes1 = 'C',
  kBytes4 = 'B',
  kBytes8 = 0x8e,
  kByteArray8 = 0x96,
  kEmptyList = ']',
  kAppend = 'a',
  kAppends = 'e',
  kList = 'l',
  kEmptyTuple = ')',
  kTuple = 't',
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kEmptyDict = '}',
  kSetItem = 's',
  kSetItems = 'u',
  kDict = 'd',
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kFrozenSet = 0x91,
  kPut1 = 'q',
  kPut4 = 'r',
  kMemoize = 0x94,
  kGet1 = 'h',
  kGet4 = 'j',
  kGlobal = 'c',
  kStackGlobal = 0x93,
  kReduce = 'R',
  kBuild = 'b',
  kNewObject = 0x81,
  kPersistentId = 'Q',
};
// clang-format on

class PickleMachine {
 public:
  PickleMachine(std::span<const std::byte> bytes, const std::string& where) : bytes_(bytes), where_(where) {}

  PickleProgram run() {
    for (;;) {
      const size_t at = next_;
      const auto instruction = take<uint8_t>();
      if (instruction == kStop) break;
      if (!run_scalar(instruction) && !run_text(instruction) && !run_container(instruction) &&
          !run_object(instruction)) {
        fail(ErrorKind::kBadInput,
             "{}: the pickle's instruction 0x{:02x} at byte {} is not one that PyTorch writes",
             where_,
             instruction,
             at);
      }
    }
    program_.root = pop();
    program_.end = next_;
    return std::move(program_);
  }

 private:
  // Reading.

  std::span<const std::byte> take_bytes(uint64_t count) {
    FMRI2IMG_CHECK(count <= bytes_.size() - next_,
                   "{}: truncated pickle: {} bytes wanted at byte {} of {}",
                   where_,
                   count,
                   next_,
                   bytes_.size());
    const auto taken = bytes_.subspan(next_, count);
    next_ += count;
    return taken;
  }

  template <class T> T take() {
    T value;
    std::memcpy(&value, take_bytes(sizeof(T)).data(), sizeof(T));
    return value;
  }

  std::string take_text(uint64_t count) {
    const auto bytes = take_bytes(count);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::string take_line() {
    std::string line;
    for (char c = take<char>(); c != '\n'; c = take<char>()) line += c;
    return line;
  }

  double take_big_endian_double() { return std::bit_cast<double>(__builtin_bswap64(take<uint64_t>())); }

  /// Two's complement of any length, little-endian; beyond 64 bits a double.
  PickleNode take_long(uint64_t count) {
    const auto bytes = take_bytes(count);
    if (bytes.empty()) return int64_t{0};
    const bool negative = (bytes.back() & std::byte{0x80}) != std::byte{0};
    if (count <= 8) {
      uint64_t bits = negative ? ~uint64_t{0} : 0;
      std::memcpy(&bits, bytes.data(), count);
      return std::bit_cast<int64_t>(bits);
    }
    double value = negative ? -1 : 0;
    for (size_t i = bytes.size(); i-- > 0;) value = value * 256 + static_cast<double>(std::to_integer<int>(bytes[i]));
    return value;
  }

  // The stack.

  bool push(PickleNode node) {
    FMRI2IMG_CHECK(program_.nodes.size() < kMostNodes, "{}: the pickle makes more than {} values", where_, kMostNodes);
    program_.nodes.push_back(std::move(node));
    stack_.push_back(static_cast<NodeId>(program_.nodes.size() - 1));
    return true;
  }

  NodeId pop() {
    const size_t floor = marks_.empty() ? 0 : marks_.back();
    FMRI2IMG_CHECK(stack_.size() > floor, "{}: damaged pickle: a value is missing before byte {}", where_, next_);
    const NodeId top = stack_.back();
    stack_.pop_back();
    return top;
  }

  NodeId top() {
    const NodeId id = pop();
    stack_.push_back(id);
    return id;
  }

  std::vector<NodeId> pop_to_mark() {
    FMRI2IMG_CHECK(!marks_.empty(), "{}: damaged pickle: a mark is missing before byte {}", where_, next_);
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<NodeId> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return items;
  }

  template <class T> T& node(NodeId id, const char* expected) {
    T* found = std::get_if<T>(&program_.nodes[id]);
    FMRI2IMG_CHECK(found != nullptr, "{}: damaged pickle: expected {} before byte {}", where_, expected, next_);
    return *found;
  }

  // Instructions; each group says whether the instruction was one of its own.

  bool run_scalar(uint8_t instruction) {
    switch (instruction) {
      case kProto:
        return check_protocol(take<uint8_t>());
      case kFrame:
        take<uint64_t>();
        return true;
      case kNone:
        return push(std::monostate{});
      case kTrue:
        return push(true);
      case kFalse:
        return push(false);
      case kInt1:
        return push(int64_t{take<uint8_t>()});
      case kInt2:
        return push(int64_t{take<uint16_t>()});
      case kInt4:
        return push(int64_t{take<int32_t>()});
      case kLong1:
        return push(take_long(take<uint8_t>()));
      case kLong4:
        return push(take_long(take<uint32_t>()));
      case kFloat:
        return push(take_big_endian_double());
      default:
        return false;
    }
  }

  bool run_text(uint8_t instruction) {
    switch (instruction) {
      case kText1:
      case kOldText1:
        return push(take_text(take<uint8_t>()));
      case kText4:
      case kOldText4:
        return push(take_text(take<uint32_t>()));
      case kText8:
        return push(take_text(take<uint64_t>()));
      case kBytes1:
        return push(PickleBytes{take_text(take<uint8_t>())});
      case kBytes4:
        return push(PickleBytes{take_text(take<uint32_t>())});
      case kBytes8:
      case kByteArray8:
        return push(PickleBytes{take_text(take<uint64_t>())});
      default:
        return false;
    }
  }

  bool run_container(uint8_t instruction) {
    switch (instruction) {
      case kMark:
        marks_.push_back(stack_.size());
        return true;
      case kPop:
        return run_pop();
      case kPopMark:
        pop_to_mark();
        return true;
      case kDup:
        stack_.push_back(top());
        return true;
      case kEmptyList:
      case kEmptyTuple:
      case kEmptySet:
        return push(ListNode{});
      case kList:
      case kTuple:
      case kFrozenSet:
        return push(ListNode{pop_to_mark()});
      case kTuple1:
        return push_tuple(1);
      case kTuple2:
        return push_tuple(2);
      case kTuple3:
        return push_tuple(3);
      case kAppend:
        return append({pop()});
      case kAppends:
      case kAddItems:
        return append(pop_to_mark());
      case kEmptyDict:
        return push(DictNode{});
      case kDict:
        return run_dict();
      case kSetItem:
        return set_item();
      case kSetItems:
        return set_items(pop_to_mark());
      default:
        return false;
    }
  }

  bool run_object(uint8_t instruction) {
    switch (instruction) {
      case kPut1:
        memo_[take<uint8_t>()] = top();
        return true;
      case kPut4:
        memo_[take<uint32_t>()] = top();
        return true;
      case kMemoize: {
        const auto index = static_cast<uint32_t>(memo_.size());
        memo_[index] = top();
        return true;
      }
      case kGet1:
        return get(take<uint8_t>());
      case kGet4:
        return get(take<uint32_t>());
      case kGlobal: {
        const std::string module = take_line();
        return push(resolve_class(module, take_line(), where_));
      }
      case kStackGlobal: {
        const std::string name = node<std::string>(pop(), "a class name");
        return push(resolve_class(node<std::string>(pop(), "a module name"), name, where_));
      }
      case kReduce:
      case kNewObject:
        return call();
      case kBuild: {
        const NodeId state = pop();
        build_state(program_, top(), state, where_);
        return true;
      }
      case kPersistentId:
        return push(resolve_storage(program_, pop(), where_));
      default:
        return false;
    }
  }

  bool check_protocol(int protocol) {
    FMRI2IMG_CHECK(protocol <= 5, "{}: pickle protocol {} is not supported, at most 5 is", where_, protocol);
    return true;
  }

  bool run_pop() {
    if (!marks_.empty() && marks_.back() == stack_.size()) {
      marks_.pop_back();
    } else {
      pop();
    }
    return true;
  }

  bool push_tuple(size_t count) {
    std::vector<NodeId> items(count);
    for (size_t i = count; i-- > 0;) items[i] = pop();
    return push(ListNode{std::move(items)});
  }

  bool append(const std::vector<NodeId>& items) {
    auto& list = node<ListNode>(top(), "a list").items;
    list.insert(list.end(), items.begin(), items.end());
    return true;
  }

  bool run_dict() {
    const std::vector<NodeId> items = pop_to_mark();
    return push(DictNode{}) && set_items(items);
  }

  bool set_item() {
    const NodeId value = pop();
    return set_items({pop(), value});
  }

  bool set_items(const std::vector<NodeId>& items) {
    FMRI2IMG_CHECK(
        items.size() % 2 == 0, "{}: damaged pickle: a dict's key has no value before byte {}", where_, next_);
    auto& dict = node<DictNode>(top(), "a dict").items;
    for (size_t i = 0; i < items.size(); i += 2) dict.emplace_back(items[i], items[i + 1]);
    return true;
  }

  bool get(uint32_t index) {
    const auto found = memo_.find(index);
    FMRI2IMG_CHECK(
        found != memo_.end(), "{}: damaged pickle: no value has number {}, before byte {}", where_, index, next_);
    stack_.push_back(found->second);
    return true;
  }

  bool call() {
    const NodeId arguments = pop();
    const ClassNode callee = node<ClassNode>(pop(), "an allowed class");
    return push(call_class(program_, callee, list_node(program_, arguments, where_), where_));
  }

  std::span<const std::byte> bytes_;
  const std::string& where_;
  size_t next_ = 0;
  PickleProgram program_;
  std::vector<NodeId> stack_;
  std::vector<size_t> marks_;
  std::unordered_map<uint32_t, NodeId> memo_;
};

}  // namespace

PickleProgram run_pickle(std::span<const std::byte> bytes, const std::string& where) {
  return PickleMachine(bytes, where).run();
}

}  // namespace fmri2img::io
