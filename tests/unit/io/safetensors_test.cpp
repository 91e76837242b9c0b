#include "fmri2img/io/safetensors.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <cstring>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::io {
namespace {

using testing::TemporaryFolder;

std::filesystem::path golden(const std::string& name) {
  return testing::test_data("io_models/safetensors") / name;
}

/// A file of a header and some bytes.
std::filesystem::path file_of(const TemporaryFolder& folder, const std::string& header, size_t data_bytes) {
  const uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char*>(&length), 8);
  write_file(folder / "x.safetensors", bytes + header + std::string(data_bytes, '\0'));
  return folder / "x.safetensors";
}

std::string entry(const std::string& name, const std::string& offsets) {
  return "\"" + name + R"(":{"dtype":"F32","shape":[2],"data_offsets":[)" + offsets + "]}";
}

// Golden: the safetensors library, tools/parity/io_models.py. Values 0 .. 5 in every type.
TEST(Safetensors, ReadsEveryTypeOfTheReference) {
  const SafetensorsFile file(golden("all_types.safetensors"));
  EXPECT_EQ(file.metadata().at("note"), "grüße");
  EXPECT_EQ(file.entries().size(), 15U);
  for (const auto& [name, fields] : file.entries()) {
    if (name == "scalar" || name == "empty") continue;
    const at::Tensor tensor = file.tensor(name);
    at::Tensor expected = at::arange(6).reshape({2, 3});
    if (name == "BOOL") expected = expected.remainder(2);
    EXPECT_EQ(tensor.sizes(), expected.sizes()) << name;
    EXPECT_TRUE(at::equal(tensor.to(at::kLong), expected)) << name;
  }
  EXPECT_EQ(file.tensor("BF16").scalar_type(), at::kBFloat16);
  EXPECT_EQ(file.tensor("U16").scalar_type(), at::kUInt16);
  EXPECT_EQ(file.tensor("scalar").dim(), 0);
  EXPECT_EQ(file.tensor("scalar").item().toDouble(), 2.5);
  EXPECT_EQ(file.tensor("empty").sizes(), (at::IntArrayRef{0, 4}));
}

TEST(Safetensors, TensorsLookIntoTheMappingAndOutliveTheFile) {
  at::Tensor tensor, again;
  {
    const SafetensorsFile file(golden("all_types.safetensors"));
    tensor = file.tensor("F32");
    again = file.tensor("F32");
  }
  EXPECT_EQ(tensor.const_data_ptr(), again.const_data_ptr());
  EXPECT_EQ(tensor.sum().item().toDouble(), 15);
}

TEST(Safetensors, NamesTheNearestOfAnUnknownTensor) {
  EXPECT_ERROR(
      SafetensorsFile(golden("all_types.safetensors")).tensor("F33"), "no tensor \"F33\"", "did you mean \"F32\"");
}

TEST(Safetensors, ReadsShardsThroughTheirIndex) {
  const StateDict tensors = read_safetensors(golden("sharded/model.safetensors.index.json"));
  EXPECT_EQ(tensors.size(), 4U);
  EXPECT_EQ(tensors.at("layer2.weight").sizes(), (at::IntArrayRef{2, 3}));
}

TEST(Safetensors, RefusesAnIndexThatLeavesItsFolderOrMisplacesATensor) {
  const TemporaryFolder folder;
  write_safetensors(folder / "a.safetensors", {{"w", at::zeros({2})}});
  write_file(folder / "m.safetensors.index.json", R"({"weight_map": {"w": "../a.safetensors"}})");
  EXPECT_ERROR(
      read_safetensors(folder / "m.safetensors.index.json"), "\"w\"", "../a.safetensors", "not the name of a file");
  write_file(folder / "m.safetensors.index.json", R"({"weight_map": {"v": "a.safetensors"}})");
  EXPECT_ERROR(read_safetensors(folder / "m.safetensors.index.json"), "tensor \"v\" is not in \"a.safetensors\"");
}

TEST(Safetensors, WritesWhatItReads) {
  const TemporaryFolder folder;
  StateDict tensors = read_safetensors(golden("all_types.safetensors"));
  tensors["transposed"] = at::arange(12, at::kFloat).reshape({3, 4}).t();
  tensors["quoted \"name\" ü"] = at::zeros({1}, at::kHalf);
  write_safetensors(folder / "x.safetensors", tensors, {{"format", "pt"}});
  const SafetensorsFile file(folder / "x.safetensors");
  EXPECT_EQ(file.metadata().at("format"), "pt");
  EXPECT_EQ(file.entries().size(), tensors.size());
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor read = file.tensor(name);
    EXPECT_EQ(read.scalar_type(), tensor.scalar_type()) << name;
    EXPECT_TRUE(at::equal(read.to(at::kDouble), tensor.to(at::kDouble))) << name;
    EXPECT_EQ(file.entries().at(name).begin % static_cast<int64_t>(tensor.element_size()), 0) << name;
  }
}

