// Preloaded: names libraries of LLVM that register a destructor after the runtime registered its
// exit handler behind the compiler's opening.
#include <cstdio>
#include <cstring>
#include <dlfcn.h>

extern "C" int __cxa_atexit(void (*function)(void *), void *argument, void *library) {
  using Register = int (*)(void (*)(void *), void *, void *);
  static const auto next = reinterpret_cast<Register>(dlsym(RTLD_NEXT, "__cxa_atexit"));
  static thread_local bool inside = false;
  static int before = 0;
  static bool opened = false;
  Dl_info caller{};
  if (!inside) {
    inside = true;
    if (dladdr(__builtin_return_address(0), &caller) && caller.dli_fname) {
      const bool ofLlvm =
          std::strstr(caller.dli_fname, "libLLVM") || std::strstr(caller.dli_fname, "libMLIR");
      // Loading them registers thousands.
      opened |= before > 100 && std::strstr(caller.dli_fname, "libtjit.so");
      if (ofLlvm && opened)
        std::printf("late: %s, behind %s\n", caller.dli_fname,
                    caller.dli_sname ? caller.dli_sname : "something static");
      before += ofLlvm;
      if (opened && !ofLlvm && std::strstr(caller.dli_fname, "libtjit.so"))
        std::printf("the handler is registered\n");
    }
    inside = false;
  }
  return next(function, argument, library);
}
