// A program of somebody else's: creates, differentiates, reads.
#include <tjit/torch.h>

#include <cstdio>

int main() {
  auto a = torch::tensor({1.0, 2.0, 3.0}, torch::requires_grad());
  auto loss = (a * a).sum();
  loss.backward();
  const bool ok =
      loss.item<float>() == 14.f && torch::allclose(a.grad(), torch::tensor({2.0, 4.0, 6.0}));
  std::printf("loss %g, %s, compiler %s\n", static_cast<double>(loss.item<float>()),
              ok ? "right" : "wrong", torch::compilerLoaded() ? "loaded" : "absent");
  return !ok;
}