TEST(Safetensors, AnEmptyStateDictIsAFile) {
  const TemporaryFolder folder;
  write_safetensors(folder / "x.safetensors", {});
  EXPECT_TRUE(read_safetensors(folder / "x.safetensors").empty());
}

TEST(Safetensors, RefusesEveryTruncation) {
  const TemporaryFolder folder;
  const std::string whole = read_file(golden("all_types.safetensors"));
  for (size_t size = 0; size < whole.size(); size += 5) {
    write_file(folder / "cut.safetensors", whole.substr(0, size));
    EXPECT_ERROR(SafetensorsFile(folder / "cut.safetensors"), "cut.safetensors");
  }
}

TEST(Safetensors, RefusesOffsetsThatOverlapLeaveHolesOrLeaveTheFile) {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& tensors, size_t bytes) {
    SafetensorsFile(file_of(folder, "{" + tensors + "}", bytes));
  };
  read(entry("a", "0,8") + "," + entry("b", "8,16"), 16);
  EXPECT_ERROR(read(entry("a", "0,8") + "," + entry("b", "4,12"), 12), "tensor \"b\"", "overlap");
  EXPECT_ERROR(read(entry("a", "0,8") + "," + entry("b", "12,20"), 20), "tensor \"b\"", "hole");
  EXPECT_ERROR(read(entry("a", "0,8") + "," + entry("b", "8,16"), 12), "tensor \"b\"", "leave the file", "12 bytes");
  EXPECT_ERROR(read(entry("a", "8,0"), 8), "tensor \"a\"", "leave the file");
  EXPECT_ERROR(read(entry("a", "0,8"), 9), "1 bytes follow the last tensor");
  EXPECT_ERROR(read(entry("a", "0,4"), 4), "tensor \"a\"", "2 of type float32 do not fit its 4 bytes");
}

TEST(Safetensors, RefusesHeadersThatPromiseTheImpossible) {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& header) { SafetensorsFile(file_of(folder, header, 0)); };
  EXPECT_ERROR(read(R"({"a":{"dtype":"F32","shape":[1152921504606846976,16],"data_offsets":[0,0]}})"),
               "tensor \"a\"",
               "do not fit");
  EXPECT_ERROR(read(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}})"), "tensor \"a\"", "negative");
  EXPECT_ERROR(read(R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,0]}})"),
               "no file can reach");
  EXPECT_ERROR(
      read(R"({"a":{"dtype":"F8_E4M3","shape":[0],"data_offsets":[0,0]}})"), "\"F8_E4M3\" is not supported", "BF16");
  EXPECT_ERROR(read(R"({"a":{"dtype":"F32","data_offsets":[0,0]}})"), "tensor \"a\"", "\"shape\" is missing");
  EXPECT_ERROR(read(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0]}})"), "\"data_offsets\" holds 1 numbers");
  EXPECT_ERROR(read(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"b":{}}})"), "tensor \"a\"", "unexpected");
  EXPECT_ERROR(read("[]"), "x.safetensors", "expected an object");
  EXPECT_ERROR(read("{\"a\":"), "x.safetensors", "not valid JSON");
  const std::string twice = R"("a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  EXPECT_ERROR(read("{" + twice + "," + twice + "}"), "names \"a\" twice");
}

TEST(Safetensors, AFailedWriteLeavesTheOldFile) {
  const TemporaryFolder folder;
  write_safetensors(folder / "x.safetensors", {{"w", at::zeros({2})}});
  EXPECT_ERROR(write_safetensors(folder / "x.safetensors", {{"w", at::zeros({2}, at::kComplexFloat)}}),
               "\"w\"",
               "no type complex64");
  EXPECT_EQ(read_safetensors(folder / "x.safetensors").at("w").numel(), 2);
  EXPECT_ERROR(write_safetensors(folder / "missing/x.safetensors", {}), "missing/x.safetensors", "No such file");
}

TEST(Safetensors, ChecksTheDiskBeforeWriting) {
  const TemporaryFolder folder;
  const at::Tensor huge = at::zeros({1}).expand({int64_t{1} << 50});
  EXPECT_ERROR(write_safetensors(folder / "x.safetensors", {{"w", huge}}), "x.safetensors", "make room");
  EXPECT_FALSE(std::filesystem::exists(folder / "x.safetensors"));
}

}  // namespace
}  // namespace fmri2img::io
