#include "fmri2img/nn/fused_attention.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/nn/token_vectors.h"

namespace fmri2img::nn {

#ifdef FMRI2IMG_HAS_AVX512_KERNELS
namespace {

constexpr int64_t kVectors = 4;      // registers of a tile's columns at most
constexpr int64_t kQueries = 48;     // in a block
constexpr int64_t kKeys = 256;       // in a block: its scores and its keys stay in the first two levels of the cache
constexpr int64_t kMostWidth = 512;  // of a head

int64_t round_up(int64_t value, int64_t step) {
  return (value + step - 1) / step * step;
}

// Both types go through the same loops in units of 32 bits along the summed direction: a float, or two bfloat16.
struct FloatUnits {
  using Value = float;
  static constexpr int64_t kPerUnit = 1;
  FMRI2IMG_AVX512_INLINE static __m512 multiply_add(__m512 sum, __m512i a, __m512i b) {
    return _mm512_fmadd_ps(_mm512_castsi512_ps(a), _mm512_castsi512_ps(b), sum);
  }
};

struct Bfloat16Units {
  using Value = at::BFloat16;
  static constexpr int64_t kPerUnit = 2;
  FMRI2IMG_AVX512_INLINE static __m512 multiply_add(__m512 sum, __m512i a, __m512i b) {
    return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b);
  }
};

/// Rows of a tile of so many registers' columns: 24 registers of sums, those of the right side, one of the left.
constexpr int64_t tile_rows(int64_t vectors) {
  return vectors == 4 ? 6 : vectors == 3 ? 8 : 12;
}

/// Rows of `left` times columns of `right`, both apart by strides in units, to `sums`.
struct Product {
  const int32_t* left;  ///< [rows][units]
  int64_t left_stride;
  const int32_t* right;  ///< [units][vectors x 16]
  int64_t right_stride;
  int64_t units;
  float* sums;  ///< [rows][vectors x 16]
  int64_t sum_stride;
  bool add;  ///< to what `sums` holds
};

template <class Units, int kCount>
FMRI2IMG_AVX512_INLINE void multiply_tile(const Product& product, int64_t first_row, int64_t first_column) {
  constexpr int64_t kRows = tile_rows(kCount);
  const int32_t* left = product.left + first_row * product.left_stride;
  const int32_t* right = product.right + first_column;
  float* sums = product.sums + first_row * product.sum_stride + first_column;
  __m512 tile[kRows][kCount];
#pragma GCC unroll 12
  for (int64_t row = 0; row < kRows; ++row) {
#pragma GCC unroll 4
    for (int64_t i = 0; i < kCount; ++i)
      tile[row][i] =
          product.add ? _mm512_loadu_ps(sums + row * product.sum_stride + i * kTokenLanes) : _mm512_setzero_ps();
  }
  for (int64_t unit = 0; unit < product.units; ++unit) {
    __m512i columns[kCount];
#pragma GCC unroll 4
    for (int64_t i = 0; i < kCount; ++i)
      columns[i] = _mm512_loadu_si512(right + unit * product.right_stride + i * kTokenLanes);
#pragma GCC unroll 12
    for (int64_t row = 0; row < kRows; ++row) {
      const __m512i value = _mm512_set1_epi32(left[row * product.left_stride + unit]);
#pragma GCC unroll 4
      for (int64_t i = 0; i < kCount; ++i) tile[row][i] = Units::multiply_add(tile[row][i], value, columns[i]);
    }
  }
#pragma GCC unroll 12
  for (int64_t row = 0; row < kRows; ++row) {
#pragma GCC unroll 4
    for (int64_t i = 0; i < kCount; ++i)
      _mm512_storeu_ps(sums + row * product.sum_stride + i * kTokenLanes, tile[row][i]);
  }
}

template <class Units, int kCount>
FMRI2IMG_AVX512 void multiply_columns(const Product& product, int64_t rows, int64_t first_column) {
  for (int64_t row = 0; row < rows; row += tile_rows(kCount)) multiply_tile<Units, kCount>(product, row, first_column);
}

/// `rows` may be rounded up to a whole tile, so that the memory of all 48 queries is used.
template <class Units> void multiply(const Product& product, int64_t rows, int64_t vectors) {
  for (int64_t first = 0; first < vectors;) {
    const int64_t left = vectors - first;
    const int64_t count = left == 5 ? 3 : std::min(kVectors, left);  // five: three and two, not four and one
    const int64_t column = first * kTokenLanes;
    if (count == 4) multiply_columns<Units, 4>(product, rows, column);
    if (count == 3) multiply_columns<Units, 3>(product, rows, column);
    if (count == 2) multiply_columns<Units, 2>(product, rows, column);
    if (count == 1) multiply_columns<Units, 1>(product, rows, column);
    first += count;
  }
}

/// Where one head's tokens lie in memory.
template <class Value> struct HeadTokens {
  const Value* values;
  int64_t count;   ///< tokens
  int64_t stride;  ///< from one token to the next
  const Value* token(int64_t i) const { return values + i * stride; }
};

/// Keys and values of one head in the order of the loops, filled up with zeros.
template <class Units> struct PackedHead {
  int64_t units;           ///< 32-bit units of a head's width
  int64_t vectors;         ///< registers of a head's width
  int64_t keys;            ///< a whole number of blocks
  std::vector<int32_t> k;  ///< [units][keys]
  std::vector<int32_t> v;  ///< [keys / per unit][vectors x 16]
};

template <class Units>
PackedHead<Units> pack_head(const HeadTokens<typename Units::Value>& k,
                            const HeadTokens<typename Units::Value>& v,
                            int64_t width) {
  using Value = typename Units::Value;
  constexpr int64_t kPerUnit = Units::kPerUnit;
  PackedHead<Units> packed;
  packed.units = round_up(width, kPerUnit) / kPerUnit;
  packed.vectors = round_up(width, kTokenLanes) / kTokenLanes;
  packed.keys = round_up(k.count, kKeys);
  packed.k.assign(static_cast<size_t>(packed.units * packed.keys), 0);
  packed.v.assign(static_cast<size_t>(packed.keys / kPerUnit * packed.vectors * kTokenLanes), 0);
  auto* k_values = reinterpret_cast<Value*>(packed.k.data());
  auto* v_values = reinterpret_cast<Value*>(packed.v.data());
  for (int64_t key = 0; key < k.count; ++key) {
    for (int64_t i = 0; i < width; ++i) {
      k_values[(i / kPerUnit * packed.keys + key) * kPerUnit + i % kPerUnit] = k.token(key)[i];
      v_values[(key / kPerUnit * packed.vectors * kTokenLanes + i) * kPerUnit + key % kPerUnit] = v.token(key)[i];
    }
  }
  return packed;
}

/// The state of a block of queries between blocks of keys.
struct QueryBlock {
  explicit QueryBlock(int64_t width)
      : sums(static_cast<size_t>(kQueries * width), 0.0F), scores(static_cast<size_t>(kQueries * kKeys)) {}
  std::vector<float> sums;    ///< [queries][width]: weights times values so far
  std::vector<float> scores;  ///< [queries][keys], then the weights in their place
  float largest[kQueries];    ///< score so far, in powers of two
  float total[kQueries];      ///< of the weights so far
};

/// Scores of one query to weights, in place; scales what the query has summed so far to its new largest score.
template <class Units>
FMRI2IMG_AVX512 void weigh(QueryBlock& block, int64_t query, int64_t keys, int64_t width, float scale) {
  float* scores = block.scores.data() + query * kKeys;
  __m512 best = _mm512_set1_ps(-std::numeric_limits<float>::infinity());
  for (int64_t i = 0; i < kKeys; i += kTokenLanes) {
    const __mmask16 mask = lanes_left(keys - i);
    best = _mm512_mask_max_ps(best, mask, best, _mm512_loadu_ps(scores + i));
  }
  const float largest = std::max(block.largest[query], _mm512_reduce_max_ps(best) * scale);
  const float shrink = std::exp2(block.largest[query] - largest);
  const __m512 factor = _mm512_set1_ps(scale), offset = _mm512_set1_ps(-largest);
  __m512 total = _mm512_setzero_ps();
  auto* weights = reinterpret_cast<typename Units::Value*>(scores);
  for (int64_t i = 0; i < kKeys; i += kTokenLanes) {
    const __mmask16 mask = lanes_left(keys - i);
    const __m512 weight =
        _mm512_maskz_mov_ps(mask, exp2_ps(_mm512_fmadd_ps(_mm512_loadu_ps(scores + i), factor, offset)));
    total = _mm512_add_ps(total, weight);
    store_lanes(weights + i, weight);
  }
  block.total[query] = block.total[query] * shrink + _mm512_reduce_add_ps(total);
  block.largest[query] = largest;
  float* sums = block.sums.data() + query * width;
  for (int64_t i = 0; i < width; i += kTokenLanes)
    _mm512_storeu_ps(sums + i, _mm512_mul_ps(_mm512_loadu_ps(sums + i), _mm512_set1_ps(shrink)));
}

/// One block of queries against all keys. `queries` [48][units] with zeros where there are fewer; `out` is the first
/// token of the block.
template <class Units>
FMRI2IMG_AVX512 void attend(const int32_t* queries,
                            int64_t count,
                            const PackedHead<Units>& head,
                            int64_t keys,
                            int64_t width,
                            float scale,
                            QueryBlock& block,
                            typename Units::Value* out,
                            int64_t out_stride) {
  const int64_t padded = head.vectors * kTokenLanes;
  std::fill(block.sums.begin(), block.sums.end(), 0.0F);
  std::fill_n(block.largest, kQueries, -std::numeric_limits<float>::infinity());
  std::fill_n(block.total, kQueries, 0.0F);
  for (int64_t first = 0; first < keys; first += kKeys) {
    const int64_t used = std::min(kKeys, keys - first);
    const int64_t vectors = round_up(used, kTokenLanes) / kTokenLanes;
    multiply<Units>({.left = queries,
                     .left_stride = head.units,
                     .right = head.k.data() + first,
                     .right_stride = head.keys,
                     .units = head.units,
                     .sums = block.scores.data(),
                     .sum_stride = kKeys,
                     .add = false},
                    count,
                    vectors);
    for (int64_t row = 0; row < count; ++row) weigh<Units>(block, row, used, padded, scale);
    multiply<Units>({.left = reinterpret_cast<const int32_t*>(block.scores.data()),
                     .left_stride = kKeys,
                     .right = head.v.data() + first / Units::kPerUnit * padded,
                     .right_stride = padded,
                     .units = round_up(used, kTokenLanes) / Units::kPerUnit,
                     .sums = block.sums.data(),
                     .sum_stride = padded,
                     .add = true},
                    count,
                    head.vectors);
  }
  for (int64_t row = 0; row < count; ++row) {
    const __m512 factor = _mm512_set1_ps(1 / block.total[row]);
    for (int64_t i = 0; i < width; i += kTokenLanes) {
      const __mmask16 mask = lanes_left(width - i);
      store_lanes(out + row * out_stride + i,
                  mask,
                  _mm512_mul_ps(_mm512_loadu_ps(block.sums.data() + row * padded + i), factor));
    }
  }
}

struct AttentionShape {
  int64_t batch, queries, keys, heads, width;
};

/// The queries [begin, end) of one head.
template <class Units>
void attend_head(const at::Tensor& q,
                 const at::Tensor& k,
                 const at::Tensor& v,
                 const at::Tensor& out,
                 const AttentionShape& shape,
                 int64_t head,
                 int64_t begin,
                 int64_t end) {
  using Value = typename Units::Value;
  const auto tokens = [&](const at::Tensor& all, int64_t count) {
    const Value* first =
        all.const_data_ptr<Value>() + head / shape.heads * all.stride(0) + head % shape.heads * shape.width;
    return HeadTokens<Value>{first, count, all.stride(1)};
  };
  const PackedHead<Units> packed = pack_head<Units>(tokens(k, shape.keys), tokens(v, shape.keys), shape.width);
  const HeadTokens<Value> queries = tokens(q, shape.queries), results = tokens(out, shape.queries);
  const auto scale = static_cast<float>(std::log2(std::exp(1.0)) / std::sqrt(static_cast<double>(shape.width)));
  QueryBlock block(packed.vectors * kTokenLanes);
  std::vector<int32_t> left(static_cast<size_t>(kQueries * packed.units), 0);
  for (int64_t first = begin; first < end; first += kQueries) {
    const int64_t count = std::min(kQueries, end - first);
    for (int64_t i = 0; i < count; ++i)
      std::memcpy(
          left.data() + i * packed.units, queries.token(first + i), sizeof(Value) * static_cast<size_t>(shape.width));
    attend<Units>(left.data(),
                  count,
                  packed,
                  shape.keys,
                  shape.width,
                  scale,
                  block,
                  const_cast<Value*>(results.token(first)),
                  results.stride);
  }
}

template <class Units>
at::Tensor run_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const AttentionShape& shape) {
  at::Tensor out = at::empty(q.sizes(), q.options().memory_format(at::MemoryFormat::Contiguous));
  const int64_t heads = shape.batch * shape.heads;
  const int64_t threads = at::get_num_threads();
  // Few heads: several tasks share one, at the price of packing it again.
  const int64_t parts = std::clamp<int64_t>(2 * threads / heads, 1, std::max<int64_t>(1, shape.queries / kKeys));
  const int64_t part = round_up((shape.queries + parts - 1) / parts, kQueries);
  at::parallel_for(0, heads * parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; ++task) {
      const int64_t first = task % parts * part;
      attend_head<Units>(q, k, v, out, shape, task / parts, first, std::min(first + part, shape.queries));
    }
  });
  return out;
}

