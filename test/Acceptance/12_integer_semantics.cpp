// Integers: division and remainder signs, wrap-around, shifts, bit operations, reductions' dtypes,
// conversions.
#include "common.h"

int main() {
  section("division", [] {
    auto a = torch::tensor({7, -7, 7, -7, 0, 1}), b = torch::tensor({2, 2, -2, -2, 5, -3});
    show("true_divide", a / b);
    show("floor_divide", torch::floor_divide(a, b));
    show("div_trunc", torch::div(a, b, "trunc"));
    show("div_floor", torch::div(a, b, "floor"));
    show("remainder", torch::remainder(a, b));
    show("percent", a % b);
    show("fmod", torch::fmod(a, b));
    show("scalar_divide", a / 2);
    show("scalar_percent", a % -3);
    show("remainder_scalar_left", torch::remainder(17, b));
    show("float_scalar", a / 0.5);
    show("floor_divide_float", torch::div(torch::tensor({7.5, -7.5}), 2, "floor"));
    show("int8", torch::div(torch::tensor({-128, 127, -127}, torch::kInt8),
                            torch::tensor({3, -3, 2}, torch::kInt8), "floor"));
    show("uint8", torch::remainder(torch::tensor({200, 255}, torch::kUInt8),
                                   torch::tensor({7, 16}, torch::kUInt8)));
    show("int64_big", torch::div(torch::tensor({int64_t(9007199254740993)}), 3, "floor"));
    show("int_div_by_zero_is_inf", torch::tensor({1, -1, 0}) / 0);
    throws("floor_by_zero",
           [] { return torch::floor_divide(torch::tensor({1}), torch::tensor({0})); });
    throws("remainder_by_zero",
           [] { return torch::remainder(torch::tensor({1}), torch::tensor({0})); });
    throws("inplace_true_divide", [] { return torch::tensor({4}).div_(2); });
    show("inplace_floor", torch::tensor({7, -7}).floor_divide_(2));
  });

  section("wrap", [] {
    auto u8 = torch::tensor({250, 5, 128}, torch::kUInt8);
    show("u8_add", u8 + 10);
    show("u8_mul", u8 * u8);
    show("u8_neg", -u8);
    show("u8_sub", torch::tensor({1}, torch::kUInt8) - torch::tensor({2}, torch::kUInt8));
    auto i8 = torch::tensor({127, -128, 100}, torch::kInt8);
    show("i8_add", i8 + 1);
    show("i8_mul", i8 * 2);
    show("i8_neg", -i8);
    show("i8_abs", i8.abs());
    auto i32 = torch::tensor({2147483647, -2147483647 - 1}, torch::kInt32);
    show("i32_add", i32 + torch::tensor({1, -1}, torch::kInt32));
    show("i32_mul", i32 * torch::tensor({2, 3}, torch::kInt32));
    auto i64 =
        torch::tensor({std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()});
    show("i64_add", i64 + torch::tensor({int64_t(1), int64_t(-1)}));
    show("i64_mul", i64 * 3);
    show("i16_cumprod", torch::cumprod(torch::full({6}, 10, torch::kInt16), 0, torch::kInt16));
    show("i8_inplace", torch::tensor({100}, torch::kInt8).add_(100));
    show("narrow_copy", torch::zeros({3}, torch::kInt8).copy_(torch::tensor({300, -129, 128})));
  });

  section("bits", [] {
    auto a = torch::tensor({12, -12, 1, 0}), b = torch::tensor({10, 7, 3, 5});
    show("and", a & b);
    show("or", a | b);
    show("xor", a ^ b);
    show("not", torch::bitwise_not(a));
    show("and_scalar", torch::bitwise_and(a, 6));
    show("left_shift", torch::bitwise_left_shift(a, torch::tensor({1, 2, 62, 3})));
    show("right_shift", torch::bitwise_right_shift(a, torch::tensor({1, 2, 0, 3})));
    show("shift_i32", torch::bitwise_left_shift(torch::tensor({1, 3, -1}, torch::kInt32),
                                                torch::tensor({30, 31, 4}, torch::kInt32)));
    show("shift_u8", torch::bitwise_right_shift(torch::tensor({255, 128}, torch::kUInt8),
                                                torch::tensor({3, 7}, torch::kUInt8)));
    show("shift_scalar", torch::bitwise_left_shift(torch::tensor({5, 6}), 2) +
                             torch::bitwise_right_shift(torch::tensor({64, -64}), 3));
    show("bool_and", torch::tensor({true, false}) & torch::tensor({true, true}));
    show("bool_xor", torch::tensor({true, false}) ^ true);
    throws("float_and",
           [] { return torch::bitwise_and(torch::tensor({1.0}), torch::tensor({1.0})); });
  });

  section("power", [] {
    auto a = torch::tensor({2, -3, 0, 10});
    show("pow", a.pow(3));
    show("pow_tensor", torch::pow(a, torch::tensor({10, 3, 0, 18})));
    show("pow_zero", a.pow(0));
    show("pow_half", torch::tensor({4, 9}).pow(0.5));
    show("pow_wraps", torch::tensor({3}, torch::kInt32).pow(21));
    throws("pow_negative", [&] { return a.pow(-1); });
    show("scalar_pow", torch::pow(2, torch::arange(5)));
    show("square_i8", torch::tensor({11, 12}, torch::kInt8).square());
  });

  section("reductions", [] {
    auto i8 = torch::full({300}, 100, torch::kInt8);
    show("sum_i8", i8.sum());
    show("sum_bool", torch::ones({5}, torch::kBool).sum());
    show("prod_u8", torch::tensor({200, 200}, torch::kUInt8).prod());
    show("cumsum_i32", torch::cumsum(torch::tensor({1, 2, 3}, torch::kInt32), 0));
    show("sum_dtype", i8.sum(torch::kFloat32));
    show("max_u8", torch::tensor({1, 255, 128}, torch::kUInt8).max());
    show("min_i8", torch::tensor({1, -128, 127}, torch::kInt8).min());
    throws("mean_int", [] { return torch::arange(3).mean(); });
    show("mean_dtype", torch::arange(4).mean(torch::kFloat64));
    show("any_int", torch::tensor({0, 0, 3}).any());
    show("sum_large", torch::full({1000}, int64_t(9007199254740993)).sum());
    show("median_int", torch::tensor({5, 1, 4, 2}).median());
    show("bincount", torch::bincount(torch::tensor({1, 3, 1, 0})));
  });

  section("functions", [] {
    auto a = torch::tensor({-3, 0, 4});
    show("sqrt_of_int", torch::tensor({4, 2}).sqrt());
    show("exp_of_int", torch::tensor({0, 1}, torch::kInt8).exp());
    show("sign", a.sign());
    show("floor_of_int", a.floor());
    show("clamp", a.clamp(-1, 2));
    show("clamp_float_bound", a.clamp_max(1.5));
    show("where_mixed", torch::where(a > 0, a, torch::tensor(0.5)));
    show("eq_float", a == torch::tensor({-3.0, 0.5, 4.0}));
    show("gcd", torch::gcd(torch::tensor({12, 18, 7}), torch::tensor({18, 12, 0})));
    show("lcm", torch::lcm(torch::tensor({4, 6}), torch::tensor({6, 8})));
    show("big_compare",
         torch::tensor({int64_t(9007199254740993)}) > torch::tensor({int64_t(9007199254740992)}));
    throws("neg_bool", [] { return -torch::tensor({true}); });
    throws("sub_bool", [] { return torch::tensor({true}) - torch::tensor({false}); });
  });
  return finish();
}
