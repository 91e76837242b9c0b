#include "fmri2img/reconstruction/ensemble/preset.h"

#include <fmt/ranges.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/roi.h"

namespace fmri2img::reconstruction {
namespace fs = std::filesystem;
namespace {

/// Source: the original's four training runs. Differs: the last version of its code indexes its ROI lists wrongly; sets
/// 3, 1, 3, 3 are what it means.
const std::vector<Preset>& presets() {
  static const std::vector<Preset> kPresets{
      {"four-model-vote",
       {{"92", "set3", 3, 16}, {"94", "set1", 2423, 16}, {"97", "set3", 849, 32}, {"100", "set3", 1921, 4}},
       200,
       "pndm"}};
  return kPresets;
}

std::string train_command(const Preset& preset,
                          const PresetModel& model,
                          const fs::path& out,
                          const fs::path& subject) {
  return fmt::format("fmri2img train {} --decoder mlp --roi {} --seed {} --batch {} --epochs {} --out {}",
                     subject.string(),
                     model.roi,
                     model.seed,
                     model.batch,
                     preset.epochs,
                     out.string());
}

void require_field(
    const Preset& preset, const Member& member, const char* field, const Json& found, const Json& expected) {
  if (found == expected) return;
  fail(
      ErrorKind::kMismatch,
      "the decoder \"{}\" is not that of the preset \"{}\": its {} is {}, expected {}; train it as the preset says, or "
      "leave out --preset and give --decoder",
      member.folder.string(),
      preset.name,
      field,
      found.dump(),
      expected.dump());
}

}  // namespace

const Preset& find_preset(const std::string& name) {
  std::vector<std::string> names;
  for (const Preset& preset : presets()) {
    if (preset.name == name) return preset;
    names.push_back(preset.name);
  }
  fail(ErrorKind::kWrongUsage,
       "--preset: there is no preset \"{}\"{}; there is \"{}\"",
       name,
       did_you_mean(name, names),
       fmt::join(names, "\", \""));
}

std::vector<fs::path> preset_folders(const Preset& preset, const fs::path& decoders, const fs::path& subject) {
  std::vector<fs::path> folders;
  std::string missing, commands;
  for (const PresetModel& model : preset.models) {
    folders.push_back(decoders / model.name);
    if (fs::exists(folders.back() / "config.json")) continue;
    missing += fmt::format("{}\"{}\"", missing.empty() ? "" : ", ", model.name);
    commands += "\n  " + train_command(preset, model, folders.back(), subject);
  }
  FMRI2IMG_CHECK_USAGE(missing.empty(),
                       "the preset \"{}\" needs the decoders {}, which \"{}\" does not hold; to make them:{}",
                       preset.name,
                       missing,
                       decoders.string(),
                       commands);
  return folders;
}

void require_preset(const Preset& preset, const std::vector<Member>& members, const data::Subject& subject) {
  FMRI2IMG_ASSERT(members.size() == preset.models.size());
  for (size_t i = 0; i < members.size(); ++i) {
    const Member& member = members[i];
    const PresetModel& model = preset.models[i];
    require_field(preset, member, "kind", member.record.kind, "mlp");
    // The vertices decide, however they were expressed.
    if (data::select_vertices(subject, model.roi).columns != member.record.vertices.columns) {
      require_field(preset, member, "ROI", member.record.vertices.expression, model.roi);
    }
    const Json settings = Manifest::read(member.folder / "manifest.json").settings;
    require_field(preset, member, "split seed", settings.value("split_seed", Json()), model.seed);
    require_field(preset, member, "batch", member.record.training.value("batch", Json()), model.batch);
  }
}

}  // namespace fmri2img::reconstruction
