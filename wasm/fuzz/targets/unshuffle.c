/* Both filters, compared with the plainest way to undo them. */
#include "fuzz.h"
#include "unshuffle.h"

static void plain_byte_unshuffle(const uint8_t *in, uint8_t *out, size_t size, size_t type_size) {
  const size_t count = size / type_size;
  memcpy(out, in, size);
  for (size_t i = 0; i < count; i++)
    for (size_t byte = 0; byte < type_size; byte++) out[i * type_size + byte] = in[byte * count + i];
}

static void plain_bit_unshuffle(const uint8_t *in, uint8_t *out, size_t size, size_t type_size) {
  const size_t count = size / type_size;
  memcpy(out, in, size);
  if (count % 8 != 0) return;
  memset(out, 0, count * type_size);
  for (size_t i = 0; i < count; i++)
    for (size_t bit = 0; bit < 8 * type_size; bit++) {
      const size_t from = bit * count + i;
      const int value = in[from / 8] >> (from % 8) & 1;
      out[i * type_size + bit / 8] |= (uint8_t)(value << (bit % 8));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1) return 0;
  const size_t type_size = data[0] ? data[0] : 1;
  data++;
  size--;
  uint8_t *in = copy_of(data, size);
  uint8_t *out = malloc(size);
  uint8_t *expected = malloc(size ? size : 1);
  byte_unshuffle(in, out, size, type_size);
  plain_byte_unshuffle(in, expected, size, type_size);
  CHECK(memcmp(out, expected, size) == 0);
  bit_unshuffle(in, out, size, type_size);
  plain_bit_unshuffle(in, expected, size, type_size);
  CHECK(memcmp(out, expected, size) == 0);
  free(expected);
  free(out);
  free(in);
  return 0;
}