/// Tokens may be apart, but the numbers of one are neighbours.
at::Tensor dense_tokens(const at::Tensor& tokens) {
  return tokens.stride(2) == 1 ? tokens : tokens.contiguous();
}

}  // namespace

bool suits_fused_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t heads) {
  const at::ScalarType type = q.scalar_type();
  return suits_token_kernels(q) && suits_token_kernels(k) && suits_token_kernels(v) && k.scalar_type() == type &&
         v.scalar_type() == type && q.size(2) / heads <= kMostWidth;
}

at::Tensor fused_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t heads) {
  FMRI2IMG_ASSERT(q.dim() == 3 && q.size(2) % heads == 0 && k.sizes() == v.sizes() && q.size(2) / heads <= kMostWidth);
  const AttentionShape shape{q.size(0), q.size(1), k.size(1), heads, q.size(2) / heads};
  const at::Tensor queries = dense_tokens(q), keys = dense_tokens(k), values = dense_tokens(v);
  if (q.scalar_type() == at::kFloat) return run_attention<FloatUnits>(queries, keys, values, shape);
  return run_attention<Bfloat16Units>(queries, keys, values, shape);
}

#else

bool suits_fused_attention(const at::Tensor&, const at::Tensor&, const at::Tensor&, int64_t) {
  return false;
}

at::Tensor fused_attention(const at::Tensor& q, const at::Tensor&, const at::Tensor&, int64_t) {
  return q;
}

#endif

}  // namespace fmri2img::nn
