// operator<< of tensors, dtypes, options and lists.
#include "common.h"
#include <iostream>
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
template <class T> static std::string raw(const T &value) {
  std::ostringstream out;
  out << value;
  std::string s = out.str(), r;
  for (char c : s)
    r += c == '\n' ? std::string("\\n") : c == ' ' ? std::string("_") : std::string(1, c);
  return r;
}
int main() {
  section("values", [] {
    auto p = [](const std::string &n, const Tensor &t) {
      show("t." + n, text(t));
      show("r." + n, raw(t));
    };
    p("small", torch::tensor({1e-5, 2e-5}));
    p("tiny", torch::tensor({1e-10, 1.0}));
    p("big", torch::tensor({1e5, 2.5}));
    p("bigger", torch::tensor({123456.0, 2.5}));
    p("huge", torch::tensor({1e10, 2.0}));
    p("hugeint", torch::tensor({1e10, 2e10}));
    p("mixed", torch::tensor({0.001, 1000.0}));
    p("mixed2", torch::tensor({0.001, 10000.0, 5.5}));
    p("neg", torch::tensor({-0.5, 0.25}));
    p("nan", torch::tensor({kNan, 1.5}));
    p("inf", torch::tensor({kInf, -kInf, 2.0}));
    p("allnan", torch::tensor({kNan, kNan}));
    p("zero", torch::zeros({2}));
    p("zeros2", torch::zeros({2, 2}));
    p("negzero", torch::tensor({-0.0, 0.0}));
    p("ints", torch::tensor({1, 1000000, -5}));
    p("i64", torch::tensor({int64_t(1) << 40, int64_t(-3)}));
    p("u8", torch::tensor({0, 255}, torch::kUInt8));
    p("i8", torch::tensor({-128, 127}, torch::kInt8));
    p("bool", torch::tensor({{true, false}, {false, true}}));
    p("half", torch::tensor({0.1, 1.5}, torch::kHalf));
    p("bf16", torch::tensor({0.1, 1.5}, torch::kBFloat16));
    p("f64", torch::tensor({0.1, 1.0 / 3}, torch::kFloat64));
    p("s_int", torch::tensor(5));
    p("s_f", torch::tensor(0.1));
    p("s_f64", torch::tensor(0.1, torch::kFloat64));
    p("s_big", torch::tensor(123456789.0));
    p("s_small", torch::tensor(1e-7));
    p("s_bool", torch::tensor(true));
    p("s_nan", torch::tensor(kNan));
    p("s_inf", torch::tensor(-kInf));
    p("s_half", torch::tensor(0.3, torch::kHalf));
    p("s_neg", torch::tensor(-2.5));
    p("s_rg", torch::tensor(2.5, torch::requires_grad()));
    p("m1", torch::arange(12.).view({3, 4}) / 7);
    p("m2", torch::arange(6).view({2, 3}) * 1000);
    p("m3", torch::arange(6.).view({2, 3}) * 12345.678);
    p("m4", torch::arange(1., 7.).view({2, 3}) * 1e-3);
    p("m5", torch::tensor({{1.5, -200.25}, {3e6, 1.}}));
    p("wide", torch::arange(30.).view({2, 15}) / 3);
    p("wideint", torch::arange(60).view({2, 30}));
    p("tall", torch::arange(20).view({20, 1}));
    p("row", torch::arange(30).view({1, 30}));
    p("wide64", torch::arange(100.).view({1, 100}));
    p("3d", torch::arange(12).view({2, 2, 3}));
    p("3df", torch::arange(12.).view({2, 2, 3}) / 5);
    p("4d", torch::arange(16).view({2, 2, 2, 2}));
    p("5d", torch::arange(8).view({1, 2, 1, 2, 2}));
    p("3dscale", torch::arange(8.).view({2, 2, 2}) * 100000.5);
    p("empty0", torch::empty({0}));
    p("empty03", torch::empty({0, 3}));
    p("empty30", torch::empty({3, 0}));
    p("empty3d", torch::empty({2, 0, 3}));
    p("empty_i", torch::empty({0}, torch::kInt64));
    p("t", torch::arange(6.).view({2, 3}).t());
    p("expand", torch::arange(3).expand({2, 3}));
    p("slice", torch::arange(10).slice(0, 0, 10, 3));
    p("rg", torch::tensor({{0.5}}, torch::requires_grad()));
    p("gradfn", torch::tensor({0.5}, torch::requires_grad()) * 2);
    p("undef", Tensor());
    p("long1d", torch::arange(100));
    p("long1df", torch::arange(50.) / 3);
    p("largecol", torch::arange(2000.).view({1000, 2}).slice(0, 0, 3));
    p("int16", torch::tensor({1, -2}, torch::kInt16));
    p("int32", torch::tensor({100000, -2}, torch::kInt32));
    p("exp", torch::tensor({1e20, 1e-20}));
    p("exp300", torch::tensor({1e300, 1.}, torch::kFloat64));
    p("exp100s", torch::tensor({1e-200, 1.}, torch::kFloat64));
    p("five", torch::tensor({99999.5, 0.5}));
    p("six", torch::tensor({100000.5, 0.5}));
    p("frac9", torch::tensor({999999999., 0.}));
    p("int9", torch::tensor({999999999, 0}));
    p("int10", torch::tensor({1000000000, 0}));
    p("neg_m", -torch::arange(4.).view({2, 2}));
    p("neg_f", -torch::arange(4.).view({2, 2}) / 3);
    p("nan_m", torch::tensor({{kNan, 1.}, {2., kInf}}));
    p("nan_f", torch::tensor({{kNan, 1.5}, {2., kInf}}));
    p("small_m", torch::tensor({{0.01, 0.02}, {0.03, 0.04}}));
    p("smaller_m", torch::tensor({{0.0001, 0.0002}, {0.0003, 0.0004}}));
    std::ostringstream os;
    os << "x = " << torch::tensor({1, 2}) << " and " << torch::ones({1}) << std::endl;
    show("stream", text(os.str()));
    std::ostringstream o2;
    torch::print(o2, torch::arange(6.).view({2, 3}) / 7, 40);
    show("print40", text(o2.str()));
    std::ostringstream o3;
    o3 << std::setprecision(2) << torch::tensor({0.123456});
    show("setprec", text(o3.str()));
    std::ostringstream o4;
    o4 << std::fixed << torch::tensor(0.5);
    show("fixed", text(o4.str()));
    o4 << 0.5;
    show("fixed.after", o4.str().substr(o4.str().size() - 8));
  });
  section("others", [] {
    auto t = torch::arange(24.).view({2, 3, 4});
    show("sizes", text(t.sizes()));
    show("strides", text(t.strides()));
    show("empty_sizes", text(torch::tensor(1).sizes()));
    show("options", text(t.options()));
    show("dtype", text(t.dtype()));
    for (auto d : {torch::kBool, torch::kUInt8, torch::kInt8, torch::kInt16, torch::kInt32,
                   torch::kInt64, torch::kHalf, torch::kBFloat16, torch::kFloat, torch::kDouble}) {
      show(std::string("dt.") + torch::toString(d), text(torch::zeros({1}, d).dtype()));
      show(std::string("st.") + torch::toString(d), text(d));
    }
    show("device", text(t.device()));
    show("layout", text(t.layout()));
    show("scalar", text(t.sum().item()));
    show("scalar_i", text(torch::tensor(3).item()));
    show("scalar_b", text(torch::tensor(true).item()));
    show("scalar_f", text(torch::Scalar(0.1)));
    show("scalar_big", text(torch::Scalar(1e20)));
    show("arrayref", text(torch::IntArrayRef({1, 2, 3})));
    show("arrayref_f", text(torch::ArrayRef<double>({1.5, 2.0})));
    std::vector<int64_t> v{4, 5};
    show("arrayref_v", text(torch::IntArrayRef(v)));
    show("tostring", t.toString());
    std::vector<Tensor> list{torch::ones({1}), torch::zeros({1})};
    show("tensorlist", text(torch::TensorList(list)));
    show("tensorvec", text(list));
    show("item_f", text(torch::tensor(0.1f).item<float>()));
    show("memfmt", text(t.suggest_memory_format()));
    show("slice", text(torch::indexing::Slice(1, torch::indexing::None, 2)));
    show("opt_st", text(torch::toString(torch::kHalf)));
    show("grad", text(torch::ones({2}, torch::requires_grad()).grad()));
  });
  return finish();
}
