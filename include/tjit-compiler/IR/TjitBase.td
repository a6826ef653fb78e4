//===- TjitBase.td - the dialect, its types and the classes of its operations ----------*- tablegen -*-===//
//
// What an entry of TjitOps.td can say. mlir-tblgen reads the ODS half (operands, attributes, assembly); tjit-tblgen reads
// the other half (kind, inference, derivative, tolerance) and makes everything that is not MLIR from the same entry.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_BASE_TD
#define TJIT_BASE_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Tjit_Dialect : Dialect {
  let name = "tjit";
  let cppNamespace = "::tjit::ir";
  let summary = "Recorded tensor programs: one operation for each entry of the tensor library's operation list";
  let description = [{
    The dialect stands between the recorder and the code generator.

        recorded trace --importTrace--> tjit ops on tensors --fuse--> tjit.kernel --emit--> scf/vector or gpu/nvvm

    **On entry** a function has one block, every value is a ranked tensor with static shape, every operation is pure and
    has one result. Tensors are values: a write is `tjit.write_view`, which makes a new tensor. The result of an
    operation is stored densely, row-major; a function argument may carry `tjit.strides` (elements).
    **After fusion** what computes is inside `tjit.kernel`; the remaining operations are contractions and those that a
    library function runs.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect"];
  let hasConstantMaterializer = 1;
  let hasCanonicalizer = 1;
  let extraClassDeclaration = [{
    void addStructureOperations(); // tjit.kernel and those of TjitKernel.td
  }];
}

// uint8 is ui8, bool is i1; the signed integers are signless in MLIR.
def Tjit_Bool : I<1>;
def Tjit_Element : AnyTypeOf<[I1, UI8, I8, I16, I32, I64, F16, BF16, F32, F64], "bool, integer or float element">;
def Tjit_Tensor : RankedTensorOf<[Tjit_Element]>;
// Elementwise operations also stand in the body of a tjit.kernel, on scalars.
def Tjit_Value : AnyTypeOf<[Tjit_Tensor, Tjit_Element], "tensor, or scalar inside a kernel">;
def Tjit_Index : 0DTensorOf<[I64]>;

//===----------------------------------------------------------------------------------------------------===//
// Attributes that a trace stores as 64-bit words, in the order in which an operation declares them:
// I64Attr, BoolAttr, F64Attr (bit pattern), TypeAttr (ScalarType) and enums take one word, DenseI64ArrayAttr takes
// its length and then its elements.
//===----------------------------------------------------------------------------------------------------===//

def Tjit_DTypeAttr : TypeAttrBase<"::mlir::Type", "element type"> {
  let returnType = "::mlir::Type";
  let convertFromStorage = "$_self.getValue()";
}
def Tjit_Uniform : I64EnumAttrCase<"uniform", 0>;
def Tjit_Normal : I64EnumAttrCase<"normal", 1>;
def Tjit_Bits : I64EnumAttrCase<"bits", 2>;
def Tjit_DistributionAttr : I64EnumAttr<"Distribution", "what tjit.random draws", [Tjit_Uniform, Tjit_Normal, Tjit_Bits]> {
  let cppNamespace = "::tjit::ir";
}
// What an operation computes where several functions of one shape are one operation. Values are part of traces: append.
class Tjit_FunctionAttr<string n, string what, list<I64EnumAttrCase> functions> : I64EnumAttr<n, what, functions> {
  let cppNamespace = "::tjit::ir";
}
def Tjit_ScatterProd : I64EnumAttrCase<"prod", 0>;
def Tjit_ScatterAmax : I64EnumAttrCase<"amax", 1>;
def Tjit_ScatterAmin : I64EnumAttrCase<"amin", 2>;
def Tjit_ScatterReductionAttr : I64EnumAttr<"ScatterReduction", "how tjit.scatter_reduce combines what meets",
                                            [Tjit_ScatterProd, Tjit_ScatterAmax, Tjit_ScatterAmin]> {
  let cppNamespace = "::tjit::ir";
}

//===----------------------------------------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------------------------------------===//

// How an operation relates its elements; the fuser, the recorder's cost rule and the test generator go by it.
class Tjit_Class<string n> { string name = n; }
def ElementwiseClass : Tjit_Class<"elementwise">;
def CreationClass : Tjit_Class<"creation">;
def ReductionClass : Tjit_Class<"reduction">;
def ContractionClass : Tjit_Class<"contraction">;
def ViewClass : Tjit_Class<"view">;          // reads its operand at other indices, computes nothing
def MovementClass : Tjit_Class<"movement">;  // gather, scatter, concat, write_view
def LineClass : Tjit_Class<"line">;          // a whole line along a dimension decides each element: sorting, running sums
def LibraryClass : Tjit_Class<"library">;    // whole matrices, by LAPACK

// Every primitive: pure, one result, result type inferred by `inference`, a C++ function tjit::infer::<name>
// (lib/IR/Infer.h) that the recorder, the verifier and type inference share.
class Tjit_Op<string mnemonic, Tjit_Class cls, string inference, list<Trait> traits = []>
    : Op<Tjit_Dialect, mnemonic,
         !listconcat([Pure, DeclareOpInterfaceMethods<InferTypeOpInterface, ["refineReturnTypes"]>], traits)> {
  Tjit_Class opClass = cls;
  string inferFn = inference;
  // Dtypes the operands may have: "all", "float", "number" (no bool), "integral" (bool and integers), "floatOrInt64",
  // "float32Or64".
  string dtypes = "all";
  // Largest error against exact arithmetic in units in the last place, by float32; 0 where the result is exact.
  string maxUlp = "0";
  // Range from which test inputs are drawn, so that the operation is defined and differentiable there: "lo, hi".
  string testRange = "-2, 2";
  // Generated tests: operand types (T is the dtype under test; i64 operands hold zeros and ones), then every attribute in
  // its order: "3x4xT, 2xi64 | dims = [1], keepdim = false, dtype = T". Operations without attributes have a default.
  list<string> testCases = [];
  // Whether an evaluation can fail by the values of operands: an index out of range, an integer divisor of zero. The trace
  // keeps where such operations were recorded. Those of LibraryClass always can.
  bit mayFail = 0;
  // Whether an element costs so much that a result which somebody holds is kept rather than computed again.
  bit costly = 0;
  // grad_fn()->name() of a result that no function of the API names; empty: the mnemonic's ("log1p": Log1PBackward0).
  string history = "";
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

// The derivative of an operation: one entry per operand, in order. An entry is a DAG over operations without attributes,
// whose arguments are $grad, $result, operand names ($lhs), other DAGs, and numbers: an integer (2), or any number in
// quotes ("0.5"), which is a 0-dim constant in the dtype of the gradient. (NoGrad) as a whole entry marks an operand that
// has no gradient, (Zero) one whose gradient is zero everywhere. What the DAG names is what is saved. Where
// broadcasting enlarged an operand its gradient is summed to its shape by the caller, in one place.
class Tjit_Derivative<Tjit_Op op, list<dag> perOperand> {
  Tjit_Op operation = op;
  list<dag> gradients = perOperand;
}
// A derivative that is a C++ template, tjit::autodiff::<fn>(RuleContext<B> &), lib/Autodiff/Rules*.h. What it reads is
// saved: `saves` for any operand's gradient, or `savesFor` with a list for each operand's gradient alone.
class Tjit_DerivativeFn<Tjit_Op op, string fn, list<string> saved = [], list<list<string>> savedFor = []> {
  Tjit_Op operation = op;
  string function = fn;
  list<string> saves = saved; // operand names, "result"
  list<list<string>> savesFor = savedFor;
}
def NoGrad;
def Zero;
class Tjit_Const<string v> { string value = v; }  // the same as "2.0", as a DAG: (Tjit_Const<"2.0">)

#endif // TJIT_BASE_TD
