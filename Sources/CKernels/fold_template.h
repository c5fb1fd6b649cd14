// Fold and its transpose for the current REAL, FUSED and NAME(x) (fold_kernels.c).

typedef REAL NAME(lanes) __attribute__((ext_vector_type(8)));
typedef REAL NAME(unaligned) __attribute__((ext_vector_type(8), aligned(sizeof(REAL))));
#if FUSED
#define FMA(a, b, c) __builtin_elementwise_fma((a), (b), (c))
#else
#define FMA(a, b, c) ((a) * (b) + (c))
#endif
#define STORE(p, x) (*(NAME(unaligned) *)(p) = (x))
#define LOAD(p) (*(const NAME(unaligned) *)(p))

static void NAME(apply)(
    const fold_piece *pieces, size_t count, const REAL *coefficients, const REAL *a, const REAL *b, const REAL *c,
    double *y) {
  for (size_t j = 0; j < count;) {
    const int32_t row = pieces[j].row;
    double8 sum = 0;
    double tail = 0;
    for (; j < count && pieces[j].row == row; j++) {
      const fold_piece piece = pieces[j];
      const REAL *ca = coefficients + 3 * (size_t)piece.offset + piece.pieceOffset;
      const REAL *cb = ca + piece.runLength, *cc = cb + piece.runLength;
      const REAL *pa = a + piece.start, *pb = b + piece.start, *pc = c + piece.start;
      int32_t i = 0;
      for (; i + 8 <= piece.length; i += 8) {
        const NAME(lanes) t = FMA(LOAD(cc + i), LOAD(pc + i), FMA(LOAD(cb + i), LOAD(pb + i), LOAD(ca + i) * LOAD(pa + i)));
        sum += __builtin_convertvector(t, double8);
      }
      for (; i < piece.length; i++) {
        const REAL t = FMA(cc[i], pc[i], FMA(cb[i], pb[i], ca[i] * pa[i]));
        tail += (double)t;
      }
    }
    const double pairs[4] = {sum[0] + sum[4], sum[1] + sum[5], sum[2] + sum[6], sum[3] + sum[7]};
    y[row] += ((pairs[0] + pairs[2]) + (pairs[1] + pairs[3])) + tail;
  }
}

static void NAME(transpose)(
    const fold_piece *pieces, size_t count, const REAL *coefficients, const double *g, REAL *ga, REAL *gb, REAL *gc) {
  for (size_t j = 0; j < count; j++) {
    const fold_piece piece = pieces[j];
    // A gradient of one bin, as for the rows of the matrix, has zeros everywhere else.
    if (g[piece.row] == 0) continue;
    const REAL weight = (REAL)g[piece.row];
    const REAL *coefficient = coefficients + 3 * (size_t)piece.offset + piece.pieceOffset;
    const NAME(lanes) weights = weight;
    const REAL *ca = coefficient, *cb = ca + piece.runLength, *cc = cb + piece.runLength;
    REAL *pa = ga + piece.start, *pb = gb + piece.start, *pc = gc + piece.start;
    int32_t i = 0;
    for (; i + 8 <= piece.length; i += 8) {
      STORE(pa + i, FMA(weights, LOAD(ca + i), LOAD(pa + i)));
      STORE(pb + i, FMA(weights, LOAD(cb + i), LOAD(pb + i)));
      STORE(pc + i, FMA(weights, LOAD(cc + i), LOAD(pc + i)));
    }
    for (; i < piece.length; i++) {
      pa[i] = FMA(weight, ca[i], pa[i]);
      pb[i] = FMA(weight, cb[i], pb[i]);
      pc[i] = FMA(weight, cc[i], pc[i]);
    }
  }
}

#undef FMA
#undef LOAD
#undef STORE
