// Truth: the time steps of diffusers' schedulers (tests/data/diffusion), and what the pipeline does.
#include <gtest/gtest.h>

#include "fmri2img/core/json.h"
#include "fmri2img/diffusion/stable_diffusion.h"
#include "fmri2img/io/safetensors.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::diffusion {
namespace {

namespace fs = std::filesystem;

class CountEvaluations : public ::testing::Test {
 protected:
  CountEvaluations() {
    fs::copy(testing::test_data("img2img/sd1"), folder.path(), fs::copy_options::recursive);
    fs::copy(testing::test_data("diffusion/stable-diffusion-v1-5/scheduler"),
             folder / "scheduler",
             fs::copy_options::overwrite_existing);
  }

  size_t count(const std::string& scheduler, int64_t steps, double strength) const {
    Img2ImgOptions options{.steps = steps, .strength = strength, .scheduler = parse_scheduler_name(scheduler)};
    const size_t evaluations = count_evaluations(folder.path(), options);
    EXPECT_EQ(evaluations, StableDiffusion({.folder = folder.path()}, options).evaluations());
    return evaluations;
  }

  testing::TemporaryFolder folder;
};

TEST_F(CountEvaluations, PndmTakesOneMoreThanItHasSteps) {
  EXPECT_EQ(count("pndm", 50, 0.75), 38U);
  EXPECT_EQ(count("pndm", 50, 1), 51U);
  for (const char* name : {"ddim", "dpm++2m", "dpm++2m-karras", "euler", "euler-ancestral", "unipc", "lcm"}) {
    EXPECT_EQ(count(name, 50, 0.75), 37U) << name;
  }
}

TEST_F(CountEvaluations, AreTheReferencesForEveryScheduler) {
  const Json runs = read_json(testing::test_data("diffusion/runs.json"));
  const io::StateDict golden = io::read_safetensors(testing::test_data("diffusion/runs.safetensors"));
  int compared = 0;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (runs[i]["config"] != "stable-diffusion-v1-5" || !runs[i]["changes"].empty()) continue;
    const int64_t expected = golden.at(fmt::format("{}.time_steps", i)).numel();
    EXPECT_EQ(static_cast<int64_t>(count(runs[i]["scheduler"], runs[i]["steps"], runs[i]["strength"])), expected)
        << runs[i].dump();
    ++compared;
  }
  EXPECT_GT(compared, 60);
}

TEST_F(CountEvaluations, TheFoldersOwnSchedulerIsAskedWhereNoneIsChosen) {
  EXPECT_EQ(count_evaluations(folder.path(), {}), 38U);
  Json config = read_json(folder / "scheduler/scheduler_config.json");
  config["_class_name"] = "DDIMScheduler";
  write_json(folder / "scheduler/scheduler_config.json", config);
  EXPECT_EQ(count_evaluations(folder.path(), {}), 37U);
}

TEST_F(CountEvaluations, OfAnImpossibleRunAreAnError) {
  EXPECT_ERROR(count_evaluations(folder.path(), {.steps = 51, .scheduler = parse_scheduler_name("lcm")}),
               "--steps is 51");
  fs::remove_all(folder / "scheduler");
  EXPECT_ERROR(count_evaluations(folder.path(), {}), folder.path().string(), "scheduler/");
}

}  // namespace
}  // namespace fmri2img::diffusion
