// One instantiation of the kernels: REAL, IS_DOUBLE, VECTOR_BYTES, MAX_COLUMNS, FUSED and NAME(x) are set by
// net_kernels.c, which includes this file once per precision and instruction set.

typedef REAL NAME(vector) __attribute__((ext_vector_type(VECTOR_BYTES / sizeof(REAL))));
#define VEC NAME(vector)
#define SPLAT(x) ((VEC)(REAL)(x))
#if FUSED
#define FMA(a, b, c) __builtin_elementwise_fma((a), (b), (c))
#else
#define FMA(a, b, c) ((a) * (b) + (c))
#endif

#include "vector_math.h"
#include "net_layout.h"
#include "net_template.h"

// Whole vectors are the rule; the last one may be partial.
INLINE VEC NAME(load_part)(const REAL *from, size_t present) {
  VEC x = SPLAT(0);
  if (present >= NAME(LANES)) memcpy(&x, from, sizeof(VEC));
  else memcpy(&x, from, present * sizeof(REAL));
  return x;
}

INLINE void NAME(store_part)(REAL *to, VEC x, size_t present) {
  if (present >= NAME(LANES)) memcpy(to, &x, sizeof(VEC));
  else memcpy(to, &x, present * sizeof(REAL));
}

// to[count] += chunk 0 + chunk 1 + ..., element by element in this order.
INLINE void NAME(add_chunks)(const REAL *chunk, size_t chunkCount, size_t chunkSize, size_t count, REAL *to) {
  for (size_t i = 0; i < count; i += NAME(LANES)) {
    VEC sum = NAME(load_part)(to + i, count - i);
    for (size_t c = 0; c < chunkCount; c++) sum += *(const VEC *)(chunk + c * chunkSize + i);
    NAME(store_part)(to + i, sum, count - i);
  }
}

static void NAME(reduce_gradient)(
    const net_shape *shape, const REAL *chunks, size_t chunkCount, size_t chunkSize, REAL *to) {
  for (int l = 0; l <= shape->hiddenLayers; l++) {
    const size_t in = l == 0 ? shape->inputs : shape->hiddenWidths[l - 1];
    const size_t out = l == shape->hiddenLayers ? shape->outputs : shape->hiddenWidths[l];
    const size_t inWidth = NAME(padded)((int32_t)in), outWidth = NAME(padded)((int32_t)out);
    if (l == 0) {
      // Stored transposed, and small.
      for (size_t c = 0; c < chunkCount; c++)
        for (size_t o = 0; o < out; o++)
          for (size_t i = 0; i < in; i++) to[o * in + i] += chunks[c * chunkSize + i * outWidth + o];
    } else {
      for (size_t o = 0; o < out; o++)
        NAME(add_chunks)(chunks + o * inWidth, chunkCount, chunkSize, in, to + o * in);
    }
    const size_t bias = l == 0 ? NAME(rows)((int32_t)in) * outWidth : NAME(rows)((int32_t)out) * inWidth;
    NAME(add_chunks)(chunks + bias, chunkCount, chunkSize, out, to + out * in);
    to += out * (in + 1);
    chunks += NAME(gradient_layer)(shape, l);
  }
}

static void NAME(exp_array)(const REAL *x, REAL *y, size_t count) {
  for (size_t i = 0; i < count; i += NAME(LANES))
    NAME(store_part)(y + i, NAME(exp)(NAME(load_part)(x + i, count - i)), count - i);
}

static void NAME(silu_array)(const REAL *x, REAL *y, REAL *derivative, size_t count) {
  for (size_t i = 0; i < count; i += NAME(LANES)) {
    VEC d;
    NAME(store_part)(y + i, NAME(silu)(NAME(load_part)(x + i, count - i), &d), count - i);
    NAME(store_part)(derivative + i, d, count - i);
  }
}

static void NAME(tanh_array)(const REAL *x, REAL *y, REAL *derivative, size_t count) {
  for (size_t i = 0; i < count; i += NAME(LANES)) {
    VEC d;
    NAME(store_part)(y + i, NAME(tanh)(NAME(load_part)(x + i, count - i), &d), count - i);
    NAME(store_part)(derivative + i, d, count - i);
  }
}

static void NAME(adam)(
    REAL *parameters, const REAL *gradient, REAL *firstMoment, REAL *secondMoment, size_t count, double learningRate,
    double beta1, double beta2, double epsilon, double correction1, double correction2) {
  const VEC step = SPLAT(learningRate / correction1), scale = SPLAT(1 / correction2), floor = SPLAT(epsilon);
  for (size_t i = 0; i < count; i += NAME(LANES)) {
    const size_t left = count - i;
    const VEC g = NAME(load_part)(gradient + i, left), p = NAME(load_part)(parameters + i, left);
    VEC m = NAME(load_part)(firstMoment + i, left), v = NAME(load_part)(secondMoment + i, left);
    m = FMA(SPLAT(beta1), m, SPLAT(1 - beta1) * g);
    v = FMA(SPLAT(beta2), v, SPLAT(1 - beta2) * g * g);
    const VEC change = step * m / (__builtin_elementwise_sqrt(v * scale) + floor);
    NAME(store_part)(firstMoment + i, m, left);
    NAME(store_part)(secondMoment + i, v, left);
    NAME(store_part)(parameters + i, p - change, left);
  }
}

#undef VEC
#undef SPLAT
#undef FMA
#undef PAD
#undef FOR_COLUMN_GROUPS
