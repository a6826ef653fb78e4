//===- Program.cpp - random programs: making, running, printing, shrinking -------------------===//

#include "Program.h"

#include "IR/Half.h"

#include <cmath>
#include <cstring>
#include <sstream>

using namespace tjit;
using namespace tjit::fuzz;

namespace {

constexpr int64_t kLargestValue = 200000; // elements

Tensor execute(const Statement &statement, const std::vector<Tensor> &values) {
  std::vector<Tensor> operands;
  for (int v : statement.operands)
    operands.push_back(values[v]);
  return statement.action->run(operands.data(), statement.numbers.data());
}

Observation observe(std::string name, const Tensor &tensor) {
  Tensor dense = tensor.detach().contiguous();
  auto *data = static_cast<const std::byte *>(dense.const_data_ptr());
  IntArrayRef sizes = dense.sizes();
  return {std::move(name),
          dense.scalar_type(),
          {sizes.begin(), sizes.end()},
          {data, data + dense.nbytes()}};
}

double element(const Observation &o, size_t i) {
  auto read = [&]<class T>(T value) {
    std::memcpy(&value, o.bytes.data() + i * sizeof(T), sizeof(T));
    return value;
  };
  switch (o.dtype) {
  case kDouble:
    return read(double());
  case kFloat:
    return read(float());
  case kHalf:
    return float16ToFloat(read(uint16_t()));
  case kBFloat16:
    return bfloat16ToFloat(read(uint16_t()));
  case kLong:
    return static_cast<double>(read(int64_t()));
  case kInt:
    return read(int32_t());
  case kShort:
    return read(int16_t());
  case kChar:
    return read(int8_t());
  default:
    return read(uint8_t());
  }
}

std::string difference(const Observation &expected, const Observation &got) {
  std::ostringstream out;
  out.precision(17);
  if (expected.dtype != got.dtype || expected.sizes != got.sizes) {
    out << expected.name << ": another dtype or shape";
    return out.str();
  }
  size_t size = elementSize(expected.dtype), count = expected.bytes.size() / size;
  for (size_t i = 0; i < count; ++i) {
    if (!std::memcmp(expected.bytes.data() + i * size, got.bytes.data() + i * size, size))
      continue;
    double e = element(expected, i), g = element(got, i);
    if (std::isnan(e) && std::isnan(g))
      continue;
    out << expected.name << ": element " << i << " of " << count << " is " << g << ", not " << e;
    return out.str();
  }
  return {};
}

class ProgramGenerator {
public:
  explicit ProgramGenerator(uint64_t seed) : engine(seed), program{seed, {}} { manual_seed(seed); }

  Program make() {
    size_t leaves = 2 + below(3), total = leaves + 3 + below(12);
    for (int attempts = 0; attempts < 300 && program.statements.size() < total; ++attempts)
      attempt(program.statements.size() < leaves);
    return program;
  }

private:
  size_t below(size_t n) { return engine() % n; }

  /// Operands are recent results more often than not, so that programs are deep.
  int pickOperand() {
    size_t n = values.size();
    return static_cast<int>(below(2) ? below(n) : n - 1 - below(std::min<size_t>(n, 3)));
  }
  void attempt(bool leaf) {
    Statement statement{&actions()[below(actions().size())], {}, {}};
    if ((statement.action->operands == 0) != leaf)
      return;
    for (int i = 0; i < statement.action->operands; ++i)
      statement.operands.push_back(pickOperand());
    for (const char *kind = statement.action->numbers; *kind; ++kind) {
      int64_t range = numberRange(*kind);
      // Large shapes are rare.
      if (*kind == 'S' && below(6))
        range -= 7;
      statement.numbers.push_back(static_cast<int64_t>(below(range)));
    }
    try {
      Tensor value = execute(statement, values);
      if (!value.defined() || value.numel() > kLargestValue)
        return; // what it did in place is forgotten with the values made here
      eval(value);
      values.push_back(value);
      program.statements.push_back(statement);
    } catch (const Error &) {
      // Refused by the call or by the evaluation: not part of the program.
    }
  }

  std::mt19937_64 engine;
  Program program;
  std::vector<Tensor> values;
};

/// A step of an optimizer, where there is a gradient.
void update(const Tensor &t) {
  NoGradGuard guard;
  if (t.is_leaf() && t.grad().defined()) {
    t.sub_(t.grad() * 0.125);
    t.mutable_grad().reset();
  }
}

/// Without statement `at`; its users take its first operand. None if something depends on a leaf
/// that goes.
std::optional<Program> without(const Program &program, int at) {
  const Statement &removed = program.statements[at];
  Program smaller{program.seed, {}};
  for (int i = 0; i < static_cast<int>(program.statements.size()); ++i) {
    if (i == at)
      continue;
    Statement s = program.statements[i];
    for (int &v : s.operands) {
      if (v == at && removed.operands.empty())
        return std::nullopt;
      v = v == at ? removed.operands[0] : v;
      v -= v > at;
    }
    smaller.statements.push_back(s);
  }
  return smaller;
}

} // namespace

Program fuzz::generate(uint64_t seed) { return ProgramGenerator(seed).make(); }

