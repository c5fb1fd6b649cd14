#ifndef NUTUNE_PLUGIN_ABI_H
#define NUTUNE_PLUGIN_ABI_H

// Number of the interface between NuTune and a library of plugins. It grows with every change of a public declaration of
// NuTuneCore or of what its public types store: they cross the border with the layout that both sides were compiled with.
#define NUTUNE_PLUGIN_ABI "11"

// What a library was compiled for and by which compiler. It is compiled into whoever calls it, so that a library reports
// its own tag and not that of the program that asks.
static inline const char *nutune_abi_tag(void) { return "nutune-plugin-abi " NUTUNE_PLUGIN_ABI ", " __VERSION__; }

#endif
