#pragma once
// HDF5 (Debian: libhdf5-dev). Its constants are macros that call functions, which Swift does not see.
#include <hdf5.h>

static inline hid_t nutune_h5_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t nutune_h5_little_endian_double(void) { return H5T_IEEE_F64LE; }
static inline hid_t nutune_h5_string(void) { return H5T_C_S1; }
static inline hid_t nutune_h5_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t nutune_h5_default(void) { return H5P_DEFAULT; }
static inline hid_t nutune_h5_all(void) { return H5S_ALL; }
static inline unsigned nutune_h5_truncate(void) { return H5F_ACC_TRUNC; }
// Errors are told by return values; the library's own stack of messages is for its developers.
static inline void nutune_h5_silence(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }
