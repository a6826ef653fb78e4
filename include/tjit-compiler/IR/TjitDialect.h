//===- TjitDialect.h - the tjit dialect -------------------------------------------------------===//
//
// One operation for each entry of TjitOps.td, tjit.kernel and what stands around it. See
// TjitBase.td for the dialect's place between the recorder and the code generator.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "tjit-compiler/IR/TjitDialect.h.inc"
#include "tjit-compiler/IR/TjitEnums.h.inc"

#define GET_OP_CLASSES
#include "tjit-compiler/IR/TjitOps.h.inc"
#define GET_OP_CLASSES
#include "tjit-compiler/IR/TjitKernel.h.inc"
