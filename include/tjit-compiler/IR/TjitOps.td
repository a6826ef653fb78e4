//===- TjitOps.td - the list of operations ------------------------------------------------*- tablegen -*-===//
//
// The only list of operations. The dialect, the trace's OpKind, builders, importer, inference dispatch, operation table,
// derivative dispatch, generated tests and documentation are made from it. Operands of elementwise operations have one
// dtype (the API inserts tjit.cast) and shapes that broadcast to the result's, as in NumPy.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_OPS_TD
#define TJIT_OPS_TD

include "tjit-compiler/IR/TjitBase.td"

//===----------------------------------------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------------------------------------===//

def FillOp : Tjit_Op<"fill", CreationClass, "fill", [ConstantLike]> {
  let summary = "A tensor of one constant";
  let description = [{
    Used for constants that are part of the program (zeros, ones). Other scalars are arguments, expanded. Of an integer
    dtype the value is one that the dtype holds; of a floating-point dtype it is rounded.
  }];
  let arguments = (ins DenseI64ArrayAttr:$sizes, Tjit_DTypeAttr:$dtype, F64Attr:$value);
  let results = (outs Tjit_Value:$result);
  let hasFolder = 1;
  let testCases = ["| sizes = [3, 4], dtype = T, value = 1.0", "| sizes = [], dtype = T, value = 0"];
}

def IotaOp : Tjit_Op<"iota", CreationClass, "iota"> {
  let summary = "0, 1, ..., n - 1 as int64";
  let arguments = (ins I64Attr:$size);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["| size = 5", "| size = 0"];
}

def RandomOp : Tjit_Op<"random", CreationClass, "random"> {
  let costly = 1; // ten rounds of multiplications for every element, and a logarithm and a sine for normal numbers
  let summary = "Philox 4x32-10 numbers; element i of the result depends on (seed, counter, i) alone";
  let description = [{
    `uniform` is in [0, 1), `normal` has mean 0 and variance 1 (Box-Muller), `bits` are 63 random bits as int64.
    Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
  }];
  let arguments = (ins Tjit_Index:$seed, Tjit_Index:$counter, DenseI64ArrayAttr:$sizes, Tjit_DTypeAttr:$dtype,
                       Tjit_DistributionAttr:$distribution);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["i64, i64 | sizes = [3, 4], dtype = f32, distribution = uniform",
                   "i64, i64 | sizes = [7], dtype = f64, distribution = normal",
                   "i64, i64 | sizes = [2, 3], dtype = i64, distribution = bits",
                   "i64, i64 | sizes = [5, 70], dtype = f64, distribution = uniform",
                   "i64, i64 | sizes = [5, 70], dtype = f32, distribution = normal",
                   "i64, i64 | sizes = [130], dtype = f16, distribution = uniform",
                   "i64, i64 | sizes = [130], dtype = bf16, distribution = uniform",
                   "i64, i64 | sizes = [131], dtype = f16, distribution = normal",
                   "i64, i64 | sizes = [131], dtype = bf16, distribution = normal"];
}

def RandomPoissonOp : Tjit_Op<"random_poisson", CreationClass, "randomCount"> {
  let summary = "numbers with Poisson's distribution; element i depends on rate[i] and the stream (seed, counter + i) alone";
  let description = [{
    Below a rate of 10 by products of uniform numbers, else by Hoermann's transformed rejection (PTRS): The transformed
    rejection method for generating Poisson random variables (1993). A rate that is not above 0 gives 0.
  }];
  let costly = 1;
  let dtypes = "floatOrInt64";
  let testRange = "0, 40";
  let arguments = (ins Tjit_Index:$seed, Tjit_Index:$counter, Tjit_Tensor:$rate);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["i64, i64, 3x4xT", "i64, i64, T", "i64, i64, 0xT"];
}
def RandomBinomialOp : Tjit_Op<"random_binomial", CreationClass, "randomCount"> {
  let summary = "numbers with the binomial distribution of a count and a probability of one type; streams as in random_poisson";
  let description = [{
    Below 10 expected successes by the distances between them, else by Hoermann's transformed rejection (BTRS): The generation
    of binomial random variates (1993). Nothing is drawn for a count or a probability that is not above 0; 1 and above is certain.
  }];
  let costly = 1;
  let dtypes = "floatOrInt64";
  let testRange = "0, 1";
  let arguments = (ins Tjit_Index:$seed, Tjit_Index:$counter, Tjit_Tensor:$count, Tjit_Tensor:$probability);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["i64, i64, 3x4xT, 3x4xT", "i64, i64, T, T", "i64, i64, 0xT, 0xT"];
}

