#include "fmri2img/decoding/decoder_folder.h"

#include <utility>

#include "fmri2img/core/check.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/decoding/mlp/mlp_decoder.h"
#include "fmri2img/decoding/ridge/ridge_decoder.h"
#include "fmri2img/io/safetensors.h"

namespace fmri2img::decoding {
namespace {

constexpr const char* kFormat = "fmri2img decoder";
constexpr int64_t kVersion = 1;

Json config_json(const DecoderRecord& record, const Json& kind_config) {
  Json json = {{"format", kFormat},
               {"version", kVersion},
               {"kind", record.kind},
               {"codec", record.codec},
               {"latent_shape", {record.latent_shape.channels, record.latent_shape.height, record.latent_shape.width}},
               {"vertices",
                {{"expression", record.vertices.expression},
                 {"num_vertices", record.vertices.num_vertices},
                 {"columns", data::format_rows(record.vertices.columns)},
                 {"hash", record.vertices.hash()}}}};
  json[record.kind] = kind_config;
  return json;
}

Json training_json(const DecoderRecord& record) {
  return {{"subject", record.subject},
          {"subject_fingerprint", record.subject_fingerprint},
          {"train_rows", record.train_rows},
          {"validation_rows", record.validation_rows},
          {"held_out_rows", record.held_out_rows},
          {"settings", record.training},
          {"command_line", record.command_line}};
}

Json read_config(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "config.json";
  FMRI2IMG_CHECK(std::filesystem::exists(path),
                 "{} is not a decoder: it holds no config.json (an interrupted `train` leaves none; run it again)",
                 folder.string());
  Json json = read_json(path);
  FMRI2IMG_CHECK(json.is_object() && json.contains("format") && json["format"] == kFormat,
                 "{} is not a decoder's: \"format\" is not \"{}\"",
                 path.string(),
                 kFormat);
  FMRI2IMG_CHECK(
      json.contains("version") && json["version"] == kVersion,
      "{}: format version is {}, this program reads version {}: use the version that wrote it, or train again",
      path.string(),
      json.contains("version") ? json["version"].dump() : "missing",
      kVersion);
  return json;
}

data::VertexSelection read_vertices(const Json& json, const std::string& where) {
  JsonFields fields(json, where);
  data::VertexSelection vertices;
  vertices.expression = fields.require<std::string>("expression");
  vertices.num_vertices = fields.require<int64_t>("num_vertices");
  vertices.columns =
      data::parse_rows(fields.require<std::string>("columns"), vertices.num_vertices, where + ": \"vertices.columns\"");
  const auto hash = fields.require<std::string>("hash");
  fields.finish();
  FMRI2IMG_CHECK(hash == vertices.hash(),
                 "{}: \"vertices.hash\" does not belong to \"vertices.columns\": the file was changed",
                 where);
  return vertices;
}

}  // namespace

void write_decoder(const std::filesystem::path& folder,
                   const DecoderRecord& record,
                   const io::StateDict& weights,
                   const Json& kind_config) {
  io::write_safetensors(folder / "model.safetensors", weights, {{"format", "pt"}});
  write_json(folder / "training.json", training_json(record));
  write_json(folder / "config.json", config_json(record, kind_config));
}

DecoderRecord read_record(const std::filesystem::path& folder) {
  const std::string where = (folder / "config.json").string();
  JsonFields config(read_config(folder), where);
  DecoderRecord record;
  record.kind = config.require<std::string>("kind");
  record.codec = config.require<Json>("codec");
  const auto shape = config.require<std::vector<int64_t>>("latent_shape");
  FMRI2IMG_CHECK(shape.size() == 3 && shape[0] > 0 && shape[1] > 0 && shape[2] > 0,
                 "{}: \"latent_shape\" must be three positive numbers",
                 where);
  record.latent_shape = {shape[0], shape[1], shape[2]};
  record.vertices = read_vertices(config.require<Json>("vertices"), where);
  config.ignore({"format", "version", record.kind});
  config.finish();
  JsonFields training(read_json(folder / "training.json"), (folder / "training.json").string());
  record.subject = training.require<std::string>("subject");
  record.subject_fingerprint = training.require<std::string>("subject_fingerprint");
  record.train_rows = training.require<std::vector<int64_t>>("train_rows");
  record.validation_rows = training.require<std::vector<int64_t>>("validation_rows");
  record.held_out_rows = training.require<std::vector<int64_t>>("held_out_rows");
  record.training = training.require<Json>("settings");
  record.command_line = training.require<std::vector<std::string>>("command_line");
  training.finish();
  return record;
}

Json read_kind_config(const std::filesystem::path& folder) {
  const Json config = read_config(folder);
  JsonFields fields(config, (folder / "config.json").string());
  return fields.require<Json>(fields.require<std::string>("kind"));
}

std::unique_ptr<LatentDecoder> load_decoder(const std::filesystem::path& folder) {
  const DecoderRecord record = read_record(folder);
  return with_context("while loading the decoder \"" + folder.string() + "\"", [&]() -> std::unique_ptr<LatentDecoder> {
    if (record.kind == "ridge") {
      return RidgeDecoder::load(folder, record);
    }
    if (record.kind == "mlp") return MlpDecoder::load(folder);
    fail(ErrorKind::kBadInput, "decoders of kind \"{}\" are not known to this program", record.kind);
  });
}

}  // namespace fmri2img::decoding
