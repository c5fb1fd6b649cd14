#pragma once

#include "oscillation_batch.h"
