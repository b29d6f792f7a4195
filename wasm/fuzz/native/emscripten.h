/* What the glue takes from emscripten, for native builds. */
#ifndef NUMCODECS_WASM_NATIVE_EMSCRIPTEN_H
#define NUMCODECS_WASM_NATIVE_EMSCRIPTEN_H

#define EMSCRIPTEN_KEEPALIVE

#endif