//===----------------------------------------------------------------------------------------------------===//
// Elementwise, one operand
//===----------------------------------------------------------------------------------------------------===//

class Tjit_Unary<string mnemonic, string what, string ok = "float", list<Trait> traits = []>
    : Tjit_Op<mnemonic, ElementwiseClass, "sameAsOperand", traits> {
  let summary = what;
  let arguments = (ins Tjit_Value:$input);
  let results = (outs Tjit_Value:$result);
  let dtypes = ok;
}

def NegOp : Tjit_Unary<"neg", "-x; integers wrap", "number"> { let hasFolder = 1; }
def AbsOp : Tjit_Unary<"abs", "|x|; the smallest integer stays", "number">;
def SignOp : Tjit_Unary<"sign", "-1, 0 or 1; NaN gives 0", "all">;
def FloorOp : Tjit_Unary<"floor", "largest integer not above x">;
def CeilOp : Tjit_Unary<"ceil", "smallest integer not below x">;
def TruncOp : Tjit_Unary<"trunc", "x without its fraction">;
def RoundOp : Tjit_Unary<"round", "nearest integer, ties to even">;
def SqrtOp : Tjit_Unary<"sqrt", "square root, correctly rounded"> { let testRange = "0.1, 4"; }
def RsqrtOp : Tjit_Unary<"rsqrt", "1 / sqrt(x)"> { let testRange = "0.1, 4"; let maxUlp = "2"; }
def ExpOp : Tjit_Unary<"exp", "e to the x"> { let maxUlp = "2"; }
def Expm1Op : Tjit_Unary<"expm1", "exp(x) - 1, accurate near 0"> { let maxUlp = "2"; }
def LogOp : Tjit_Unary<"log", "natural logarithm"> { let testRange = "0.1, 4"; let maxUlp = "2"; }
def Log1pOp : Tjit_Unary<"log1p", "log(1 + x), accurate near 0"> { let testRange = "-0.8, 4"; let maxUlp = "2"; }
def SinOp : Tjit_Unary<"sin", "sine of x radians"> { let maxUlp = "2"; }
def CosOp : Tjit_Unary<"cos", "cosine of x radians"> { let maxUlp = "2"; }
def TanhOp : Tjit_Unary<"tanh", "hyperbolic tangent"> { let maxUlp = "2"; }
def ErfOp : Tjit_Unary<"erf", "error function"> { let maxUlp = "2"; }
def ReluOp : Tjit_Unary<"relu", "max(x, 0); NaN stays NaN; derivative 0 at 0", "number">;
def Tjit_ValueRuleAttr : Tjit_FunctionAttr<"ValueRule", "what tjit.check_values asks of every element, and for whom", [
  I64EnumAttrCase<"loss_probability", 0>,  // in [0, 1], of binary_cross_entropy
  I64EnumAttrCase<"probability", 1>,       // in [0, 1], of a distribution
  I64EnumAttrCase<"deviation", 2>,         // not below 0
  I64EnumAttrCase<"weight", 3>,            // finite and not below 0
  I64EnumAttrCase<"weight_sum", 4>,        // above 0
  I64EnumAttrCase<"rate", 5>]>;            // not below 0
