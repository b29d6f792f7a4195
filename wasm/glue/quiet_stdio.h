/* Included before c-blosc's blosc.c: a library in a page has no terminal and no environment. */
#include <stdio.h>
#include <stdlib.h>

#define printf(...) ((void)0)
#define fprintf(...) ((void)0)
#define getenv(name) ((char *)0)
