#include "fmri2img/core/json.h"

#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace fmri2img {
namespace {

TEST(Json, NamesTheSourceOfASyntaxError) {
  EXPECT_ERROR(parse_json("{\"a\": ", "config.json"), "config.json", "not valid JSON");
}

TEST(Json, RefusesDeepNestingBeforeParsing) {
  EXPECT_ERROR(parse_json(std::string(100000, '['), "deep.json"), "deep.json", "nested");
}

TEST(JsonFields, NamesMissingUnknownAndMistypedKeys) {
  const Json object = parse_json(R"({"width": "wide", "blocs": 4})", "config.json");
  JsonFields fields(object, "config.json");
  EXPECT_ERROR(fields.require<int64_t>("blocks"), "config.json", "\"blocks\" is missing");
  EXPECT_ERROR(fields.require<int64_t>("width"), "\"width\" is \"wide\"", "type");
  EXPECT_ERROR(fields.finish(), "unknown key \"blocs\"", "did you mean \"blocks\"");
}

TEST(JsonFields, AcceptsAnUnsupportedKeyAtItsDefaultOnly) {
  JsonFields fields(parse_json(R"({"act_fn": "silu", "norm": "layer"})", "config.json"), "config.json");
  fields.only("act_fn", "silu");
  EXPECT_ERROR(fields.only("norm", "group"), "\"norm\" is \"layer\"", "only \"group\"");
}

}  // namespace
}  // namespace fmri2img
