//===- Passes.td - reverse-mode differentiation of functions ---------------------------*- tablegen -*-===//
//
// The pass that stands before all others: gradients are taken of the program as it was written.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_AUTODIFF_PASSES_TD
#define TJIT_AUTODIFF_PASSES_TD

include "mlir/Pass/PassBase.td"

def TjitAutodiff : Pass<"tjit-autodiff", "::mlir::func::FuncOp"> {
  let summary = "Expand tjit.grad by the derivative rules, and drop tjit.detach";
  let description = [{
    Replaces every `tjit.grad` of a function by the operations that compute its results: the cotangents of the operations
    between the differentiated value and the values that it is differentiated by, in reverse. A `tjit.detach` lets none
    through. Gradients are expanded in program order, so a gradient of a gradient finds the first one as ordinary
    operations. Afterwards there is neither `tjit.grad` nor `tjit.detach`.

    ```mlir
    func.func @f(%x: tensor<3xf32>) -> tensor<3xf32> {
      %0 = tjit.sin %x : (tensor<3xf32>) -> tensor<3xf32>
      %1 = tjit.sum %0 {dims = array<i64: 0>, keepdim = false} : (tensor<3xf32>) -> tensor<f32>
      %2 = tjit.grad %1 wrt(%x) : (tensor<f32>, tensor<3xf32>) -> tensor<3xf32>
      return %2 : tensor<3xf32>
    }
    ```
    becomes, with what nobody uses left out,
    ```mlir
    func.func @f(%x: tensor<3xf32>) -> tensor<3xf32> {
      %0 = tjit.fill {dtype = f32, sizes = array<i64>, value = 1.0 : f64} : () -> tensor<f32>
      %1 = tjit.expand %0 {sizes = array<i64: 3>} : (tensor<f32>) -> tensor<3xf32>
      %2 = tjit.cos %x : (tensor<3xf32>) -> tensor<3xf32>
      %3 = tjit.mul %1, %2 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
      return %3 : tensor<3xf32>
    }
    ```
    The rules are those of the eager backward pass (`lib/Autodiff/Rules*.h`, `TjitDerivatives.td`).
  }];
  let dependentDialects = ["::tjit::ir::TjitDialect"];
}

#endif // TJIT_AUTODIFF_PASSES_TD
