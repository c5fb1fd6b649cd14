// What the child does: reads, writes to the pipe, and comes back only to end.
#pragma once
#include "hdf5_reader.h"

void nutune_h5_child_reads(const struct nutune_h5_request *request, int pipe);
