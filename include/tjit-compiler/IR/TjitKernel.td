//===- TjitKernel.td - tjit.kernel, the fused unit -----------------------------------------------------------*- tablegen -*-===//
//
// The operation between fusion and emission; see its description.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_KERNEL_TD
#define TJIT_KERNEL_TD

include "tjit-compiler/IR/TjitBase.td"

class Tjit_StructureOp<string mnemonic, list<Trait> traits = []> : Op<Tjit_Dialect, mnemonic, traits>;

def KernelOp : Tjit_StructureOp<"kernel", [Pure, AttrSizedOperandSegments, IsolatedFromAbove,
                                           SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "A loop nest over a scalar body: the unit that is fused, scheduled and emitted";
  let description = [{
    Computes for every point of `domain` the scalar body and writes or reduces what it yields.

    - `domain`: sizes of the iteration space, outermost first. The last `reductions` dimensions are reduced; the order of
      accumulation over them is that of docs/numerics.md (`lanes` = 64 or 1).
    - `maps`: for every input, then dest, then result: an affine map from the domain's dimensions (and the symbol s0, the
      dynamic offset) to an element offset in the operand's buffer. It has the strides in it: (d0, d1) -> (d0 * 1024 + d1).
      The map of a result that is combined uses no reduced dimension; that of a result written at each point may use all.
    - `offsets`: for every input and dest, which input, of i64, gives s0; -1: none. A result that keeps a dest has the
      dest's offset. An input of rank 0 gives one offset, read when the kernel starts: a slice. Any other one gives each
      point the offset that its own map reads there: (d0, d1)[s0] -> (s0 * 128 + d1) reads row s0 of an embedding, which
      `tjit.check_indices` has found to be one.
    - `combiners`: per result "none" (elementwise: written at each point), "add", "mul", "max", "min".
    - `reduce 0`, `lanes 64`, offsets that are all -1 and combiners that are all "none" are left out of the text.
    - `dests`: tensors whose remaining elements the last results keep (tjit.write_view): result numResults - numDests + i
      starts as dest i, in the same buffer where the plan finds the dest dead.
    - The body has one block argument per input, a scalar of its element type, and holds elementwise tjit operations on
      scalars. 16-bit floats round at every operation.
    - `tjit.fold` combines a value over the reduced dimensions and gives every point of the row the result: a kernel with
      folds runs over each row several times, once more than folds stand one behind the other, while the row is in cache.
      What depends on folds and on operands that do not move with the reduced dimensions alone is a *row value*: there is
      one for each row. A result that is not combined, holds a row value and whose map uses no reduced dimension is
      written once per row. Results written at each point are written in the last pass, so each may be in the memory of an
      input that is read through the same map.

    The row sums of exp(x * y):

    ```mlir
    %0 = tjit.kernel domain [4096, 1024] reduce 1 ins(%x, %y : tensor<4096x1024xf32>, tensor<1024xf32>)
      maps [affine_map<(d0, d1) -> (d0 * 1024 + d1)>, affine_map<(d0, d1) -> (d1)>, affine_map<(d0, d1) -> (d0)>]
      combiners ["add"] -> tensor<4096xf32> {
    ^bb0(%a: f32, %b: f32):
      %1 = tjit.mul %a, %b : (f32, f32) -> f32
      %2 = tjit.exp %1 : (f32) -> f32
      tjit.yield %2 : f32
    }
    ```

    A row softmax, in three passes over each row:

    ```mlir
    %0 = tjit.kernel domain [4096, 1024] reduce 1 ins(%x : tensor<4096x1024xf32>)
      maps [affine_map<(d0, d1) -> (d0 * 1024 + d1)>, affine_map<(d0, d1) -> (d0 * 1024 + d1)>] -> tensor<4096x1024xf32> {
    ^bb0(%a: f32):
      %1 = tjit.fold "max" %a : f32
      %2 = tjit.sub %a, %1 : (f32, f32) -> f32
      %3 = tjit.exp %2 : (f32) -> f32
      %4 = tjit.fold "add" %3 : f32
      %5 = tjit.div %3, %4 : (f32, f32) -> f32
      tjit.yield %5 : f32
    }
    ```
  }];
  let arguments = (ins Variadic<Tjit_Tensor>:$inputs, Variadic<Tjit_Tensor>:$dests, DenseI64ArrayAttr:$domain,
                       I64Attr:$reductions, I64Attr:$lanes, AffineMapArrayAttr:$maps, DenseI64ArrayAttr:$offsets,
                       StrArrayAttr:$combiners);
  let results = (outs Variadic<Tjit_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let hasCustomAssemblyFormat = 1;
}

