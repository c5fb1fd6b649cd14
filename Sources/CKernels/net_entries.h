// The public functions for one precision: REAL, ENTRY(x) and LAYOUT(x) (any instantiation's layout) are set by
// net_kernels.c; PAD is the layout's line in elements.

size_t ENTRY(net_packed_size)(const net_shape *shape) {
  size_t total = 0;
  for (int l = 0; l <= shape->hiddenLayers; l++) total += LAYOUT(packed_layer)(shape, l);
  return total;
}

size_t ENTRY(net_tape_size)(const net_shape *shape) { return LAYOUT(tape_block)(shape); }

size_t ENTRY(net_scratch_size)(const net_shape *shape) {
  return NET_BLOCK * (LAYOUT(rows)(shape->inputs) + LAYOUT(rows)(shape->outputs) + 2 * LAYOUT(widest)(shape));
}

size_t ENTRY(net_gradient_size)(const net_shape *shape) {
  size_t total = 0;
  for (int l = 0; l <= shape->hiddenLayers; l++) total += LAYOUT(gradient_layer)(shape, l);
  return total;
}

void ENTRY(net_pack)(const net_shape *shape, const REAL *parameters, REAL *packed) {
  memset(packed, 0, ENTRY(net_packed_size)(shape) * sizeof(REAL));
  for (int l = 0; l <= shape->hiddenLayers; l++) {
    const size_t in = l == 0 ? shape->inputs : shape->hiddenWidths[l - 1];
    const size_t out = l == shape->hiddenLayers ? shape->outputs : shape->hiddenWidths[l];
    const size_t columns = l == shape->hiddenLayers ? LAYOUT(rows)((int32_t)out) : LAYOUT(padded)((int32_t)out);
    const size_t line = 64 / sizeof(REAL), transposed = (in * columns + line - 1) / line * line;
    const size_t inWidth = l == 0 ? 0 : LAYOUT(padded)((int32_t)in);
    REAL *given = packed + transposed, *bias = given + out * inWidth;
    for (size_t o = 0; o < out; o++)
      for (size_t i = 0; i < in; i++) {
        packed[i * columns + o] = parameters[o * in + i];
        if (l > 0) given[o * inWidth + i] = parameters[o * in + i];
      }
    memcpy(bias, parameters + out * in, out * sizeof(REAL));
    parameters += out * (in + 1);
    packed += LAYOUT(packed_layer)(shape, l);
  }
}

void ENTRY(net_reduce_gradient)(
    const net_shape *shape, const REAL *chunks, size_t chunkCount, REAL *parameterGradient) {
  DISPATCH(reduce_gradient, shape, chunks, chunkCount, ENTRY(net_gradient_size)(shape), parameterGradient)
}

void ENTRY(net_forward)(
    const net_shape *shape, const REAL *packed, const REAL *inputs, size_t inputStride, size_t first, size_t count,
    REAL *outputs, size_t outputStride, REAL *tape, REAL *scratch) {
  DISPATCH(forward, shape, packed, inputs, inputStride, first, count, outputs, outputStride, tape, scratch)
}

void ENTRY(net_backward)(
    const net_shape *shape, const REAL *packed, const REAL *inputs, size_t inputStride, size_t first, size_t count,
    const REAL *tape, const REAL *outputGradients, size_t outputStride, REAL *gradient, REAL *inputGradients,
    REAL *scratch) {
  DISPATCH(backward, shape, packed, inputs, inputStride, first, count, tape, outputGradients, outputStride, gradient,
           inputGradients, scratch)
}

void ENTRY(net_adam)(
    REAL *parameters, const REAL *gradient, REAL *firstMoment, REAL *secondMoment, size_t count, double learningRate,
    double beta1, double beta2, double epsilon, double correction1, double correction2) {
  DISPATCH(adam, parameters, gradient, firstMoment, secondMoment, count, learningRate, beta1, beta2, epsilon,
           correction1, correction2)
}

void ENTRY(net_exp)(const REAL *x, REAL *y, size_t count) { DISPATCH(exp_array, x, y, count) }
void ENTRY(net_silu)(const REAL *x, REAL *y, REAL *derivative, size_t count) {
  DISPATCH(silu_array, x, y, derivative, count)
}
void ENTRY(net_tanh)(const REAL *x, REAL *y, REAL *derivative, size_t count) {
  DISPATCH(tanh_array, x, y, derivative, count)
}
