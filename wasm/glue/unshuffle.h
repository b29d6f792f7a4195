/* Undoing blosc's two filters. */
#ifndef NUMCODECS_WASM_UNSHUFFLE_H
#define NUMCODECS_WASM_UNSHUFFLE_H

#include <stddef.h>
#include <stdint.h>

/* Both read `size` bytes at `in` and write as many at `out`; the two must not overlap. type_size is 1 to 255. */
void byte_unshuffle(const uint8_t *in, uint8_t *out, size_t size, size_t type_size);
void bit_unshuffle(const uint8_t *in, uint8_t *out, size_t size, size_t type_size);

#endif
