//===- Place.h --------------------------------------------------------------------------------===//
// Where in the user's code an operation was recorded.
//
// An evaluation may find, far from the call, that an index is out of range or a matrix singular.
// The public functions note where they return to; the trace keeps that address for operations
// that may fail (OpInfo::mayFail); the error names it.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include <string>

namespace tjit::rt {

/// In whose code the thread entered the API; null outside of it.
[[gnu::tls_model("initial-exec")]] extern thread_local constinit const void *callPlace;

/// For the time of a public function: notes its caller, unless the library called it.
class CallPlace {
public:
  explicit CallPlace(const void *caller = __builtin_return_address(0)) : entered_(!callPlace) {
    if (entered_)
      callPlace = caller;
  }
  CallPlace(const CallPlace &) = delete;
  ~CallPlace() {
    if (entered_)
      callPlace = nullptr;
  }

private:
  const bool entered_;
};

/// "train.cpp:42 (in step())" where the code there has debug information and the compiler library
/// is open, otherwise the function or the module with an offset for addr2line. Empty: unknown.
std::string describePlace(const void *address);

} // namespace tjit::rt
