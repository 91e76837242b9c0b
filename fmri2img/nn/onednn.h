#pragma once

// For the files of this folder that call oneDNN themselves. Debian's headers: LibTorch's own copy comes later on the
// include path and exports no symbols.
#include <ATen/core/Tensor.h>

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

inline void reorder(dnnl::memory from, dnnl::memory to) {
  dnnl::reorder(from, to).execute(stream(), from, to);
  stream().wait();
}

}  // namespace fmri2img::nn::onednn
