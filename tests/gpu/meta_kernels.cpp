// Shapes of what PyTorch computes with kernels of each device, for its meta device, which has none of them in LibTorch.
#include <ATen/ATen.h>
#include <ATen/ExpandUtils.h>
#include <torch/library.h>

#include <optional>
#include <tuple>
#include <vector>

namespace {

void expect_meta(const at::Tensor& tensor, const char* what) {
  TORCH_CHECK(!tensor.defined() || tensor.is_meta(), what, " is on another device than the input");
}

at::Tensor convolution(const at::Tensor& input,
                       const at::Tensor& weight,
                       const std::optional<at::Tensor>& bias,
                       at::IntArrayRef stride,
                       at::IntArrayRef padding,
                       at::IntArrayRef dilation,
                       bool transposed,
                       at::IntArrayRef /*output_padding*/,
                       int64_t /*groups*/) {
  expect_meta(weight, "the weight");
  if (bias) expect_meta(*bias, "the bias");
  TORCH_CHECK(!transposed, "no network here has a transposed convolution");
  TORCH_CHECK(input.scalar_type() == weight.scalar_type(), "input and weight are of different types");
  std::vector<int64_t> shape{input.size(0), weight.size(0)};
  for (int64_t i = 0; i + 2 < input.dim(); ++i) {
    const int64_t kernel = dilation[i] * (weight.size(i + 2) - 1) + 1;
    shape.push_back((input.size(i + 2) + 2 * padding[i] - kernel) / stride[i] + 1);
  }
  return at::empty(shape, input.options());
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> batch_norm(const at::Tensor& input,
                                                          const std::optional<at::Tensor>& weight,
                                                          const std::optional<at::Tensor>& bias,
                                                          const std::optional<at::Tensor>& /*running_mean*/,
                                                          const std::optional<at::Tensor>& /*running_var*/,
                                                          bool /*training*/,
                                                          double /*momentum*/,
                                                          double /*eps*/) {
  if (weight) expect_meta(*weight, "the weight");
  if (bias) expect_meta(*bias, "the bias");
  const at::Tensor statistic = at::empty({input.size(1)}, input.options().dtype(at::kFloat));
  return {at::empty_like(input), statistic, statistic.clone()};
}

std::tuple<at::Tensor, at::Tensor> var_mean(const at::Tensor& input,
                                            at::OptionalIntArrayRef dims,
                                            const std::optional<at::Scalar>& /*correction*/,
                                            bool keepdim) {
  const at::Tensor mean = at::mean(input, dims, keepdim);
  return {at::empty_like(mean), mean};
}

at::Tensor& where_out(const at::Tensor& condition, const at::Tensor& chosen, const at::Tensor& other, at::Tensor& out) {
  std::vector<int64_t> shape;
  for (const at::Tensor& tensor : {condition, chosen, other}) {
    if (tensor.dim() > 0) expect_meta(tensor, "an argument of where");
    shape = at::infer_size(shape, tensor.sizes());
  }
  out.resize_(shape);
  return out;
}

at::Tensor where(const at::Tensor& condition, const at::Tensor& chosen, const at::Tensor& other) {
  at::Tensor out = at::empty({0}, condition.options().dtype(at::result_type(chosen, other)));
  return where_out(condition, chosen, other, out);
}

at::Tensor index_select(const at::Tensor& input, int64_t dim, const at::Tensor& index) {
  expect_meta(index, "the index");
  std::vector<int64_t> shape = input.sizes().vec();
  shape[static_cast<size_t>(dim)] = index.numel();
  return at::empty(shape, input.options());
}

TORCH_LIBRARY_IMPL(aten, Meta, library) {
  library.impl("index_select", index_select);
  library.impl("var_mean.correction", var_mean);
  library.impl("where.self", where);
  library.impl("where.self_out", where_out);
  library.impl("convolution_overrideable", convolution);
  library.impl("native_batch_norm", batch_norm);
}

}  // namespace
