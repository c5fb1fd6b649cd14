#pragma once
#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>
#include <gsl/gsl_blas.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf_erf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_log.h>
#include <gsl/gsl_spline.h>
#include <gsl/gsl_vector.h>
#include <stdint.h>

// GSL publishes its algorithms as `const T *` globals. Swift sees those as mutable variables and refuses them
// in language mode 6; a function that returns the pointer says what they are.
#define CGSL_CONSTANT(type, name) \
  static inline const type *_Nonnull cgsl_##name(void) { return gsl_##name; }

CGSL_CONSTANT(gsl_multimin_fdfminimizer_type, multimin_fdfminimizer_vector_bfgs2)
CGSL_CONSTANT(gsl_multimin_fminimizer_type, multimin_fminimizer_nmsimplex2)
CGSL_CONSTANT(gsl_root_fsolver_type, root_fsolver_brent)
CGSL_CONSTANT(gsl_min_fminimizer_type, min_fminimizer_brent)
CGSL_CONSTANT(gsl_interp_type, interp_linear)
CGSL_CONSTANT(gsl_interp_type, interp_cspline)
CGSL_CONSTANT(gsl_interp_type, interp_akima)
CGSL_CONSTANT(gsl_interp_type, interp_steffen)

#undef CGSL_CONSTANT

static inline const char *_Nonnull cgsl_runtime_version(void) { return gsl_version; }

// OpenBLAS's own cblas header clashes with GSL's, hence by hand.
extern void openblas_set_num_threads(int threads);
extern int openblas_get_num_threads(void);

// dladdr is hidden without _GNU_SOURCE, which a module cannot define late; its structure is fixed by the ABI.
typedef struct {
  const char *_Nullable file;
  void *_Nullable base;
  const char *_Nullable symbol;
  void *_Nullable address;
} cgsl_dynamic_symbol;
#ifdef __APPLE__
extern int cgsl_dladdr(const void *_Nonnull address, cgsl_dynamic_symbol *_Nonnull symbol) __asm__("_dladdr");
#else
extern int cgsl_dladdr(const void *_Nonnull address, cgsl_dynamic_symbol *_Nonnull symbol) __asm__("dladdr");
#endif

static inline const char *_Nullable cgsl_blas_library(void) {
  cgsl_dynamic_symbol symbol;
  return cgsl_dladdr((const void *)&cblas_dgemm, &symbol) ? symbol.file : 0;
}

// xoshiro256** 1.0 (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021) 36)
// as a GSL generator type, so that every gsl_ran_* distribution draws from it. GSL's own generators keep 32 bits
// of their seed, too few for many thousand independent streams. The state is four 64-bit words, never all zero;
// `set` expands a seed with SplitMix64, the authors' recommendation.
static inline uint64_t cgsl_splitmix64(uint64_t *_Nonnull state) {
  uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static inline uint64_t cgsl_rotate_left(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline uint64_t cgsl_xoshiro256_next(uint64_t *_Nonnull s) {
  const uint64_t result = cgsl_rotate_left(s[1] * 5, 7) * 9;
  const uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = cgsl_rotate_left(s[3], 45);
  return result;
}

static inline void cgsl_xoshiro256_set(void *_Nonnull state, unsigned long seed) {
  uint64_t mixer = seed;
  for (int i = 0; i < 4; i++) ((uint64_t *)state)[i] = cgsl_splitmix64(&mixer);
}

static inline unsigned long cgsl_xoshiro256_get(void *_Nonnull state) {
  return cgsl_xoshiro256_next((uint64_t *)state);
}

static inline double cgsl_xoshiro256_get_double(void *_Nonnull state) {
  return (double)(cgsl_xoshiro256_next((uint64_t *)state) >> 11) * 0x1.0p-53;
}

_Static_assert(sizeof(unsigned long) == 8, "a GSL generator of 64-bit words needs a 64-bit unsigned long");

static const gsl_rng_type cgsl_xoshiro256_type = {
    "xoshiro256**",      UINT64_MAX,          0, 4 * sizeof(uint64_t), &cgsl_xoshiro256_set, &cgsl_xoshiro256_get,
    &cgsl_xoshiro256_get_double};

static inline gsl_rng *_Nullable cgsl_xoshiro256_alloc(void) { return gsl_rng_alloc(&cgsl_xoshiro256_type); }
