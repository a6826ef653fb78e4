// RUN: tjit-opt %s -verify-diagnostics -split-input-file

// What tjit-fuse promises the emitters.

#id = affine_map<(d0) -> (d0)>
func.func @few_maps(%x: tensor<6xf32>) {
  // expected-error @+1 {{'tjit.kernel' op has 1 maps; one for each of its 2 operands and results is needed}}
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>) maps [#id] -> tensor<6xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
#two = affine_map<(d0, d1) -> (d0 + d1)>
func.func @dimensions_of_a_map(%x: tensor<6xf32>) {
  // expected-error @+1 {{'tjit.kernel' op has the map affine_map<(d0, d1) -> (d0 + d1)> for input 0; it takes 1 dimensions and at most one symbol to one offset}}
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>) maps [#two, #id] -> tensor<6xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
#off = affine_map<(d0)[s0] -> (d0 + s0)>
func.func @symbol_without_offset(%x: tensor<6xf32>) {
  // expected-error @+1 {{'tjit.kernel' op has the map affine_map<(d0)[s0] -> (d0 + s0)> for input 0, which has no offset}}
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>) maps [#off, #id] -> tensor<6xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
#off = affine_map<(d0)[s0] -> (d0 + s0)>
func.func @offset_from_a_vector(%x: tensor<6xf32>) {
  // expected-error @+1 {{'tjit.kernel' op takes the offset of input 0 from 'tensor<6xf32>'; an offset is i64}}
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>) maps [#off, #id] offsets [0] -> tensor<6xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @combined_over_a_reduced_dimension(%x: tensor<6xf32>) {
  // expected-error @+1 {{'tjit.kernel' op has the map affine_map<(d0) -> (d0)> for result 0, which is combined, so it cannot use the reduced dimension d0}}
  %0 = tjit.kernel domain [6] reduce 1 ins(%x : tensor<6xf32>) maps [#id, #id] combiners ["add"] -> tensor<6xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @reductions(%x: tensor<6xf32>) {
  // expected-error @+1 {{'tjit.kernel' op reduces 2 of 1 dimensions}}
  %0 = tjit.kernel domain [6] reduce 2 ins(%x : tensor<6xf32>) maps [#id, #id] -> tensor<6xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @lanes(%x: tensor<6xf32>) {
  // expected-error @+1 {{'tjit.kernel' op has 8 lanes; a reduction has 1 or 64}}
  %0 = tjit.kernel domain [6] lanes 8 ins(%x : tensor<6xf32>) maps [#id, #id] -> tensor<6xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @combiner(%x: tensor<6xf32>) {
  // expected-error @+1 {{'tjit.kernel' op has the unknown combiner "mean" for result 0; known are "none", "add", "mul", "max" and "min"}}
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>) maps [#id, #id] combiners ["mean"] -> tensor<6xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @block_argument(%x: tensor<6xf32>) {
  // expected-error @+1 {{'tjit.kernel' op has block argument 0 of type 'f64' for an input of type 'tensor<6xf32>'}}
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>) maps [#id, #id] -> tensor<6xf64> {
  ^bb0(%a: f64):
    tjit.yield %a : f64
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @number_of_yields(%x: tensor<6xf32>) {
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>) maps [#id, #id] -> tensor<6xf32> {
  ^bb0(%a: f32):
    // expected-error @+1 {{'tjit.yield' op yields 2 values for 1 results}}
    tjit.yield %a, %a : f32, f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @type_of_a_yield(%x: tensor<6xf32>) {
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>) maps [#id, #id] -> tensor<6xf64> {
  ^bb0(%a: f32):
    // expected-error @+1 {{'tjit.yield' op yields 'f32' for result 0 of type 'tensor<6xf64>'}}
    tjit.yield %a : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @what_stands_in_a_body(%x: tensor<6xf32>) {
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>) maps [#id, #id] -> tensor<6xf32> {
  ^bb0(%a: f32):
    // expected-error @+1 {{'tjit.iota' op cannot stand in the body of tjit.kernel, which is elementwise}}
    %1 = tjit.iota {size = 3 : i64} : () -> tensor<3xi64>
    tjit.yield %a : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @type_of_a_dest(%x: tensor<6xf32>, %d: tensor<7xf32>) {
  // expected-error @+1 {{'tjit.kernel' op writes result 0 of type 'tensor<6xf32>' into dest 0 of type 'tensor<7xf32>'}}
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>) dests(%d : tensor<7xf32>) maps [#id, #id, #id] -> tensor<6xf32> {
  ^bb0(%a: f32):
    tjit.yield %a : f32
  }
  return
}

// -----

func.func @scalars_and_types_in_a_body(%x: tensor<6xf32>) {
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>)
    maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] -> tensor<6xi1> {
  ^bb0(%a: f32):
    // expected-error @+1 {{'tjit.lt' op has the result type 'f32', but its operands and attributes give 'i1'}}
    %1 = tjit.lt %a, %a : (f32, f32) -> f32
    tjit.yield %1 : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @fold_without_reduction(%x: tensor<6xf32>) {
  %0 = tjit.kernel domain [6] ins(%x : tensor<6xf32>) maps [#id, #id] -> tensor<6xf32> {
  ^bb0(%a: f32):
    // expected-error @+1 {{'tjit.fold' op stands in a kernel that reduces no dimension}}
    %1 = tjit.fold "max" %a : f32
    tjit.yield %1 : f32
  }
  return
}

// -----

#id = affine_map<(d0) -> (d0)>
func.func @unknown_fold(%x: tensor<6xf32>) {
  %0 = tjit.kernel domain [6] reduce 1 ins(%x : tensor<6xf32>) maps [#id, #id] -> tensor<6xf32> {
  ^bb0(%a: f32):
    // expected-error @+1 {{'tjit.fold' op has the unknown combiner "mean"; known are "add", "mul", "max" and "min"}}
    %1 = tjit.fold "mean" %a : f32
    tjit.yield %1 : f32
  }
  return
}
