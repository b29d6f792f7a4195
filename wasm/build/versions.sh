# What is built, and with what: the committed modules are the bytes that exactly these make.
suite=bookworm
emscripten_version=3.1.6
source_packages="c-blosc=1.21.3+ds-1 libzstd=1.5.4+dfsg2-5 lz4=1.9.4-1"
