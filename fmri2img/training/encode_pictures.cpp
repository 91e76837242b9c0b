#include "fmri2img/training/encode_pictures.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/random.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/io/npy_writer.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLatentsFormat = "fmri2img latents";
constexpr int kLatentsVersion = 1;
constexpr const char* kResumeEncoding = "every finished picture is safe; run the same command again to go on";

/// Names and sizes: reading gigabytes of pictures twice is not worth what it would catch.
std::string pictures_fingerprint(const data::Pictures& pictures) {
  std::string names;
  for (int64_t row = 0; row < pictures.size(); ++row) {
    const fs::path& path = pictures.path(row);
    names += fmt::format("{} {}\n", path.filename().string(), fs::file_size(path));
  }
  return "sha256:" + sha256(names);
}

/// What decides the content of the file.
Json settings_of(const EncodeJob& job, const data::Pictures& pictures) {
  return {{"codec", job.codec.config()},
          {"dtype", job.dtype},
          {"sample_seed", job.sample_seed ? Json(*job.sample_seed) : Json()},
          {"pictures", pictures.size()},
          {"pictures_fingerprint", pictures_fingerprint(pictures)}};
}

Json read_record(const fs::path& latents_file) {
  const fs::path path = latents_record_file(latents_file);
  Json record = read_json(path);
  FMRI2IMG_CHECK(record.is_object() && record.value("format", Json()) == Json(kLatentsFormat) &&
                     record.value("settings", Json()).contains("codec"),
                 "\"{}\" is not the record of a file of latents; remove it, or make both anew with \"fmri2img encode "
                 "--overwrite\"",
                 path.string());
  const Json found = record.value("version", Json());
  FMRI2IMG_CHECK(found == Json(kLatentsVersion),
                 "\"{}\": format version {}, this program knows {}",
                 path.string(),
                 found.dump(),
                 kLatentsVersion);
  return record;
}

std::string difference(const Json& there, const Json& here) {
  for (const auto& [key, value] : here.items()) {
    const Json other = there.contains(key) ? there[key] : Json();
    if (value.is_object() && other.is_object()) {
      const std::string inner = difference(other, value);
      if (!inner.empty()) return fmt::format("{}.{}", key, inner);
    } else if (value != other) {
      return fmt::format("{} is {} there and {} here", key, other.dump(), value.dump());
    }
  }
  return {};
}

/// True where the file is there and is what `settings` would make. Throws Error where it is something else.
bool is_done(const EncodeJob& job, const Json& settings) {
  if (!fs::exists(job.file) || job.overwrite) return false;
  const bool recorded = fs::exists(latents_record_file(job.file));
  const std::string reason =
      recorded ? difference(read_record(job.file)["settings"], settings) : "nothing says which codec made it";
  FMRI2IMG_CHECK(reason.empty(),
                 "\"{}\" exists already ({}): choose another --out, or replace it with --overwrite",
                 job.file.string(),
                 reason);
  return true;
}

at::Tensor encode_picture(const EncodeJob& job, const data::Pictures& pictures, int64_t row) {
  const at::Tensor picture = pictures.load(row).permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).div_(255);
  std::optional<at::Generator> generator;
  if (job.sample_seed)
    generator = make_generator(static_cast<uint64_t>(image_seed(*job.sample_seed, static_cast<uint64_t>(row), 0)));
  at::Tensor latents = job.codec.encode(picture, generator);
  FMRI2IMG_CHECK(latents.isfinite().all().item<bool>(),
                 "\"{}\": its latents are not finite: the weights in \"{}\" may be damaged, or need --dtype fp32",
                 pictures.path(row).string(),
                 job.model);
  return latents;
}

void write_record(const EncodeJob& job, const Json& settings, const std::string& file_fingerprint) {
  write_json(latents_record_file(job.file),
             {{"format", kLatentsFormat},
              {"version", kLatentsVersion},
              {"settings", settings},
              {"file_fingerprint", file_fingerprint},
              {"model", job.model},
              {"program", version()},
              {"command_line", job.command_line},
              {"written", utc_now()}});
}

}  // namespace

EncodeOutcome encode_pictures(const EncodeJob& job) {
  const data::Pictures& pictures = job.subject.pictures(data::Partition::kTrain);
  const Json settings = settings_of(job, pictures);
  if (is_done(job, settings)) return EncodeOutcome::kWasDoneAlready;
  const models::LatentShape shape = job.codec.latent_shape();
  io::NpyWriter writer(
      job.file, at::kFloat, {pictures.size(), 1, shape.channels, shape.height, shape.width}, sha256(settings.dump()));
  Progress progress("encoding", "pictures", pictures.size(), writer.rows_written());
  for (int64_t row = writer.rows_written(); row < pictures.size(); ++row) {
    stop_if_interrupted(kResumeEncoding);
    writer.write_rows(row, encode_picture(job, pictures, row).unsqueeze(1));
    progress.advance();
  }
  // The record first: a file under its final name always has one.
  write_record(job, settings, fingerprint(job.file.string() + ".partial"));
  writer.commit();
  return EncodeOutcome::kEncoded;
}

fs::path latents_record_file(const fs::path& latents_file) {
  return fs::path(latents_file).replace_extension(".json");
}

std::optional<Json> read_latents_codec(const fs::path& latents_file) {
  const fs::path path = latents_record_file(latents_file);
  if (!fs::exists(path)) return std::nullopt;
  const Json record = read_record(latents_file);
  FMRI2IMG_CHECK(record.value("file_fingerprint", Json()) == Json(fingerprint(latents_file)),
                 "\"{}\" is the record of another \"{}\": remove it if the latents come from elsewhere, or make both "
                 "anew with \"fmri2img encode --overwrite\"",
                 path.string(),
                 latents_file.filename().string());
  return record["settings"]["codec"];
}

}  // namespace fmri2img::training