def YieldOp : Tjit_StructureOp<"yield", [Pure, Terminator, HasParent<"KernelOp">]> {
  let summary = "Ends a kernel's body: one scalar per result";
  let arguments = (ins Variadic<Tjit_Element>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange{}); }]>];
}

def IndexOp : Tjit_StructureOp<"index", [Pure, HasParent<"KernelOp">]> {
  let summary = "The value of an affine map at the current point of the kernel's domain: what tjit.iota becomes";
  let arguments = (ins AffineMapAttr:$map);
  let results = (outs I64:$result);
  let assemblyFormat = "$map attr-dict";
}

def DrawOp : Tjit_StructureOp<"draw", [Pure, HasParent<"KernelOp">]> {
  let summary = "Number `index` of the draw (seed, counter): an element of what tjit.random makes";
  let arguments = (ins I64:$seed, I64:$counter, I64:$index, Tjit_DistributionAttr:$distribution);
  let results = (outs Tjit_Element:$result);
  let assemblyFormat = "$seed `,` $counter `[` $index `]` attr-dict `:` type($result)";
}

def EmptyOp : Tjit_StructureOp<"empty", [Pure]> {
  let summary = "Memory whose elements are not defined: where writes that cover it together begin";
  let results = (outs Tjit_Tensor:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

def CheckIndicesOp : Tjit_StructureOp<"check_indices"> {
  let summary = "Fails the evaluation, as tjit.gather does, where an index is outside of dimension `dim` of the input";
  let description = "Stands before the kernel that a gather has become part of: a kernel reads where the index says.";
  let arguments = (ins Tjit_Tensor:$input, Tjit_Tensor:$index, I64Attr:$dim);
  let assemblyFormat = "$input `,` $index attr-dict `:` type($input) `,` type($index)";
}

def FoldOp : Tjit_StructureOp<"fold", [Pure, HasParent<"KernelOp">, AllTypesMatch<["value", "result"]>]> {
  let summary = "A value combined over the kernel's reduced dimensions, for use in the same body";
  let description = [{
    `combiner` is "add", "mul", "max" or "min"; the order of accumulation, the accumulation type and the rounding of the
    result are those of a combined result of the kernel. Sums of integers are of i64: the body casts.
  }];
  let arguments = (ins StrAttr:$combiner, Tjit_Element:$value);
  let results = (outs Tjit_Element:$result);
  let assemblyFormat = "$combiner $value attr-dict `:` type($value)";
}

def GradOp : Tjit_StructureOp<"grad", [Pure]> {
  let summary = "Gradients of a 0-dim value with respect to values: expanded by --tjit-autodiff before any other pass";
  let arguments = (ins Tjit_Tensor:$of, Variadic<Tjit_Tensor>:$wrt);
  let results = (outs Variadic<Tjit_Tensor>:$gradients);
  let assemblyFormat = "$of `wrt` `(` $wrt `)` attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def DetachOp : Tjit_StructureOp<"detach", [Pure, AllTypesMatch<["input", "result"]>]> {
  let summary = "The value, cut from the history: no gradient passes";
  let arguments = (ins Tjit_Tensor:$input);
  let results = (outs Tjit_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($result)";
}

#endif // TJIT_KERNEL_TD
