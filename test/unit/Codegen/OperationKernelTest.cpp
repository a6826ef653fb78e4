//===- OperationKernelTest.cpp ----------------------------------------------------------------===//
// Every elementwise operation, compiled against interpreted.
//
// Walks the table of operations, so that one without code, or with other bits than the
// interpreter's, is found here.
//
//===------------------------------------------------------------------------------------------===//
#include "IR/DTypes.h"
#include "IR/Half.h"
#include "IR/Infer.h"
#include "RunKernel.h"
#include "Runtime/Interpreter.h"

#include "llvm/ADT/StringExtras.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace tjit;
using namespace tjit::codegen;

namespace {

constexpr int64_t kPoints = 301;

bool allows(const char *dtypes, ScalarType dtype) {
  std::string_view set = dtypes;
  bool isFloat = isFloatingType(dtype);
  return set == "all" || (set == "float" && isFloat) ||
         (set == "number" && dtype != ScalarType::Bool) || (set == "integral" && !isFloat);
}

/// Bytes of kPoints elements: ordinary and extreme values. `divisor`: none is zero.
std::vector<uint8_t> elements(ScalarType dtype, uint64_t seed, bool divisor = false) {
  size_t size = elementSize(dtype);
  std::vector<uint8_t> bytes(kPoints * size);
  uint64_t state = seed * 0x9e3779b97f4a7c15ull + 1;
  for (int64_t i = 0; i < kPoints; ++i) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    uint64_t random = state >> 16;
    double real = static_cast<double>(static_cast<int64_t>(random % 20001) - 10000) / 1000;
    constexpr double kSpecial[] = {0,     -0.0,  INFINITY, -INFINITY, NAN, 1e30, -1e30,
                                   1e-40, 65520, 3e9,      -1e19,     0.5, 1,    -1};
    if (i % 5 == 0)
      real = kSpecial[random % std::size(kSpecial)];
    uint64_t integer =
        i % 5 == 0 ? (random % 2 ? uint64_t(1) << (8 * size - 1) : ~uint64_t(0)) : random % 23 - 8;
    if (i % 7 == 0)
      integer = random;
    if (dtype == ScalarType::Bool)
      integer &= 1;
    if (divisor && (integer << (64 - 8 * size)) == 0)
      integer = 3;
    float single = static_cast<float>(real);
    uint16_t half = dtype == ScalarType::Half ? floatToFloat16(single) : floatToBFloat16(single);
    const void *from = &integer;
    if (dtype == ScalarType::Float)
      from = &single;
    else if (dtype == ScalarType::Double)
      from = &real;
    else if (size == 2 && isFloatingType(dtype))
      from = &half;
    std::memcpy(&bytes[i * size], from, size);
  }
  return bytes;
}

/// Which NaN comes out is not part of the contract.
bool isNan(ScalarType dtype, const uint8_t *p) {
  uint16_t half;
  float single;
  double real;
  std::memcpy(&half, p, 2);
  switch (dtype) {
  case ScalarType::Half:
    return (half & 0x7fff) > 0x7c00;
  case ScalarType::BFloat16:
    return (half & 0x7fff) > 0x7f80;
  case ScalarType::Float:
    std::memcpy(&single, p, 4);
    return std::isnan(single);
  case ScalarType::Double:
    std::memcpy(&real, p, 8);
    return std::isnan(real);
  default:
    return false;
  }
}

struct Application {
  OpKind kind;
  std::vector<int> operands; ///< of the kernel's inputs
  std::vector<int64_t> attributes;
  ScalarType result;
};