def CheckValuesOp : Tjit_Op<"check_values", ElementwiseClass, "checkValues"> {
  let summary = "x; an element that the rule refuses, or NaN, is an error of the evaluation";
  let arguments = (ins Tjit_Value:$input, Tjit_ValueRuleAttr:$rule);
  let results = (outs Tjit_Value:$result);
  let dtypes = "float";
  let testRange = "0, 1";
  let mayFail = 1;
  let testCases = ["3x4xT | rule = probability", "T | rule = weight", "0x4xT | rule = weight_sum"];
}
def BitwiseNotOp : Tjit_Unary<"bitwise_not", "all bits flipped; of a bool the other bool", "integral">;
def IsnanOp : Tjit_Op<"isnan", ElementwiseClass, "boolOfOperand"> {
  let summary = "whether x is not a number";
  let arguments = (ins Tjit_Value:$input);
  let results = (outs Tjit_Value:$result);
}

def CastOp : Tjit_Op<"cast", ElementwiseClass, "cast"> {
  let history = "ToCopyBackward0";
  let summary = "x in another dtype";
  let description = "Float to integer truncates; NaN and values out of range give what docs/numerics.md says, never a trap.";
  let arguments = (ins Tjit_Value:$input, Tjit_DTypeAttr:$dtype);
  let results = (outs Tjit_Value:$result);
  let hasFolder = 1;
  let testCases = ["3x4xT | dtype = i1", "3x4xT | dtype = ui8", "3x4xT | dtype = i8", "3x4xT | dtype = i16",
                   "3x4xT | dtype = i32", "3x4xT | dtype = i64", "3x4xT | dtype = f16", "3x4xT | dtype = bf16",
                   "3x4xT | dtype = f32", "3x4xT | dtype = f64", "T | dtype = f32", "0x4xT | dtype = i64"];
}

//===----------------------------------------------------------------------------------------------------===//
// Elementwise, two and three operands
//===----------------------------------------------------------------------------------------------------===//

class Tjit_Binary<string mnemonic, string what, string ok = "all", list<Trait> traits = []>
    : Tjit_Op<mnemonic, ElementwiseClass, "broadcast", traits> {
  let summary = what;
  let arguments = (ins Tjit_Value:$lhs, Tjit_Value:$rhs);
  let results = (outs Tjit_Value:$result);
  let dtypes = ok;
}

def AddOp : Tjit_Binary<"add", "x + y; integers wrap; of bools: or", "all", [Commutative]> { let hasFolder = 1; }
def SubOp : Tjit_Binary<"sub", "x - y; integers wrap", "number"> { let hasFolder = 1; }
def MulOp : Tjit_Binary<"mul", "x * y; integers wrap; of bools: and", "all", [Commutative]> { let hasFolder = 1; }
def DivOp : Tjit_Binary<"div", "x / y", "float"> { let testRange = "0.5, 2"; let hasFolder = 1; }
def FloorDivideOp : Tjit_Binary<"floor_divide", "floor(x / y); integer division by zero is an error of the evaluation", "number"> {
  let testRange = "1, 4";
  let mayFail = 1;
}
def RemainderOp : Tjit_Binary<"remainder", "x - y * floor(x / y), sign of y", "number"> {
  let testRange = "1, 4";
  let mayFail = 1;
}
def FmodOp : Tjit_Binary<"fmod", "x - y * trunc(x / y), sign of x", "number"> {
  let testRange = "1, 4";
  let mayFail = 1;
}
def PowOp : Tjit_Binary<"pow", "x to the y", "number"> { let testRange = "0.2, 2"; let maxUlp = "2"; }
def MaximumOp : Tjit_Binary<"maximum", "larger of x and y; NaN if either is; +0 above -0", "all", [Commutative]>;
def MinimumOp : Tjit_Binary<"minimum", "smaller of x and y; NaN if either is; -0 below +0", "all", [Commutative]>;
def Atan2Op : Tjit_Binary<"atan2", "angle of the point (y = lhs, x = rhs)", "float"> { let testRange = "0.2, 2"; let maxUlp = "4"; }
def BitwiseAndOp : Tjit_Binary<"bitwise_and", "bits set in both", "integral", [Commutative]>;
def BitwiseOrOp : Tjit_Binary<"bitwise_or", "bits set in either", "integral", [Commutative]>;
def BitwiseXorOp : Tjit_Binary<"bitwise_xor", "bits set in one", "integral", [Commutative]>;
def GcdOp : Tjit_Binary<"gcd", "greatest common divisor by Euclid's steps on |x| and |y|; |x| of the smallest integer is itself", "integral"> {
  let description = "Of bools: or. With the smallest integer the result may be negative, as in PyTorch.";
  let costly = 1;
}
def ShiftLeftOp : Tjit_Binary<"shift_left", "x * 2^y; 0 where y is not below the width", "integral">;
def ShiftRightOp : Tjit_Binary<"shift_right", "floor(x / 2^y); 0 or -1 where y is negative or not below the width", "integral">;

