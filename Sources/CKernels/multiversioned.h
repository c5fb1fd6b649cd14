#ifndef NUTUNE_MULTIVERSIONED_H
#define NUTUNE_MULTIVERSIONED_H

// A function compiled for each level of the processor, of which the loader picks one.
#if defined(__x86_64__) && defined(__linux__)
#define MULTIVERSIONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MULTIVERSIONED
#endif

// Part of every version of the function that calls it.
#define INLINED __attribute__((always_inline)) inline

#endif
