/* A block of a Blosc chunk, with any compressor, filter, element size, number of streams and size. */
#include "fuzz.h"

enum { FORMATS = 6, FILTERS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 5) return 0;
  const int format = data[0] % FORMATS;
  const int filter = data[0] / FORMATS % FILTERS;
  const size_t type_size = data[1] ? data[1] : 1;
  const size_t stream_count = data[2] & 1 ? type_size : 1 + (data[2] >> 1);
  data += 3;
  size -= 3;
  const size_t block_size = take16(&data, &size);
  uint8_t *src = copy_of(data, size);
  uint8_t *out = malloc(block_size);
  uint8_t *shuffled = malloc(block_size);
  const int32_t result =
      blosc_decode_block(src, size, out, shuffled, block_size, stream_count, format, filter, type_size);
  CHECK(result == 0 || result == -1 || result == -2);
  free(shuffled);
  free(out);
  free(src);
  return 0;
}
