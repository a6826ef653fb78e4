//===- TjitApi.td - functions and methods of the tensor API ------------------------------*- tablegen -*-===//
//
// All of the public API: one file for every kind of function. TjitApiBase.td says what a record means and what tjit-tblgen
// makes from it.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_TD
#define TJIT_API_TD

include "tjit-compiler/IR/TjitApiCreation.td"
include "tjit-compiler/IR/TjitApiElementwise.td"
include "tjit-compiler/IR/TjitApiReduction.td"
include "tjit-compiler/IR/TjitApiViews.td"
include "tjit-compiler/IR/TjitApiMovement.td"
include "tjit-compiler/IR/TjitApiNn.td"
include "tjit-compiler/IR/TjitApiNnPlain.td"
include "tjit-compiler/IR/TjitApiNnMore.td"
include "tjit-compiler/IR/TjitApiLinalg.td"
include "tjit-compiler/IR/TjitApiSorting.td"
include "tjit-compiler/IR/TjitApiSpecial.td"

#endif // TJIT_API_TD
