#pragma once

#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fmri2img::io::mat5 {

/// Element types of the format (its table 1-1), as far as they are needed.
enum ElementType : uint32_t { kInt32 = 5, kUInt32 = 6, kMatrix = 14, kCompressed = 15 };

struct Element {
  uint32_t type = 0;
  std::span<const std::byte> data;
};

/// Reads one data element after another. Every length is checked against the bytes that are there.
class ElementReader {
 public:
  ElementReader(std::span<const std::byte> bytes, bool big_endian, const std::string& where)
      : bytes_(bytes), big_endian_(big_endian), where_(where) {}

  bool at_end() const { return bytes_.empty(); }

  /// Tag and data, then the padding up to 8 bytes. `what` names the element in messages.
  /// `whole` false: the data may be cut short by the end of the bytes (a prefix of a matrix is being looked at).
  Element next(const char* what, bool padded = true, bool whole = true);

  /// Native 32-bit integers of an element of type int32 or uint32.
  std::vector<uint32_t> integers(const Element& element, const char* what) const;

 private:
  uint32_t read_u32(size_t offset) const;

  std::span<const std::byte> bytes_;
  bool big_endian_;
  const std::string& where_;
};

/// How the numbers of a data element are stored, or nothing where the element holds no numbers.
std::optional<at::ScalarType> stored_type(uint32_t element_type);

/// The first three elements of a matrix: what it is, and where its numbers begin.
struct MatrixHeader {
  uint32_t array_class = 0;
  bool is_complex = false;
  bool is_logical = false;
  std::vector<int64_t> shape;
  std::string name;

  /// The type of its numbers, or nothing for cells, structures, text and other classes.
  std::optional<at::ScalarType> dtype() const;
  std::string type_name() const;
};
MatrixHeader read_matrix_header(ElementReader& reader, const std::string& where);

}  // namespace fmri2img::io::mat5
