//===- TjitApi.td - functions and methods of the tensor API ---------------------------------*- tablegen -*-===//

#ifndef TJIT_API_TD
#define TJIT_API_TD

// One function of the public API under libtorch's name. The arguments are a C++ parameter list with defaults; `self`
// comes first where there is a method. `implementation` is tjit::ops::<name> (lib/Frontend/), an overload set.
class Tjit_Api<string n, string result, string params, list<string> as> {
  string name = n;
  string resultType = result;
  string parameters = params;
  list<string> forms = as;  // of "function", "method", "inplace" (name_ method; stores the result into self)
  string implementation = n;
  string doc = "";          // public docstring: shapes, dtypes, errors
}
// One floating-point (or same-dtype) elementwise primitive of one operand, recorded directly.
class Tjit_ApiUnary<Tjit_Op op, string n = op.opName, bit promoteToFloat = 1>
    : Tjit_Api<n, "Tensor", "const Tensor &self", ["function", "method", "inplace"]> {
  Tjit_Op primitive = op;
  bit toFloat = promoteToFloat;
}

#endif // TJIT_API_TD
