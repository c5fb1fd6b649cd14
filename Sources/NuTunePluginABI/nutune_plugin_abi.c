// The header is all there is: its function is compiled into whoever calls it.
#include "nutune_plugin_abi.h"
