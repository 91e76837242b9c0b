#include "fmri2img/training/adamw.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <torch/nn/module.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::training {
namespace {

/// The fused kernel walks through memory and never looks at strides.
bool same_layout(const at::Tensor& a, const at::Tensor& b) {
  for (int64_t d = 0; d < a.dim(); ++d) {
    if (a.size(d) != 1 && a.stride(d) != b.stride(d)) return false;
  }
  return a.sizes() == b.sizes();
}

}  // namespace

bool is_decayed(const std::string& parameter_name) {
  // `LayerNorm.bias` is covered by `bias`.
  return parameter_name.find("bias") == std::string::npos &&
         parameter_name.find("LayerNorm.weight") == std::string::npos;
}

NamedParameters parameters_of(const torch::nn::Module& model) {
  NamedParameters parameters;
  for (const auto& item : model.named_parameters()) parameters.emplace_back(item.key(), item.value());
  return parameters;
}

AdamW::AdamW(NamedParameters parameters, const AdamWOptions& options)
    : parameters_(std::move(parameters)), options_(options), groups_(2) {
  groups_[0].weight_decay = options.weight_decay;
  groups_[1].weight_decay = 0;
  for (const auto& [name, parameter] : parameters_) {
    const Moments& moments = moments_.emplace_back(Moments{at::zeros_like(parameter), at::zeros_like(parameter)});
    const bool decayed = is_decayed(name) && (options.decay_vectors || parameter.dim() > 1);
    Group& group = groups_[decayed ? 0 : 1];
    group.parameters.push_back(parameter);
    group.firsts.push_back(moments.first);
    group.seconds.push_back(moments.second);
  }
}

void AdamW::step(double learning_rate, double beta1) {
  const at::NoGradGuard no_grad;
  for (const auto& [name, parameter] : parameters_) {
    FMRI2IMG_CHECK(parameter.grad().defined(), "the optimiser found no gradient of parameter \"{}\"", name);
  }
  ++steps_;
  for (Group& group : groups_) step_group(group, learning_rate, beta1);
}

void AdamW::step_group(Group& group, double learning_rate, double beta1) {
  if (group.parameters.empty()) return;
  std::vector<at::Tensor> gradients, steps;
  for (const at::Tensor& parameter : group.parameters) {
    gradients.push_back(parameter.grad());
    FMRI2IMG_ASSERT(same_layout(gradients.back(), parameter));
    steps.push_back(at::full({}, static_cast<double>(steps_), parameter.options().dtype(at::kFloat)));
  }
  at::_fused_adamw_(group.parameters,
                    gradients,
                    group.firsts,
                    group.seconds,
                    /*max_exp_avg_sqs=*/{},
                    steps,
                    learning_rate,
                    beta1,
                    options_.beta2,
                    group.weight_decay,
                    options_.epsilon,
                    /*amsgrad=*/false,
                    /*maximize=*/false);
  for (at::Tensor& parameter : group.parameters) parameter.mutable_grad().reset();
}

void AdamW::restore(int64_t steps, const std::vector<Moments>& moments) {
  FMRI2IMG_ASSERT(moments.size() == moments_.size());
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < moments.size(); ++i) {
    const auto& [name, parameter] = parameters_[i];
    for (const at::Tensor* moment : {&moments[i].first, &moments[i].second}) {
      FMRI2IMG_CHECK(moment->sizes() == parameter.sizes(),
                     "the optimiser's state of \"{}\" is {}, the parameter is {}",
                     name,
                     format_shape(moment->sizes().vec()),
                     format_shape(parameter.sizes().vec()));
    }
    moments_[i].first.copy_(moments[i].first);
    moments_[i].second.copy_(moments[i].second);
  }
  steps_ = steps;
}

}  // namespace fmri2img::training
