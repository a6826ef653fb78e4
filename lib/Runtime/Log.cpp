//===- Log.cpp --------------------------------------------------------------------------------===//
// What TJIT_LOG asks for.

#include "Runtime/Log.h"

#include <cstdio>

namespace tjit::rt {

void Log::line(const std::string &text) {
  std::lock_guard lock(mutex_);
  if (sink_)
    sink_(text);
  else
    std::fprintf(stderr, "tjit: %s\n", text.c_str());
}

void Log::setSink(std::function<void(const std::string &)> sink) {
  std::lock_guard lock(mutex_);
  sink_ = std::move(sink);
}

} // namespace tjit::rt
