//===- Lapack.cpp ---------------------------------------------------------------------------===//

#include "Runtime/Lapack.h"

#include "tjit/Error.h"

#include <dlfcn.h>
#include <string>

namespace tjit {

namespace {

/// Never closed: handles of it are in static tables.
void *openLibrary() {
  void *library = dlopen("liblapack.so.3", RTLD_NOW | RTLD_LOCAL);
  if (!library)
    throw Error(std::string("linear algebra needs LAPACK, and liblapack.so.3 cannot be opened (") +
                dlerror() + "); install the package libopenblas0-serial (or liblapack3)");
  return library;
}

template <class T> LapackFunctions<T> load() {
  void *library = openLibrary();
  LapackFunctions<T> out;
  auto find = [&]<class F>(F &function, const char *name) {
    const std::string symbol = (sizeof(T) == 4 ? "s" : "d") + std::string(name) + "_";
    function = reinterpret_cast<F>(dlsym(library, symbol.c_str()));
    if (!function)
      throw Error("linear algebra: liblapack.so.3 has no function " + symbol +
                  "; install the package libopenblas0-serial (or liblapack3)");
  };
  find(out.potrf, "potrf");
  find(out.gesv, "gesv");
  find(out.getrf, "getrf");
  find(out.getrs, "getrs");
  find(out.geqrf, "geqrf");
  find(out.orgqr, "orgqr");
  find(out.getri, "getri");
  find(out.gesdd, "gesdd");
  find(out.syevd, "syevd");
  find(out.trsm, "trsm");
  return out;
}

} // namespace

template <class T> const LapackFunctions<T> &lapack() {
  static const LapackFunctions<T> functions = load<T>();
  return functions;
}
template const LapackFunctions<float> &lapack<float>();
template const LapackFunctions<double> &lapack<double>();

} // namespace tjit
