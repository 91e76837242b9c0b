#include "fmri2img/training/zoo/lessons/lesson_trainer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/random.h"
#include "fmri2img/nn/linear.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::training {
namespace {

/// Teaches a linear layer to double three numbers.
class Doubling : public Lesson {
 public:
  Doubling() : replicas_(make_replicas(first_layer(), kSizes)) {}

  std::string name() const override { return "doubler"; }
  torch::nn::Module& replica(size_t index) override { return *replicas_[index]; }

  std::vector<at::Tensor> forward(const Share& share) override {
    const at::Tensor input = at::randn({share.batch, 3}, share.generator, at::kFloat) + offset;
    return {(replicas_[share.replica](input) - 2 * input).square().mean()};
  }

  Json validate() override {
    const at::Tensor input = at::ones({1, 3});
    return {{"error", (replicas_[0](input) - 2 * input).abs().max().item<double>()}};
  }

  at::Tensor weight() const { return replicas_[0]->weight.detach().clone(); }

  double offset = 0;

 private:
  inline static const nn::LinearOptions kSizes{3, 3};

  static nn::Linear first_layer() {
    nn::Linear layer(kSizes);
    layer->reset_parameters(make_generator(1));
    return layer;
  }

  std::array<nn::Linear, kReplicas> replicas_;
};

Recipe recipe_of(int64_t steps) {
  return {.steps = steps, .batch = 8, .learning_rate = 0.05, .warmup_steps = 5, .average_decay = 0.9, .seed = 3};
}

TEST(LessonTrainer, TeachesTheAveragedModel) {
  const testing::TemporaryFolder folder;
  Doubling lesson;
  const Json figures = LessonTrainer(lesson, recipe_of(400), folder.path()).run();
  EXPECT_LT(figures.at("error").get<double>(), 0.02);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "log.csv"));
}

TEST(LessonTrainer, GoesOnWhereItWasCutToTheSameWeights) {
  const testing::TemporaryFolder whole, cut;
  Doubling at_once, first, second;
  LessonTrainer(at_once, recipe_of(20), whole.path()).run();
  {
    LessonTrainer trainer(first, recipe_of(20), cut.path());
    for (int i = 0; i < 7; ++i) trainer.step();
    trainer.save();
  }
  LessonTrainer resumed(second, recipe_of(20), cut.path());
  EXPECT_EQ(resumed.state().steps, 7);
  resumed.run();
  EXPECT_TRUE(at::equal(second.weight(), at_once.weight()));
}

TEST(LessonTrainer, BothReplicasCount) {
  const testing::TemporaryFolder folder;
  Doubling lesson;
  const at::Tensor before = lesson.weight();
  LessonTrainer trainer(lesson, recipe_of(20), folder.path());
  trainer.step();
  EXPECT_FALSE(at::equal(lesson.weight(), before));
  EXPECT_EQ(lesson.replica(0).parameters()[0].data_ptr(), lesson.replica(1).parameters()[0].data_ptr());
}

TEST(LessonTrainer, RefusesALossThatIsNoNumber) {
  const testing::TemporaryFolder folder;
  Doubling lesson;
  lesson.offset = std::numeric_limits<double>::quiet_NaN();
  LessonTrainer trainer(lesson, recipe_of(20), folder.path());
  EXPECT_ERROR(trainer.step(), "doubler: the loss of step 1 is not a number");
}

TEST(Recipe, LearningRateRisesThenFalls) {
  const Recipe recipe = recipe_of(105);
  EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 0), 0.01);
  EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 4), 0.05);
  EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 5), 0.05);
  EXPECT_NEAR(learning_rate_at(recipe, 55), 0.05 * (0.01 + 0.99 / 2), 1e-12);
  EXPECT_NEAR(learning_rate_at(recipe, 105), 0.05 * 0.01, 1e-12);
}

TEST(MovingAverage, ForgetsAndApplies) {
  const at::Tensor parameter = at::zeros({2});
  MovingAverage average({{"p", parameter}}, 0.9);
  parameter.fill_(10);
  average.update();  // the first step keeps a tenth
  EXPECT_TRUE(at::allclose(average.tensors()[0], at::full({2}, 9.0)));
  average.apply();
  EXPECT_TRUE(at::allclose(parameter, at::full({2}, 9.0)));
}

}  // namespace
}  // namespace fmri2img::training
