// RUN: tjit-run %s --function=chain --arg=2 --arg="[1,2,3]" --arg=0 --print | FileCheck %s --check-prefix=PRINT
// RUN: tjit-run %s --function=chain --compare | FileCheck %s --check-prefix=COMPARE
// RUN: not tjit-run %s --function=nothing 2>&1 | FileCheck %s --check-prefix=NOTHING
// RUN: not tjit-run %s --function=chain --arg="[1,2]" 2>&1 | FileCheck %s --check-prefix=ELEMENTS
// RUN: not tjit-run %s --function=chain --arg=two 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: not tjit-run %S/Inputs/malformed.mlir 2>&1 | FileCheck %s --check-prefix=MALFORMED
// RUN: tjit-run %s --function=chain --plan | FileCheck %s --check-prefix=PLAN

// PRINT: [2, 4, 6] : float32[3]
// COMPARE: 1 result equals the interpreter's
// NOTHING: there is no function @nothing
// ELEMENTS: argument 0: a tensor [3] takes 1 or 3 elements, not 2
// NUMBER: argument 0: 'two' is neither a number nor a file
// MALFORMED: malformed.mlir:2:{{.*}}error
// PLAN: step 0: launch @{{[0-9]+}} range 3 {{.*}}(0, 1, 2, 3)
func.func @chain(%a: tensor<3xf32>, %b: tensor<3xf32>, %c: tensor<3xf32>) -> tensor<3xf32> {
  %0 = tjit.mul %a, %b : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %1 = tjit.sin %c : (tensor<3xf32>) -> tensor<3xf32>
  %2 = tjit.add %0, %1 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %2 : tensor<3xf32>
}
