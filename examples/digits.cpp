//===- digits.cpp -----------------------------------------------------------------------------===//
// Train a classifier of handwritten digits, in plain tensor calls.
//
//   tjit-digits [examples/data/digits.csv]
//
// A network 64-128-10 with ReLU, cross-entropy, SGD with momentum. Nothing here asks for
// compilation: the library records the calls, compiles each training step once, and runs it from
// the cache. The last batch of an epoch is short, so there are two steps to compile. Counts in the
// progress lines are those of the epoch.
//
//===------------------------------------------------------------------------------------------===//

#include <tjit/torch.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int64_t kPixels = 64, kHidden = 128, kDigits = 10;
constexpr int64_t kTrain = 1500, kBatch = 64, kEpochs = 20;
constexpr double kLearningRate = 0.1, kMomentum = 0.9;

struct Data {
  torch::Tensor images; // [rows, 64] float32, 0 to 1
  torch::Tensor labels; // [rows] int64
};

/// Reads rows of 64 pixels (0 to 16) and a label. Throws std::runtime_error naming file and line.
Data readDigits(const std::string &path) {
  std::ifstream in(path);
  if (!in)
    throw std::runtime_error("cannot read '" + path + "'; give the path of digits.csv");
  std::vector<float> pixels;
  std::vector<int64_t> labels;
  std::string line;
  for (int64_t number = 1; std::getline(in, line); ++number) {
    std::istringstream fields(line);
    std::string field;
    std::vector<float> row;
    while (std::getline(fields, field, ','))
      row.push_back(std::strtof(field.c_str(), nullptr));
    if (number == 1 && !line.empty() && !std::isdigit(static_cast<unsigned char>(line[0])))
      continue; // a header
    if (row.size() != kPixels + 1)
      throw std::runtime_error(path + ":" + std::to_string(number) +
                               ": expected 65 fields, found " + std::to_string(row.size()));
    for (int64_t i = 0; i < kPixels; ++i)
      pixels.push_back(row[i] / 16.f);
    labels.push_back(static_cast<int64_t>(row[kPixels]));
  }
  const auto rows = static_cast<int64_t>(labels.size());
  return {torch::tensor(pixels).view({rows, kPixels}), torch::tensor(labels)};
}

struct Network {
  torch::Tensor w1, b1, w2, b2;

  Network() {
    auto layer = [](int64_t in, int64_t out) {
      return (torch::randn({in, out}) * std::sqrt(2.0 / in)).requires_grad_(true);
    };
    w1 = layer(kPixels, kHidden), w2 = layer(kHidden, kDigits);
    b1 = torch::zeros({kHidden}, torch::requires_grad());
    b2 = torch::zeros({kDigits}, torch::requires_grad());
  }
  torch::Tensor forward(const torch::Tensor &x) const {
    return torch::relu(x.matmul(w1) + b1).matmul(w2) + b2;
  }
  std::vector<torch::Tensor> parameters() const { return {w1, b1, w2, b2}; }
};

double accuracy(const Network &network, const torch::Tensor &images, const torch::Tensor &labels) {
  torch::NoGradGuard guard;
  return network.forward(images).argmax(1).eq(labels).to(torch::kFloat32).mean().item<double>();
}

/// One epoch: the mean loss of its batches.
double trainEpoch(Network &network, std::vector<torch::Tensor> &momenta, const Data &data,
                  const torch::Tensor &order) {
  auto images = data.images.index_select(0, order), labels = data.labels.index_select(0, order);
  auto total = torch::zeros({});
  for (int64_t at = 0; at < kTrain; at += kBatch) {
    const int64_t end = std::min(at + kBatch, kTrain);
    auto loss =
        torch::cross_entropy(network.forward(images.slice(0, at, end)), labels.slice(0, at, end));
    loss.backward();
    torch::NoGradGuard guard;
    auto parameters = network.parameters();
    for (size_t i = 0; i < parameters.size(); ++i) {
      momenta[i].mul_(kMomentum).add_(parameters[i].grad());
      parameters[i].sub_(momenta[i], kLearningRate);
      parameters[i].mutable_grad().reset();
    }
    total += loss.detach() * static_cast<double>(end - at);
  }
  return total.item<double>() / kTrain;
}

