#include "fmri2img/models/blip/generate.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/nn/inference.h"
#include "tests/parity/blip/seeded_blip.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::models {
namespace {

using Texts = std::vector<std::vector<int64_t>>;

GenerationOptions generation_options(const Json& json) {
  JsonFields fields(json, "options");
  GenerationOptions options;
  options.num_beams = fields.optional<int64_t>("num_beams", 1);
  if (fields.contains("max_new_tokens")) options.max_new_tokens = fields.require<int64_t>("max_new_tokens");
  options.min_length = fields.optional<int64_t>("min_length", 0);
  options.min_new_tokens = fields.optional<int64_t>("min_new_tokens", 0);
  options.length_penalty = fields.optional<double>("length_penalty", 1);
  options.repetition_penalty = fields.optional<double>("repetition_penalty", 1);
  options.no_repeat_ngram_size = fields.optional<int64_t>("no_repeat_ngram_size", 0);
  fields.finish();
  return options;
}

/// One run of tools/parity/blip.py.
struct GoldenRun {
  explicit GoldenRun(const Json& json)
      : model(seeded_blip(json["model"], json["seed"], json["end_bias"])),
        pictures(seeded_pictures(model, json["pictures"], static_cast<int64_t>(json["tokens"].size()))),
        prompt(json["prompt"].get<std::vector<int64_t>>()),
        options(generation_options(json["options"])),
        tokens(json["tokens"].get<Texts>()) {
    nn::prepare_for_inference(*model, at::kFloat);
  }

  Blip model;
  at::Tensor pictures;
  std::vector<int64_t> prompt;
  GenerationOptions options;
  Texts tokens;
};

// Golden: transformers 5.24, BlipForConditionalGeneration.generate, tools/parity/blip.py; tokens are exact.
TEST(Generate, GivesTheReferencesTokens) {
  const Json runs = read_json(testing::test_data("blip/captions.json"));
  ASSERT_GT(runs.size(), 100U);
  for (const Json& json : runs) {
    GoldenRun run(json);
    EXPECT_EQ(generate(run.model, run.pictures, run.prompt, run.options), run.tokens) << json.dump();
  }
}

TEST(Generate, ACaptionDoesNotDependOnItsNeighbours) {
  for (const Json& json : read_json(testing::test_data("blip/captions.json"))) {
    if (json["seed"] != 0) continue;
    GoldenRun run(json);
    for (int64_t i = 0; i < run.pictures.size(0); ++i) {
      const Texts alone = generate(run.model, run.pictures.narrow(0, i, 1), run.prompt, run.options);
      EXPECT_EQ(alone, Texts{run.tokens[static_cast<size_t>(i)]}) << "picture " << i << " of " << json.dump();
    }
  }
}

TEST(Generate, GivesNothingForNoPictures) {
  Blip model = seeded_blip("usual", 0);
  EXPECT_TRUE(generate(model, seeded_pictures(model, 1, 0), {1}, {}).empty());
}

TEST(Generate, NamesTheOptionThatIsOutOfRange) {
  Blip model = seeded_blip("quick", 0);
  const at::Tensor pictures = seeded_pictures(model, 1, 1);
  const auto run = [&](const GenerationOptions& options, const std::vector<int64_t>& prompt = {1}) {
    return generate(model, pictures, prompt, options);
  };
  EXPECT_ERROR(run({.num_beams = 0}), "num_beams is 0, expected 1 or more");
  EXPECT_ERROR(run({.max_new_tokens = 0}), "max_new_tokens is 0, expected 1 or more");
  EXPECT_ERROR(run({.min_length = -1}), "min_length is -1");
  EXPECT_ERROR(run({.min_new_tokens = -1}), "min_new_tokens is -1");
  EXPECT_ERROR(run({.length_penalty = std::nan("")}), "length_penalty is nan, expected a finite number");
  EXPECT_ERROR(run({.repetition_penalty = 0}), "repetition_penalty is 0, expected a positive number");
  EXPECT_ERROR(run({.no_repeat_ngram_size = -2}), "no_repeat_ngram_size is -2");
  EXPECT_ERROR(
      run({.max_new_tokens = 15}, {1, 3}), "max_new_tokens is 15; after a prompt of 2 tokens", "positions for 14");
  EXPECT_ERROR(run({}, std::vector<int64_t>(16, 3)), "the prompt has 16 tokens, the model 16 positions");
}

TEST(Generate, UsesEveryPositionThatTheModelHas) {
  Blip model = seeded_blip("quick", 0);
  nn::prepare_for_inference(*model, at::kFloat);
  const GenerationOptions options{.max_new_tokens = 15, .min_new_tokens = 15};
  EXPECT_EQ(generate(model, seeded_pictures(model, 1, 2), {1}, options).front().size(), 16U);
}

}  // namespace
}  // namespace fmri2img::models
