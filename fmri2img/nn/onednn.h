#pragma once

// For the files of this folder that call oneDNN themselves. Debian's headers: LibTorch's own copy comes later on the
// include path and exports no symbols.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <cstdint>
#include <vector>
#include <dnnl.hpp>

namespace fmri2img::nn::onednn {

using Tag = dnnl::memory::format_tag;

inline const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

inline dnnl::stream& stream() {
  static dnnl::stream stream_of_cpu(engine());
  return stream_of_cpu;
}

inline dnnl::memory::desc describe(const std::vector<int64_t>& shape, Tag tag) {
  return {shape, dnnl::memory::data_type::f32, tag};
}

/// A view of a tensor's memory; the tensor must outlive it.
inline dnnl::memory wrap(const dnnl::memory::desc& desc, const at::Tensor& values) {
  return {desc, engine(), const_cast<void*>(values.const_data_ptr())};
}

/// Working memory of a primitive, at least `bytes` long. All layers share one that only grows: they run in turn, and
/// pieces of a gigabyte that come and go would leave holes in the heap. One thread calls.
inline at::Tensor scratch(size_t bytes) {
  static at::Tensor shared = at::empty({0}, at::kByte);
  if (static_cast<size_t>(shared.numel()) < bytes) {
    shared = at::Tensor();
    shared = at::empty({static_cast<int64_t>(bytes)}, at::kByte);
  }
  return shared;
}

inline void reorder(dnnl::memory from, dnnl::memory to) {
  dnnl::reorder(from, to).execute(stream(), from, to);
  stream().wait();
}

}  // namespace fmri2img::nn::onednn