void drawDigit(const float *pixels) {
  for (int y = 0; y < 8; ++y) {
    std::printf("    ");
    for (int x = 0; x < 8; ++x) {
      const int shade = std::min(4, static_cast<int>(pixels[y * 8 + x] * 5));
      std::printf("%c%c", " .:*#"[shade], " .:*#"[shade]);
    }
    std::printf("\n");
  }
}

void showResult(const Network &network, const torch::Tensor &images, const torch::Tensor &labels) {
  torch::NoGradGuard guard;
  auto predicted = network.forward(images).argmax(1).contiguous();
  const auto *guesses = predicted.const_data_ptr<int64_t>();
  auto truth = labels.contiguous();
  const auto *digits = truth.const_data_ptr<int64_t>();
  auto pixels = images.contiguous();
  const auto *pixel = pixels.const_data_ptr<float>();
  const int64_t rows = labels.size(0);

  int64_t counts[kDigits][kDigits] = {};
  for (int64_t i = 0; i < rows; ++i)
    ++counts[digits[i]][guesses[i]];
  std::printf("\nConfusion matrix (rows: the digit, columns: what was read)\n      ");
  for (int64_t j = 0; j < kDigits; ++j)
    std::printf("%4lld", static_cast<long long>(j));
  std::printf("\n");
  for (int64_t i = 0; i < kDigits; ++i) {
    std::printf("   %lld  ", static_cast<long long>(i));
    for (int64_t j = 0; j < kDigits; ++j)
      if (counts[i][j])
        std::printf("%4lld", static_cast<long long>(counts[i][j]));
      else
        std::printf("   .");
    std::printf("\n");
  }
  std::printf("\nSome that were misread\n");
  for (int64_t i = 0, shown = 0; i < rows && shown < 3; ++i)
    if (digits[i] != guesses[i]) {
      std::printf("  a %lld, read as %lld\n", static_cast<long long>(digits[i]),
                  static_cast<long long>(guesses[i]));
      drawDigit(pixel + i * kPixels);
      ++shown;
    }
}

int run(const std::string &path) {
  torch::manual_seed(1);
  const Data data = readDigits(path);
  const int64_t rows = data.labels.size(0);
  const Data train{data.images.slice(0, 0, kTrain), data.labels.slice(0, 0, kTrain)};
  const auto testImages = data.images.slice(0, kTrain, rows),
             testLabels = data.labels.slice(0, kTrain, rows);
  std::printf("%lld images train, %lld test; network 64-128-10, SGD %.1f with momentum %.1f, "
              "batches of %lld\n",
              static_cast<long long>(kTrain), static_cast<long long>(rows - kTrain), kLearningRate,
              kMomentum, static_cast<long long>(kBatch));

  Network network;
  std::vector<torch::Tensor> momenta;
  for (auto &p : network.parameters())
    momenta.push_back(torch::zeros_like(p.detach()));

  std::printf("%6s %9s %9s %9s %10s %9s %6s\n", "epoch", "loss", "train", "test", "steps/s",
              "compiled", "hits");
  constexpr int64_t steps = (kTrain + kBatch - 1) / kBatch;
  double last = 0;
  for (int64_t epoch = 1; epoch <= kEpochs; ++epoch) {
    torch::resetStatistics();
    auto order = torch::randperm(kTrain);
    const auto start = std::chrono::steady_clock::now();
    const double loss = trainEpoch(network, momenta, train, order);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double onTrain = accuracy(network, train.images, train.labels);
    last = accuracy(network, testImages, testLabels);
    const auto counts = torch::statistics();
    std::printf("%6lld %9.4f %8.1f%% %8.1f%% %10.0f %9llu %6llu\n", static_cast<long long>(epoch),
                loss, onTrain * 100, last * 100, steps / seconds,
                static_cast<unsigned long long>(counts.compilations),
                static_cast<unsigned long long>(counts.hits));
    std::fflush(stdout);
  }
  showResult(network, testImages, testLabels);
  std::printf("\n%.1f%% of the %lld test digits are read correctly\n", last * 100,
              static_cast<long long>(rows - kTrain));
  return last >= 0.91 ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
  try {
    return run(argc > 1 ? argv[1] : "examples/data/digits.csv");
  } catch (const std::exception &error) {
    std::fprintf(stderr, "tjit-digits: %s\n", error.what());
    return 1;
  }
}
