#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fmri2img::io {

/// One value of a pickle that holds a ROI mapping.
struct RoiPickleValue {
  enum class Kind { kNone, kInteger, kText, kBytes, kSequence, kDict, kClass, kType, kArray, kMark };
  Kind kind = Kind::kNone;
  int64_t integer = 0;
  std::string text;                            ///< text, bytes, or the name of a class or NumPy type
  std::vector<const RoiPickleValue*> items{};  ///< of a dict: key, value, key, value ...
};

/// A stack machine for the opcodes that NumPy writes around a dict of numbers and names. Values live in the machine and
/// refer to each other by address, so shared and cyclic references cost nothing. Nothing is called: a class outside the
/// closed list is refused by name.
class RoiPickleMachine {
 public:
  RoiPickleMachine(std::span<const std::byte> bytes, std::string where) : bytes_(bytes), where_(std::move(where)) {}

  /// The value that the pickle ends with. Throws Error; the message names the opcode or class.
  const RoiPickleValue& run();

 private:
  using Value = RoiPickleValue;
  using Kind = RoiPickleValue::Kind;

  bool step(uint8_t opcode);
  bool step_constant(uint8_t opcode);
  bool step_container(uint8_t opcode);
  bool step_memo(uint8_t opcode);
  bool step_call(uint8_t opcode);

  std::string take(uint64_t count);
  uint64_t take_unsigned(size_t bytes);
  std::string take_line();
  void push(Kind kind, std::string text = {}, int64_t integer = 0);
  Value& top(size_t depth = 0);
  Value& pop();
  std::vector<const Value*> pop_to_mark();
  void append(Kind container, const std::vector<const Value*>& items);
  void push_tuple(size_t size);
  void push_class(const std::string& module, const std::string& name);
  void call();
  void build();
  void push_scalar(const Value& type, const Value& bytes);

  std::span<const std::byte> bytes_;
  std::string where_;
  std::deque<Value> values_;
  std::vector<Value*> stack_;
  std::map<uint64_t, Value*> memo_;
};

}  // namespace fmri2img::io
