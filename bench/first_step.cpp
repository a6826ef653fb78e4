//===- first_step.cpp -------------------------------------------------------------------------===//
// The demo's first training step in a new process, for the benchmarks start_cold and start_warm.
//
// usage: tjit-first-step [warm]   with `warm` it fails if anything had to be compiled
//
//===------------------------------------------------------------------------------------------===//

#include "demo_step.h"

#include <cstring>

int main(int argc, char **argv) {
  const bool right = demoStep() > 0;
  const bool warm = argc > 1 && std::strcmp(argv[1], "warm") == 0;
  if (warm && (torch::compilerLoaded() || torch::statistics().compilations))
    return 2;
  return right ? 0 : 1;
}
