// The x86-64 instruction level the kernels use: 4 (AVX-512), 3 (AVX2 and FMA), 0 (neither; also every other
// architecture, where the compiler's baseline is what there is).
#pragma once

#if defined(__x86_64__) && defined(__linux__)
#define HAS_LEVELS 1
#else
#define HAS_LEVELS 0
#endif

#ifdef __cplusplus
extern "C" {
#endif

int instruction_level(void);

// Keeps the calling thread at or below a level, so that tests reach the kernels of older machines; 4 lifts it.
void limit_instruction_level(int level);

#ifdef __cplusplus
}
#endif
