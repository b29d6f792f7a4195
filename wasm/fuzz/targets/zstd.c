/* One zstd frame or several, into as many bytes as the first two say. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const size_t dst_size = take16(&data, &size);
  uint8_t *src = copy_of(data, size);
  uint8_t *dst = malloc(dst_size);
  const double bound = zstd_decoded_bound(src, size);
  const double content = zstd_content_size(src, size);
  const int32_t decoded = zstd_decode(src, size, dst, dst_size);
  CHECK(decoded >= -1 && decoded <= (int64_t)dst_size);
  CHECK(content >= -2);
  CHECK(bound == -2 || bound >= 0); /* invalid frames can decode to more: the output's size is what counts */
  free(dst);
  free(src);
  return 0;
}
