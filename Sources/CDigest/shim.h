#pragma once
// SHA-256 from libmd (Debian: libmd-dev): stage inputs and outputs are named by their digest.
#include <sys/types.h>
#include <sha2.h>
