// Forward and backward of blocks of points, for the current REAL, VEC, NAME, INLINE, FMA, SPLAT (net_instances.h).
//
// Inside a block activations are [point][width]: then forward (A W^T), backward (dZ W) and the weight gradient (dZ^T A)
// are all one operation, C[4 rows][columns] += sum_k A(row, k) B[k][columns], with A broadcast and B read in lines.

enum { NAME(LANES) = VECTOR_BYTES / sizeof(REAL) };

// acc[4][nv] += sum_k A[r * rowStride + k * kStride] * B[k * ldb + ...]
INLINE void NAME(accumulate)(
    const int nv, VEC acc[4][4], const REAL *A, size_t rowStride, size_t kStride, const REAL *B, size_t ldb, size_t K) {
  for (size_t k = 0; k < K; k++) {
    VEC b[4];
    UNROLL for (int v = 0; v < nv; v++) b[v] = *(const VEC *)(B + k * ldb + v * NAME(LANES));
    UNROLL for (int r = 0; r < 4; r++) {
      const VEC a = SPLAT(A[r * rowStride + k * kStride]);
      UNROLL for (int v = 0; v < nv; v++) acc[r][v] = FMA(a, b[v], acc[r][v]);
    }
  }
}

// Calls TILE(nv) with a constant nv for column groups of at most MAX_COLUMNS vectors.
#define FOR_COLUMN_GROUPS(width, TILE)                                                        \
  for (size_t c = 0; c < (width);) {                                                          \
    const size_t left = ((width) - c) / NAME(LANES);                                          \
    if (left >= MAX_COLUMNS) { TILE(MAX_COLUMNS); c += MAX_COLUMNS * NAME(LANES); }           \
    else if (left >= 2) { TILE(2); c += 2 * NAME(LANES); }                                    \
    else { TILE(1); c += NAME(LANES); }                                                       \
  }

// Z = A B + bias through the activation; `derivative` NULL: not wanted.
INLINE void NAME(forward_tile)(
    const int nv, const int activation, const REAL *A, size_t rowStride, size_t kStride, const REAL *B, size_t ldb,
    size_t K, const REAL *bias, REAL *value, REAL *derivative) {
  VEC acc[4][4];
  UNROLL for (int r = 0; r < 4; r++)
    UNROLL for (int v = 0; v < nv; v++) acc[r][v] = *(const VEC *)(bias + v * NAME(LANES));
  // The tape streams through the caches: fetch its lines while the sums run.
  if (derivative)
    UNROLL for (int r = 0; r < 4; r++)
      for (int b = 0; b < nv * VECTOR_BYTES; b += 64) {
        __builtin_prefetch((char *)(value + r * ldb) + b, 1);
        __builtin_prefetch((char *)(derivative + r * ldb) + b, 1);
      }
  NAME(accumulate)(nv, acc, A, rowStride, kStride, B, ldb, K);
  UNROLL for (int r = 0; r < 4; r++)
    UNROLL for (int v = 0; v < nv; v++) {
      VEC d;
      const VEC y = activation == NET_SILU ? NAME(silu)(acc[r][v], &d) : NAME(tanh)(acc[r][v], &d);
      *(VEC *)(value + r * ldb + v * NAME(LANES)) = y;
      if (derivative) *(VEC *)(derivative + r * ldb + v * NAME(LANES)) = d;
    }
}

INLINE void NAME(forward_layer_of)(
    const int activation, const REAL *A, size_t rowStride, size_t kStride, const REAL *B, size_t width, size_t K,
    const REAL *bias, size_t rows, REAL *value, REAL *derivative) {
  for (size_t r = 0; r < rows; r += 4) {
#define TILE(nv)                                                                                              \
  NAME(forward_tile)(nv, activation, A + r * rowStride, rowStride, kStride, B + c, width, K, bias + c,        \
                     value + r * width + c, derivative ? derivative + r * width + c : 0)
    FOR_COLUMN_GROUPS(width, TILE)
#undef TILE
  }
}

static NOINLINE void NAME(forward_layer)(
    int activation, const REAL *A, size_t rowStride, size_t kStride, const REAL *B, size_t width, size_t K,
    const REAL *bias, size_t rows, REAL *value, REAL *derivative) {
  if (activation == NET_SILU)
    NAME(forward_layer_of)(NET_SILU, A, rowStride, kStride, B, width, K, bias, rows, value, derivative);
  else
    NAME(forward_layer_of)(NET_TANH, A, rowStride, kStride, B, width, K, bias, rows, value, derivative);
}

