#include "fmri2img/reconstruction/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/json.h"

namespace fmri2img::reconstruction {
namespace {

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

template <class T> Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

template <class T> std::optional<T> optional_field(JsonFields& fields, const std::string& key) {
  const Json value = fields.require<Json>(key);
  return value.is_null() ? std::nullopt : std::optional<T>(fields.require<T>(key));
}

Json pairs_json(const ResultRow& row) {
  Json json = Json::object();
  for (const auto& [model, cosine] : row.high_high) json[model] = or_null(cosine);
  return json;
}

void read_pairs(JsonFields& fields, ResultRow& row) {
  const Json pairs = fields.optional<Json>("high_high", Json::object());
  FMRI2IMG_CHECK(pairs.is_object(), "{}: \"high_high\" is {}, expected cosines by model", fields.where(), pairs.dump());
  for (const auto& [model, cosine] : pairs.items()) {
    FMRI2IMG_CHECK(cosine.is_number() || cosine.is_null(),
                   "{}: \"high_high\" of \"{}\" is {}, expected a cosine or null",
                   fields.where(),
                   model,
                   cosine.dump());
    row.high_high.emplace_back(model, cosine.is_null() ? std::nullopt : std::optional(cosine.get<double>()));
  }
}

/// The models that have a column of pairs, in the order of the rows; none where no row has pairs.
std::vector<std::string> models_of_pairs(const std::vector<ResultRow>& rows) {
  std::vector<std::string> models;
  for (const ResultRow& row : rows) {
    if (!row.high_high.empty() && std::ranges::find(models, row.model) == models.end()) models.push_back(row.model);
  }
  return models;
}

std::string pair_field(const ResultRow& row, const std::string& model) {
  const auto pair = std::ranges::find(row.high_high, model, [](const auto& entry) { return entry.first; });
  return pair == row.high_high.end() ? "" : csv_number(pair->second);
}

ResultRow read_row(const std::string& line, const std::string& where) {
  JsonFields fields(parse_json(line, where), where);
  ResultRow row;
  row.trial = fields.require<int64_t>("trial");
  row.picture = fields.require<std::string>("picture");
  row.model = fields.require<std::string>("model");
  row.trained_on = fields.require<bool>("trained_on");
  row.target = fields.require<std::string>("target");
  row.low = fields.require<std::string>("low");
  row.high = fields.require<std::string>("high");
  row.caption = fields.require<std::string>("caption");
  row.raw_caption = fields.require<std::string>("raw_caption");
  row.seed = optional_field<int64_t>(fields, "seed");
  row.low_high = optional_field<double>(fields, "low_high");
  row.low_target = optional_field<double>(fields, "low_target");
  row.high_target = optional_field<double>(fields, "high_target");
  read_pairs(fields, row);
  row.consensus = optional_field<double>(fields, "consensus");
  row.encoder = optional_field<double>(fields, "encoder");
  row.voted = fields.require<bool>("voted");
  fields.finish();
  return row;
}

}  // namespace

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) line += ",";
    line += csv_field(field);
  }
  return line + "\n";
}

std::string csv_number(const std::optional<double>& value) {
  return value ? fmt::format("{:.9g}", *value) : "";
}

std::string rows_to_csv(const std::vector<ResultRow>& rows) {
  const std::vector<std::string> models = models_of_pairs(rows);
  std::vector<std::string> head{"trial",
                                "picture",
                                "model",
                                "trained_on",
                                "target",
                                "low",
                                "high",
                                "caption",
                                "raw_caption",
                                "seed",
                                "low_high",
                                "low_target",
                                "high_target",
                                "consensus",
                                "encoder",
                                "voted"};
  for (const std::string& model : models) head.push_back("high_high_" + model);
  std::string text = csv_line(head);
  for (const ResultRow& row : rows) {
    std::vector<std::string> fields{std::to_string(row.trial),
                                    row.picture,
                                    row.model,
                                    fmt::format("{}", row.trained_on),
                                    row.target,
                                    row.low,
                                    row.high,
                                    row.caption,
                                    row.raw_caption,
                                    row.seed ? std::to_string(*row.seed) : "",
                                    csv_number(row.low_high),
                                    csv_number(row.low_target),
                                    csv_number(row.high_target),
                                    csv_number(row.consensus),
                                    csv_number(row.encoder),
                                    fmt::format("{}", row.voted)};
    for (const std::string& model : models) fields.push_back(pair_field(row, model));
    text += csv_line(fields);
  }
  return text;
}

std::string rows_to_json_lines(const std::vector<ResultRow>& rows) {
  std::string text;
  for (const ResultRow& row : rows) {
    const Json line = {{"trial", row.trial},
                       {"picture", row.picture},
                       {"model", row.model},
                       {"trained_on", row.trained_on},
                       {"target", row.target},
                       {"low", row.low},
                       {"high", row.high},
                       {"caption", row.caption},
                       {"raw_caption", row.raw_caption},
                       {"seed", or_null(row.seed)},
                       {"low_high", or_null(row.low_high)},
                       {"low_target", or_null(row.low_target)},
                       {"high_target", or_null(row.high_target)},
                       {"high_high", pairs_json(row)},
                       {"consensus", or_null(row.consensus)},
                       {"encoder", or_null(row.encoder)},
                       {"voted", row.voted}};
    text += line.dump() + "\n";
  }
  return text;
}

std::vector<ResultRow> read_rows(const std::filesystem::path& path) {
  std::istringstream stream(read_file(path));
  std::vector<ResultRow> rows;
  for (std::string line; std::getline(stream, line);) {
    rows.push_back(read_row(line, fmt::format("\"{}\" line {}", path.string(), rows.size() + 1)));
  }
  FMRI2IMG_CHECK(!rows.empty(), "\"{}\" holds no trials", path.string());
  return rows;
}

}  // namespace fmri2img::reconstruction
