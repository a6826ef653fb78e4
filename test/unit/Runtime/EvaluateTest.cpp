//===- EvaluateTest.cpp -----------------------------------------------------------------------===//
// What an evaluation computes, keeps and leaves pending.

#include "RuntimeTest.h"

using namespace tjit;
using namespace tjit::test;

namespace {

using Evaluate = RuntimeTest;

using Floats = std::vector<float>;

TEST_F(Evaluate, ComputesAChain) {
  ValueRef a = ready({1, 2, 3}), b = ready({10, 20, 30});
  ValueRef x = mul(add(a, b), b);
  EXPECT_TRUE(x->pending());
  EXPECT_EQ(read(x), (Floats{110, 440, 990}));
  EXPECT_FALSE(x->pending());
}

TEST_F(Evaluate, TakesScalarsAsArgumentsThatAreNotPartOfTheKey) {
  ValueRef a = ready({1, 2});
  for (float factor : {2.f, 3.f, 5.f})
    EXPECT_EQ(read(mul(a, number(factor))), (Floats{factor, 2 * factor}));
  EXPECT_EQ(statistics().compilations, 1u);
  EXPECT_EQ(statistics().hits, 2u);
}

TEST_F(Evaluate, GivesMemoryToAScalarThatIsAskedFor) {
  ValueRef s = number(4.5f);
  EXPECT_TRUE(s->pending());
  EXPECT_EQ(read(s), Floats{4.5f});
  EXPECT_EQ(statistics().evaluations, 0u);
  EXPECT_EQ(read(mul(ready({2}), s)), Floats{9.f});
}

TEST_F(Evaluate, UsesOneInputForAValueUsedTwice) {
  ValueRef a = ready({1, 2});
  read(mul(add(a, a), a));
  ASSERT_EQ(fakeCompilerOptions().graphs.size(), 1u);
  EXPECT_EQ(fakeCompilerOptions().graphs[0].inputs.size(), 1u);
}

TEST_F(Evaluate, DropsDeadNodes) {
  ValueRef a = ready({1, 2});
  {
    ValueRef dead = sum(add(a, a));
  }
  read(mul(a, a));
  ASSERT_EQ(fakeCompilerOptions().graphs.size(), 1u);
  EXPECT_EQ(fakeCompilerOptions().graphs[0].nodes.size(), 1u);
}

TEST_F(Evaluate, ForgetsARecordingWhoseHandlesAllDied) {
  ValueRef a = ready({1, 2});
  {
    ValueRef x = add(a, a), y = mul(x, x);
  }
  EXPECT_EQ(pendingOperations(), 0u);
  EXPECT_EQ(a->buffer->refs.load(), 1u);
  evaluateAll();
  EXPECT_EQ(statistics().evaluations, 0u);
}

TEST_F(Evaluate, LeavesCheapNamedValuesPending) {
  ValueRef a = ready({1, 2}), b = ready({3, 4});
  ValueRef named = add(a, b), result = sum(mul(named, named));
  EXPECT_EQ(read(result), Floats{16 + 36});
  EXPECT_TRUE(named->pending());
  EXPECT_EQ(fakeCompilerOptions().graphs[0].outputs.size(), 1u);
  EXPECT_EQ(read(named), (Floats{4, 6}));
}

TEST_F(Evaluate, KeepsNamedValuesThatAreNotCheap) {
  ValueRef a = ready({1, 2});
  ValueRef total = sum(a), result = add(total, total);
  EXPECT_EQ(read(result), Floats{6});
  EXPECT_FALSE(total->pending());
  EXPECT_EQ(read(total), Floats{3});
}

TEST_F(Evaluate, KeepsNamedValuesWhoseChainIsLong) {
  ValueRef a = ready({1, 2}), x = a;
  for (int i = 0; i < 9; ++i)
    x = add(x, a);
  ValueRef target = sum(x);
  read(target);
  EXPECT_FALSE(x->pending());
}

TEST_F(Evaluate, KeepsState) {
  ValueRef a = ready({1, 2}), state = add(a, a);
  state->keep = true;
  read(mul(a, a));
  EXPECT_FALSE(state->pending());
}

TEST_F(Evaluate, LeavesWhatDependsOnAnOutputPendingOnTheResult) {
  ValueRef a = ready({1, 2});
  ValueRef total = sum(a), later = add(total, total);
  EXPECT_EQ(read(total), Floats{3});
  EXPECT_TRUE(later->pending());
  EXPECT_EQ(read(later), Floats{6});
  // The second trace reads the sum, it does not compute it again.
  EXPECT_EQ(fakeCompilerOptions().graphs[1].nodes.size(), 1u);
}

TEST_F(Evaluate, KeepsAValueThatWouldBeRecomputedASecondTime) {
  ValueRef a = ready({1, 2}), named = add(a, a);
  read(sum(named));
  EXPECT_TRUE(named->pending());
  read(sum(named));
  EXPECT_FALSE(named->pending());
}

TEST_F(Evaluate, PendingValuesSurviveTheirOperands) {
  ValueRef named;
  {
    ValueRef a = ready({1, 2}), b = ready({5, 6}), total = sum(b);
    named = mul(add(a, b), number(2));
    read(total);
  }
  EXPECT_EQ(read(named), (Floats{12, 16}));
}

TEST_F(Evaluate, EvaluateAllLeavesNothingPending) {
  ValueRef a = ready({1, 2}), x = add(a, a), y = mul(x, a);
  evaluateAll();
  EXPECT_FALSE(x->pending());
  EXPECT_FALSE(y->pending());
  EXPECT_EQ(pendingOperations(), 0u);
}

TEST_F(Evaluate, EvaluatesSeveralTargetsInOneRun) {
  ValueRef a = ready({1, 2}), x = sum(a), y = add(a, a);
  Value *targets[] = {x.get(), y.get()};
  evaluate(targets);
  EXPECT_EQ(statistics().evaluations, 1u);
  EXPECT_EQ(read(y), (Floats{2, 4}));
}

TEST_F(Evaluate, SameStructureHitsTheCache) {
  for (int i = 0; i < 10; ++i) {
    ValueRef a = ready({float(i), 1}), b = ready({2, 3});
    EXPECT_EQ(read(add(mul(a, b), a)), (Floats{float(3 * i), 4}));
  }
  EXPECT_EQ(statistics().compilations, 1u);
  EXPECT_EQ(statistics().hits, 9u);
  EXPECT_EQ(statistics().evaluations, 10u);
}

TEST_F(Evaluate, OtherShapesAreOtherSignatures) {
  read(add(ready({1, 2}), ready({1, 2})));
  read(add(ready({1, 2, 3}), ready({1, 2, 3})));
  EXPECT_EQ(statistics().compilations, 2u);
}

TEST_F(Evaluate, FallsBackToTheInterpreterWhenCompilationFails) {
  fakeCompilerOptions().fail = true;
  ValueRef a = ready({1, 2});
  EXPECT_EQ(read(add(a, a)), (Floats{2, 4}));
  EXPECT_EQ(read(add(a, a)), (Floats{2, 4}));
  EXPECT_EQ(fakeCompilerOptions().calls, 1); // the failure is remembered
  EXPECT_EQ(statistics().interpretations, 2u);
}

TEST_F(Evaluate, InterpretsWithoutACompiler) {
  Context::get().compiler.use(nullptr);
  ValueRef a = counting({2, 3});
  EXPECT_EQ(read(sum(mul(a, number(2)))), Floats{30});
  EXPECT_EQ(statistics().cachedTraces, 0u);
}

TEST_F(Evaluate, InterpretModeDoesNotCompile) {
  setMode(Mode::Interpret);
  ValueRef a = ready({1, 2}), named = add(a, a);
  EXPECT_EQ(read(sum(named)), Floats{6});
  EXPECT_EQ(read(named), (Floats{2, 4}));
  EXPECT_EQ(statistics().compilations, 0u);
  EXPECT_EQ(statistics().interpretations, 2u);
}

TEST_F(Evaluate, HandlesEmptyTensors) {
  ValueRef a = ready({0, 3}, {});
  EXPECT_EQ(read(add(a, a)), Floats{});
  EXPECT_EQ(read(sum(a)), Floats{0});
}

//===------------------------------------------------------------------------------------------===//
// Views
//===------------------------------------------------------------------------------------------===//

struct ViewCase {
  const char *name;
  Dims from, sizes, strides;
  int64_t offset;
  std::vector<OpKind> operations; // that a view of a pending value becomes
};

class Views : public RuntimeTest, public ::testing::WithParamInterface<ViewCase> {};

TEST_P(Views, ReadTheSameFromReadyAndPendingValues) {
  const ViewCase &c = GetParam();
  ValueRef a = counting(c.from);
  Floats expected;
  for (int64_t i = 0, n = numElements(c.sizes); i < n; ++i) {
    int64_t rest = i, at = c.offset;
    for (size_t d = c.sizes.size(); d-- > 0; rest /= c.sizes[d])
      at += rest % c.sizes[d] * c.strides[d];
    expected.push_back(static_cast<float>(at));
  }
  EXPECT_EQ(read(viewed(a, c.sizes, c.strides, c.offset)), expected);
  ValueRef pending = add(a, number(0));
  EXPECT_EQ(read(viewed(pending, c.sizes, c.strides, c.offset)), expected);
  std::vector<OpKind> operations;
  for (const TraceNode &n : fakeCompilerOptions().graphs.back().nodes)
    if (n.kind != OpKind::add)
      operations.push_back(n.kind);
  EXPECT_EQ(operations, c.operations);
  setMode(Mode::Interpret);
  pending = add(a, number(0));
  EXPECT_EQ(read(viewed(pending, c.sizes, c.strides, c.offset)), expected);
}

INSTANTIATE_TEST_SUITE_P(
    , Views,
    ::testing::Values(
        ViewCase{"Transpose", {2, 3}, {3, 2}, {1, 3}, 0, {OpKind::permute}},
        ViewCase{"Expand", {3, 1}, {2, 3, 4}, {0, 1, 0}, 0, {OpKind::reshape, OpKind::expand}},
        ViewCase{"ExpandVector", {3}, {2, 3}, {0, 1}, 0, {OpKind::reshape, OpKind::expand}},
        ViewCase{"Reshape", {2, 6}, {3, 4}, {4, 1}, 0, {OpKind::reshape}},
        ViewCase{"Row", {3, 4}, {4}, {1}, 8, {OpKind::slice, OpKind::reshape}},
        ViewCase{"Column", {3, 4}, {3}, {4}, 1, {OpKind::slice, OpKind::reshape}},
        ViewCase{"Element", {3, 4}, {}, {}, 6, {OpKind::slice, OpKind::slice, OpKind::reshape}},
        ViewCase{"EveryOther", {8}, {4}, {2}, 1, {OpKind::slice}},
        ViewCase{"Block", {4, 4}, {2, 2}, {4, 1}, 5, {OpKind::slice, OpKind::slice}},
        ViewCase{"TransposedBlock",
                 {4, 4},
                 {2, 3},
                 {1, 4},
                 1,
                 {OpKind::slice, OpKind::slice, OpKind::permute}},
        ViewCase{"Diagonal", {3, 3}, {3}, {4}, 0, {OpKind::as_strided}},
        ViewCase{"Windows", {6}, {4, 3}, {1, 1}, 0, {OpKind::as_strided}},
        ViewCase{"Flattened", {2, 3}, {4}, {1}, 1, {OpKind::as_strided}}),
    [](const auto &info) { return info.param.name; });

TEST_F(Evaluate, OffsetsOfViewsAreNotPartOfTheKey) {
  ValueRef a = counting({5, 4});
  for (int64_t row = 0; row < 5; ++row)
    EXPECT_EQ(read(viewed(a, {4}, {1}, 4 * row))[0], 4.f * row);
  EXPECT_EQ(statistics().compilations, 1u);
}

//===------------------------------------------------------------------------------------------===//
// Memory of inputs
//===------------------------------------------------------------------------------------------===//

TEST_F(Evaluate, UpdatesInPlaceWhenNobodyElseHoldsTheInput) {
  ValueRef w = ready({1, 2, 3}), g = ready({1, 1, 1});
  const std::byte *memory = w->buffer->data;
  for (int step = 0; step < 3; ++step) {
    w = sub(w, g);
    evaluate(*w);
    EXPECT_EQ(w->buffer->data, memory);
  }
  EXPECT_EQ(read(w), (Floats{-2, -1, 0}));
  EXPECT_EQ(read(g), (Floats{1, 1, 1}));
}

TEST_F(Evaluate, DoesNotOverwriteWhatSomebodyHolds) {
  ValueRef w = ready({1, 2, 3}), old = w, g = ready({1, 1, 1});
  w = sub(w, g);
  EXPECT_EQ(read(w), (Floats{0, 1, 2}));
  EXPECT_EQ(read(old), (Floats{1, 2, 3}));
}

TEST_F(Evaluate, DoesNotOverwriteWhatAPendingValueReads) {
  ValueRef w = ready({1, 2, 3}), g = ready({1, 1, 1});
  ValueRef named = mul(w, number(10));
  w = sub(w, g);
  EXPECT_EQ(read(w), (Floats{0, 1, 2}));
  EXPECT_TRUE(named->pending());
  EXPECT_EQ(read(named), (Floats{10, 20, 30}));
}

TEST_F(Evaluate, DoesNotOverwriteForeignMemory) {
  float memory[2] = {1, 2};
  ValueRef w = Value::ready({kFloat, {2}}, Buffer::borrow(memory, sizeof memory, nullptr));
  w = add(w, number(1));
  EXPECT_EQ(read(w), (Floats{2, 3}));
  EXPECT_EQ(memory[0], 1);
}

TEST_F(Evaluate, WritesRowsInPlace) {
  ValueRef out = counting({4, 2});
  const std::byte *memory = out->buffer->data;
  for (int i = 0; i < 4; ++i) {
    out = writeRow(out, ready({-1.f * i, 7}), 2 * i);
    evaluate(*out);
  }
  EXPECT_EQ(out->buffer->data, memory);
  EXPECT_EQ(read(out), (Floats{0, 7, -1, 7, -2, 7, -3, 7}));
  EXPECT_EQ(statistics().compilations, 1u);
}

TEST_F(Evaluate, FinishReadersRunsWhatReadsABuffer) {
  float memory[2] = {1, 2};
  ValueRef a = Value::ready({kFloat, {2}}, Buffer::borrow(memory, sizeof memory, nullptr));
  ValueRef x = add(a, a), unrelated = add(ready({5}), ready({6}));
  finishReaders(*a->buffer);
  EXPECT_FALSE(x->pending());
  memory[0] = 100;
  EXPECT_EQ(read(x), (Floats{2, 4}));
  EXPECT_EQ(read(unrelated), Floats{11});
}

TEST_F(Evaluate, ForeignMemoryIsGivenBackOnce) {
  static int calls;
  calls = 0;
  float memory[1] = {3};
  {
    ValueRef a = Value::ready({kFloat, {1}}, Buffer::borrow(memory, 4, [](void *) { ++calls; }));
    ValueRef x = add(a, a);
    a.reset();
    EXPECT_EQ(calls, 0); // x still reads it
    EXPECT_EQ(read(x), Floats{6});
    EXPECT_EQ(calls, 1);
  }
  EXPECT_EQ(calls, 1);
}

//===------------------------------------------------------------------------------------------===//
// Errors
//===------------------------------------------------------------------------------------------===//

ValueRef gather(const ValueRef &a, const ValueRef &at) {
  AttrWords words;
  GatherAttrs attrs;
  attrs.dim = 0;
  attrs.write(words);
  Operand operands[] = {{a.get()}, {at.get()}};
  return record(OpKind::gather, operands, words.span(), kFloat, at->type.sizes);
}

class Errors : public RuntimeTest, public ::testing::WithParamInterface<Mode> {
  void SetUp() override {
    RuntimeTest::SetUp();
    setMode(GetParam());
  }
};

TEST_P(Errors, PoisonOnlyWhatDependsOnTheFailedOperation) {
  ValueRef a = ready({1, 2}), at = readyOf<int64_t>(kLong, {2}, {0, 5});
  ValueRef bad = gather(a, at), worse = sum(bad), cheap = add(bad, bad), good = sum(a);
  EXPECT_THROW(evaluate(*worse), Error);
  EXPECT_EQ(read(good), Floats{3});
  EXPECT_THROW(evaluate(*bad), Error);
  EXPECT_THROW(evaluate(*worse), Error);
  EXPECT_THROW(evaluate(*cheap), Error);
  EXPECT_THROW(add(worse, worse), Error);
}

TEST_P(Errors, LeaveInputsUnchanged) {
  ValueRef w = ready({1, 2}), at = readyOf<int64_t>(kLong, {2}, {0, 7});
  ValueRef bad = gather(ready({1, 2}), at);
  ValueRef good = add(w, number(1));
  w.reset();
  ValueRef both = add(good, bad);
  Value *targets[] = {both.get(), good.get()};
  EXPECT_THROW(evaluate(targets), Error);
  EXPECT_EQ(read(good), (Floats{2, 3}));
}

INSTANTIATE_TEST_SUITE_P(, Errors, ::testing::Values(Mode::Compile, Mode::Interpret),
                         [](const auto &info) {
                           return info.param == Mode::Compile ? "Compiled" : "Interpreted";
                         });

TEST_F(Evaluate, RunningOutOfMemoryChangesNothing) {
  Allocator &allocator = Context::get().allocator;
  const uint64_t limit = allocator.limit();
  ValueRef a = counting({1 << 20});
  ValueRef x = add(a, number(1)), total = sum(x);
  allocator.setLimit(0);
  allocator.releaseCached(thisThread().buffers);
  EXPECT_THROW(evaluate(*x), OutOfMemoryError);
  EXPECT_TRUE(x->pending());
  allocator.setLimit(limit);
  EXPECT_EQ(read(x)[5], 6.f);
}

} // namespace