class Tjit_Comparison<string mnemonic, string what, list<Trait> traits = []>
    : Tjit_Op<mnemonic, ElementwiseClass, "compare", traits> {
  let summary = what;
  let arguments = (ins Tjit_Value:$lhs, Tjit_Value:$rhs);
  let results = (outs Tjit_Value:$result);
}

def EqOp : Tjit_Comparison<"eq", "x == y", [Commutative]>;
def NeOp : Tjit_Comparison<"ne", "x != y", [Commutative]>;
def LtOp : Tjit_Comparison<"lt", "x < y">;
def LeOp : Tjit_Comparison<"le", "x <= y">;
def GtOp : Tjit_Comparison<"gt", "x > y">;
def GeOp : Tjit_Comparison<"ge", "x >= y">;

def WhereOp : Tjit_Op<"where", ElementwiseClass, "where"> {
  let summary = "x where the condition holds, else y";
  let arguments = (ins Tjit_Value:$condition, Tjit_Value:$lhs, Tjit_Value:$rhs);
  let results = (outs Tjit_Value:$result);
  let testCases = ["3x4xi1, 3x4xT, 3x4xT", "4xi1, 3x1xT, T", "i1, T, T", "0xi1, 0xT, T"];
  let hasFolder = 1;
}

//===----------------------------------------------------------------------------------------------------===//
// Reductions. dims are distinct, ascending and not negative. The order of accumulation is in docs/numerics.md.
//===----------------------------------------------------------------------------------------------------===//

class Tjit_Reduction<string mnemonic, string inference, string what> : Tjit_Op<mnemonic, ReductionClass, inference> {
  let summary = what;
  let arguments = (ins Tjit_Tensor:$input, DenseI64ArrayAttr:$dims, BoolAttr:$keepdim);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["3x4xT | dims = [0], keepdim = false", "3x4xT | dims = [1], keepdim = true",
                   "3x4xT | dims = [0, 1], keepdim = false", "2x3x70xT | dims = [0, 2], keepdim = false",
                   "4x5000xT | dims = [1], keepdim = false", "300x3xT | dims = [0], keepdim = false",
                   "T | dims = [], keepdim = false"];
}

def SumOp : Tjit_Reduction<"sum", "reduceSum", "sum; of bools and integers as int64"> { let hasFolder = 1; }
def ProdOp : Tjit_Reduction<"prod", "reduceSum", "product; of bools and integers as int64">;
def AmaxOp : Tjit_Reduction<"amax", "reduceSame", "largest element; NaN if any is; at least one element">;
def AminOp : Tjit_Reduction<"amin", "reduceSame", "smallest element; NaN if any is; at least one element">;

class Tjit_ArgReduction<string mnemonic, string what> : Tjit_Op<mnemonic, ReductionClass, "argReduce"> {
  let summary = what;
  let arguments = (ins Tjit_Tensor:$input, I64Attr:$dim, BoolAttr:$keepdim);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["3x4xT | dim = 0, keepdim = false", "3x4xT | dim = 1, keepdim = true",
                   "4x300xT | dim = 1, keepdim = false", "2x30x7xT | dim = 1, keepdim = false"];
}
def ArgmaxOp : Tjit_ArgReduction<"argmax", "index (int64) of the first largest element along dim; NaN is largest">;
def ArgminOp : Tjit_ArgReduction<"argmin", "index (int64) of the first smallest element along dim; NaN is smallest">;

