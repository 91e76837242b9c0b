#pragma once

// For the files of this folder that call oneDNN themselves. Debian's headers: LibTorch's own copy comes later on the
// include path and exports no symbols.
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>
#include <dnnl.hpp>

namespace fmri2img::nn::onednn {

using Tag = dnnl::memory::format_tag;

inline const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

inline dnnl::stream& stream() {
  thread_local dnnl::stream stream_of_cpu(engine());
  return stream_of_cpu;
}

inline dnnl::memory::desc describe(const std::vector<int64_t>& shape, Tag tag) {
  return {shape, dnnl::memory::data_type::f32, tag};
}

/// A view of a tensor's memory; the tensor must outlive it.
inline dnnl::memory wrap(const dnnl::memory::desc& desc, const at::Tensor& values) {
  return {desc, engine(), const_cast<void*>(values.const_data_ptr())};
}

/// Working memory of a primitive, at least `bytes` long, valid until the next call. The layers that a thread runs
/// share one that only grows: they run in turn, and pieces of a gigabyte that come and go would leave holes in the
/// heap.
void* scratch(size_t bytes);

/// Memory that stays as long as the layer does: a view of it, and what keeps it alive. Not from the heap, where it
/// would lie between the feature maps that come and go, and keep their memory from being used again.
struct LastingMemory {
  explicit LastingMemory(const dnnl::memory::desc& desc);

  std::shared_ptr<void> bytes;
  dnnl::memory view;
};

inline void reorder(const dnnl::memory& from, const dnnl::memory& to) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const dnnl::reorder::primitive_desc description(from, to, attributes);
  const dnnl::memory::desc working = description.scratchpad_desc();
  dnnl::reorder(description)
      .execute(stream(),
               {{DNNL_ARG_FROM, from},
                {DNNL_ARG_TO, to},
                {DNNL_ARG_SCRATCHPAD, dnnl::memory(working, engine(), scratch(working.get_size()))}});
  stream().wait();
}

}  // namespace fmri2img::nn::onednn