Outcome fuzz::run(const Program &program) {
  manual_seed(program.seed);
  Outcome outcome;
  std::vector<Tensor> values;
  size_t at = 0;
  try {
    for (const Statement &statement : program.statements) {
      values.push_back(execute(statement, values));
      ++at;
    }
    for (size_t i = 0; i < values.size(); ++i) {
      std::string name = "t" + std::to_string(i);
      outcome.observations.push_back(observe(name, values[i]));
      if (values[i].is_leaf() && values[i].requires_grad() && values[i].grad().defined())
        outcome.observations.push_back(observe(name + ".grad()", values[i].grad()));
    }
  } catch (const std::exception &error) {
    outcome.error = "t" + std::to_string(at) + ": " + error.what();
  }
  return outcome;
}

Outcome fuzz::runCalls(const Program &program, bool compiled, size_t *runs) {
  manual_seed(program.seed);
  Outcome outcome;
  // Every second leaf is a tensor that the function finds, the others are its arguments.
  const auto leaf = [](const Statement &s) { return s.action->operands == 0; };
  std::vector<Tensor> found;
  auto observeLeaf = [&](const std::string &name, const Tensor &t) {
    outcome.observations.push_back(observe(name, t));
    if (t.is_leaf() && t.requires_grad() && t.grad().defined())
      outcome.observations.push_back(observe(name + ".grad()", t.grad()));
  };
  auto body = [&](const std::vector<Tensor> &arguments) {
    ++*runs;
    std::vector<Tensor> values;
    size_t leaves = 0;
    for (const Statement &statement : program.statements)
      if (leaf(statement)) {
        const size_t number = leaves++;
        values.push_back(number % 2 ? arguments[number / 2] : found[number / 2]);
      } else {
        values.push_back(execute(statement, values));
      }
    if (program.seed % 2)
      for (size_t i = 0; i < program.statements.size(); ++i)
        if (leaf(program.statements[i]))
          update(values[i]);
    return values.back().detach().clone();
  };
  auto function = compile(body);
  try {
    size_t number = 0;
    for (const Statement &statement : program.statements)
      if (leaf(statement) && number++ % 2 == 0)
        found.push_back(execute(statement, {}));
    for (int call = 0; call < 3; ++call) {
      std::vector<Tensor> arguments;
      number = 0;
      for (const Statement &statement : program.statements)
        if (leaf(statement) && number++ % 2)
          arguments.push_back(execute(statement, {}));
      const std::string name = "call " + std::to_string(call);
      outcome.observations.push_back(
          observe(name, compiled ? function(arguments) : body(arguments)));
      for (size_t i = 0; i < arguments.size(); ++i)
        observeLeaf(name + ", argument " + std::to_string(i), arguments[i]);
      for (size_t i = 0; i < found.size(); ++i)
        observeLeaf(name + ", found " + std::to_string(i), found[i]);
    }
  } catch (const std::exception &error) {
    outcome.error = error.what();
  }
  return outcome;
}

std::string fuzz::difference(const Outcome &expected, const Outcome &got) {
  if (expected.error != got.error)
    return "throws \"" + got.error + "\", not \"" + expected.error + "\"";
  if (expected.observations.size() != got.observations.size())
    return "has other gradients";
  for (size_t i = 0; i < expected.observations.size(); ++i)
    if (std::string d = ::difference(expected.observations[i], got.observations[i]); !d.empty())
      return d;
  return {};
}

std::string fuzz::text(const Program &program) {
  std::ostringstream out;
  out << "#include <tjit/torch.h>\n#include <iostream>\n\nint main() {\n  torch::manual_seed("
      << program.seed << ");\n";
  for (size_t i = 0; i < program.statements.size(); ++i) {
    const Statement &s = program.statements[i];
    std::string call;
    for (const char *p = s.action->text; *p; ++p)
      if (*p == '$')
        call += "t" + std::to_string(s.operands[*++p - '0']);
      else if (*p == '#') {
        ++p;
        call += numberText(s.action->numbers[*p - '0'], s.numbers[*p - '0']);
      } else
        call += *p;
    bool statement = std::string_view(s.action->text).starts_with("torch::eval") ||
                     call.find("backward") != std::string::npos;
    if (statement)
      out << "  " << call << ";\n  auto t" << i << " = t" << s.operands[0] << ";\n";
    else
      out << "  auto t" << i << " = " << call << ";\n";
  }
  for (size_t i = 0; i < program.statements.size(); ++i)
    out << "  std::cout << t" << i << " << '\\n';\n";
  out << "}\n";
  return out.str();
}

Program fuzz::shrink(Program program, bool (*fails)(const Program &)) {
  auto accept = [&](const Program &candidate) {
    if (!fails(candidate))
      return false;
    program = candidate;
    return true;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (int i = static_cast<int>(program.statements.size()) - 1; i >= 0; --i)
      if (auto smaller = without(program, i))
        changed |= accept(*smaller);
    // Smaller numbers: the first shapes are the small ones, the first dtype is float32.
    for (size_t i = 0; i < program.statements.size(); ++i)
      for (size_t k = 0; k < program.statements[i].numbers.size(); ++k)
        for (int64_t n = 0; n < program.statements[i].numbers[k]; ++n) {
          Program candidate = program;
          candidate.statements[i].numbers[k] = n;
          if (accept(candidate)) {
            changed = true;
            break;
          }
        }
  }
  return program;
}
