//===- ApiTable.h -----------------------------------------------------------------------------===//
#pragma once

#include "ApiCall.h"

namespace tjit::api {

/// Every form of every overload of the API, in the order of TjitApi*.td.
const std::vector<Overload> &overloads();

} // namespace tjit::api
