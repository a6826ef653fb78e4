//===- TjitOpsLine.td - operations in which a line along a dimension is one thing -----------*- tablegen -*-===//
//
// Sorting, searching, running sums. Included from TjitOps.td.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_OPS_LINE_TD
#define TJIT_OPS_LINE_TD

def ArgsortOp : Tjit_Op<"argsort", LineClass, "argsort"> {
  let summary = "where the elements of each line along dim stand when they are sorted (int64)";
  let description = "Equal elements keep their order; NaN is above every number. A gather with the result sorts.";
  let arguments = (ins Tjit_Tensor:$input, I64Attr:$dim, BoolAttr:$descending);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["3x4xT | dim = 0, descending = false", "2x37xT | dim = 1, descending = true", "0x4xT | dim = 1, descending = false"];
}

class Tjit_Running<string mnemonic, string inference, string what> : Tjit_Op<mnemonic, LineClass, inference> {
  let summary = what;
  let arguments = (ins Tjit_Tensor:$input, I64Attr:$dim);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["3x4xT | dim = 0", "2x37xT | dim = 1", "3x0xT | dim = 1"];
}
def CumsumOp : Tjit_Running<"cumsum", "runningSum", "sum of the elements up to each; of bools and integers as int64">;
def CumprodOp : Tjit_Running<"cumprod", "runningSum", "product of the elements up to each; of bools and integers as int64">;
def CummaxOp : Tjit_Running<"cummax", "runningIndex", "index (int64) of the last largest element up to each; NaN is largest">;
def CumminOp : Tjit_Running<"cummin", "runningIndex", "index (int64) of the last smallest element up to each; NaN is smallest">;

def SearchsortedOp : Tjit_Op<"searchsorted", LineClass, "searchsorted"> {
  let summary = "how many elements of a sorted line are below each value (int64); with `right` those that are equal too";
  let description = [{
    `boundaries` is one line for all values, or has a line for each line of `values` (the same leading sizes). By
    bisection with y >= x (`right`: y > x) of the line's y and the value x, so the result for NaN is the line's size.
  }];
  let arguments = (ins Tjit_Tensor:$boundaries, Tjit_Tensor:$values, BoolAttr:$right);
  let results = (outs Tjit_Tensor:$result);
  let testCases = ["5xT, 3x4xT | right = false", "3x5xT, 3x2xT | right = true", "0xT, T | right = false"];
}

#endif // TJIT_OPS_LINE_TD
