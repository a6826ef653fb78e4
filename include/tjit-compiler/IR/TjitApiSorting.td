//===- TjitApiSorting.td - sorting and searching -----------------------------------------*- tablegen -*-===//
//
// Functions that order elements or look for them. See TjitApiBase.td for what a record means.
//
//===----------------------------------------------------------------------------------------------------===//

#ifndef TJIT_API_SORTING_TD
#define TJIT_API_SORTING_TD

include "tjit-compiler/IR/TjitApiBase.td"

#endif // TJIT_API_SORTING_TD
