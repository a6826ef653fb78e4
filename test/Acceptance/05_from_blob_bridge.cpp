// Sharing memory with the caller (the tutorial's NumPy bridge): a change on one side is seen on the
// other.
#include "common.h"
#include <memory>
using torch::indexing::Slice;

static void show_array(const std::string &name, const float *p, int64_t n) {
  // Printed from the raw memory, through a copy that the tensor library owns only afterwards.
  std::vector<float> copy(p, p + n);
  show(name, torch::tensor(copy));
}

int main() {
  section("from_blob", [] {
    std::vector<float> data = {1, 2, 3, 4, 5, 6};
    auto t = torch::from_blob(data.data(), {2, 3});
    show("shared", t);
    show("same_pointer", t.data_ptr<float>() == data.data());
    data[4] = 50;
    show("write_outside", t);
    t.add_(1);
    show_array("write_inside", data.data(), 6);
    t.index_put_({0, Slice()}, -1);
    show_array("slice_write_inside", data.data(), 6);
    t.t()[2].mul_(2);
    show_array("transposed_write_inside", data.data(), 6);
    data[0] = 1000;
    show("sum_after_outside", t.sum());
    auto doubled = t * 2;
    show("doubled.before", doubled);
    data[0] = 0;
    show("doubled.unaffected", doubled);
    show("shared.after", t);
    auto copied = t.clone();
    data[1] = 123;
    show("clone.unaffected", copied);
    auto view = t.view({3, 2});
    data[5] = -7;
    show("view_sees_outside", view);
    view.zero_();
    show_array("view_write_inside", data.data(), 6);
  });

  section("read_before_outside_write", [] {
    // A value computed from the buffer belongs to the moment of the call, whenever it is looked at.
    float data[4] = {1, 2, 3, 4};
    auto t = torch::from_blob(data, {4});
    auto s = (t * t).sum();
    auto e = t + 10;
    data[0] = 100;
    data[3] = 400;
    show("sum_of_squares.old", s);
    show("plus_ten.old", e);
    show("sum.new", t.sum());
  });

  section("strided_and_typed", [] {
    int64_t ints[6] = {1, 2, 3, 4, 5, 6};
    auto t = torch::from_blob(ints, {3}, {2}, torch::kInt64);
    show("strided", t);
    t.mul_(10);
    show("strided_write.0", ints[0]);
    show("strided_write.1", ints[1]);
    show("strided_write.4", ints[4]);
    double d[4] = {1, 2, 3, 4};
    auto m = torch::from_blob(d, {2, 2}, {1, 2}, torch::kFloat64);
    show("column_major", m);
    show("column_major_product", torch::matmul(m, m));
    uint8_t bytes[4] = {0, 1, 128, 255};
    show("bytes", torch::from_blob(bytes, {4}, torch::kUInt8).to(torch::kFloat32) / 255);
    bool flags[3] = {true, false, true};
    show("flags", torch::from_blob(flags, {3}, torch::kBool));
    show("empty", torch::from_blob(d, {0}, torch::kFloat64));
  });

  section("tensor_to_array", [] {
    // numpy_array = pt_tensor.numpy(); pt_tensor.add_(1)
    auto t = torch::ones({5});
    float *p = t.data_ptr<float>();
    show_array("ones", p, 5);
    t.add_(1);
    show_array("after_add_", p, 5);
    p[2] = 20;
    show("array_write_seen", t);
    auto v = t.slice(0, 1, 4);
    v.mul_(3);
    show_array("view_mul_", p, 5);
    show("slice_pointer", v.data_ptr<float>() == p + 1);
    auto a = t.accessor<float, 1>();
    a[0] = -1;
    show("accessor_write", t);
    float total = 0;
    for (int64_t i = 0; i < a.size(0); ++i)
      total += a[i];
    show("accessor_sum", total);
    auto m = torch::arange(6.).view({2, 3}).t();
    auto b = m.accessor<float, 2>();
    show("accessor_strided", b[2][1]);
    show("accessor_stride0", b.stride(0));
    show("const_data", m.const_data_ptr<float>()[5]);
    throws("wrong_type_pointer", [&] { (void)t.data_ptr<int>(); });
  });

  section("deleter", [] {
    auto calls = std::make_shared<int>(0);
    {
      auto *buffer = new float[3]{1, 2, 3};
      auto t = torch::from_blob(buffer, {3}, [calls](void *p) {
        ++*calls;
        delete[] static_cast<float *>(p);
      });
      auto v = t.slice(0, 1, 3);
      t = Tensor();
      show("deleter.held_by_view", *calls);
      show("deleter.view", v);
    }
    show("deleter.called_once", *calls);
  });

  section("grad", [] {
    float w[3] = {0.5f, 0.1f, -0.2f};
    auto t = torch::from_blob(w, {3}).requires_grad_(true);
    auto loss = (t * torch::tensor({1., 2., 3.})).pow(2).sum();
    loss.backward();
    show("blob_grad", t.grad());
    {
      torch::NoGradGuard no_grad;
      t.sub_(t.grad() * 0.1);
    }
    show_array("blob_updated", w, 3);
  });
  return finish();
}
