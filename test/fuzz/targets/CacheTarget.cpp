//===- CacheTarget.cpp - libFuzzer on what the disk cache reads -------------------------------===//
//
//   bytes of a file --> record --> trace, executable --> a plan that could be run
//
// The checksum keeps accidents out; here it is made right, so that every number behind it meets the
// checks of the decoders and of the loader. What they let through has to be consistent, since a run
// believes it; kernels are not run, whose code is the compiler's promise.
//
//===------------------------------------------------------------------------------------------===//

#include "Runtime/CacheRecord.h"
#include "Runtime/LoadedExecutable.h"

#include <cstdio>
#include <cstdlib>

using namespace tjit;
using namespace tjit::rt;

static void require(bool holds, const char *what) {
  if (holds)
    return;
  std::fprintf(stderr, "CacheTarget: %s\n", what);
  std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::vector<uint8_t> bytes(data, data + size);
  seal(bytes);
  CacheRecord record;
  if (!decodeRecord(bytes, record))
    return 0;
  CacheRecord again;
  require(decodeRecord(encodeRecord(record), again) && again.key == record.key &&
              again.executable == record.executable && again.environment == record.environment,
          "a record differs after it was written and read");
  TraceGraph graph;
  if (!decodeTrace(record.key, graph))
    return 0;
  std::string error;
  const auto executable = LoadedExecutable::load(record.executable, graph, error);
  require(!executable != error.empty(), "a refused executable has a reason, and no other");
  if (!executable)
    return 0;
  for (const exe::Step &step : executable->steps)
    for (uint32_t i = 0; i < step.numArgs; ++i)
      require(executable->stepArgs.at(step.firstArg + i) < executable->slots.size(),
              "a step names a slot that is not there");
  return 0;
}
