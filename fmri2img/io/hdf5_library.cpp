#include "fmri2img/io/hdf5_library.h"

#include <fmt/format.h>
#include <hdf5.h>

#include <array>
#include <cstdlib>
#include <exception>
#include <optional>
#include <utility>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/hdf5_types.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::io::hdf5 {
namespace {

constexpr size_t kMostObjects = 100'000;
constexpr size_t kChunkCacheBytes = size_t{256} << 20;  // rows of one chunk after another are inflated once
constexpr size_t kChunkCacheSlots = 12'421;             // a prime, as HDF5 wants it

/// The innermost sentence of HDF5's error stack.
std::string last_error() {
  std::string text = "no reason given";
  const auto take_first = [](unsigned depth, const H5E_error2_t* error, void* out) -> herr_t {
    if (depth == 0 && error->desc != nullptr) *static_cast<std::string*>(out) = error->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_first, &text);
  return text;
}

/// Opens the file and nothing beside it: no plug-ins, no drivers from the environment, no locks (they fail on network
/// drives), no error messages on stderr.
hid_t open_file(const std::string& path, const std::string& where) {
  setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1);
  unsetenv("HDF5_DRIVER");
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLset_loading_state(0);
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fapl_sec2(access);
  H5Pset_cache(access, 0, kChunkCacheSlots, kChunkCacheBytes, 1);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access);
  FMRI2IMG_CHECK(file >= 0, "{}: HDF5 cannot open it: {}", where, last_error());
  return file;
}

/// The text of a short, fixed-length string attribute; "" where there is none.
std::string text_attribute(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0) return {};
  const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
  const hid_t type = H5Aget_type(attribute);
  std::array<char, 64> text{};
  const bool readable = H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 &&
                        H5Tget_size(type) < text.size() && H5Sget_simple_extent_npoints(H5Aget_space(attribute)) == 1 &&
                        H5Aread(attribute, type, text.data()) >= 0;
  return readable ? std::string(text.data()) : std::string();
}

std::string matlab_class_of(hid_t object) {
  if (H5Aexists(object, "MATLAB_sparse") > 0) return "sparse";
  if (H5Aexists(object, "MATLAB_object_decode") > 0) return "object";
  return text_attribute(object, "MATLAB_class");
}

/// The sizes that MATLAB writes in place of an empty array's numbers.
std::vector<int64_t> sizes_in(hid_t dataset, const std::vector<int64_t>& shape) {
  constexpr int64_t kMost = 64;
  if (shape.size() != 1 || shape[0] > kMost) return {};
  std::vector<int64_t> sizes(static_cast<size_t>(shape[0]));
  return H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, sizes.data()) >= 0 ? sizes
                                                                                              : std::vector<int64_t>{};
}

std::optional<std::vector<int64_t>> shape_of(hid_t dataset) {
  const hid_t space = H5Dget_space(dataset);
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0 || H5Sget_simple_extent_type(space) == H5S_NULL) return std::nullopt;
  std::array<hsize_t, H5S_MAX_RANK> sizes{};
  H5Sget_simple_extent_dims(space, sizes.data(), nullptr);
  H5Sclose(space);
  return std::vector<int64_t>(sizes.begin(), sizes.begin() + rank);
}

/// Whether the numbers stand in this file and not in others that it names.
bool is_self_contained(hid_t dataset) {
  const hid_t creation = H5Dget_create_plist(dataset);
  const bool contained = H5Pget_layout(creation) != H5D_VIRTUAL && H5Pget_external_count(creation) == 0;
  H5Pclose(creation);
  return contained;
}

Object describe_dataset(hid_t dataset, const char* name) {
  Object object{.name = name, .matlab_class = matlab_class_of(dataset)};
  const hid_t type = H5Dget_type(dataset);
  const std::optional<std::vector<int64_t>> shape = shape_of(dataset);
  object.type = type_name(type);
  object.readable = number_type(type).has_value();
  if (shape) object.shape = *shape;
  if (object.readable && !shape) object = {.name = name, .type = "empty"};
  if (object.readable && !is_self_contained(dataset)) {
    object.type = "stored in other files";
    object.readable = false;
  }
  object.matlab_empty = H5Aexists(dataset, "MATLAB_empty") > 0;
  if (object.readable && object.matlab_empty) object.shape = sizes_in(dataset, object.shape);
  H5Tclose(type);
  return object;
}

struct Visit {
  const std::string& where;
  Depth depth;
  std::vector<Object> objects{};
  std::exception_ptr error{};
};