// dZ = (G W) * derivative, and biasGradient += column sums of dZ (row after row, whatever the tile).
INLINE void NAME(backward_tile)(
    const int nv, const REAL *G, size_t rowStride, size_t kStride, const REAL *W, size_t ldb, size_t K,
    const REAL *derivative, REAL *dZ, REAL *biasGradient) {
  UNROLL for (int r = 0; r < 4; r++)
    for (int b = 0; b < nv * VECTOR_BYTES; b += 64) __builtin_prefetch((const char *)(derivative + r * ldb) + b, 0);
  VEC acc[4][4];
  UNROLL for (int r = 0; r < 4; r++) UNROLL for (int v = 0; v < nv; v++) acc[r][v] = SPLAT(0);
  NAME(accumulate)(nv, acc, G, rowStride, kStride, W, ldb, K);
  UNROLL for (int v = 0; v < nv; v++) {
    VEC sum = *(const VEC *)(biasGradient + v * NAME(LANES));
    UNROLL for (int r = 0; r < 4; r++) {
      const VEC d = acc[r][v] * *(const VEC *)(derivative + r * ldb + v * NAME(LANES));
      *(VEC *)(dZ + r * ldb + v * NAME(LANES)) = d;
      sum += d;
    }
    *(VEC *)(biasGradient + v * NAME(LANES)) = sum;
  }
}

static NOINLINE void NAME(backward_layer)(
    const REAL *G, size_t rowStride, size_t kStride, const REAL *W, size_t width, size_t K, const REAL *derivative,
    size_t rows, REAL *dZ, REAL *biasGradient, const REAL *next, size_t nextWidth) {
  for (size_t r = 0; r < rows; r += 4) {
    // What the following weight gradient reads of the tape.
    for (size_t b = 0; b < 4 * nextWidth * sizeof(REAL); b += 64)
      __builtin_prefetch((const char *)(next + r * nextWidth) + b, 0, 2);
#define TILE(nv)                                                                                      \
  NAME(backward_tile)(nv, G + r * rowStride, rowStride, kStride, W + c, width, K,                     \
                      derivative + r * width + c, dZ + r * width + c, biasGradient + c)
    FOR_COLUMN_GROUPS(width, TILE)
#undef TILE
  }
}

// gradient[rows][width] += sum over points p of A(row, p) B[p][width]
INLINE void NAME(weight_tile)(
    const int nv, const REAL *A, size_t rowStride, size_t kStride, const REAL *B, size_t ldb, size_t K, REAL *gradient) {
  VEC acc[4][4];
  UNROLL for (int r = 0; r < 4; r++)
    UNROLL for (int v = 0; v < nv; v++) acc[r][v] = *(const VEC *)(gradient + r * ldb + v * NAME(LANES));
  NAME(accumulate)(nv, acc, A, rowStride, kStride, B, ldb, K);
  UNROLL for (int r = 0; r < 4; r++)
    UNROLL for (int v = 0; v < nv; v++) *(VEC *)(gradient + r * ldb + v * NAME(LANES)) = acc[r][v];
}

static NOINLINE void NAME(weight_gradient)(
    const REAL *A, size_t rowStride, size_t kStride, const REAL *B, size_t width, size_t points, size_t rows,
    REAL *gradient) {
  for (size_t r = 0; r < rows; r += 4) {
#define TILE(nv) \
  NAME(weight_tile)(nv, A + r * rowStride, rowStride, kStride, B + c, width, points, gradient + r * width + c)
    FOR_COLUMN_GROUPS(width, TILE)
#undef TILE
  }
}

// The output layer has few columns: vectors of 16 bytes waste least.
typedef REAL NAME(narrow) __attribute__((ext_vector_type(16 / sizeof(REAL))));
enum { NAME(NARROW_LANES) = 16 / sizeof(REAL) };