//===----------------------------------------------------------------------------------------------------===//
// Contraction
//===----------------------------------------------------------------------------------------------------===//

def MatmulOp : Tjit_Op<"matmul", ContractionClass, "matmul"> {
  let summary = "matrix product [..., M, K] x [..., K, N], batch dimensions broadcast";
  let description = "Operands have rank 2 or more (the API reshapes vectors) and one dtype, any but bool.";
  let arguments = (ins Tjit_Tensor:$lhs, Tjit_Tensor:$rhs);
  let results = (outs Tjit_Tensor:$result);
  let dtypes = "number";
  let testCases = ["3x4xT, 4x5xT", "2x3x4xT, 4x5xT", "2x1x3x4xT, 5x4x2xT", "3x4xT, 4x1xT", "3x0xT, 0x2xT",
                   "33x70xT, 70x17xT"];
}

//===----------------------------------------------------------------------------------------------------===//
// Views: the operand read at other indices
//===----------------------------------------------------------------------------------------------------===//

class Tjit_View<string mnemonic, string inference, string what> : Tjit_Op<mnemonic, ViewClass, inference> {
  let summary = what;
  let results = (outs Tjit_Tensor:$result);
}

def PermuteOp : Tjit_View<"permute", "permute", "dimensions reordered: result dim i is operand dim dims[i]"> {
  let arguments = (ins Tjit_Tensor:$input, DenseI64ArrayAttr:$dims);
  let hasFolder = 1;
  let testCases = ["3x4xT | dims = [1, 0]", "2x3x4xT | dims = [2, 0, 1]",
                   "70x50xT | dims = [1, 0]", "3x40x70xT | dims = [0, 2, 1]"];
}
def ExpandOp : Tjit_View<"expand", "expand", "dimensions of size 1, or missing at the front, repeated"> {
  let arguments = (ins Tjit_Value:$input, DenseI64ArrayAttr:$sizes);
  let hasFolder = 1;
  let testCases = ["3x1xT | sizes = [2, 3, 4]", "T | sizes = [3, 4]", "1xT | sizes = [0]"];
}
def ReshapeOp : Tjit_View<"reshape", "reshape", "the same elements in row-major order under other sizes"> {
  let arguments = (ins Tjit_Tensor:$input, DenseI64ArrayAttr:$sizes);
  let hasFolder = 1;
  let testCases = ["3x4xT | sizes = [2, 6]", "3x4xT | sizes = [12]", "1x1xT | sizes = []"];
}
def SliceOp : Tjit_View<"slice", "slice", "every step-th index of dim, `size` of them, from start"> {
  let description = "start is an argument, not part of the program, and has been checked by the call.";
  let arguments = (ins Tjit_Tensor:$input, Tjit_Index:$start, I64Attr:$dim, I64Attr:$size, I64Attr:$step);
  let hasFolder = 1;
  let testCases = ["5x4xT, i64 | dim = 0, size = 2, step = 2", "3x4xT, i64 | dim = 1, size = 3, step = 1"];
}
def FlipOp : Tjit_View<"flip", "flip", "the named dimensions reversed"> {
  let hasFolder = 1;
  let arguments = (ins Tjit_Tensor:$input, DenseI64ArrayAttr:$dims);
  let testCases = ["3x4xT | dims = [0]", "3x4xT | dims = [0, 1]"];
}
def AsStridedOp : Tjit_View<"as_strided", "asStrided", "element (i...) is element offset + sum(i * stride) of the operand's row-major storage"> {
  let arguments = (ins Tjit_Tensor:$input, Tjit_Index:$offset, DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$strides);
  let testCases = ["3x4xT, i64 | sizes = [2, 2], strides = [4, 2]", "3x4xT, i64 | sizes = [2, 5], strides = [1, 1]"];
}
def WriteViewOp : Tjit_Op<"write_view", MovementClass, "writeView"> {
  let summary = "the operand with the elements that as_strided would read replaced by a value";
  let description = [{
    Sizes and strides describe a view without overlap of `base`'s row-major storage; `value` has the view's sizes.
    The write happens in place when `base` is dead afterwards.
  }];
  let arguments = (ins Tjit_Tensor:$base, Tjit_Tensor:$value, Tjit_Index:$offset, DenseI64ArrayAttr:$sizes,
                       DenseI64ArrayAttr:$strides);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["3x4xT, 2x2xT, i64 | sizes = [2, 2], strides = [4, 2]", "5xT, 3xT, i64 | sizes = [3], strides = [1]"];
}

