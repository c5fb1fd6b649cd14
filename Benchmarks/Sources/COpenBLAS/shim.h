#pragma once
// Declared by hand: the two functions the peak measurement needs (row-major 101, no transpose 111).
void openblas_set_num_threads(int threads);
char *openblas_get_corename(void);
void cblas_sgemm(
    int order, int transA, int transB, int m, int n, int k, float alpha, const float *a, int lda, const float *b,
    int ldb, float beta, float *c, int ldc);
