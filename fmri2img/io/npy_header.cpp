#include "fmri2img/io/npy_header.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "fmri2img/core/check.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kMostDimensions = 64;  // NumPy's own limit
constexpr size_t kAlignment = 64;       // of the first element
constexpr size_t kRoomToGrow = 21;      // NumPy leaves room for the first size to grow to any 64-bit number

constexpr std::array<std::pair<std::string_view, at::ScalarType>, 15> kTypeCodes{{
    {"b1", at::kBool},
    {"i1", at::kChar},
    {"i2", at::kShort},
    {"i4", at::kInt},
    {"i8", at::kLong},
    {"u1", at::kByte},
    {"u2", at::kUInt16},
    {"u4", at::kUInt32},
    {"u8", at::kUInt64},
    {"f2", at::kHalf},
    {"f4", at::kFloat},
    {"f8", at::kDouble},
    {"c8", at::kComplexFloat},
    {"c16", at::kComplexDouble},
    {"?", at::kBool},
}};

/// Reads the header's Python dict literal, for example `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
class HeaderText {
 public:
  HeaderText(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  NpyHeader parse() {
    NpyHeader header;
    std::string seen;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted("a key");
      expect(':');
      if (key == "descr") {
        parse_type(header);
      } else if (key == "fortran_order") {
        header.fortran_order = boolean();
      } else if (key == "shape") {
        header.shape = tuple();
      } else {
        fail(ErrorKind::kBadInput, "{}: the .npy header has an unknown field \"{}\"", where_, key);
      }
      seen += key + ' ';
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    for (const char* key : {"descr", "fortran_order", "shape"}) {
      FMRI2IMG_CHECK(seen.find(key) != std::string::npos, "{}: the .npy header has no \"{}\"", where_, key);
    }
    return header;
  }

 private:
  void skip_space() {
    while (position_ < text_.size() && std::string_view(" \t\n\r").find(text_[position_]) != std::string_view::npos)
      ++position_;
  }

  bool accept(char wanted) {
    skip_space();
    if (position_ >= text_.size() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }

  void expect(char wanted) {
    FMRI2IMG_CHECK(accept(wanted), "{}: malformed .npy header: no '{}' at character {}", where_, wanted, position_);
  }

  std::string quoted(const char* what) {
    skip_space();
    const char quote = position_ < text_.size() ? text_[position_] : '\0';
    const size_t end = quote == '\'' || quote == '"' ? text_.find(quote, position_ + 1) : std::string_view::npos;
    FMRI2IMG_CHECK(end != std::string_view::npos,
                   "{}: malformed .npy header: {} was expected at character {}",
                   where_,
                   what,
                   position_);
    std::string value(text_.substr(position_ + 1, end - position_ - 1));
    position_ = end + 1;
    return value;
  }

  bool boolean() {
    skip_space();
    for (const auto& [word, value] : {std::pair<std::string_view, bool>{"True", true}, {"False", false}}) {
      if (text_.substr(position_, word.size()) == word) {
        position_ += word.size();
        return value;
      }
    }
    fail(ErrorKind::kBadInput, "{}: malformed .npy header: \"fortran_order\" is neither True nor False", where_);
  }

  std::vector<int64_t> tuple() {
    std::vector<int64_t> shape;
    expect('(');
    while (!accept(')')) {
      shape.push_back(integer());
      FMRI2IMG_CHECK(
          shape.size() <= kMostDimensions, "{}: \"shape\" has more than {} dimensions", where_, kMostDimensions);
      accept('L');  // Python 2 wrote long integers so
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }

  int64_t integer() {
    skip_space();
    int64_t value = 0;
    const char* first = text_.data() + position_;
    const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), value);
    FMRI2IMG_CHECK(error == std::errc() && value >= 0,
                   "{}: malformed .npy header: \"shape\" holds something other than sizes at character {}",
                   where_,
                   position_);
    position_ += static_cast<size_t>(end - first);
    return value;
  }

  void parse_type(NpyHeader& header) {
    skip_space();
    FMRI2IMG_CHECK(position_ < text_.size() && text_[position_] != '[',
                   "{}: \"descr\" is a structured type: save its fields as arrays of their own",
                   where_);
    const std::string code = quoted("the element type");
    const bool has_order = !code.empty() && std::string_view("<>|=").find(code[0]) != std::string_view::npos;
    const std::string_view kind = std::string_view(code).substr(has_order ? 1 : 0);
    header.big_endian = has_order && code[0] == '>';
    for (const auto& [name, type] : kTypeCodes) {
      if (kind == name) header.dtype = type;
    }
    FMRI2IMG_CHECK(!kind.starts_with('O'),
                   "{}: \"descr\" is an object array (pickled Python objects), which is not read: save numbers",
                   where_);
    FMRI2IMG_CHECK(
        header.dtype != at::ScalarType::Undefined,
        "{}: \"descr\" is '{}'; supported are bool, int8..64, uint8..64, float16..64, complex64 and complex128",
        where_,
        code);
  }

  std::string_view text_;
  const std::string& where_;
  size_t position_ = 0;
};

/// Where the header's text begins, and how long it is.
std::pair<size_t, size_t> locate_header(std::string_view file, const std::string& where) {
  FMRI2IMG_CHECK(
      file.substr(0, kMagic.size()) == kMagic, "{}: not a .npy file (it does not begin with \\x93NUMPY)", where);
  FMRI2IMG_CHECK(file.size() >= 12, "{}: truncated: {} bytes, shorter than any .npy header", where, file.size());
  const auto byte = [&](size_t i) { return size_t{static_cast<unsigned char>(file[i])}; };
  const size_t major = byte(6);
  FMRI2IMG_CHECK(
      major >= 1 && major <= 3, "{}: .npy format version {}.{}; supported are 1.0, 2.0 and 3.0", where, major, byte(7));
  const size_t start = major == 1 ? 10 : 12;
  const size_t length = major == 1 ? byte(8) | byte(9) << 8 : byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24;
  FMRI2IMG_CHECK(length <= file.size() - start,
                 "{}: truncated: the .npy header has {} bytes, the file only {} after its beginning",
                 where,
                 length,
                 file.size() - start);
  return {start, length};
}

/// The header's text with everything before and after it, so that the data are aligned.
std::string pad_npy_header(std::string text) {
  const size_t unpadded = kMagic.size() + 4 + text.size() + 1;
  text.append(kAlignment - unpadded % kAlignment, ' ');
  text += '\n';
  FMRI2IMG_ASSERT(text.size() < 65536);
  const std::string length{static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
  return fmt::format("{}{}{}{}", kMagic, std::string("\x01\x00", 2), length, text);
}

}  // namespace

NpyHeader parse_npy_header(std::span<const std::byte> file, int64_t file_size, const std::string& where) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const auto [start, length] = locate_header(text, where);
  NpyHeader header = HeaderText(text.substr(start, length), where).parse();
  header.data_offset = static_cast<int64_t>(start + length);
  const std::optional<int64_t> bytes = array_bytes(header.shape, header.dtype);
  FMRI2IMG_CHECK(bytes, "{}: \"shape\" has more elements than any file can hold", where);
  FMRI2IMG_CHECK(*bytes <= file_size - header.data_offset,
                 "{}: truncated: \"shape\" and \"descr\" promise {} bytes of data, the file has {}",
                 where,
                 *bytes,
                 file_size - header.data_offset);
  return header;
}

