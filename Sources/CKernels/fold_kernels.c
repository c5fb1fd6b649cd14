// Instantiates the fold kernels for each precision and instruction set and picks one at run time.
#include "fold_kernels.h"

#include "instruction_level.h"

#pragma clang fp contract(off)

typedef double double8 __attribute__((ext_vector_type(8)));

// Parts of a row that are summed in one pass, and vectors of products that are kept for all of them.
enum { PARTS = 32, SEGMENT = 16 };

#if HAS_LEVELS
#define FUSED 1
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define REAL float
#define NAME(x) fold_##x##_f32_v4
#include "fold_template.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(x) fold_##x##_f64_v4
#include "fold_template.h"
#undef REAL
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define REAL float
#define NAME(x) fold_##x##_f32_v3
#include "fold_template.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(x) fold_##x##_f64_v3
#include "fold_template.h"
#undef REAL
#undef NAME
#pragma clang attribute pop
#undef FUSED
#endif

#if defined(__FMA__) || defined(__aarch64__)
#define FUSED 1
#else
#define FUSED 0
#endif
#define REAL float
#define NAME(x) fold_##x##_f32_base
#include "fold_template.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(x) fold_##x##_f64_base
#include "fold_template.h"

#if HAS_LEVELS
#define DISPATCH(function, S, ...)                            \
  switch (instruction_level()) {                              \
    case 4: fold_##function##_##S##_v4(__VA_ARGS__); return;  \
    case 3: fold_##function##_##S##_v3(__VA_ARGS__); return;  \
    default: fold_##function##_##S##_base(__VA_ARGS__);       \
  }
#else
#define DISPATCH(function, S, ...) fold_##function##_##S##_base(__VA_ARGS__);
#endif

#define DEFINE(TYPE, S)                                                                                             \
  void fold_apply_##S(                                                                                              \
      const fold_piece *pieces, size_t count, const TYPE *coefficients, const TYPE *a, const TYPE *b, const TYPE *c, \
      double *y) {                                                                                                  \
    DISPATCH(apply, S, pieces, count, coefficients, a, b, c, y)                                                     \
  }                                                                                                                 \
  void fold_transpose_##S(                                                                                          \
      const fold_piece *pieces, size_t count, const TYPE *coefficients, const double *g, TYPE *ga, TYPE *gb,        \
      TYPE *gc) {                                                                                                   \
    DISPATCH(transpose, S, pieces, count, coefficients, g, ga, gb, gc)                                              \
  }                                                                                                                 \
  void fold_apply_parts_##S(                                                                                        \
      const fold_piece *pieces, size_t count, const TYPE *coefficients, const TYPE *a, const TYPE *b, const TYPE *c, \
      const TYPE *p, size_t parts, size_t stride, double *y) {                                                      \
    DISPATCH(apply_parts, S, pieces, count, coefficients, a, b, c, p, parts, stride, y)                             \
  }                                                                                                                 \
  void fold_transpose_parts_##S(                                                                                    \
      const fold_piece *pieces, size_t count, const TYPE *coefficients, const TYPE *p, size_t parts, size_t stride, \
      const double *g, TYPE *ga, TYPE *gb, TYPE *gc) {                                                              \
    DISPATCH(transpose_parts, S, pieces, count, coefficients, p, parts, stride, g, ga, gb, gc)                      \
  }

DEFINE(float, f32)
DEFINE(double, f64)
