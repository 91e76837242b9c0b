#include "fmri2img/io/roi_pickle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

#include "fmri2img/core/check.h"

namespace fmri2img::io {
namespace {

constexpr size_t kMostValues = 1 << 20;
constexpr uint8_t kNewestProtocol = 5;

// NumPy 1 and 2 name the same functions by different modules.
constexpr std::array<std::string_view, 7> kAllowedClasses{"numpy.core.multiarray._reconstruct",
                                                          "numpy._core.multiarray._reconstruct",
                                                          "numpy.core.multiarray.scalar",
                                                          "numpy._core.multiarray.scalar",
                                                          "numpy.ndarray",
                                                          "numpy.dtype",
                                                          "_codecs.encode"};

int64_t to_signed(std::string_view little_endian) {
  uint64_t value = !little_endian.empty() && (little_endian.back() & 0x80) != 0 ? ~uint64_t{0} : 0;
  for (size_t i = little_endian.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(little_endian[i]);
  return static_cast<int64_t>(value);
}

std::string latin1(std::string_view utf8) {
  std::string bytes;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    if ((lead & 0xfe) == 0xc2 && i + 1 < utf8.size()) {
      bytes += static_cast<char>((lead & 0x03) << 6 | (static_cast<unsigned char>(utf8[++i]) & 0x3f));
    } else {
      bytes += utf8[i];
    }
  }
  return bytes;
}

std::string utf8(std::string_view utf32) {
  std::string text;
  for (size_t i = 0; i + 4 <= utf32.size(); i += 4) {
    const auto code = static_cast<uint64_t>(to_signed(utf32.substr(i, 4))) & 0x1fffff;
    if (code == 0) continue;  // NumPy pads with zeros
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else if (code < 0x800) {
      text += {static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 0x3f))};
    } else if (code < 0x10000) {
      text += {static_cast<char>(0xe0 | code >> 12),
               static_cast<char>(0x80 | (code >> 6 & 0x3f)),
               static_cast<char>(0x80 | (code & 0x3f))};
    } else {
      text += {static_cast<char>(0xf0 | code >> 18),
               static_cast<char>(0x80 | (code >> 12 & 0x3f)),
               static_cast<char>(0x80 | (code >> 6 & 0x3f)),
               static_cast<char>(0x80 | (code & 0x3f))};
    }
  }
  return text;
}

}  // namespace

const RoiPickleValue& RoiPickleMachine::run() {
  while (true) {
    const auto opcode = static_cast<uint8_t>(take_unsigned(1));
    if (opcode == '.') return pop();
    FMRI2IMG_CHECK(step(opcode),
                   "{}: its pickle uses opcode 0x{:02x}, which a ROI mapping does not need; refused",
                   where_,
                   opcode);
    FMRI2IMG_CHECK(values_.size() <= kMostValues && stack_.size() <= kMostValues,
                   "{}: its pickle is larger than any ROI mapping",
                   where_);
  }
}

bool RoiPickleMachine::step(uint8_t opcode) {
  if (opcode == 0x80) {  // PROTO
    const uint64_t protocol = take_unsigned(1);
    FMRI2IMG_CHECK(
        protocol >= 2 && protocol <= kNewestProtocol, "{}: pickle protocol {}; supported are 2 to 5", where_, protocol);
    return true;
  }
  if (opcode == 0x95) return take_unsigned(8), true;  // FRAME: a hint for buffering
  return step_constant(opcode) || step_container(opcode) || step_memo(opcode) || step_call(opcode);
}

