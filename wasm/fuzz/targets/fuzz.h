/* Shared by the targets. Each input is copied into memory of exactly its size, and each output has exactly the size
 * that is passed to the decoder, so that AddressSanitizer reports every access outside of them. */
#ifndef NUMCODECS_WASM_FUZZ_H
#define NUMCODECS_WASM_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The decoder's entry points (glue/decoder.c). */
int32_t zstd_decode(const uint8_t *src, size_t src_size, uint8_t *dst, size_t dst_size);
double zstd_content_size(const uint8_t *src, size_t src_size);
double zstd_decoded_bound(const uint8_t *src, size_t src_size);
int32_t lz4_decode(const uint8_t *src, size_t src_size, uint8_t *dst, size_t dst_size);
int32_t blosc_decode_block(const uint8_t *src, size_t src_size, uint8_t *out, uint8_t *shuffled, size_t block_size,
                           size_t stream_count, int format, int filter, size_t type_size);

/* The linker's symbol on WebAssembly, which the glue refers to. */
uint8_t heap_base;

#define CHECK(condition)                                                  \
  do {                                                                    \
    if (!(condition)) {                                                   \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);     \
      abort();                                                            \
    }                                                                     \
  } while (0)

static inline uint8_t *copy_of(const uint8_t *data, size_t size) {
  uint8_t *copy = malloc(size ? size : 1);
  CHECK(copy);
  memcpy(copy, data, size);
  return size ? copy : (free(copy), malloc(0));
}

/* Reads the number that an input begins with. */
static inline size_t take16(const uint8_t **data, size_t *size) {
  if (*size < 2) return 0;
  const size_t value = (size_t)((*data)[0] | (*data)[1] << 8);
  *data += 2;
  *size -= 2;
  return value;
}

#endif
