#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/diffusion/stable_diffusion.h"
#include "fmri2img/io/safetensors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::diffusion {
namespace {

/// A golden folder and its answers, made by tools/parity/img2img.py.
struct Golden {
  explicit Golden(const std::string& name)
      : folder(testing::test_data("img2img") / name),
        answers(io::read_safetensors(testing::test_data("img2img") / (name + "_answers.safetensors"))) {}

  at::Tensor picture(const std::string& name) const { return answers.at("picture." + name); }

  std::filesystem::path folder;
  io::StateDict answers;
};

double relative_difference(const at::Tensor& found, const at::Tensor& expected) {
  if (found.sizes() != expected.sizes()) return 1e9;
  return ((found - expected).abs().max() / expected.abs().max()).item<double>();
}

/// The share of values that are off by more than one level.
double share_off(const std::vector<at::Tensor>& found, const at::Tensor& expected) {
  const at::Tensor pictures = at::stack(found);
  if (pictures.sizes() != expected.sizes()) return 1;
  const at::Tensor levels = (pictures.to(at::kInt) - expected.to(at::kInt)).abs();
  return (levels > 1).to(at::kDouble).mean().item<double>();
}

/// float32: final latents within 1e-4, PNGs within one level on 99.9 % of values.
void expect_reference(const Golden& golden,
                      const std::string& name,
                      const Img2ImgOptions& options,
                      const std::vector<RefineRequest>& requests) {
  SCOPED_TRACE(name);
  StableDiffusion model({.folder = golden.folder}, options);
  const at::Tensor latents = model.refine_latents(requests);
  EXPECT_LT(relative_difference(latents, golden.answers.at(name + ".latents")), 1e-4);
  EXPECT_LE(share_off(model.decode(latents), golden.answers.at(name + ".pictures")), 1e-3);
}

TEST(StableDiffusion, ReproducesThePipelineWithTheFoldersScheduler) {
  const Golden golden("sd1");
  const at::Tensor one = golden.picture("one"), two = golden.picture("two");
  expect_reference(golden, "pndm", {}, {{one, "a photo of a dog", 7}});
  expect_reference(golden,
                   "batch",
                   {.steps = 10, .strength = 0.6, .guidance = 7.5, .negative = "blurry"},
                   {{one, "a cat on a mat", 7}, {two, "Ünïcode 🙂 dog", 8}});
  expect_reference(golden,
                   "unguided",
                   {.steps = 20, .strength = 0.5, .guidance = 1},
                   {{two, "dog", static_cast<uint64_t>(INT64_MAX)}});
}

// 43 x 37 pixels, of which 42 x 36 make whole latents; a prompt of more than 77 tokens; all steps.
TEST(StableDiffusion, ReproducesThePipelineOnOddSizesAndLongPrompts) {
  const Golden golden("sd1");
  std::string prompt;
  for (int i = 0; i < 100; ++i) prompt += "of ";
  expect_reference(golden, "odd", {.steps = 8, .strength = 1, .guidance = 3}, {{golden.picture("odd"), prompt, 9}});
}

TEST(StableDiffusion, ReproducesThePipelineWithEveryScheduler) {
  const Golden golden("sd1");
  for (const auto& [name, scheduler] : std::map<std::string, std::string>{{"ddim", "ddim"},
                                                                          {"dpm", "dpm++2m"},
                                                                          {"dpm_karras", "dpm++2m-karras"},
                                                                          {"euler", "euler"},
                                                                          {"euler_ancestral", "euler-ancestral"},
                                                                          {"unipc", "unipc"},
                                                                          {"lcm", "lcm"}}) {
    expect_reference(golden,
                     name,
                     {.steps = 12, .scheduler = parse_scheduler_name(scheduler)},
                     {{golden.picture("one"), "a photo of a dog", 11}});
  }
}

// Velocity prediction, linear projections, heads by level, exact GELU in the text encoder; weights in bfloat16.
TEST(StableDiffusion, ReproducesThePipelineOfVersionTwo) {
  const Golden golden("sd2");
  const std::vector<RefineRequest> requests = {{golden.picture("grey"), "a dog", 5}};
  expect_reference(golden, "ddim", {.steps = 20, .guidance = 5}, requests);
  expect_reference(golden, "dpm", {.steps = 20, .guidance = 5, .scheduler = parse_scheduler_name("dpm++2m")}, requests);
}

// A picture is the same whatever its neighbours, but for rounding.
TEST(StableDiffusion, APictureDoesNotDependOnItsBatch) {
  const Golden golden("sd1");
  const std::vector<RefineRequest> requests = {{golden.picture("one"), "dog", 1}, {golden.picture("two"), "cat", 2}};
  StableDiffusion model({.folder = golden.folder}, {.steps = 6});
  std::vector<at::Tensor> together, alone;
  model.refine(requests, [&](size_t request, const at::Tensor& picture) {
    EXPECT_EQ(request, together.size());
    together.push_back(picture);
  });
  model.refine(std::span(requests).last(1), [&](size_t, const at::Tensor& picture) { alone.push_back(picture); });
  ASSERT_EQ(together.size(), 2U);
  EXPECT_LE(share_off({together[1]}, alone.at(0).unsqueeze(0)), 1e-3);
}

// Pictures of two sizes are made one after the other: the first is given before the second is begun.
TEST(StableDiffusion, GivesAPictureWhenItIsFinished) {
  const Golden golden("sd1");
  const std::vector<RefineRequest> requests = {{golden.picture("one"), "dog", 1}, {golden.picture("odd"), "cat", 2}};
  StableDiffusion model({.folder = golden.folder}, {.steps = 6});
  const auto evaluations = static_cast<int64_t>(model.evaluations());
  int64_t evaluated = 0;
  model.on_evaluation = [&](int64_t count) { evaluated += count; };
  std::vector<int64_t> given_after;
  model.refine(requests, [&](size_t, const at::Tensor&) { given_after.push_back(evaluated); });
  EXPECT_EQ(given_after, (std::vector<int64_t>{evaluations, 2 * evaluations}));
}

// The approximate modes change the picture, and not beyond recognition.
TEST(StableDiffusion, FastModesStayNear) {
  const Golden golden("sd1");
  const std::vector<RefineRequest> requests = {{golden.picture("one"), "a photo of a dog", 7}};
  StableDiffusion exact({.folder = golden.folder}, {.steps = 20});
  const at::Tensor expected = exact.refine_latents(requests);
  for (const Img2ImgOptions& fast :
       {Img2ImgOptions{.steps = 20, .guidance_until = 0.5}, Img2ImgOptions{.steps = 20, .reuse_features = 3}}) {
    StableDiffusion model({.folder = golden.folder}, fast);
    int64_t evaluations = 0;
    model.on_evaluation = [&](int64_t count) { evaluations += count; };
    const double difference = relative_difference(model.refine_latents(requests), expected);
    EXPECT_GT(difference, 1e-6);
    EXPECT_LT(difference, 0.5);
    EXPECT_EQ(evaluations, static_cast<int64_t>(exact.evaluations()));
  }
}

TEST(StableDiffusion, StaysNearTheReferenceInBfloat16) {
  const Golden golden("sd1");
  StableDiffusion model({.folder = golden.folder, .dtype = at::kBFloat16}, {});
  const at::Tensor latents =
      model.refine_latents(std::vector<RefineRequest>{{golden.picture("one"), "a photo of a dog", 7}});
  EXPECT_LT(relative_difference(latents, golden.answers.at("pndm.latents")), 0.1);
}

}  // namespace
}  // namespace fmri2img::diffusion
