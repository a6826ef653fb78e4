//===- TjitApiBase.td - what a record of the tensor API is -------------------------------*- tablegen -*-===//
//
// Every record is one overload of one function of the public API, under libtorch's name. tjit-tblgen makes from it
//
//   tjit/Functions.h.inc       inside tjit::v1:      TJIT_EXPORT Tensor add(const Tensor &self, const Tensor &other);
//   tjit/TensorMethods.h.inc   inside class Tensor:  Tensor add(const Tensor &other) const;
//                                                    Tensor &add_(const Tensor &other) const;
//   tools/ApiTable.cpp.inc     the same as a table, for callers that have names and values (tools/tjit-goldens)
//   Frontend/Api.cpp.inc       at file scope: first `namespace tjit::ops { ... }` with a declaration of every distinct
//                              implementation (no default arguments), then the definitions inside tjit::v1:
//                                Tensor add(const Tensor &self, const Tensor &other) {
//                                  const autodiff::HistoryName history("AddBackward0");
//                                  Tensor result = ops::add(self, other);
//                                  history.give(result);
//                                  return result;
//                                }
//                                Tensor Tensor::add(const Tensor &other) const { the same }
//                                Tensor &Tensor::add_(const Tensor &other) const {
//                                  return ops::store(*this, ops::add(*this, other), "add_");
//                                }
//
// and, where the results are tensors, add_out(Tensor &out, self, other) and add_outf(self, other, out), which store them into
// tensors that the caller has (GenOutForms.cpp); the in-place form of a function is a function too, with the docstring
// before the declarations. Default arguments stand in declarations only. A record with a `primitive`
// has no implementation of its own: the definitions call ops::unary(OpKind::<primitive>, self, <toFloat>).
// The implementations are functions of the namespace tjit::ops in lib/Frontend/*.cpp; a missing one fails the link.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_BASE_TD
#define TJIT_API_BASE_TD

// `params` is a C++ parameter list with defaults; `self` comes first where there is a method.
class Tjit_Api<string n, string result, string params, list<string> as> {
  string name = n;
  string resultType = result;
  string parameters = params;
  list<string> forms = as;  // of "function", "method", "inplace" (name_ method; stores the result into self)
  string implementation = n;
  string scope = "";        // namespace of the function inside tjit: "nn::functional", "linalg"
  list<string> alsoIn = []; // namespaces that have the function too, by a using-declaration
  list<string> synonyms = []; // further names of all forms: "greater" of "gt"; with "__and__" goes __iand__ in place
  bit copies = 0;           // 1, of a view: there is a function name_copy too, with the same elements in memory of their own
  bit stores = 0;           // 1, of a function named name_: it stores what the implementation returns into self
  bit distinct = 0;         // 1: the tensor that an in-place or _out form writes to must be none of the arguments
  // What dtype the tensor has that an _out form stores into: "exact", that of the result; "cast", any that the result can be
  // cast to; "asked", any: it is the `dtype` that the function computes in where none is given, in place too.
  string outDtype = "exact";
  bit out = 1;              // 0: a plain function (or linalg) whose results are tensors has no _out forms, as views
  // grad_fn()->name() of the results, as libtorch has it for this overload. Where it is empty it follows from the name, as in
  // most of libtorch's ("log1p": Log1PBackward0); "composed": that of the function of the API that it called last; "views":
  // the same of a function that may give a view of its operand.
  string history = "";
  // The same of the in-place form, where it differs; "none": it writes without a history, to leaves too, as libtorch's functions
  // without a derivative do.
  string historyInPlace = "";
  bit flatInPlace = 0;      // 1: the history of the in-place form has a gradient of zeros by `other` too
  // Parameters that the derivative reads, so that writing to one before the backward pass is an error of the pass. What the
  // operations that are recorded save needs no mention; an index tensor that was converted first does.
  list<string> saves = [];
  // 1: where the derivative is differentiated in turn, what it chooses by (an operand, compared) gets zeros: it has a history,
  // as PyTorch's functions named ..._backward have.
  bit flat = 0;
  bit options = 1;          // 0, of a function of nn::functional: libtorch has no option struct for it
  bit numberFirst = 0;      // 1: Python's operators call it with a number for the first operand too
  string doc = "";          // public docstring: shapes, dtypes, errors
}
// One elementwise primitive of one operand, recorded directly; toFloat: integers are converted to the default dtype.
class Tjit_ApiUnary<Tjit_Op op, string n = op.opName, bit promoteToFloat = 1>
    : Tjit_Api<n, "Tensor", "const Tensor &self", ["function", "method", "inplace"]> {
  Tjit_Op primitive = op;
  bit toFloat = promoteToFloat;
}

class Tjit_Function<string n, string params, string text> : Tjit_Api<n, "Tensor", params, ["function"]> {
  let doc = text;
}
class Tjit_Method<string n, string params, string text> : Tjit_Api<n, "Tensor", params, ["method"]> {
  let doc = text;
}
class Tjit_Both<string n, string params, string text> : Tjit_Api<n, "Tensor", params, ["function", "method"]> {
  let doc = text;
}
class Tjit_All<string n, string params, string text>
    : Tjit_Api<n, "Tensor", params, ["function", "method", "inplace"]> {
  let doc = text;
}
// name_(self, ...) as a function alone, where libtorch has no method of that name.
class Tjit_Store<string n, string params, string impl, string text> : Tjit_Api<n, "Tensor &", params, ["function"]> {
  let implementation = impl;
  let stores = 1;
  let doc = text;
}
class Tjit_Other<string n, string result, string params, list<string> as, string text>
    : Tjit_Api<n, result, params, as> {
  let doc = text;
}
// Functions that exist in a namespace only, as in libtorch; the implementations are ops::nn_<name> and ops::linalg_<name>.
// Parameters of nn::functional are Python's: `reduction` and modes are texts, `inplace` stores into the input.
class Tjit_NnFunction<string n, string params, string text, string result = "Tensor">
    : Tjit_Api<n, result, params, ["function"]> {
  let scope = "nn::functional";
  let implementation = "nn_" # n;
  let doc = text;
}
// Both tjit::linalg::inv and libtorch's tjit::linalg_inv.
multiclass Tjit_Linalg<string n, string params, string text, string result = "Tensor"> {
  def : Tjit_Api<n, result, params, ["function"]> {
    let scope = "linalg";
    let implementation = "linalg_" # n;
    let doc = text;
  }
  def : Tjit_Api<"linalg_" # n, result, params, ["function"]> { let doc = text; }
}

#endif // TJIT_API_BASE_TD
