//===- GeneratedTests.h - the test cases that stand in TjitOps.td -----------------------------===//
#pragma once

#include "IR/Infer.h"

#include <string>
#include <vector>

namespace tjit {

/// A case of the manifest: operand types and attribute words; Undefined stands for the dtype under
/// test.
struct GeneratedTest {
  OpKind kind;
  const char *text;
  std::vector<TensorType> operands;
  std::vector<int64_t> words;
};

inline const std::vector<GeneratedTest> &generatedTests() {
  static const std::vector<GeneratedTest> tests = {
#include "test/TestManifest.inc"
  };
  return tests;
}

/// The case at a dtype; false where the operation does not take it or the case does not name T
/// (then only float32 is asked for).
inline bool instantiate(const GeneratedTest &test, ScalarType dtype, GeneratedTest &out) {
  out = test;
  bool generic = false;
  for (TensorType &type : out.operands)
    if (type.dtype == ScalarType::Undefined)
      type.dtype = dtype, generic = true;
  const OpInfo &info = opInfo(test.kind);
  size_t at = 0;
  for (unsigned i = 0; i < info.numAttributes; ++i) {
    if (info.attributes[i].kind == AttrKind::i64Array) {
      at += out.words[at] + 1;
      continue;
    }
    if (info.attributes[i].kind == AttrKind::dtype &&
        out.words[at] == static_cast<int64_t>(ScalarType::Undefined))
      out.words[at] = static_cast<int64_t>(dtype), generic = true;
    ++at;
  }
  return (generic || dtype == ScalarType::Float) &&
         (info.dtypeMask >> static_cast<unsigned>(dtype) & 1);
}

/// The result type of an instantiated case.
inline bool inferResult(const GeneratedTest &test, TensorType &result, std::string &error) {
  std::vector<const TensorType *> pointers;
  for (const TensorType &type : test.operands)
    pointers.push_back(&type);
  InferContext context{test.kind, pointers, test.words.data(), {}, {}};
  bool ok = inferType(context);
  result = context.result;
  error = context.error;
  return ok;
}

} // namespace tjit
