//===- GenInfer.cpp - from an operation's kind to its inference rule --------------------------===//

#include "OpModel.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace tjit::tblgen;

static bool genInferDispatch(const RecordKeeper &records, raw_ostream &os) {
  OpModel model(records);
  os << "// Included in lib/IR/Infer.cpp, in namespace tjit, in the order of OpKind.\n"
        "using InferRule = bool (*)(InferContext &);\n"
        "static constexpr InferRule kInferRules[] = {\n";
  for (const Operation &op : model.operations())
    os << "    infer::" << op.inference << ", // " << op.mnemonic << "\n";
  os << "};\n";
  return false;
}

static mlir::GenRegistration
    registration("gen-infer-dispatch", "Generate the table of inference rules", genInferDispatch);
