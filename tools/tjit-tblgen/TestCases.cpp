//===- TestCases.cpp - the generated tests of an operation, from its entry --------------------===//
//
//   "3x4xT, 3x2xi64 | dim = 1, sizes = [2, 3], keepdim = true, dtype = f64, value = 1.5"
//
// Operand types, T being the dtype under test, then every attribute in its order. i64 operands hold
// zeros and ones.
//
//===------------------------------------------------------------------------------------------===//

#include "TestCases.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/TableGen/Error.h"
#include "llvm/TableGen/Record.h"

#include <bit>

using namespace llvm;

namespace tjit::tblgen {

int scalarTypeNumber(StringRef mlirName) {
  static constexpr const char *names[] = {"i1",  "ui8", "i8",   "i16", "i32",
                                          "i64", "f16", "bf16", "f32", "f64"};
  for (int i = 0; i < 10; ++i)
    if (mlirName == names[i])
      return i;
  return -1;
}

namespace {

/// One case's text, read from left to right.
class CaseParser {
public:
  CaseParser(const Operation &op, StringRef text) : op(op), text(text), rest(text) {}

  TestCase parse() {
    TestCase out;
    out.text = text;
    auto [types, attributes] = text.split('|');
    SmallVector<StringRef> list;
    types.split(list, ',', -1, false);
    for (StringRef type : list)
      if (!type.trim().empty())
        out.operandTypes.push_back(type.trim().str());
    if (!op.variadic() && out.operandTypes.size() != op.operands.size())
      fail("expected " + Twine(op.operands.size()) + " operand types");
    rest = attributes;
    for (const Attribute &attribute : op.attributes) {
      expect(attribute.name);
      expect("=");
      parseValue(attribute, out.words);
      skipSpace();
      if (&attribute != &op.attributes.back())
        expect(",");
    }
    skipSpace();
    if (!rest.empty())
      fail("unexpected '" + rest + "'");
    return out;
  }

private:
  [[noreturn]] void fail(const Twine &message) {
    PrintFatalError(op.def, "test case \"" + text + "\" of '" + op.mnemonic + "': " + message);
  }
  void skipSpace() { rest = rest.ltrim(); }
  void expect(StringRef token) {
    skipSpace();
    if (!rest.consume_front(token))
      fail("expected '" + token + "' before '" + rest + "'");
  }
  StringRef word() {
    skipSpace();
    StringRef w =
        rest.take_while([](char c) { return isAlnum(c) || c == '-' || c == '.' || c == '_'; });
    rest = rest.drop_front(w.size());
    return w;
  }
  int64_t integer() {
    int64_t value;
    StringRef w = word();
    if (w.getAsInteger(10, value))
      fail("expected an integer, found '" + w + "'");
    return value;
  }

  void parseValue(const Attribute &attribute, std::vector<int64_t> &words) {
    switch (attribute.kind) {
    case AttrKind::i64:
      return words.push_back(integer());
    case AttrKind::boolean: {
      StringRef w = word();
      if (w != "true" && w != "false")
        fail("expected true or false, found '" + w + "'");
      return words.push_back(w == "true");
    }
    case AttrKind::f64: {
      double value;
      StringRef w = word();
      if (w.getAsDouble(value))
        fail("expected a number, found '" + w + "'");
      return words.push_back(std::bit_cast<int64_t>(value));
    }
    case AttrKind::dtype: {
      StringRef w = word();
      int number = w == "T" ? 10 : scalarTypeNumber(w);
      if (number < 0)
        fail("expected a dtype or T, found '" + w + "'");
      return words.push_back(number);
    }
    case AttrKind::enumeration: {
      StringRef w = word();
      for (const Record *c : attribute.enumDef->getValueAsListOfDefs("enumerants"))
        if (c->getValueAsString("symbol") == w)
          return words.push_back(c->getValueAsInt("value"));
      fail("'" + w + "' is no case of " + attribute.enumDef->getName());
    }
    case AttrKind::i64Array: {
      std::vector<int64_t> values;
      expect("[");
      for (skipSpace(); !rest.starts_with("]"); skipSpace()) {
        if (!values.empty())
          expect(",");
        values.push_back(integer());
      }
      expect("]");
      words.push_back(values.size());
      words.insert(words.end(), values.begin(), values.end());
      return;
    }
    }
  }

  const Operation &op;
  StringRef text, rest;
};

} // namespace

std::vector<TestCase> readTestCases(const Operation &op) {
  std::vector<StringRef> texts = op.def->getValueAsListOfStrings("testCases");
  if (texts.empty() && op.attributes.empty() && !op.variadic()) {
    if (op.operands.size() == 1)
      texts = {"3x4xT", "T", "0x4xT", "2x3x5xT"};
    else if (op.operands.size() == 2)
      texts = {"3x4xT, 3x4xT", "3x4xT, 4xT", "3x1xT, 1x5xT", "T, 2x3xT", "T, T", "0x4xT, 4xT"};
  }
  if (texts.empty())
    PrintFatalError(op.def, "'" + op.mnemonic + "' needs testCases");
  std::vector<TestCase> cases;
  for (StringRef text : texts)
    cases.push_back(CaseParser(op, text).parse());
  return cases;
}

} // namespace tjit::tblgen
