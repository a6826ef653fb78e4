//===- main.cpp -------------------------------------------------------------------------------===//
// The main function of the unit tests.
//
// Tests are about what they say: compiled code is compiled at its first use and by this build, and
// nothing is left in the user's cache. Tests of tiers and of the disk cache set their own settings.
//
//===------------------------------------------------------------------------------------------===//

#include <cstdlib>
#include <gtest/gtest.h>

int main(int argc, char **argv) {
  setenv("TJIT_ON_MISS", "block", 0);
  setenv("TJIT_CACHE_DIR", "none", 0);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
