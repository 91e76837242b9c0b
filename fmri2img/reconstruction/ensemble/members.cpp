#include "fmri2img/reconstruction/ensemble/members.h"

#include <algorithm>
#include <iterator>

#include "fmri2img/core/check.h"

namespace fmri2img::reconstruction {
namespace fs = std::filesystem;
namespace {

void require_own_name(const std::vector<Member>& members, const std::string& name, const fs::path& folder) {
  FMRI2IMG_CHECK_USAGE(name != kAverageName,
                       "--decoder \"{}\": the name \"{}\" stands for the mean of all models in the results: rename the "
                       "folder",
                       folder.string(),
                       name);
  for (const Member& other : members) {
    FMRI2IMG_CHECK_USAGE(other.name != name,
                         "--decoder: \"{}\" and \"{}\" are both called \"{}\", which is how the results tell models "
                         "apart: rename one folder, or give it once",
                         other.folder.string(),
                         folder.string(),
                         name);
  }
}

/// What latents must share to have a mean; weights are another matter.
Json scale_of(const decoding::DecoderRecord& record) {
  Json json = {{"codec", record.codec.value("name", "")},
               {"latent_shape", {record.latent_shape.channels, record.latent_shape.height, record.latent_shape.width}}};
  for (const char* key : {"scaling_factor", "shift_factor"}) {
    if (record.codec.contains(key)) json[key] = record.codec[key];
  }
  return json;
}

}  // namespace

std::vector<Member> read_members(const std::vector<fs::path>& folders, const data::Subject& subject) {
  std::vector<Member> members;
  for (const fs::path& folder : folders) {
    const std::string name = fs::weakly_canonical(folder).filename().string();
    require_own_name(members, name, folder);
    with_context("while opening the decoder \"" + folder.string() + "\"", [&] {
      members.push_back({name, folder, decoding::read_record(folder)});
      decoding::require_match(members.back().record, subject);
    });
  }
  FMRI2IMG_CHECK_USAGE(!members.empty(), "reconstruct needs a decoder: give its folder with --decoder");
  return members;
}

std::vector<int64_t> common_training_rows(const std::vector<Member>& members) {
  std::vector<int64_t> common;
  for (const Member& member : members) {
    std::vector<int64_t> rows = member.record.train_rows;
    std::sort(rows.begin(), rows.end());
    if (&member == &members.front()) {
      common = rows;
      continue;
    }
    std::vector<int64_t> both;
    std::set_intersection(common.begin(), common.end(), rows.begin(), rows.end(), std::back_inserter(both));
    common = std::move(both);
  }
  return common;
}

std::vector<int64_t> union_of_vertices(const std::vector<Member>& members) {
  std::vector<int64_t> all;
  for (const Member& member : members) {
    std::vector<int64_t> both;
    const std::vector<int64_t>& columns = member.record.vertices.columns;
    std::set_union(all.begin(), all.end(), columns.begin(), columns.end(), std::back_inserter(both));
    all = std::move(both);
  }
  return all;
}

void require_equal_latents(const std::vector<Member>& members) {
  const Json expected = scale_of(members.front().record);
  for (const Member& member : members) {
    const Json found = scale_of(member.record);
    if (found == expected) continue;
    fail(
        ErrorKind::kMismatch,
        "vote \"average\": the latents of \"{}\" and \"{}\" have no mean: {} there and {} here; leave out the vote, or "
        "one of the two decoders",
        members.front().name,
        member.name,
        expected.dump(),
        found.dump());
  }
}

}  // namespace fmri2img::reconstruction