/// One kernel that applies all of `applications` to inputs of the given dtypes, against the
/// interpreter.
void check(const std::vector<ScalarType> &dtypes, std::vector<std::vector<uint8_t>> inputs,
           const std::vector<Application> &applications, const std::string &cpu) {
  KernelText k;
  k.domain = {kPoints};
  auto tensor = [](ScalarType dtype) {
    return "tensor<" + std::to_string(kPoints) + "x" + mlirName(dtype) + ">";
  };
  for (ScalarType dtype : dtypes)
    k.inputs.push_back(tensor(dtype));
  std::string yields, types;
  for (size_t i = 0; i < applications.size(); ++i) {
    const Application &a = applications[i];
    std::string operands, operandTypes, value = "%v" + std::to_string(i);
    for (int input : a.operands) {
      operands += (operands.empty() ? "%a" : ", %a") + std::to_string(input);
      operandTypes += (operandTypes.empty() ? "" : ", ") + std::string(mlirName(dtypes[input]));
    }
    std::string attributes =
        a.kind == OpKind::cast ? " {dtype = " + std::string(mlirName(a.result)) + "}" : "";
    k.body += value + " = tjit." + opInfo(a.kind).mnemonic + " " + operands + attributes + " : (" +
              operandTypes + ") -> " + mlirName(a.result) + "\n";
    yields += (i ? ", " : "") + value;
    types += (i ? ", " : "") + std::string(mlirName(a.result));
    k.results.push_back(tensor(a.result));
  }
  k.body += "tjit.yield " + yields + " : " + types;
  k.maps.assign(k.inputs.size() + k.results.size(), "(d0) -> (d0)");
  RunKernel run(k, cpu);
  ASSERT_TRUE(run.ok);
  std::vector<void *> args;
  for (auto &input : inputs)
    args.push_back(input.data());
  std::vector<std::vector<uint8_t>> outputs;
  for (const Application &a : applications)
    outputs.emplace_back(kPoints * elementSize(a.result), 0xcd);
  for (auto &output : outputs)
    args.push_back(output.data());
  run(args, 2);

  const int64_t size = kPoints, stride = 1;
  for (size_t i = 0; i < applications.size(); ++i) {
    const Application &a = applications[i];
    std::vector<TensorRef> operands;
    for (int input : a.operands)
      operands.push_back({inputs[input].data(), dtypes[input], {&size, 1}, {&stride, 1}});
    size_t bytes = elementSize(a.result);
    std::vector<uint8_t> expected(kPoints * bytes);
    interpretOp(a.kind, a.attributes, operands,
                {expected.data(), a.result, {&size, 1}, {&stride, 1}});
    for (int64_t p = 0; p < kPoints; ++p) {
      const uint8_t *got = &outputs[i][p * bytes], *want = &expected[p * bytes];
      if (std::memcmp(got, want, bytes) == 0 || (isNan(a.result, got) && isNan(a.result, want)))
        continue;
      std::string values;
      for (int input : a.operands) {
        uint64_t bits = 0;
        size_t n = elementSize(dtypes[input]);
        std::memcpy(&bits, &inputs[input][p * n], n);
        values += " 0x" + llvm::utohexstr(bits);
      }
      uint64_t gotBits = 0, wantBits = 0;
      std::memcpy(&gotBits, got, bytes);
      std::memcpy(&wantBits, want, bytes);
      ADD_FAILURE() << opInfo(a.kind).mnemonic << " of " << mlirName(dtypes[a.operands[0]])
                    << values << " gave 0x" << llvm::utohexstr(gotBits) << ", not 0x"
                    << llvm::utohexstr(wantBits) << " on " << cpu;
      break;
    }
  }
}

class Operation : public testing::TestWithParam<std::tuple<std::string, int>> {};
INSTANTIATE_TEST_SUITE_P(Cpus, Operation,
                         testing::Combine(testing::ValuesIn(runnableCpus()),
                                          testing::Range(0, kNumScalarTypes)),
                         [](const auto &info) {
                           return nameOf(std::get<0>(info.param)) + "_" +
                                  mlirName(static_cast<ScalarType>(std::get<1>(info.param)));
                         });

TEST_P(Operation, HasTheInterpretersBits) {
  auto [cpu, number] = GetParam();
  auto dtype = static_cast<ScalarType>(number);
  std::vector<Application> applications;
  for (unsigned i = 0; i < kNumOps; ++i) {
    const OpInfo &info = kOpTable[i];
    auto kind = static_cast<OpKind>(i);
    if (info.opClass != OpClass::elementwise || !allows(info.dtypes, dtype))
      continue;
    // cast has a test of its own; the others have no code, a plan interprets them.
    if (info.numAttributes || kind == OpKind::zeta || kind == OpKind::gcd)
      continue;
    Application a{kind, {}, {}, dtype};
    bool divides =
        kind == OpKind::floor_divide || kind == OpKind::remainder || kind == OpKind::fmod;
    // Without fused multiply-adds, functions of float64 are interpreted (canEmit).
    if (dtype == ScalarType::Double && (info.maxUlp > 0 || divides) && !makeTarget(cpu)->hasFma)
      continue;
    if (kind == OpKind::where)
      a.operands = {3, 0, 1};
    else if (info.numOperands == 2)
      a.operands = {0, divides ? 2 : 1};
    else
      a.operands = {0};
    std::vector<TensorType> types;
    for (int operand : a.operands)
      types.push_back({operand == 3 ? ScalarType::Bool : dtype, {kPoints}});
    std::vector<const TensorType *> pointers;
    for (const TensorType &type : types)
      pointers.push_back(&type);
    InferContext context{kind, pointers, nullptr, {}, {}};
    ASSERT_TRUE(inferType(context)) << info.mnemonic << ": " << context.error;
    a.result = context.result.dtype;
    applications.push_back(a);
  }
  ASSERT_FALSE(applications.empty());
  check({dtype, dtype, dtype, ScalarType::Bool},
        {elements(dtype, 1), elements(dtype, 2), elements(dtype, 3, true),
         elements(ScalarType::Bool, 4)},
        applications, cpu);
}

TEST_P(Operation, CastsToEveryDtype) {
  auto [cpu, number] = GetParam();
  auto dtype = static_cast<ScalarType>(number);
  std::vector<Application> applications;
  for (int to = 0; to < kNumScalarTypes; ++to)
    applications.push_back({OpKind::cast, {0}, {to}, static_cast<ScalarType>(to)});
  check({dtype}, {elements(dtype, 5)}, applications, cpu);
}

} // namespace
