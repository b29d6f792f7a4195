/* c-blosc's shuffle.c chooses an implementation by the processor at run time. Here the choice is known. */

#include "shuffle.h"

#include <string.h>

#include "bitshuffle-sse2.h"
#include "shuffle-sse2.h"

void blosc_internal_shuffle(const size_t type_size, const size_t size, const uint8_t *in, const uint8_t *out) {
  blosc_internal_shuffle_sse2(type_size, size, in, (uint8_t *)out);
}

int blosc_internal_bitshuffle(const size_t type_size, const size_t size, const uint8_t *const in, const uint8_t *out,
                              const uint8_t *scratch) {
  const size_t count = size / type_size;
  size_t done = 0;
  if (count % 8 == 0) {
    blosc_internal_bshuf_trans_bit_elem_sse2((void *)in, (void *)out, count, type_size, (void *)scratch);
    done = count * type_size;
  }
  memcpy((void *)(out + done), in + done, size - done);
  return (int)size;
}

/* blosc.c refers to these for decoding, which this module does not do. */
void blosc_internal_unshuffle(const size_t type_size, const size_t size, const uint8_t *in, const uint8_t *out) {
  (void)type_size, (void)size, (void)in, (void)out;
}

int blosc_internal_bitunshuffle(const size_t type_size, const size_t size, const uint8_t *const in, const uint8_t *out,
                                const uint8_t *scratch) {
  (void)type_size, (void)size, (void)in, (void)out, (void)scratch;
  return -1;
}