static NOINLINE void NAME(output_layer)(
    const REAL *A, size_t width, size_t K, const REAL *B, size_t columns, const REAL *bias, size_t points,
    size_t outputs, REAL *out, size_t outputStride) {
  for (size_t r = 0; r < points; r += 8) {
    for (size_t c = 0; c < columns; c += NAME(NARROW_LANES)) {
      NAME(narrow) acc[8];
      UNROLL for (int j = 0; j < 8; j++) acc[j] = *(const NAME(narrow) *)(bias + c);
      for (size_t k = 0; k < K; k++) {
        const NAME(narrow) b = *(const NAME(narrow) *)(B + k * columns + c);
        UNROLL for (int j = 0; j < 8; j++) acc[j] = FMA((NAME(narrow))A[(r + j) * width + k], b, acc[j]);
      }
      REAL rowsOfOutputs[8][NAME(NARROW_LANES)] __attribute__((aligned(16)));
      UNROLL for (int j = 0; j < 8; j++) *(NAME(narrow) *)rowsOfOutputs[j] = acc[j];
      const size_t present = points - r < 8 ? points - r : 8;
      for (size_t o = c; o < outputs && o < c + NAME(NARROW_LANES); o++)
        for (size_t j = 0; j < present; j++) out[o * outputStride + r + j] = rowsOfOutputs[j][o - c];
    }
  }
}

// Columns of a [rows][stride] array for one block, [padded rows][NET_BLOCK], zero where there is nothing.
INLINE void NAME(gather_block)(
    const REAL *columns, size_t stride, size_t rows, size_t paddedRows, size_t points, REAL *block) {
  for (size_t i = 0; i < paddedRows; i++)
    for (size_t p = 0; p < NET_BLOCK; p++) block[i * NET_BLOCK + p] = i < rows && p < points ? columns[i * stride + p] : 0;
}

static void NAME(forward)(
    const net_shape *shape, const REAL *packed, const REAL *inputs, size_t inputStride, size_t first, size_t count,
    REAL *outputs, size_t outputStride, REAL *tape, REAL *scratch) {
  const size_t tapeBlock = NAME(tape_block)(shape), widest = NAME(widest)(shape);
  REAL *block = scratch;
  REAL *pingPong[2] = {scratch + NAME(rows)(shape->inputs) * NET_BLOCK, 0};
  pingPong[1] = pingPong[0] + NET_BLOCK * widest;
  for (size_t begin = first; begin < first + count; begin += NET_BLOCK) {
    const size_t points = first + count - begin < NET_BLOCK ? first + count - begin : NET_BLOCK;
    const size_t rows = (points + 7) / 8 * 8;
    NAME(gather_block)(inputs + begin, inputStride, shape->inputs, NAME(rows)(shape->inputs), points, block);
    REAL *record = tape ? tape + begin / NET_BLOCK * tapeBlock : 0;
    const REAL *layer = packed, *previous = 0;
    size_t previousWidth = 0;
    for (int l = 0; l < shape->hiddenLayers; l++) {
      const size_t width = NAME(padded)(shape->hiddenWidths[l]);
      REAL *value = record ? record : pingPong[l & 1];
      REAL *derivative = record ? record + NET_BLOCK * width : 0;
      if (l == 0) {
        NAME(forward_layer)(shape->activation, block, 1, NET_BLOCK, layer, width, shape->inputs,
                            layer + shape->inputs * width, rows, value, derivative);
      } else {
        const size_t in = shape->hiddenWidths[l - 1], out = shape->hiddenWidths[l];
        NAME(forward_layer)(shape->activation, previous, previousWidth, 1, layer, width, in,
                            layer + in * width + out * previousWidth, rows, value, derivative);
      }
      layer += NAME(packed_layer)(shape, l);
      previous = value;
      previousWidth = width;
      if (record) record += 2 * NET_BLOCK * width;
    }
    const size_t in = shape->hiddenWidths[shape->hiddenLayers - 1], columns = NAME(rows)(shape->outputs);
    const REAL *bias = layer + (in * columns + PAD - 1) / PAD * PAD + shape->outputs * previousWidth;
    NAME(output_layer)(previous, previousWidth, in, layer, columns, bias, points, shape->outputs, outputs + begin,
                       outputStride);
  }
}

static void NAME(input_gradient)(
    const REAL *dZ, const REAL *W, size_t width, size_t inputs, size_t points, REAL *gradient, size_t stride) {
  for (size_t i = 0; i < inputs; i++)
    for (size_t p = 0; p < points; p++) {
      REAL sum = 0;
      for (size_t o = 0; o < width; o++) sum += dZ[p * width + o] * W[i * width + o];
      gradient[i * stride + p] = sum;
    }
}

