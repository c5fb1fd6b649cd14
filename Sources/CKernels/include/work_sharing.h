#pragma once
#include <stdint.h>

// Next item of a work list that several threads share; the caller sets *counter to 0 first.
static inline int64_t claim_work(int64_t *counter) { return __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }
