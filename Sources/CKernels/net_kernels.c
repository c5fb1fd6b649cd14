// Instantiates the net kernels for each precision and instruction set and picks one at run time.
#include "net_kernels.h"

#include <math.h>
#include <string.h>

#include "instruction_level.h"

// The order and rounding of every operation is written out (see net_kernels.h): nothing may be contracted silently.
#pragma clang fp contract(off)

#define INLINE static inline __attribute__((always_inline, unused))
#define NOINLINE __attribute__((noinline))
#define UNROLL _Pragma("clang loop unroll(full)")

#if HAS_LEVELS
// Without min_vector_width clang splits 512-bit vectors at this level, and the tiles no longer fit the registers.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"), min_vector_width(512))), apply_to = function)
#define VECTOR_BYTES 64
#define MAX_COLUMNS 4
#define FUSED 1
#define REAL float
#define IS_DOUBLE 0
#define NAME(x) x##_f32_v4
#include "net_instance.h"
#undef REAL
#undef IS_DOUBLE
#undef NAME
#define REAL double
#define IS_DOUBLE 1
#define NAME(x) x##_f64_v4
#include "net_instance.h"
#undef REAL
#undef IS_DOUBLE
#undef NAME
#undef VECTOR_BYTES
#undef MAX_COLUMNS
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define VECTOR_BYTES 32
#define MAX_COLUMNS 2
#define REAL float
#define IS_DOUBLE 0
#define NAME(x) x##_f32_v3
#include "net_instance.h"
#undef REAL
#undef IS_DOUBLE
#undef NAME
#define REAL double
#define IS_DOUBLE 1
#define NAME(x) x##_f64_v3
#include "net_instance.h"
#undef REAL
#undef IS_DOUBLE
#undef NAME
#undef VECTOR_BYTES
#undef MAX_COLUMNS
#undef FUSED
#pragma clang attribute pop
#endif

#define VECTOR_BYTES 16
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__aarch64__)
#define FUSED 1
#define MAX_COLUMNS 4
#else
#define FUSED 0
#define MAX_COLUMNS 2
#endif
#define REAL float
#define IS_DOUBLE 0
#define NAME(x) x##_f32_base
#include "net_instance.h"
#undef REAL
#undef IS_DOUBLE
#undef NAME
#define REAL double
#define IS_DOUBLE 1
#define NAME(x) x##_f64_base
#include "net_instance.h"
#undef REAL
#undef IS_DOUBLE
#undef NAME

#if HAS_LEVELS
#define DISPATCH_TO(S, function, ...)                  \
  switch (instruction_level()) {                       \
    case 4: function##_##S##_v4(__VA_ARGS__); return;  \
    case 3: function##_##S##_v3(__VA_ARGS__); return;  \
    default: function##_##S##_base(__VA_ARGS__);       \
  }
#else
#define DISPATCH_TO(S, function, ...) function##_##S##_base(__VA_ARGS__);
#endif

#define REAL float
#define ENTRY(x) x##_f32
#define LAYOUT(x) x##_f32_base
#define DISPATCH(...) DISPATCH_TO(f32, __VA_ARGS__)
#include "net_entries.h"
#undef REAL
#undef ENTRY
#undef LAYOUT
#undef DISPATCH
#define REAL double
#define ENTRY(x) x##_f64
#define LAYOUT(x) x##_f64_base
#define DISPATCH(...) DISPATCH_TO(f64, __VA_ARGS__)
#include "net_entries.h"
