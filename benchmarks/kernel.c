/* The yardstick of the pairwise count: what one core can do when nothing is between it and the bytes.

   gcc -O3 -mavx2 -shared -fPIC -o kernel.so kernel.c

   Ranks are bytes, 1 = best, 0 = unranked, one row a ballot. Unranked wraps around to 255 and is below all ranked
   ("last"). support[i * m + j] grows by the ballots that put i strictly above j. */
#include <immintrin.h>
#include <stdint.h>
#include <stdlib.h>

enum { LANES = 32, BLOCK = 16384, TILE = 64 };

/* columns[i * n + b] = ranks[b * m + i] - 1, tile by tile so that both sides stay in the cache. */
void transpose(const uint8_t *ranks, int64_t n, int64_t m, int64_t stride, uint8_t *columns) {
    for (int64_t start = 0; start < n; start += TILE) {
        int64_t end = start + TILE < n ? start + TILE : n;
        for (int64_t i = 0; i < m; i++)
            for (int64_t b = start; b < end; b++)
                columns[i * stride + b] = (uint8_t)(ranks[b * m + i] - 1);
    }
}

static int64_t sum_of_bytes(__m256i bytes) {
    __m256i sums = _mm256_sad_epu8(bytes, _mm256_setzero_si256());
    return _mm256_extract_epi64(sums, 0) + _mm256_extract_epi64(sums, 1) + _mm256_extract_epi64(sums, 2) +
           _mm256_extract_epi64(sums, 3);
}

/* Both directions of one pair in one pass: ballots with a not above b, and with b not above a. */
static void count_pair(const uint8_t *a, const uint8_t *b, int64_t n, int64_t *above, int64_t *below) {
    int64_t not_above = 0, not_below = 0, at = 0;
    while (at + LANES <= n) {
        int64_t vectors = (n - at) / LANES;
        if (vectors > 255) vectors = 255; /* a byte of the running counts holds no more */
        __m256i high = _mm256_setzero_si256(), low = _mm256_setzero_si256();
        for (int64_t v = 0; v < vectors; v++, at += LANES) {
            __m256i x = _mm256_loadu_si256((const __m256i *)(a + at));
            __m256i y = _mm256_loadu_si256((const __m256i *)(b + at));
            high = _mm256_sub_epi8(high, _mm256_cmpeq_epi8(_mm256_max_epu8(x, y), x));
            low = _mm256_sub_epi8(low, _mm256_cmpeq_epi8(_mm256_max_epu8(x, y), y));
        }
        not_above += sum_of_bytes(high);
        not_below += sum_of_bytes(low);
    }
    for (; at < n; at++) {
        not_above += a[at] >= b[at];
        not_below += b[at] >= a[at];
    }
    *above += n - not_above;
    *below += n - not_below;
}

/* Adds the counts of n ballots whose ranks stand in columns of bytes, each `stride` long. */
void count_columns(const uint8_t *columns, int64_t n, int64_t m, int64_t stride, int64_t *support) {
    for (int64_t start = 0; start < n; start += BLOCK) {
        int64_t length = start + BLOCK < n ? BLOCK : n - start;
        for (int64_t i = 0; i < m; i++)
            for (int64_t j = i + 1; j < m; j++)
                count_pair(columns + i * stride + start, columns + j * stride + start, length, &support[i * m + j],
                           &support[j * m + i]);
    }
}

/* The same from rows; gives 0, or 1 where there is no memory for a block. */
int count_rows(const uint8_t *ranks, int64_t n, int64_t m, int64_t *support) {
    uint8_t *columns = malloc((size_t)m * BLOCK);
    if (!columns) return 1;
    for (int64_t start = 0; start < n; start += BLOCK) {
        int64_t length = start + BLOCK < n ? BLOCK : n - start;
        transpose(ranks + start * m, length, m, BLOCK, columns);
        count_columns(columns, length, m, BLOCK, support);
    }
    free(columns);
    return 0;
}
