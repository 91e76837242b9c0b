#include "fmri2img/report/published_rows.h"

#include <utility>

#include "fmri2img/core/json.h"
#include "fmri2img/report/embedded.h"

namespace fmri2img::report {
namespace {

PublishedRow published_row(Json json) {
  JsonFields fields(std::move(json), "published_rows.json");
  PublishedRow row;
  row.method = fields.require<std::string>("method");
  row.source = fields.require<std::string>("source");
  row.read_in_primary_source = fields.require<bool>("read_in_primary_source");
  row.note = fields.optional<std::string>("note", "");
  row.scores = fields.require<std::map<std::string, double>>("scores");
  fields.finish();
  return row;
}

PublishedGroup published_group(Json json) {
  JsonFields fields(std::move(json), "published_rows.json");
  PublishedGroup group;
  group.id = fields.require<std::string>("id");
  group.title = fields.require<std::string>("title");
  group.protocol = fields.require<std::string>("protocol");
  group.preset = fields.require<std::string>("preset");
  group.images = fields.require<int64_t>("images");
  group.subjects = fields.require<std::string>("subjects");
  for (Json& row : fields.require<std::vector<Json>>("rows")) group.rows.push_back(published_row(std::move(row)));
  fields.finish();
  return group;
}

}  // namespace

std::vector<PublishedGroup> published_groups() {
  std::vector<PublishedGroup> groups;
  const Json json = parse_json(kPublishedRows, "published_rows.json");
  for (const Json& group : json.at("groups")) groups.push_back(published_group(group));
  return groups;
}

}  // namespace fmri2img::report
