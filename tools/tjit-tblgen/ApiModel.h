//===- ApiModel.h - the public functions as the generators see them ---------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace llvm {
class Record;
class RecordKeeper;
} // namespace llvm

namespace tjit::tblgen {

struct Parameter {
  std::string declaration; // "int64_t dim = -1"
  std::string type, name;  // "int64_t", "dim"
  std::string definition() const { return type + (type.ends_with("&") ? "" : " ") + name; }
};

/// One overload of a function or method of the public API (a Tjit_Api record).
struct ApiFunction {
  const llvm::Record *def;
  std::string name;
  llvm::StringRef resultType, implementation;
  std::string doc;
  llvm::StringRef scope;                // namespace of the function inside tjit: "nn::functional"
  std::vector<llvm::StringRef> aliases; // namespaces that have it by a using-declaration
  std::vector<Parameter> parameters;
  bool function = false, method = false, inPlace = false;
  /// How many tensors the function's _out forms store into; 0: there are none.
  unsigned outs = 0;
  /// What dtypes the tensors that an _out form stores into may have.
  enum class OutDtype { Exact, Cast, Asked } outDtype = OutDtype::Exact;
  /// The name that the results' histories get, as a C++ literal; empty where they keep theirs.
  std::string history, historyInPlace;
  /// The results have the histories that the functions gave them of which this one is composed.
  bool composed = false;
  /// Parameters that the results' histories keep besides what operations save.
  std::vector<llvm::StringRef> saves;
  /// The derivative of the derivative by what it chooses by is zero.
  bool flat = false;
  /// The in-place form writes without a history.
  bool writesPlainly = false;
  /// The history of the in-place form has a gradient of zeros by `other` too.
  bool flatInPlace = false;
  /// Python's operators call it with a number for the first operand too.
  bool numberFirst = false;
  /// The results are copies of what the implementation returns.
  bool copied = false;
  /// What the implementation returns is stored into self.
  bool stores = false;
  /// No tensor among the arguments may be the one that the function writes to.
  bool distinct = false;
  // Of a Tjit_ApiUnary: the primitive's mnemonic, and whether integers become floats.
  llvm::StringRef primitive;
  bool toFloat = false;

  /// "add_"; of Python's "__and__" "__iand__".
  std::string inPlaceName() const;
};

/// "const Tensor &self, int64_t dim = -1", the same without defaults, "self, dim".
std::string declared(llvm::ArrayRef<Parameter> parameters);
std::string defined(llvm::ArrayRef<Parameter> parameters);
std::string names(llvm::ArrayRef<Parameter> parameters);
/// The call of the implementation with an argument for each parameter.
std::string callOf(const ApiFunction &f,
                   llvm::function_ref<std::string(const Parameter &)> argument);

/// "const Tensor &", "TensorList" or another type that holds tensors.
bool holdsTensors(const Parameter &p);
/// Of a function that computes in the dtype of the tensor that its result is stored into: the
/// argument for `p`, which is its dtype where that is what `p` says.
std::string argumentStoredInto(const ApiFunction &f, const Parameter &p, llvm::StringRef stored,
                               std::string argument);

/// The check that no tensor among the arguments overlaps `self`, which the function writes to;
/// empty where there are none.
std::string overlapCheck(const ApiFunction &f, const std::string &function, llvm::StringRef self,
                         llvm::ArrayRef<Parameter> arguments);

/// Reads and checks the records, in the order of the file.
std::vector<ApiFunction> readApi(const llvm::RecordKeeper &records);

} // namespace tjit::tblgen
