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

// Adds sum_i products[i] p[k][i] to the sums of four parts; `vectors` products of eight.
static inline void NAME(add_four)(
    const NAME(lanes) *products, int32_t vectors, const REAL *p, size_t stride, double8 *sums) {
  NAME(lanes) s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (int32_t v = 0; v < vectors; v++) {
    const NAME(lanes) t = products[v];
    const REAL *q = p + 8 * v;
    s0 = FMA(t, LOAD(q), s0);
    s1 = FMA(t, LOAD(q + stride), s1);
    s2 = FMA(t, LOAD(q + 2 * stride), s2);
    s3 = FMA(t, LOAD(q + 3 * stride), s3);
  }
  sums[0] += __builtin_convertvector(s0, double8);
  sums[1] += __builtin_convertvector(s1, double8);
  sums[2] += __builtin_convertvector(s2, double8);
  sums[3] += __builtin_convertvector(s3, double8);
}

static inline void NAME(add_one)(const NAME(lanes) *products, int32_t vectors, const REAL *p, double8 *sums) {
  NAME(lanes) s = 0;
  for (int32_t v = 0; v < vectors; v++) s = FMA(products[v], LOAD(p + 8 * v), s);
  sums[0] += __builtin_convertvector(s, double8);
}

// One row in at most PARTS parts; returns the piece after it.
static size_t NAME(apply_row)(
    const fold_piece *pieces, size_t j, size_t count, const REAL *coefficients, const REAL *a, const REAL *b,
    const REAL *c, const REAL *p, size_t parts, size_t stride, double *y) {
  const int32_t row = pieces[j].row;
  double8 sums[PARTS];
  double tails[PARTS];
  for (size_t k = 0; k < parts; k++) {
    sums[k] = 0;
    tails[k] = 0;
  }
  for (; j < count && pieces[j].row == row; j++) {
    const fold_piece piece = pieces[j];
    const REAL *ca = coefficients + 3 * (size_t)piece.offset + piece.pieceOffset;
    const REAL *cb = ca + piece.runLength, *cc = cb + piece.runLength;
    const REAL *pa = a + piece.start, *pb = b + piece.start, *pc = c + piece.start, *pp = p + piece.start;
    int32_t i = 0;
    while (i + 8 <= piece.length) {
      NAME(lanes) products[SEGMENT];
      const int32_t first = i;
      int32_t v = 0;
      for (; v < SEGMENT && i + 8 <= piece.length; v++, i += 8) {
        products[v] = FMA(LOAD(cc + i), LOAD(pc + i), FMA(LOAD(cb + i), LOAD(pb + i), LOAD(ca + i) * LOAD(pa + i)));
      }
      size_t k = 0;
      for (; k + 4 <= parts; k += 4) NAME(add_four)(products, v, pp + k * stride + first, stride, sums + k);
      for (; k < parts; k++) NAME(add_one)(products, v, pp + k * stride + first, sums + k);
    }
    for (; i < piece.length; i++) {
      const REAL t = FMA(cc[i], pc[i], FMA(cb[i], pb[i], ca[i] * pa[i]));
      for (size_t k = 0; k < parts; k++) tails[k] += (double)(t * pp[k * stride + i]);
    }
  }
  for (size_t k = 0; k < parts; k++) {
    const double8 sum = sums[k];
    const double pairs[4] = {sum[0] + sum[4], sum[1] + sum[5], sum[2] + sum[6], sum[3] + sum[7]};
    y[k] += ((pairs[0] + pairs[2]) + (pairs[1] + pairs[3])) + tails[k];
  }
  return j;
}

static void NAME(apply_parts)(
    const fold_piece *pieces, size_t count, const REAL *coefficients, const REAL *a, const REAL *b, const REAL *c,
    const REAL *p, size_t parts, size_t stride, double *y) {
  for (size_t j = 0; j < count;) {
    double *out = y + (size_t)pieces[j].row * parts;
    size_t next = j;
    for (size_t k = 0; k < parts; k += PARTS) {
      const size_t some = parts - k < PARTS ? parts - k : PARTS;
      next = NAME(apply_row)(pieces, j, count, coefficients, a, b, c, p + k * stride, some, stride, out + k);
    }
    j = next;
  }
}

static void NAME(transpose_parts)(
    const fold_piece *pieces, size_t count, const REAL *coefficients, const REAL *p, size_t parts, size_t stride,
    const double *g, REAL *ga, REAL *gb, REAL *gc) {
  for (size_t j = 0; j < count; j++) {
    const fold_piece piece = pieces[j];
    const double *own = g + (size_t)piece.row * parts;
    size_t from = 0, to = parts;
    while (from < to && own[from] == 0) from++;
    while (to > from && own[to - 1] == 0) to--;
    if (from == to) continue;
    const REAL *ca = coefficients + 3 * (size_t)piece.offset + piece.pieceOffset;
    const REAL *cb = ca + piece.runLength, *cc = cb + piece.runLength;
    const REAL *pp = p + piece.start;
    REAL *pa = ga + piece.start, *pb = gb + piece.start, *pc = gc + piece.start;
    int32_t i = 0;
    for (; i + 8 <= piece.length; i += 8) {
      NAME(lanes) weights = 0;
      for (size_t k = from; k < to; k++) {
        const NAME(lanes) slope = (REAL)own[k];
        weights = FMA(slope, LOAD(pp + k * stride + i), weights);
      }
      STORE(pa + i, FMA(weights, LOAD(ca + i), LOAD(pa + i)));
      STORE(pb + i, FMA(weights, LOAD(cb + i), LOAD(pb + i)));
      STORE(pc + i, FMA(weights, LOAD(cc + i), LOAD(pc + i)));
    }
    for (; i < piece.length; i++) {
      REAL weight = 0;
      for (size_t k = from; k < to; k++) weight = FMA((REAL)own[k], pp[k * stride + i], weight);
      pa[i] = FMA(weight, ca[i], pa[i]);
      pb[i] = FMA(weight, cb[i], pb[i]);
      pc[i] = FMA(weight, cc[i], pc[i]);
    }
  }
}

#undef FMA
#undef LOAD
#undef STORE
