/* A raw lz4 block, into as many bytes as the first two say. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const size_t dst_size = take16(&data, &size);
  uint8_t *src = copy_of(data, size);
  uint8_t *dst = malloc(dst_size);
  const int32_t decoded = lz4_decode(src, size, dst, dst_size);
  CHECK(decoded >= -1 && decoded <= (int64_t)dst_size);
  free(dst);
  free(src);
  return 0;
}
