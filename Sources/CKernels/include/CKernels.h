#pragma once
#include "cell_kernels.h"
#include "count_kernels.h"
#include "fold_kernels.h"
#include "instruction_level.h"
#include "net_kernels.h"
#include "oscillation_batch.h"
#include "oscillation_gradients.h"
