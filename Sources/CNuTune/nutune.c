// The functions of the header are written in Swift, in NuTuneC.
#include "nutune.h"