void add_object(hid_t group, const char* name, H5L_type_t link, Visit& visit) {
  FMRI2IMG_CHECK(
      visit.objects.size() < kMostObjects, "{} holds more than {} datasets", visit.where, format_count(kMostObjects));
  if (link != H5L_TYPE_HARD) {
    visit.objects.push_back({.name = name, .type = "a link"});
    return;
  }
  const hid_t object = H5Oopen(group, name, H5P_DEFAULT);
  if (object < 0) {
    visit.objects.push_back({.name = name, .type = fmt::format("damaged, or of a newer HDF5 ({})", last_error())});
    return;
  }
  if (H5Iget_type(object) == H5I_DATASET) visit.objects.push_back(describe_dataset(object, name));
  if (H5Iget_type(object) == H5I_GROUP && visit.depth == Depth::kTopLevel)
    visit.objects.push_back({.name = name, .type = "group", .matlab_class = matlab_class_of(object)});
  H5Oclose(object);
}

herr_t on_link(hid_t group, const char* name, const H5L_info_t* info, void* data) {
  auto& visit = *static_cast<Visit*>(data);
  try {
    add_object(group, name, info->type, visit);
    return 0;
  } catch (const Error&) {  // exceptions must not pass through C
    visit.error = std::current_exception();
    return -1;
  }
}

/// Reads runs of neighbouring rows, each in one call.
void read_rows(hid_t dataset,
               hid_t type,
               const std::vector<int64_t>& shape,
               std::span<const int64_t> rows,
               std::span<std::byte> bytes,
               const std::string& where) {
  const size_t row_bytes = bytes.size() / rows.size();
  const hid_t file_space = H5Dget_space(dataset);
  std::vector<hsize_t> start(shape.size(), 0);
  std::vector<hsize_t> count(shape.begin(), shape.end());
  for (size_t first = 0, last = 0; first < rows.size(); first = last) {
    for (last = first + 1; last < rows.size() && rows[last] == rows[last - 1] + 1;) ++last;
    start[0] = static_cast<hsize_t>(rows[first]);
    count[0] = last - first;
    H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
    const hid_t memory_space = H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr);
    const herr_t status =
        H5Dread(dataset, type, memory_space, file_space, H5P_DEFAULT, bytes.data() + first * row_bytes);
    H5Sclose(memory_space);
    FMRI2IMG_CHECK(status >= 0, "{}: cannot read row {}: {}", where, rows[first], last_error());
  }
}

/// HDF5's own message for a missing filter is of no use.
void check_filters(hid_t dataset, const std::string& where) {
  const hid_t creation = H5Dget_create_plist(dataset);
  for (int i = 0; i < H5Pget_nfilters(creation); ++i) {
    unsigned flags = 0;
    size_t values = 0;
    std::array<char, 64> name{};
    const H5Z_filter_t filter = H5Pget_filter2(
        creation, static_cast<unsigned>(i), &flags, &values, nullptr, name.size() - 1, name.data(), nullptr);
    FMRI2IMG_CHECK(H5Zfilter_avail(filter) > 0,
                   "{} is compressed by filter {} ({}), which is not read: save it with gzip instead",
                   where,
                   filter,
                   name.data());
  }
}

}  // namespace

std::vector<Object> list_objects(const std::string& path, Depth depth) {
  const std::string where = fmt::format("\"{}\"", path);
  const hid_t file = open_file(path, where);
  Visit visit{where, depth};
  const herr_t status = depth == Depth::kTopLevel
                            ? H5Literate(file, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, on_link, &visit)
                            : H5Lvisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, on_link, &visit);
  if (visit.error) std::rethrow_exception(visit.error);
  FMRI2IMG_CHECK(status >= 0, "{}: damaged: {}", where, last_error());
  return std::move(visit.objects);
}

void read_dataset(const std::string& path,
                  const std::string& name,
                  std::span<const int64_t> rows,
                  std::span<std::byte> bytes) {
  const std::string file_name = fmt::format("\"{}\"", path);
  const std::string where = fmt::format("{}: \"{}\"", file_name, name);
  const hid_t dataset = H5Dopen2(open_file(path, file_name), name.c_str(), H5P_DEFAULT);
  FMRI2IMG_CHECK(dataset >= 0, "{}: cannot open it: {}", where, last_error());
  const hid_t type = H5Dget_type(dataset);
  const std::optional<at::ScalarType> number = number_type(type);
  std::vector<int64_t> shape = shape_of(dataset).value_or(std::vector<int64_t>{0});
  if (!rows.empty() && !shape.empty()) shape[0] = static_cast<int64_t>(rows.size());
  FMRI2IMG_CHECK(
      number && is_self_contained(dataset) && array_bytes(shape, *number) == static_cast<int64_t>(bytes.size()),
      "{}: changed while it was read",
      where);
  check_filters(dataset, where);
  const hid_t memory = memory_type(type);
  if (rows.empty()) {
    const herr_t status = H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data());
    FMRI2IMG_CHECK(status >= 0, "{}: damaged: {}", where, last_error());
  } else {
    read_rows(dataset, memory, shape, rows, bytes, where);
  }
  const bool is_enum = H5Tget_class(type) == H5T_ENUM;
  if (is_enum && H5Tget_order(type) == H5T_ORDER_BE) swap_byte_order(bytes, *number);
}

}  // namespace fmri2img::io::hdf5
