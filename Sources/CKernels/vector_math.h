// Vectorised exp, SiLU and tanh for the vector type of the current instantiation (see net_instances.h):
// REAL, VEC, NAME(x), INLINE, FMA(a, b, c), SPLAT(x), and IS_DOUBLE.
//
// exp(x) = 2^n exp(r), n = round(x / ln 2), |r| <= ln2/2, exp(r) = 1 + r + r^2 q(r); q interpolates at Chebyshev
// nodes (error 1.0e-8 in float, 1.7e-17 in double). n is rounded by adding 1.5 * 2^mantissa, which leaves it in the
// low bits, from where a shift puts it into the exponent.

#if IS_DOUBLE
typedef int64_t NAME(bits) __attribute__((vector_size(VECTOR_BYTES)));
#define ROUNDER 6755399441055744.0
#define LOG2_E 1.4426950408889634074
#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW 1.90821492927058770002e-10
#define MANTISSA 52
#define EXPONENT_ONE 0x3ff0000000000000
#define EXP_RANGE 708.0
#define EXP_OVERFLOW 709.782712893384
#define EXP_UNDERFLOW -745.2
#define TANH_RANGE 20.0
#else
typedef int32_t NAME(bits) __attribute__((vector_size(VECTOR_BYTES)));
#define ROUNDER 12582912.0f
#define LOG2_E 1.44269504088896341f
#define LN2_HIGH 0.693359375f
#define LN2_LOW -2.12194440054690583e-4f
#define MANTISSA 23
#define EXPONENT_ONE 0x3f800000
#define EXP_RANGE 87.0f
#define EXP_OVERFLOW 88.7228391f
#define EXP_UNDERFLOW -103.98f
#define TANH_RANGE 10.0f
#endif

// exp(r) - 1 for |r| <= ln2/2, without losing digits near 0.
INLINE VEC NAME(reduced_expm1)(VEC r) {
#if IS_DOUBLE
  VEC q = SPLAT(2.5100385495510319078e-8);
  q = FMA(q, r, SPLAT(2.7620088445409748161e-7));
  q = FMA(q, r, SPLAT(2.7557268459997064772e-6));
  q = FMA(q, r, SPLAT(2.4801521295954375131e-5));
  q = FMA(q, r, SPLAT(1.9841269863053616878e-4));
  q = FMA(q, r, SPLAT(1.3888888917213716901e-3));
  q = FMA(q, r, SPLAT(8.3333333333300618325e-3));
  q = FMA(q, r, SPLAT(4.1666666666624127873e-2));
  q = FMA(q, r, SPLAT(1.6666666666666667453e-1));
  q = FMA(q, r, SPLAT(0.5));
#else
  VEC q = SPLAT(1.392618359e-3f);
  q = FMA(q, r, SPLAT(8.363179053e-3f));
  q = FMA(q, r, SPLAT(4.166655462e-2f));
  q = FMA(q, r, SPLAT(1.666657699e-1f));
  q = FMA(q, r, SPLAT(0.5f));
#endif
  return FMA(q * r, r, r);
}

// Splits x into n (returned as the exponent bits of 2^n - 1.0's, ready to be added to those of 1.0) and r.
INLINE NAME(bits) NAME(reduce)(VEC x, VEC *r) {
  const VEC shifted = FMA(x, SPLAT(LOG2_E), SPLAT(ROUNDER));
  const VEC n = shifted - SPLAT(ROUNDER);
  *r = FMA(n, SPLAT(-LN2_LOW), FMA(n, SPLAT(-LN2_HIGH), x));
  return (NAME(bits))shifted;
}

// exp(x) for |x| <= EXP_RANGE (the caller clamps).
INLINE VEC NAME(bounded_exp)(VEC x) {
  VEC r;
  const NAME(bits) n = NAME(reduce)(x, &r);
  const VEC scale = (VEC)((n << MANTISSA) + EXPONENT_ONE);
  return FMA(NAME(reduced_expm1)(r), scale, scale);
}

// exp(x) everywhere: infinity above the range, gradual underflow below, NaN stays NaN.
INLINE VEC NAME(exp)(VEC x) {
  VEC bounded = x > SPLAT(EXP_OVERFLOW) ? SPLAT(EXP_OVERFLOW) : x;
  bounded = bounded < SPLAT(EXP_UNDERFLOW) ? SPLAT(EXP_UNDERFLOW) : bounded;
  VEC r;
  const VEC shifted = FMA(bounded, SPLAT(LOG2_E), SPLAT(ROUNDER));
  const VEC n = shifted - SPLAT(ROUNDER);
  r = FMA(n, SPLAT(-LN2_LOW), FMA(n, SPLAT(-LN2_HIGH), bounded));
  // 2^n in two factors, because n may be one above the largest exponent or below the smallest.
  const VEC halfShifted = FMA(n, SPLAT((REAL)0.5), SPLAT(ROUNDER));
  const VEC half = halfShifted - SPLAT(ROUNDER);
  const VEC restShifted = (n - half) + SPLAT(ROUNDER);
  const VEC scale1 = (VEC)(((NAME(bits))halfShifted << MANTISSA) + EXPONENT_ONE);
  const VEC scale2 = (VEC)(((NAME(bits))restShifted << MANTISSA) + EXPONENT_ONE);
  const VEC y = (NAME(reduced_expm1)(r) + SPLAT((REAL)1)) * scale1 * scale2;
  return x > SPLAT(EXP_OVERFLOW) ? SPLAT((REAL)INFINITY) : y;
}

// silu(x) = x s, s = 1/(1 + e^-x); silu'(x) = s (1 + x (1 - s)) with 1 - s = s e^-x, which keeps its digits.
INLINE VEC NAME(silu)(VEC x, VEC *derivative) {
  const VEC lower = x < SPLAT(-EXP_RANGE) ? SPLAT(-EXP_RANGE) : x;
  const VEC bounded = lower > SPLAT(EXP_RANGE) ? SPLAT(EXP_RANGE) : lower;
  const VEC e = NAME(bounded_exp)(-bounded);
  const VEC s = SPLAT((REAL)1) / (SPLAT((REAL)1) + e);
  *derivative = FMA(bounded * s, e * s, s);
  return lower * s;
}

// tanh(x) = expm1(2|x|) / (expm1(2|x|) + 2) with the sign of x; tanh' = 1 - tanh^2.
INLINE VEC NAME(tanh)(VEC x, VEC *derivative) {
  const NAME(bits) sign = (NAME(bits))x & (NAME(bits))SPLAT((REAL)-0.0);
  const VEC magnitude = (VEC)((NAME(bits))x ^ sign);
  const VEC bounded = magnitude > SPLAT(TANH_RANGE) ? SPLAT(TANH_RANGE) : magnitude;
  VEC r;
  const NAME(bits) n = NAME(reduce)(bounded + bounded, &r);
  const VEC scale = (VEC)((n << MANTISSA) + EXPONENT_ONE);
  const VEC expm1 = FMA(NAME(reduced_expm1)(r), scale, scale - SPLAT((REAL)1));
  const VEC t = (VEC)((NAME(bits))(expm1 / (expm1 + SPLAT((REAL)2))) | sign);
  *derivative = FMA(-t, t, SPLAT((REAL)1));
  return t;
}

#undef ROUNDER
#undef LOG2_E
#undef LN2_HIGH
#undef LN2_LOW
#undef MANTISSA
#undef EXPONENT_ONE
#undef EXP_RANGE
#undef EXP_OVERFLOW
#undef EXP_UNDERFLOW
#undef TANH_RANGE
