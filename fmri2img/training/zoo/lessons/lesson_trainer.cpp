#include "fmri2img/training/zoo/lessons/lesson_trainer.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <chrono>
#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"
#include "fmri2img/core/threads.h"
#include "fmri2img/nn/autocast.h"
#include "fmri2img/training/zoo/lessons/parallel_replicas.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kBetweenCheckpoints{60};
constexpr int64_t kLoggedEvery = 10;  // steps

using Results = std::vector<std::vector<at::Tensor>>;

uint64_t share_seed(const Recipe& recipe, int64_t step, size_t replica) {
  return splitmix64(recipe.seed ^ splitmix64(static_cast<uint64_t>(step) * kReplicas + replica));
}

Results forward_all(Lesson& lesson, const Recipe& recipe, int64_t step) {
  Results results(kReplicas);
  for_each_replica([&](size_t replica) {
    const nn::Autocast autocast(recipe.bf16);
    results[replica] = lesson.forward({.step = step,
                                       .replica = replica,
                                       .batch = recipe.batch / static_cast<int64_t>(kReplicas),
                                       .generator = make_generator(share_seed(recipe, step, replica))});
  });
  return results;
}

/// The same tensors cut off from what they were computed of, so that the gradients of the loss end in them.
Results cut_off(const Results& results) {
  Results leaves;
  for (const auto& of_replica : results) {
    auto& row = leaves.emplace_back();
    for (const at::Tensor& tensor : of_replica) row.push_back(tensor.detach().requires_grad_());
  }
  return leaves;
}

void backward_all(const Results& results, const Results& leaves) {
  for_each_replica([&](size_t replica) {
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& leaf : leaves[replica]) gradients.push_back(leaf.grad());
    torch::autograd::backward(results[replica], gradients);
  });
}

/// The sum over the replicas, in the first one's gradients.
void gather_gradients(Lesson& lesson) {
  const at::NoGradGuard no_grad;
  const std::vector<at::Tensor> first = lesson.replica(0).parameters();
  for (size_t replica = 1; replica < kReplicas; ++replica) {
    const std::vector<at::Tensor> others = lesson.replica(replica).parameters();
    for (size_t i = 0; i < first.size(); ++i) {
      if (!others[i].grad().defined()) continue;  // a parameter that only `Lesson::loss` uses
      first[i].mutable_grad().add_(others[i].grad());
      others[i].mutable_grad().reset();
    }
  }
}

void clip_gradients(const torch::nn::Module& module, double limit) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : module.parameters()) gradients.push_back(parameter.grad());
  const double norm = at::stack(at::_foreach_norm(gradients)).norm().item<double>();
  if (norm > limit) at::_foreach_mul_(gradients, limit / norm);
}

}  // namespace

at::Tensor Lesson::loss(const std::vector<std::vector<at::Tensor>>& results) {
  at::Tensor sum = results.front().front();
  for (size_t i = 1; i < results.size(); ++i) sum = sum + results[i].front();
  return sum / static_cast<double>(results.size());
}

LessonTrainer::LessonTrainer(Lesson& lesson, const Recipe& recipe, fs::path folder)
    : lesson_(lesson),
      recipe_(recipe),
      folder_(std::move(folder)),
      optimiser_(parameters_of(lesson.replica(0)),
                 {.weight_decay = recipe.weight_decay, .beta2 = recipe.beta2, .decay_vectors = false}),
      average_(optimiser_.parameters(), recipe.average_decay) {
  FMRI2IMG_ASSERT(recipe.batch % static_cast<int64_t>(kReplicas) == 0);
  fs::create_directories(folder_);
  const fs::path checkpoint = folder_ / "last.safetensors";
  if (!fs::exists(checkpoint)) return;
  state_ = read_checkpoint(checkpoint, {lesson_.replica(0), optimiser_, nullptr, &average_});
  log_info("{}: going on from step {}", lesson_.name(), format_count(state_.steps));
}

double LessonTrainer::step() {
  // Between the replicas' turns there is little to do: a second thread would wait for it, spinning, more than it helps.
  const OneThread alone;
  const double learning_rate = learning_rate_at(recipe_, state_.steps);
  const Results results = forward_all(lesson_, recipe_, state_.steps);
  const Results leaves = cut_off(results);
  const at::Tensor loss = lesson_.loss(leaves);
  loss.backward();
  backward_all(results, leaves);
  gather_gradients(lesson_);
  clip_gradients(lesson_.replica(0), recipe_.clip_norm);
  optimiser_.step(learning_rate, recipe_.beta1);
  average_.update();
  ++state_.steps;
  state_.loss = loss.item<double>();
  FMRI2IMG_CHECK(std::isfinite(state_.loss),
                 "{}: the loss of step {} is not a number; a lower learning rate may help",
                 lesson_.name(),
                 state_.steps);
  return state_.loss;
}

Json LessonTrainer::run() {
  log_ =
      std::make_unique<EventLog>(folder_, std::vector<std::string>{"train/loss", "train/learning_rate"}, state_.steps);
  Progress progress("training the " + lesson_.name(), "steps", recipe_.steps, state_.steps);
  auto saved = std::chrono::steady_clock::now();
  while (state_.steps < recipe_.steps) {
    const double loss = step();
    // Over about the last fifty steps: one batch's loss jumps.
    state_.loss_sum = state_.steps == 1 ? loss : state_.loss_sum + (loss - state_.loss_sum) / 50;
    record();
    progress.advance(1, fmt::format("loss {:.4f}", state_.loss_sum));
    const auto now = std::chrono::steady_clock::now();
    if (now - saved > kBetweenCheckpoints || state_.steps == recipe_.steps || interrupt_requested()) {
      save();
      saved = now;
    }
    stop_if_interrupted("run the same command again to go on");
  }
  average_.apply();
  const at::NoGradGuard no_grad;
  return lesson_.validate();
}

void LessonTrainer::record() {
  if (state_.steps % kLoggedEvery != 0) return;
  const double learning_rate = learning_rate_at(recipe_, state_.steps - 1);
  log_->write(state_.steps, {{"train/loss", state_.loss_sum}, {"train/learning_rate", learning_rate}});
}

void LessonTrainer::save() {
  write_checkpoint(folder_ / "last.safetensors", state_, {lesson_.replica(0), optimiser_, nullptr, &average_});
}

}  // namespace fmri2img::training
