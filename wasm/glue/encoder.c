/* The encoder module: c-blosc's compressor, zstd frames, raw lz4 blocks. */

#include <emscripten.h>
#include <stdint.h>
#include <stdlib.h>

#include "blosc.h"
#include "lz4.h"
#define ZSTD_STATIC_LINKING_ONLY
#define ZSTD_DISABLE_DEPRECATE_WARNINGS
#include "zstd.h"

/* Results below zero. The names are known to src/encoder.ts. */
enum { FAILED = -1, OUT_OF_MEMORY = -2 };

EMSCRIPTEN_KEEPALIVE void *allocate(size_t size) { return malloc(size); }
EMSCRIPTEN_KEEPALIVE void release(void *pointer) { free(pointer); }

static ZSTD_CCtx *zstd_context;

/* c-blosc is compiled with this name in place of ZSTD_compress, which makes and frees a context for each block. */
size_t zstd_compress_with_kept_context(void *dst, size_t dst_size, const void *src, size_t src_size, int level) {
  if (!zstd_context) zstd_context = ZSTD_createCCtx();
  if (!zstd_context) return (size_t)-1; /* an error to ZSTD_isError */
  return ZSTD_compressCCtx(zstd_context, dst, dst_size, src, src_size, level);
}

/* c-blosc's decoder is not linked; its entry in blosc.c's table of functions needs a name. */
size_t no_zstd_decompress(void *dst, size_t dst_size, const void *src, size_t src_size) {
  (void)dst, (void)dst_size, (void)src, (void)src_size;
  return (size_t)-1;
}

/* dst takes size + BLOSC_MAX_OVERHEAD bytes. Returns the size of the chunk. */
EMSCRIPTEN_KEEPALIVE int32_t blosc_encode(const uint8_t *src, size_t size, uint8_t *dst, int compressor, int level,
                                          int shuffle, size_t type_size, size_t block_size) {
  static const char *const names[] = {BLOSC_BLOSCLZ_COMPNAME, BLOSC_LZ4_COMPNAME, BLOSC_LZ4HC_COMPNAME,
                                      BLOSC_ZSTD_COMPNAME};
  const int written = blosc_compress_ctx(level, shuffle, type_size, size, src, dst, size + BLOSC_MAX_OVERHEAD,
                                         names[compressor], block_size, 1);
  return written <= 0 ? FAILED : written;
}

EMSCRIPTEN_KEEPALIVE size_t zstd_bound(size_t size) { return ZSTD_compressBound(size); }

/* One frame, with its content size. */
EMSCRIPTEN_KEEPALIVE int32_t zstd_encode(const uint8_t *src, size_t size, uint8_t *dst, size_t dst_size, int level,
                                         int checksum) {
  if (!zstd_context) zstd_context = ZSTD_createCCtx();
  if (!zstd_context) return OUT_OF_MEMORY;
  ZSTD_parameters parameters = ZSTD_getParams(level, size, 0);
  parameters.fParams.checksumFlag = checksum;
  const size_t written = ZSTD_compress_advanced(zstd_context, dst, dst_size, src, size, NULL, 0, parameters);
  return ZSTD_isError(written) ? FAILED : (int32_t)written;
}

EMSCRIPTEN_KEEPALIVE int32_t lz4_bound(int32_t size) { return LZ4_compressBound(size); }

EMSCRIPTEN_KEEPALIVE int32_t lz4_encode(const uint8_t *src, int32_t size, uint8_t *dst, int32_t dst_size,
                                        int acceleration) {
  const int written = LZ4_compress_fast((const char *)src, (char *)dst, size, dst_size, acceleration);
  return written <= 0 ? FAILED : written;
}
