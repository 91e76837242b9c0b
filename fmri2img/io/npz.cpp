#include "fmri2img/io/npz.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "fmri2img/core/check.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/scalar_type.h"
#include "fmri2img/io/zip_directory.h"

namespace fmri2img::io {
namespace {

constexpr std::string_view kEnding = ".npy";
constexpr size_t kHeaderBytes = 4096;  // more than the header of any array of numbers

/// An archive and where its members lie.
struct NpzArchive {
  explicit NpzArchive(const std::filesystem::path& path)
      : file(path), where(fmt::format("\"{}\"", path.string())), members(read_zip_directory(file.bytes(), where)) {}

  HeldBytes bytes() const { return {file.bytes(), file.owner()}; }
  std::string member_name(const std::string& name) const { return fmt::format("{}: \"{}\"", where, name); }

  MappedFile file;
  std::string where;
  std::map<std::string, ZipMember> members;
};

std::string without_ending(const std::string& name) {
  return name.ends_with(kEnding) ? name.substr(0, name.size() - kEnding.size()) : name;
}

VariableInfo describe_member(const NpzArchive& archive, const std::string& name, const ZipMember& member) {
  if (!name.ends_with(kEnding)) return {name, "no array", {}, false};
  const std::string where = archive.member_name(name);
  const HeldBytes head = zip_member_prefix(archive.bytes(), member, kHeaderBytes, where);
  try {
    const NpyHeader header = parse_npy_header(head.bytes, member.size, where);
    return {without_ending(name), scalar_type_name(header.dtype), header.shape};
  } catch (const Error&) {  // strings, objects, structures; reading it by name says what
    return {without_ending(name), "no array of numbers", {}, false};
  }
}

std::vector<VariableInfo> describe_members(const NpzArchive& archive) {
  std::vector<VariableInfo> variables;
  for (const auto& [name, member] : archive.members) variables.push_back(describe_member(archive, name, member));
  return variables;
}

}  // namespace

bool is_npz(const MappedFile& file) {
  if (file.bytes().size() < 4 || std::memcmp(file.bytes().data(), "PK\3\4", 4) != 0) return false;
  const auto members = read_zip_directory(file.bytes(), fmt::format("\"{}\"", file.path().string()));
  const auto any = [&](std::string_view ending) {
    return std::ranges::any_of(members, [&](const auto& member) { return member.first.ends_with(ending); });
  };
  return any(kEnding) && !any("/data.pkl");
}

std::vector<VariableInfo> list_npz(const std::filesystem::path& path) {
  return describe_members(NpzArchive(path));
}

at::Tensor read_npz(const std::filesystem::path& path, const std::string& name) {
  const NpzArchive archive(path);
  auto found = archive.members.find(name + std::string(kEnding));
  if (name.empty() || found == archive.members.end()) {
    const std::vector<VariableInfo> variables = describe_members(archive);
    found = archive.members.find(find_variable(variables, name, archive.where).name + std::string(kEnding));
  }
  const std::string where = archive.member_name(without_ending(found->first));
  const HeldBytes content = zip_member_bytes(archive.bytes(), found->second, where);
  if (!found->second.deflated) check_zip_member(content.bytes, found->second, where);
  return parse_npy(content.bytes, content.owner, where);
}

}  // namespace fmri2img::io