size_t object_data_offset(std::span<const std::byte> file, const std::string& where) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const auto [start, length] = locate_header(text, where);
  const std::string_view header = text.substr(start, length);
  const bool is_object = header.find("'|O'") != std::string_view::npos || header.find("'O'") != std::string_view::npos;
  FMRI2IMG_CHECK(is_object && header.find("()") != std::string_view::npos,
                 "{}: not a ROI mapping: a 0-d object array was expected, its header is {}",
                 where,
                 header.substr(0, 120));
  return start + length;
}

std::string format_npy_header(at::ScalarType dtype, const std::vector<int64_t>& shape) {
  const auto* code =
      std::find_if(kTypeCodes.begin(), kTypeCodes.end(), [&](const auto& entry) { return entry.second == dtype; });
  FMRI2IMG_CHECK(
      code != kTypeCodes.end(), "the .npy format has no {}: convert to float32 first", scalar_type_name(dtype));
  std::string text = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}{}), }}",
                                 c10::elementSize(dtype) == 1 ? '|' : '<',
                                 code->first,
                                 fmt::join(shape, ", "),
                                 shape.size() == 1 ? "," : "");
  if (!shape.empty()) text.append(kRoomToGrow - std::to_string(shape[0]).size(), ' ');
  return pad_npy_header(std::move(text));
}

std::string format_object_npy_header() {
  return pad_npy_header("{'descr': '|O', 'fortran_order': False, 'shape': (), }");
}

}  // namespace fmri2img::io
