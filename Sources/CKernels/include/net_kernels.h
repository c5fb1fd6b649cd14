// Fully connected nets on many points: forward, backward, Adam; and the vectorised functions they use.
//
// Structure of arrays throughout: inputs [inputs][stride], outputs [outputs][stride]. Parameters are flat, layer by
// layer: weights row-major [out][in], then biases [out]. Every function exists for float (_f32) and double (_f64).
//
// All arithmetic is elementwise with explicit fused multiply-adds, and every sum has an order that does not depend on
// the vector width: machines with AVX2, AVX-512 or NEON give the same bits. (x86-64 without FMA rounds differently.)
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Points that go through the whole net together; `first` arguments are multiples of it.
enum { NET_BLOCK = 64 };
enum { NET_SILU = 0, NET_TANH = 1 };

typedef struct {
  int32_t inputs;
  int32_t outputs;
  int32_t hiddenLayers;         // at least 1
  int32_t activation;           // NET_SILU or NET_TANH
  const int32_t *hiddenWidths;  // [hiddenLayers]
} net_shape;


#define NET_DECLARE(REAL, S)                                                                                          \
  /* Sizes in elements: packed parameters; tape of one block; scratch of one thread; gradient of one chunk. */        \
  size_t net_packed_size_##S(const net_shape *shape);                                                                 \
  size_t net_tape_size_##S(const net_shape *shape);                                                                   \
  size_t net_scratch_size_##S(const net_shape *shape);                                                                \
  size_t net_gradient_size_##S(const net_shape *shape);                                                               \
  /* Flat parameters -> padded copies in the two orders the kernels read. packed: 64-byte aligned. */                 \
  void net_pack_##S(const net_shape *shape, const REAL *parameters, REAL *packed);                                    \
  /* Points [first, first+count) of the columns; tape (all blocks of the net, 64-byte aligned) may be NULL. */        \
  void net_forward_##S(                                                                                               \
      const net_shape *shape, const REAL *packed, const REAL *inputs, size_t inputStride, size_t first, size_t count, \
      REAL *outputs, size_t outputStride, REAL *tape, REAL *scratch);                                                 \
  /* Adds the gradient of the points to `gradient` (padded, one chunk; 64-byte aligned). inputGradients may be NULL. */ \
  void net_backward_##S(                                                                                              \
      const net_shape *shape, const REAL *packed, const REAL *inputs, size_t inputStride, size_t first, size_t count, \
      const REAL *tape, const REAL *outputGradients, size_t outputStride, REAL *gradient, REAL *inputGradients,       \
      REAL *scratch);                                                                                                 \
  /* parameterGradient (flat) += sum of the padded chunk gradients, in the order of the chunks. */                    \
  void net_reduce_gradient_##S(                                                                                       \
      const net_shape *shape, const REAL *chunks, size_t chunkCount, REAL *parameterGradient);                        \
  /* One Adam step; the corrections are 1 - beta^step. Kingma and Ba, arXiv:1412.6980, algorithm 1. */                \
  void net_adam_##S(                                                                                                  \
      REAL *parameters, const REAL *gradient, REAL *firstMoment, REAL *secondMoment, size_t count,                    \
      double learningRate, double beta1, double beta2, double epsilon, double correction1, double correction2);       \
  /* Elementwise functions, for callers and for measuring their error. derivative may not be NULL. */                 \
  void net_exp_##S(const REAL *x, REAL *y, size_t count);                                                             \
  void net_silu_##S(const REAL *x, REAL *y, REAL *derivative, size_t count);                                          \
  void net_tanh_##S(const REAL *x, REAL *y, REAL *derivative, size_t count);

NET_DECLARE(float, f32)
NET_DECLARE(double, f64)
#undef NET_DECLARE

#ifdef __cplusplus
}
#endif