bool RoiPickleMachine::step_constant(uint8_t opcode) {
  switch (opcode) {
    case 'N':
      push(Kind::kNone);
      return true;
    case 0x88:
      push(Kind::kInteger, {}, 1);
      return true;
    case 0x89:
      push(Kind::kInteger, {}, 0);
      return true;
    case 'K':
      push(Kind::kInteger, {}, static_cast<int64_t>(take_unsigned(1)));
      return true;
    case 'M':
      push(Kind::kInteger, {}, static_cast<int64_t>(take_unsigned(2)));
      return true;
    case 'J':
      push(Kind::kInteger, {}, to_signed(take(4)));
      return true;
    case 0x8a: {  // LONG1
      const uint64_t size = take_unsigned(1);
      FMRI2IMG_CHECK(size <= 8, "{}: its pickle holds an integer of {} bytes", where_, size);
      push(Kind::kInteger, {}, to_signed(take(size)));
      return true;
    }
    case 'U':
    case 0x8c:
      push(Kind::kText, take(take_unsigned(1)));
      return true;
    case 'T':
    case 'X':
      push(Kind::kText, take(take_unsigned(4)));
      return true;
    case 0x8d:
      push(Kind::kText, take(take_unsigned(8)));
      return true;
    case 'C':
      push(Kind::kBytes, take(take_unsigned(1)));
      return true;
    case 'B':
      push(Kind::kBytes, take(take_unsigned(4)));
      return true;
    case 0x8e:
      push(Kind::kBytes, take(take_unsigned(8)));
      return true;
    default:
      return false;
  }
}

bool RoiPickleMachine::step_container(uint8_t opcode) {
  switch (opcode) {
    case '(':
      push(Kind::kMark);
      return true;
    case ')':
    case ']':
      push(Kind::kSequence);
      return true;
    case '}':
      push(Kind::kDict);
      return true;
    case 0x85:
    case 0x86:
    case 0x87:
      push_tuple(size_t{opcode} - 0x84);
      return true;
    case 't': {
      const std::vector<const Value*> items = pop_to_mark();
      push(Kind::kSequence);
      top().items = items;
      return true;
    }
    case 'a': {
      const Value& item = pop();
      append(Kind::kSequence, {&item});
      return true;
    }
    case 's': {
      const Value& value = pop();
      const Value& key = pop();
      append(Kind::kDict, {&key, &value});
      return true;
    }
    case 'e':
      append(Kind::kSequence, pop_to_mark());
      return true;
    case 'u':
      append(Kind::kDict, pop_to_mark());
      return true;
    default:
      return false;
  }
}

bool RoiPickleMachine::step_memo(uint8_t opcode) {
  const auto recall = [this](uint64_t index) {
    const auto found = memo_.find(index);
    FMRI2IMG_CHECK(found != memo_.end(), "{}: its pickle recalls value {}, which it never stored", where_, index);
    stack_.push_back(found->second);
  };
  switch (opcode) {
    case 'q':
      memo_[take_unsigned(1)] = &top();
      return true;
    case 'r':
      memo_[take_unsigned(4)] = &top();
      return true;
    case 0x94:
      memo_[memo_.size()] = &top();
      return true;
    case 'h':
      recall(take_unsigned(1));
      return true;
    case 'j':
      recall(take_unsigned(4));
      return true;
    default:
      return false;
  }
}

bool RoiPickleMachine::step_call(uint8_t opcode) {
  if (opcode == 'c') {
    const std::string module = take_line();
    push_class(module, take_line());
  } else if (opcode == 0x93) {
    const std::string name = pop().text;
    push_class(pop().text, name);
  } else if (opcode == 'R') {
    call();
  } else if (opcode == 'b') {
    build();
  } else {
    return false;
  }
  return true;
}

std::string RoiPickleMachine::take(uint64_t count) {
  FMRI2IMG_CHECK(count <= bytes_.size(),
                 "{}: truncated: its pickle needs {} bytes more, {} are left",
                 where_,
                 count,
                 bytes_.size());
  std::string taken(reinterpret_cast<const char*>(bytes_.data()), count);
  bytes_ = bytes_.subspan(count);
  return taken;
}

