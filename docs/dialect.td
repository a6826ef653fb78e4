// The whole dialect in one file, for the generated reference (target tjit-docs).
include "tjit-compiler/IR/TjitOps.td"
include "tjit-compiler/IR/TjitKernel.td"
