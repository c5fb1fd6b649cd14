#include "instruction_level.h"

static _Thread_local int limit = 4;

void limit_instruction_level(int level) { limit = level; }

#if HAS_LEVELS
int instruction_level(void) {
  static int known = -1;  // every thread finds the same value
  int level = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (level < 0) {
    __builtin_cpu_init();
    level = __builtin_cpu_supports("x86-64-v4") ? 4 : __builtin_cpu_supports("x86-64-v3") ? 3 : 0;
    __atomic_store_n(&known, level, __ATOMIC_RELAXED);
  }
  return level < limit ? level : limit;
}
#else
int instruction_level(void) { return 0; }
#endif
