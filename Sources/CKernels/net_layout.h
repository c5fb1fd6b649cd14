// Where the pieces of a net lie in the padded copies; for the current REAL and NAME (see net_instances.h).
//
// Widths are padded with zeros to whole 64-byte lines (PAD elements), so that every row starts aligned for every
// instruction set and the layout is the same for all of them. silu(0) = tanh(0) = 0 keeps the padding zero.

#define PAD (64 / (int)sizeof(REAL))

INLINE size_t NAME(padded)(int32_t width) { return ((size_t)width + PAD - 1) / PAD * PAD; }

// Rows come in tiles of four.
INLINE size_t NAME(rows)(int32_t count) { return ((size_t)count + 3) / 4 * 4; }

// Packed parameters: layer 1: [inputs][w1], bias; hidden layers: transposed [in][out], as given [out][in], bias;
// output layer: transposed [in][out to 4], as given [out][in], bias (a whole line).
INLINE size_t NAME(packed_layer)(const net_shape *shape, int layer) {
  if (layer == shape->hiddenLayers) {
    const int32_t in = shape->hiddenWidths[layer - 1];
    const size_t narrow = ((size_t)in * NAME(rows)(shape->outputs) + PAD - 1) / PAD * PAD;
    return narrow + (size_t)shape->outputs * NAME(padded)(in) + NAME(padded)(shape->outputs);
  }
  const int32_t out = shape->hiddenWidths[layer];
  if (layer == 0) return ((size_t)shape->inputs + 1) * NAME(padded)(out);
  const int32_t in = shape->hiddenWidths[layer - 1];
  return (size_t)in * NAME(padded)(out) + (size_t)out * NAME(padded)(in) + NAME(padded)(out);
}

// Gradient of a chunk: layer 1 transposed [inputs to 4][w1], bias; the others [out to 4][in], bias.
INLINE size_t NAME(gradient_layer)(const net_shape *shape, int layer) {
  if (layer == 0) return (NAME(rows)(shape->inputs) + 1) * NAME(padded)(shape->hiddenWidths[0]);
  const int32_t out = layer == shape->hiddenLayers ? shape->outputs : shape->hiddenWidths[layer];
  return NAME(rows)(out) * NAME(padded)(shape->hiddenWidths[layer - 1]) + NAME(padded)(out);
}

INLINE size_t NAME(widest)(const net_shape *shape) {
  size_t widest = 0;
  for (int l = 0; l < shape->hiddenLayers; l++) {
    const size_t width = NAME(padded)(shape->hiddenWidths[l]);
    widest = width > widest ? width : widest;
  }
  return widest;
}

// Elements of the tape of one block: activations and derivatives of each hidden layer, [NET_BLOCK][width] each.
INLINE size_t NAME(tape_block)(const net_shape *shape) {
  size_t total = 0;
  for (int l = 0; l < shape->hiddenLayers; l++) total += 2 * NET_BLOCK * NAME(padded)(shape->hiddenWidths[l]);
  return total;
}