//===----------------------------------------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------------------------------------===//

def ConcatOp : Tjit_Op<"concat", MovementClass, "concat"> {
  let history = "CatBackward0";
  let summary = "operands of one dtype one after another along dim";
  let arguments = (ins Variadic<Tjit_Tensor>:$inputs, I64Attr:$dim);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["3x4xT, 2x4xT | dim = 0", "3x4xT, 3x1xT, 3x0xT | dim = 1", "2xT | dim = 0",
                   "2x3x4xT, 2x1x4xT, 2x5x4xT | dim = 1"];
}
def GatherOp : Tjit_Op<"gather", MovementClass, "gather"> {
  let summary = "result[i][j][k] = input[index[i][j][k]][j][k] for dim 0";
  let description = "An index (int64) outside [0, size) is an error of the evaluation.";
  let mayFail = 1;
  let arguments = (ins Tjit_Tensor:$input, Tjit_Tensor:$index, I64Attr:$dim);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["3x4xT, 5x4xi64 | dim = 0", "3x4xT, 2x2xi64 | dim = 1",
                   "2x5x70xT, 2x3x70xi64 | dim = 1", "90xT, 77xi64 | dim = 0"];
}
def ScatterAddOp : Tjit_Op<"scatter_add", MovementClass, "scatterAdd"> {
  let summary = "input with result[index[i][j][k]][j][k] += source[i][j][k] for dim 0, in row-major order of the source";
  let mayFail = 1;
  let arguments = (ins Tjit_Tensor:$input, Tjit_Tensor:$index, Tjit_Tensor:$source, I64Attr:$dim);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["3x4xT, 5x4xi64, 5x4xT | dim = 0", "3x4xT, 2x2xi64, 3x3xT | dim = 1",
                   "2x5x70xT, 2x9x70xi64, 2x9x70xT | dim = 1", "5xT, 70xi64, 70xT | dim = 0"];
}
def ScatterOp : Tjit_Op<"scatter", MovementClass, "scatterAdd"> {
  let mayFail = 1;
  let summary = "input with result[index[i][j][k]][j][k] = source[i][j][k] for dim 0; the last in row-major order stays";
  let arguments = (ins Tjit_Tensor:$input, Tjit_Tensor:$index, Tjit_Tensor:$source, I64Attr:$dim);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["3x4xT, 5x4xi64, 5x4xT | dim = 0", "3x4xT, 2x2xi64, 3x3xT | dim = 1"];
}
def ScatterReduceOp : Tjit_Op<"scatter_reduce", MovementClass, "scatterReduce"> {
  let mayFail = 1;
  let summary = "scatter_add with a product, or the larger or smaller of two, in place of the sum";
  let description = "Of bools the product and amin are and, amax is or. NaN is the result where one is met.";
  let arguments = (ins Tjit_Tensor:$input, Tjit_Tensor:$index, Tjit_Tensor:$source, I64Attr:$dim,
                       Tjit_ScatterReductionAttr:$reduction);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["3x4xT, 5x4xi64, 5x4xT | dim = 0, reduction = prod", "3x4xT, 2x2xi64, 3x3xT | dim = 1, reduction = amax",
                   "3x4xT, 2x2xi64, 3x3xT | dim = 1, reduction = amin"];
}

include "tjit-compiler/IR/TjitOpsLine.td"
include "tjit-compiler/IR/TjitOpsLinalg.td"
include "tjit-compiler/IR/TjitOpsSpecial.td"
include "tjit-compiler/IR/TjitDerivatives.td"
include "tjit-compiler/IR/TjitApi.td"

#endif // TJIT_OPS_TD