static void NAME(backward)(
    const net_shape *shape, const REAL *packed, const REAL *inputs, size_t inputStride, size_t first, size_t count,
    const REAL *tape, const REAL *outputGradients, size_t outputStride, REAL *gradient, REAL *inputGradients,
    REAL *scratch) {
  const size_t tapeBlock = NAME(tape_block)(shape), widest = NAME(widest)(shape);
  const int last = shape->hiddenLayers - 1;
  const size_t outputRows = NAME(rows)(shape->outputs), inputRows = NAME(rows)(shape->inputs);
  REAL *block = scratch, *outputBlock = scratch + inputRows * NET_BLOCK;
  REAL *pingPong[2] = {outputBlock + outputRows * NET_BLOCK, 0};
  pingPong[1] = pingPong[0] + NET_BLOCK * widest;
  const REAL *packedOutput = packed;
  REAL *gradientOutput = gradient;
  for (int l = 0; l <= last; l++) {
    packedOutput += NAME(packed_layer)(shape, l);
    gradientOutput += NAME(gradient_layer)(shape, l);
  }
  for (size_t begin = first; begin < first + count; begin += NET_BLOCK) {
    const size_t points = first + count - begin < NET_BLOCK ? first + count - begin : NET_BLOCK;
    const size_t rows = (points + 3) / 4 * 4;
    NAME(gather_block)(inputs + begin, inputStride, shape->inputs, inputRows, points, block);
    NAME(gather_block)(outputGradients + begin, outputStride, shape->outputs, outputRows, points, outputBlock);
    const REAL *record = tape + (begin / NET_BLOCK + 1) * tapeBlock;

    size_t width = NAME(padded)(shape->hiddenWidths[last]);
    record -= 2 * NET_BLOCK * width;
    NAME(weight_gradient)(outputBlock, NET_BLOCK, 1, record, width, rows, outputRows, gradientOutput);
    REAL *outputBias = gradientOutput + outputRows * width;
    for (int o = 0; o < shape->outputs; o++) {
      REAL sum = 0;
      for (size_t p = 0; p < points; p++) sum += outputBlock[o * NET_BLOCK + p];
      outputBias[o] += sum;
    }
    const REAL *layer = packedOutput;
    REAL *layerGradient = gradientOutput - NAME(gradient_layer)(shape, last);
    const size_t biasRows = last == 0 ? inputRows : NAME(rows)(shape->hiddenWidths[last]);
    const size_t biasWidth = last == 0 ? width : NAME(padded)(shape->hiddenWidths[last - 1]);
    REAL *dZ = pingPong[last & 1];
    const size_t lastWidth = shape->hiddenWidths[last];
    NAME(backward_layer)(outputBlock, 1, NET_BLOCK, layer + (lastWidth * outputRows + PAD - 1) / PAD * PAD, width,
                         shape->outputs, record + NET_BLOCK * width, rows, dZ, layerGradient + biasRows * biasWidth,
                         last > 0 ? record - 2 * NET_BLOCK * biasWidth : record, last > 0 ? biasWidth : 0);

    for (int l = last; l > 0; l--) {
      const size_t out = shape->hiddenWidths[l], in = shape->hiddenWidths[l - 1], inWidth = NAME(padded)(in);
      layer -= NAME(packed_layer)(shape, l);
      record -= 2 * NET_BLOCK * inWidth;
      NAME(weight_gradient)(dZ, 1, width, record, inWidth, rows, NAME(rows)(out), layerGradient);
      layerGradient -= NAME(gradient_layer)(shape, l - 1);
      const size_t nextRows = l == 1 ? inputRows : NAME(rows)(in);
      const size_t nextWidth = l == 1 ? inWidth : NAME(padded)(shape->hiddenWidths[l - 2]);
      REAL *dIn = pingPong[(l - 1) & 1];
      NAME(backward_layer)(dZ, width, 1, layer + in * width, inWidth, out, record + NET_BLOCK * inWidth, rows, dIn,
                           layerGradient + nextRows * nextWidth, l > 1 ? record - 2 * NET_BLOCK * nextWidth : record,
                           l > 1 ? nextWidth : 0);
      dZ = dIn;
      width = inWidth;
    }
    NAME(weight_gradient)(block, NET_BLOCK, 1, dZ, width, rows, inputRows, gradient);
    if (inputGradients)
      NAME(input_gradient)(dZ, packed, width, shape->inputs, points, inputGradients + begin, inputStride);
  }
}
