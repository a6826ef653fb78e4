// Numbers, dtypes and which operations are defined for them.
#include "common.h"
#include <sstream>
template <class T> static std::string text(const T &value) {
  std::ostringstream out;
  out << value;
  std::istringstream in(out.str());
  std::string all, word;
  while (in >> word)
    all += (all.empty() ? "" : " ") + word;
  return all;
}
int main() {
  section("scalar", [] {
    torch::Scalar s(3), d(2.5), b(true), f(1.5f), l(int64_t(1) << 40);
    show("s.int", s.isIntegral(false));
    show("s.fp", d.isFloatingPoint());
    show("s.bool", b.isBoolean());
    show("s.boolint", b.isIntegral(true));
    show("s.boolint0", b.isIntegral(false));
    show("s.complex", d.isComplex());
    show("s.type", text(s.type()));
    show("d.type", text(d.type()));
    show("b.type", text(b.type()));
    show("f.type", text(f.type()));
    show("s.toInt", s.toInt());
    show("s.toLong", l.toLong());
    show("s.toDouble", s.toDouble());
    show("s.toFloat", d.toFloat());
    show("s.toBool", d.toBool());
    show("s.toChar", int(s.toChar()));
    show("s.toByte", int(s.toByte()));
    show("s.toShort", int(s.toShort()));
    show("s.to_int", d.to<int>());
    show("s.to_double", d.to<double>());
    show("s.print_int", text(s));
    show("s.print_double", text(d));
    show("s.print_whole", text(torch::Scalar(2.0)));
    show("s.print_bool", text(b));
    show("s.equal", s.equal(3));
    show("s.equal_f", d.equal(2.5));
    show("s.neg", (-d).toDouble());
    show("s.conj", d.conj().toDouble());
    show("s.log", d.log().toDouble());
    show("s.item_scalar", torch::tensor(2.5).item().toDouble());
    show("s.item_type", text(torch::tensor(2).item().type()));
    show("s.item_type_bool", text(torch::tensor(true).item().type()));
    show("s.item_type_half", text(torch::tensor(1.5, torch::kHalf).item().type()));
    throws("s.overflow", [] { return torch::tensor(torch::Scalar(300).toByte()); });
    throws("s.overflow_int", [] { return torch::tensor(torch::Scalar(int64_t(1) << 40).toInt()); });
    show("s.half", static_cast<float>(torch::Scalar(1.5).toHalf()));
    show("s.default", torch::Scalar().toLong());
    show("s.add", torch::tensor({1, 2}) + torch::Scalar(3));
    show("s.full", torch::full({2}, torch::Scalar(2.5)));
    show("s.scalar_to_tensor", torch::scalar_to_tensor(torch::Scalar(3)));
    throws("s.item_many", [] {
      return torch::ones({2}).item().toDouble() > 0 ? torch::ones({1}) : torch::ones({2});
    });
    show("item.int", torch::tensor(3.7).item<int>());
    show("item.i64", torch::tensor(3.7).item<int64_t>());
    show("item.float", torch::tensor(3).item<float>());
    show("item.double", torch::tensor(0.1).item<double>());
    show("item.bool", torch::tensor(3).item<bool>());
    show("item.u8", int(torch::tensor(200).item<uint8_t>()));
    show("item.i8", int(torch::tensor(-5).item<int8_t>()));
    show("item.i16", int(torch::tensor(-5).item<int16_t>()));
    show("item.toDouble", torch::tensor({{2.5}}).item().toDouble());
    show("item.half", static_cast<float>(torch::tensor(0.1, torch::kHalf).item<torch::Half>()));
    show("item.bf16",
         static_cast<float>(torch::tensor(0.1, torch::kBFloat16).item<torch::BFloat16>()));
    throws("item.overflow", [] { return torch::tensor(int(torch::tensor(300).item<uint8_t>())); });
    throws("item.empty", [] { torch::empty({0}).item<float>(); });
    throws("is_nonzero_many", [] { torch::ones({2}).is_nonzero(); });
  });
  section("types", [] {
    for (auto t :
         {torch::kUInt8, torch::kInt8, torch::kInt16, torch::kInt32, torch::kInt64, torch::kFloat16,
          torch::kBFloat16, torch::kFloat32, torch::kFloat64, torch::kBool}) {
      std::string n = torch::toString(t);
      show("ty." + n + ".print", text(t));
      show("ty." + n + ".size", int64_t(torch::elementSize(t)));
      show("ty." + n + ".fp", torch::isFloatingType(t));
      show("ty." + n + ".int", torch::isIntegralType(t, false));
      show("ty." + n + ".intb", torch::isIntegralType(t, true));
      show("ty." + n + ".meta", text(torch::scalarTypeToTypeMeta(t)));
      show("ty." + n + ".metaname", std::string(torch::scalarTypeToTypeMeta(t).name()));
      show("ty." + n + ".signed", torch::isSignedType(t));
      show("ty." + n + ".ts", torch::zeros({1}, t).toString());
      show("ty." + n + ".meta_st", text(torch::zeros({1}, t).dtype().toScalarType()));
      show("ty." + n + ".toType",
           text(torch::toString(torch::typeMetaToScalarType(torch::zeros({1}, t).dtype()))));
    }
    show("complex_type", torch::isComplexType(torch::kFloat32));
    show("print.half", text(torch::Half(1.5f)));
    show("print.bf16", text(torch::BFloat16(0.1f)));
    show("half.arith", static_cast<float>(torch::Half(0.1f) + torch::Half(0.2f)));
    show("half.mul", static_cast<float>(torch::Half(0.1f) * 3));
    show("half.lt", torch::Half(0.1f) < torch::Half(0.2f));
    show("bf.arith", static_cast<float>(torch::BFloat16(0.1f) + torch::BFloat16(0.2f)));
    show("half.limits", static_cast<float>(std::numeric_limits<torch::Half>::max()));
    show("bf.limits", static_cast<float>(std::numeric_limits<torch::BFloat16>::epsilon()));
    auto h = torch::tensor({0.5, 1.5}, torch::kHalf);
    show("half.ptr", static_cast<float>(h.data_ptr<torch::Half>()[1]));
    h.data_ptr<torch::Half>()[0] = torch::Half(9.f);
    show("half.written", h);
    auto bb = torch::tensor({0.5, 1.5}, torch::kBFloat16);
    show("bf.acc", static_cast<float>(bb.accessor<torch::BFloat16, 1>()[1]));
    show("half.full", torch::full({2}, torch::Half(2.f)));
  });
  section("promotion", [] {
    show("pt.1", text(torch::promoteTypes(torch::kInt32, torch::kFloat16)));
    show("pt.2", text(torch::promoteTypes(torch::kUInt8, torch::kInt8)));
    show("pt.3", text(torch::promoteTypes(torch::kFloat16, torch::kBFloat16)));
    show("pt.4", text(torch::promote_types(torch::kBool, torch::kInt16)));
    show("rt.1", text(torch::result_type(torch::ones({2}, torch::kInt32), torch::tensor(1.5))));
    show("rt.2", text(torch::result_type(torch::ones({2}, torch::kInt32), 1)));
    show("rt.3", text(torch::result_type(1.5, torch::ones({2}, torch::kInt64))));
    show("rt.4", text(torch::result_type(1, 2.5)));
    show("rt.5", text(torch::result_type(torch::ones({2}, torch::kHalf),
                                         torch::tensor(1.5, torch::kFloat64))));
    show("cc.1", torch::can_cast(torch::kFloat32, torch::kInt32));
    show("cc.2", torch::can_cast(torch::kInt32, torch::kFloat32));
    show("cc.3", torch::can_cast(torch::kInt32, torch::kBool));
    show("cc.4", torch::canCast(torch::kInt64, torch::kUInt8));
    std::vector<torch::ScalarType> ts = {torch::kBool,     torch::kUInt8,   torch::kInt8,
                                         torch::kInt32,    torch::kInt64,   torch::kFloat16,
                                         torch::kBFloat16, torch::kFloat32, torch::kFloat64};
    std::string table;
    for (auto a : ts)
      for (auto b : ts)
        table += std::string(torch::toString(torch::promoteTypes(a, b))) + ",";
    show("pt.table", table);
    for (auto a : ts)
      for (auto b : ts) {
        std::string n = std::string(torch::toString(a)) + "_" + torch::toString(b);
        show("add." + n, torch::ones({2}, a) + torch::ones({2}, b));
        show("addz." + n, torch::ones({2}, a) + torch::ones({}, b));
        show("div." + n, torch::ones({2}, a) / torch::ones({2}, b));
        show("where." + n,
             torch::where(torch::tensor({true, false}), torch::ones({2}, a), torch::zeros({2}, b)));
        show("cat." + n, torch::cat({torch::ones({1}, a), torch::ones({1}, b)}));
        show("max." + n, torch::maximum(torch::ones({2}, a), torch::zeros({2}, b)));
        show("eq." + n, torch::ones({2}, a) == torch::ones({2}, b));
        show("pow." + n, a == torch::kBool && b == torch::kBool
                             ? torch::ones({1})
                             : torch::pow(torch::ones({2}, a), torch::ones({2}, b)));
        throws("inplace." + n, [&] { return torch::ones({2}, a).add_(torch::ones({2}, b)); });
        throws("inplacediv." + n, [&] { return torch::ones({2}, a).div_(torch::ones({2}, b)); });
        show("copy." + n, torch::zeros({2}, a).copy_(torch::ones({2}, b)));
        throws("sub." + n, [&] { return torch::ones({2}, a) - torch::ones({2}, b); });
        throws("mm." + n, [&] { return torch::ones({2, 2}, a).mm(torch::ones({2, 2}, b)); });
        throws("and." + n, [&] { return torch::ones({2}, a) & torch::ones({2}, b); });
        throws("floordiv." + n,
               [&] { return torch::floor_divide(torch::ones({2}, a), torch::ones({2}, b)); });
      }
    for (auto a : ts) {
      std::string n = torch::toString(a);
      show("adds." + n, torch::ones({2}, a) + 1);
      show("adds.f" + n, torch::ones({2}, a) + 1.5);
      show("adds.b" + n, torch::ones({2}, a) + true);
      show("muls." + n, torch::ones({2}, a) * 2);
      show("divs." + n, torch::ones({2}, a) / 2);
      show("sin." + n, torch::sin(torch::ones({2}, a)));
      show("sqrt." + n, torch::sqrt(torch::ones({2}, a)));
      throws("neg." + n, [&] { return -torch::ones({2}, a); });
      throws("abs." + n, [&] { return torch::abs(torch::ones({2}, a)); });
      throws("sign." + n, [&] { return torch::sign(torch::ones({2}, a)); });
      throws("floor." + n, [&] { return torch::floor(torch::ones({2}, a)); });
      throws("mean." + n, [&] { return torch::ones({2}, a).mean(); });
      throws("clamp." + n, [&] { return torch::ones({2}, a).clamp(0, 1); });
      show("sum." + n, torch::ones({2}, a).sum());
      show("prod." + n, torch::ones({2}, a).prod());
      show("cumsum." + n, torch::ones({2}, a).cumsum(0));
      show("square." + n, torch::ones({2}, a).square());
      show("amax." + n, torch::ones({2}, a).amax());
      throws("std." + n, [&] { return torch::ones({2}, a).std(); });
      throws("median." + n, [&] { return torch::ones({2}, a).median(); });
      throws("sort." + n, [&] { return std::get<0>(torch::ones({2}, a).sort()); });
      throws("topk." + n, [&] { return std::get<0>(torch::ones({2}, a).topk(1)); });
      throws("exp_." + n, [&] { return torch::ones({2}, a).exp_(); });
      throws("rg." + n, [&] { return torch::ones({2}, a).requires_grad_(); });
      throws("not." + n, [&] { return ~torch::ones({2}, a); });
      throws("matmul." + n, [&] { return torch::ones({2}, a).dot(torch::ones({2}, a)); });
      throws("arange." + n, [&] { return torch::arange(3, a); });
      throws("linspace." + n, [&] { return torch::linspace(0, 1, 3, a); });
      throws("eye." + n, [&] { return torch::eye(3, a); });
      throws("rand." + n, [&] { return torch::rand({3}, a); });
      throws("randint." + n, [&] { return torch::randint(0, 2, {3}, a); });
      throws("softmax." + n, [&] { return torch::softmax(torch::ones({2}, a), 0); });
      throws("logsumexp." + n, [&] { return torch::logsumexp(torch::ones({2}, a), 0); });
      throws("histc." + n, [&] { return torch::histc(torch::ones({2}, a), 2, 0, 2); });
      throws("bincount." + n, [&] { return torch::bincount(torch::ones({2}, a)); });
      throws("nonzero." + n, [&] { return torch::nonzero(torch::ones({2}, a)); });
      throws("unique." + n, [&] { return std::get<0>(torch::_unique2(torch::ones({2}, a))); });
      throws("index." + n, [&] { return torch::arange(4.).index({torch::ones({2}, a)}); });
      throws("gather." + n, [&] { return torch::arange(4.).gather(0, torch::ones({2}, a)); });
      throws("index_select." + n,
             [&] { return torch::arange(4.).index_select(0, torch::ones({2}, a)); });
      throws("take." + n, [&] { return torch::arange(4.).take(torch::ones({2}, a)); });
      throws("masked_fill." + n,
             [&] { return torch::arange(2.).masked_fill(torch::ones({2}, a), 1); });
      throws("where_cond." + n, [&] {
        return torch::where(torch::ones({2}, a), torch::ones({2}), torch::zeros({2}));
      });
      throws("logical." + n,
             [&] { return torch::logical_and(torch::ones({2}, a), torch::ones({2}, a)); });
      throws("erfinv." + n, [&] { return torch::erfinv(torch::zeros({2}, a)); });
      throws("round." + n, [&] { return torch::round(torch::ones({2}, a)); });
      throws("recip." + n, [&] { return torch::reciprocal(torch::ones({2}, a)); });
      throws("lerp." + n,
             [&] { return torch::lerp(torch::ones({2}, a), torch::ones({2}, a), 0.5); });
      throws("addcmul." + n, [&] {
        return torch::addcmul(torch::ones({2}, a), torch::ones({2}, a), torch::ones({2}, a));
      });
      throws("norm." + n, [&] { return torch::ones({2}, a).norm(); });
      throws("cumprod." + n, [&] { return torch::ones({2}, a).cumprod(0); });
      throws("diff." + n, [&] { return torch::diff(torch::ones({3}, a)); });
      throws("var." + n, [&] { return torch::var(torch::ones({3}, a)); });
      throws("argmax." + n, [&] { return torch::argmax(torch::ones({3}, a)); });
      throws("quantile." + n, [&] { return torch::quantile(torch::ones({3}, a), 0.5); });
      throws("trace." + n, [&] { return torch::trace(torch::ones({3, 3}, a)); });
      throws("tril." + n, [&] { return torch::tril(torch::ones({3, 3}, a)); });
      throws("flip." + n, [&] { return torch::flip(torch::ones({3, 3}, a), {0}); });
    }
  });
  section("casts", [] {
    auto x = torch::tensor({-1.7, 0.0, 1.5, 2.5, 300.0});
    show("to.i32", x.to(torch::kInt32));
    show("to.i64", x.to(torch::kLong));
    show("to.bool", x.to(torch::kBool));
    show("to.half", x.to(torch::kHalf));
    show("to.bf16", x.to(torch::kBFloat16));
    show("to.u8_small", torch::tensor({0.9, 254.7}).to(torch::kUInt8));
    show("to.type", x.toType(torch::kDouble));
    show("type_as", x.type_as(torch::ones({1}, torch::kInt64)));
    show("to.other", x.to(torch::ones({1}, torch::kFloat64)));
    show("to.opts", x.to(torch::TensorOptions().dtype(torch::kInt16)));
    show("to.same", x.to(torch::kFloat32).is_same(x));
    show("to.copy", x.to(torch::kFloat32, false, true).is_same(x));
    show("to.dev", x.to(torch::Device("cpu"), torch::kFloat64));
    show("to.kcpu", x.to(torch::kCPU).is_same(x));
    show("cpu", x.cpu().is_same(x));
    show("nan_to_bool", torch::tensor({kNan, 0.0}).to(torch::kBool));
    show("bool_to_f", torch::tensor({true, false}).to(torch::kFloat32));
    show("i64_to_f32", torch::tensor({int64_t(16777217)}).to(torch::kFloat32));
    show("half_inf", torch::tensor({70000.0, -70000.0, 1e-8}).to(torch::kHalf));
    show("bf_round", torch::tensor({1.00390625, 1.01171875, 3.14159}).to(torch::kBFloat16));
    show("neg_to_u8", torch::tensor({-1, -256, 513}).to(torch::kUInt8));
    show("is_int", torch::isIntegralType(x.to(torch::kInt).scalar_type(), false));
    show("view_dtype", torch::tensor({1.0f}).view(torch::kInt32));
    show("view_dtype_u8", torch::tensor({1}, torch::kInt32).view(torch::kUInt8));
    show("view_dtype_up", torch::tensor({0, 0, 128, 63}, torch::kUInt8).view(torch::kFloat32));
    throws("view_dtype_bad", [] { return torch::ones({3}, torch::kUInt8).view(torch::kInt32); });
    throws("to_cuda", [] { return torch::ones({3}).to(torch::kCUDA); });
    throws("to_cuda2", [] { return torch::ones({3}).cuda(); });
  });
  section("device", [] {
    torch::Device c(torch::kCPU), g("cuda:1"), h(torch::kCUDA, 2);
    show("dev.print", text(c));
    show("dev.cuda", text(g));
    show("dev.str", h.str());
    show("dev.index", int64_t(g.index()));
    show("dev.noindex", int64_t(c.index()));
    show("dev.has_index", c.has_index());
    show("dev.eq", torch::Device("cpu") == torch::Device(torch::kCPU));
    show("dev.ne", torch::Device("cuda:0") != torch::Device("cuda:1"));
    show("dev.type", text(g.type()));
    show("dev.typename", torch::DeviceTypeName(torch::kCPU));
    show("dev.typename_l", torch::DeviceTypeName(torch::kCUDA, true));
    throws("dev.bad", [] { torch::Device("potato"); });
    throws("dev.bad2", [] { torch::Device("cuda:"); });
    throws("dev.bad3", [] { torch::Device("cuda:-1"); });
    throws("dev.empty", [] { torch::Device(""); });
  });
  return finish();
}