uint64_t RoiPickleMachine::take_unsigned(size_t count) {
  uint64_t value = 0;
  const std::string raw = take(count);
  for (size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(raw[i]);
  return value;
}

std::string RoiPickleMachine::take_line() {
  const auto end = std::find(bytes_.begin(), bytes_.end(), std::byte{'\n'});
  std::string line = take(static_cast<uint64_t>(end - bytes_.begin()));
  take(1);
  return line;
}

void RoiPickleMachine::push(Kind kind, std::string text, int64_t integer) {
  values_.push_back({kind, integer, std::move(text), {}});
  stack_.push_back(&values_.back());
}

RoiPickleValue& RoiPickleMachine::top(size_t depth) {
  FMRI2IMG_CHECK(depth < stack_.size(), "{}: its pickle is malformed: it takes more values than it made", where_);
  return *stack_[stack_.size() - 1 - depth];
}

RoiPickleValue& RoiPickleMachine::pop() {
  Value& value = top();
  stack_.pop_back();
  return value;
}

std::vector<const RoiPickleValue*> RoiPickleMachine::pop_to_mark() {
  std::vector<const Value*> items;
  while (top().kind != Kind::kMark) items.push_back(&pop());
  pop();
  std::reverse(items.begin(), items.end());
  return items;
}

void RoiPickleMachine::append(Kind container, const std::vector<const Value*>& items) {
  Value& target = top();
  FMRI2IMG_CHECK(target.kind == container,
                 "{}: its pickle is malformed: it adds items to something else than a list or dict",
                 where_);
  target.items.insert(target.items.end(), items.begin(), items.end());
  FMRI2IMG_CHECK(target.items.size() <= kMostValues, "{}: its pickle is larger than any ROI mapping", where_);
}

void RoiPickleMachine::push_tuple(size_t size) {
  std::vector<const Value*> items(size);
  for (size_t i = size; i-- > 0;) items[i] = &pop();
  push(Kind::kSequence);
  top().items = items;
}

void RoiPickleMachine::push_class(const std::string& module, const std::string& name) {
  const std::string full = module + "." + name;
  FMRI2IMG_CHECK(std::find(kAllowedClasses.begin(), kAllowedClasses.end(), full) != kAllowedClasses.end(),
                 "{}: its pickle names {}, which a ROI mapping does not need; refused without calling it",
                 where_,
                 full);
  push(Kind::kClass, full);
}

void RoiPickleMachine::call() {
  const Value& arguments = pop();
  const Value& callee = pop();
  FMRI2IMG_CHECK(callee.kind == Kind::kClass && arguments.kind == Kind::kSequence && !arguments.items.empty(),
                 "{}: its pickle is malformed: it calls {}",
                 where_,
                 callee.kind == Kind::kClass ? callee.text + " with nothing" : "something that is no class");
  const Value& first = *arguments.items[0];
  if (callee.text.ends_with("_reconstruct")) return push(Kind::kArray);
  if (callee.text == "numpy.dtype") return push(Kind::kType, first.text);
  if (callee.text == "_codecs.encode") return push(Kind::kBytes, latin1(first.text));
  FMRI2IMG_CHECK(callee.text.ends_with(".scalar") && arguments.items.size() == 2,
                 "{}: its pickle calls {} with other arguments than NumPy does",
                 where_,
                 callee.text);
  push_scalar(first, *arguments.items[1]);
}

void RoiPickleMachine::build() {
  const Value& state = pop();
  Value& target = top();
  FMRI2IMG_CHECK(state.kind == Kind::kSequence, "{}: its pickle is malformed: a state that is no tuple", where_);
  if (target.kind == Kind::kType) {  // (version, byte order, ...)
    if (state.items.size() >= 2) target.integer = state.items[1]->text == ">" ? 1 : 0;
    return;
  }
  FMRI2IMG_CHECK(target.kind == Kind::kArray && state.items.size() == 5,
                 "{}: its pickle sets the state of something that is no array",
                 where_);
  target.items = {state.items[1], state.items[4]};  // (version, shape, type, is_fortran, data)
}

void RoiPickleMachine::push_scalar(const Value& type, const Value& bytes) {
  FMRI2IMG_CHECK(type.kind == Kind::kType && bytes.kind == Kind::kBytes && !type.text.empty(),
                 "{}: its pickle holds a malformed NumPy number",
                 where_);
  const char kind = type.text[0];
  std::string raw = bytes.text;
  if (kind == 'U' && type.integer == 0) return push(Kind::kText, utf8(raw));
  FMRI2IMG_CHECK((kind == 'i' || kind == 'u') && !raw.empty() && raw.size() <= 8,
                 "{}: its pickle holds a NumPy value of type {}, an integer was expected",
                 where_,
                 type.text);
  if (type.integer == 1) std::reverse(raw.begin(), raw.end());
  push(Kind::kInteger, {}, to_signed(kind == 'u' && raw.size() < 8 ? raw + '\0' : raw));
}

}  // namespace fmri2img::io
