//===- main.cpp - tjit-tblgen: everything that is made from TjitOps.td and is not MLIR --------===//
//
// The generators register themselves (mlir::GenRegistration), one small file each: Gen*.cpp. They
// share one reading of the records, OpModel.h and ApiModel.h, which ends with a located error at
// what it does not understand.
//
//===------------------------------------------------------------------------------------------===//

#include "mlir/Tools/mlir-tblgen/MlirTblgenMain.h"

int main(int argc, char **argv) { return mlir::MlirTblgenMain(argc, argv); }
