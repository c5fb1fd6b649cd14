// The x86-64 instruction level (4: AVX-512, 3: AVX2 and FMA, 0: neither) found at run time; 0 elsewhere, where the
// compiler's baseline is what there is.
#pragma once

#if defined(__x86_64__) && defined(__linux__)
#define HAS_LEVELS 1
static inline int instruction_level(void) {
  static int known = -1;  // every thread finds the same value
  int level = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (level < 0) {
    __builtin_cpu_init();
    level = __builtin_cpu_supports("x86-64-v4") ? 4 : __builtin_cpu_supports("x86-64-v3") ? 3 : 0;
    __atomic_store_n(&known, level, __ATOMIC_RELAXED);
  }
  return level;
}
#else
#define HAS_LEVELS 0
static inline int instruction_level(void) { return 0; }
#endif
