// Memory that is shared: from_blob, data_ptr, accessors, DLPack.
#include "common.h"
#ifdef ACCEPTANCE_TJIT
#include <dlpack/dlpack.h>
#include <tjit/DLPack.h>
#else
#include <ATen/DLConvertor.h>
#endif
using torch::Tensor;
static std::string geometry(const Tensor &t) {
  std::string r = dtype_name(t.scalar_type());
  for (auto s : t.sizes())
    r += " " + std::to_string(s);
  r += " /";
  for (auto s : t.strides())
    r += " " + std::to_string(s);
  r += " @" + std::to_string(t.storage_offset()) + (t.is_contiguous() ? " c" : " n");
  return r;
}
int main() {
  section("from_blob", [&] {
    std::vector<float> m(24);
    for (int i = 0; i < 24; ++i)
      m[i] = i;
    auto t = torch::from_blob(m.data(), {4, 6});
    show("fb.geo", geometry(t));
    show("fb.data", t.data_ptr() == static_cast<void *>(m.data()));
    t.mul_(2);
    show("fb.mul", m[5]);
    m[5] = 100;
    show("fb.read", t[0][5]);
    auto v = t.t();
    v[1][2] = -7;
    show("fb.viewwrite", m[13]);
    show("fb.view.geo", geometry(v));
    t.slice(1, 0, 6, 2).fill_(3);
    show("fb.slice", std::vector<int64_t>(m.begin(), m.end()));
    auto s = torch::from_blob(m.data(), {3, 2}, {1, 4});
    show("fb.strided", s);
    show("fb.strided.geo", geometry(s));
    s.add_(1);
    show("fb.strided.add", std::vector<int64_t>(m.begin(), m.end()));
    auto o = torch::from_blob(m.data(), {2, 2}, {0, 1});
    show("fb.stride0", o);
    throws("fb.stride0.write", [&] { o.add_(1); });
    bool gone = false;
    {
      auto d = torch::from_blob(m.data(), {2}, [&](void *p) { gone = p == m.data(); });
      auto e = d.view({2, 1});
      d = Tensor();
      show("fb.kept", !gone);
    }
    show("fb.deleted", gone);
    int calls = 0;
    {
      auto d = torch::from_blob(m.data(), {4}, [&](void *) { ++calls; });
      auto c = d + 1;
      auto k = d.clone();
      d = torch::ones({1});
      show("fb.del.sum", c.sum());
    }
    show("fb.calls", calls);
    auto z = torch::from_blob(nullptr, {0});
    show("fb.zero", geometry(z));
    auto i = std::vector<int64_t>{1, 2, 3};
    show("fb.int", torch::from_blob(i.data(), {3}, torch::kLong) + 1);
    auto g = torch::from_blob(m.data(), {2}, torch::requires_grad());
    show("fb.grad", g.requires_grad());
    (g * g).sum().backward();
    show("fb.gradv", g.grad());
    auto dt = torch::from_blob(m.data(), {4});
    auto x = torch::ones({4});
    dt.copy_(x);
    show("fb.copy", m[3]);
    auto r = dt.reshape({2, 2});
    r.zero_();
    show("fb.reshape", m[0]);
    auto big = torch::from_blob(m.data(), {24});
    big.set_data(torch::ones({2}));
    show("fb.setdata", m[0]);
    big.fill_(9);
    show("fb.setdata2", m[0]);
    auto half = std::vector<at::Half>{at::Half(1.5f), at::Half(2.5f)};
    show("fb.half", (torch::from_blob(half.data(), {2}, torch::kHalf) * 2).to(torch::kFloat));
    auto w = torch::from_blob(m.data(), {4});
    auto acc = w.accessor<float, 1>();
    acc[1] = 55;
    show("fb.acc", w[1]);
    w.resize_({2});
    show("fb.resize", geometry(w));
    throws("fb.grow", [&] {
      auto q = torch::from_blob(m.data(), {4});
      q.resize_({100});
      q.zero_();
    });
    auto sw = torch::from_blob(m.data(), {4});
    auto cl = sw.detach();
    cl.add_(1);
    show("fb.detach", m[1]);
    auto fl = sw.to(torch::kFloat);
    fl.add_(1);
    show("fb.to_same", m[1]);
    auto cp = sw.to(torch::kFloat, false, true);
    cp.add_(1);
    show("fb.to_copy", m[1]);
    auto ct = sw.contiguous();
    ct.add_(1);
    show("fb.contig", m[1]);
  });
  section("data", [&] {
    auto t = torch::arange(6, torch::kFloat).reshape({2, 3});
    float *p = t.data_ptr<float>();
    p[4] = 40;
    show("dp.write", t);
    auto u = t + 1;
    p[0] = 9;
    show("dp.after", u);
    show("dp.after2", t + 1);
    auto r = t.select(0, 1);
    show("dp.row", r.data_ptr<float>() - p);
    r.data_ptr<float>()[0] = -1;
    show("dp.roww", t);
    show("dp.const", *t.const_data_ptr<float>());
    show("dp.mut", *t.mutable_data_ptr<float>());
    auto s = t.storage();
    show("st.size", int64_t(s.nbytes()));
    show("st.ptr", t.data_ptr() == t.storage().data());
    show("st.alias", t.is_alias_of(r));
    show("st.alias2", t.is_alias_of(t.clone()));
    throws("dp.type", [&] { t.data_ptr<double>(); });
    show("item", t[1][1].item<float>());
    show("itemsize", int64_t(t.itemsize()));
    show("nbytes", int64_t(t.nbytes()));
    show("elsize", int64_t(t.element_size()));
    auto a = t.accessor<float, 2>();
    show("acc.size", a.size(1));
    show("acc.stride", a.stride(0));
    a[1][2] = 77;
    show("acc.w", t);
    throws("acc.dim", [&] { t.accessor<float, 1>(); });
    throws("acc.type", [&] { t.accessor<int, 2>(); });
    auto e = t.t();
    auto ea = e.accessor<float, 2>();
    show("acc.t", ea[2][1]);
    auto c = t.clone();
    c.data_ptr<float>()[0] = 5;
    show("clone", t[0][0]);
    auto q = t.contiguous();
    show("contig.same", q.data_ptr() == t.data_ptr());
    show("contig.t", e.contiguous().data_ptr() != t.data_ptr());
    auto n = t.narrow(1, 1, 2);
    show("narrow.off", n.storage_offset());
    show("narrow.ptr", n.data_ptr<float>() - t.data_ptr<float>());
    auto z = torch::zeros({3});
    float *zp = z.data_ptr<float>();
    z.add_(2);
    show("inplace.same", z.data_ptr<float>() == zp);
    show("inplace.val", zp[0]);
    z.copy_(torch::ones({3}));
    show("copy.same", z.data_ptr<float>() == zp);
    z = z + 1;
    auto w = torch::zeros({4});
    auto wv = w.view({2, 2});
    float *wp = wv.data_ptr<float>();
    w.add_(3);
    wv.mul_(2);
    show("views.ptr", wp[3]);
    w.fill_(1);
    show("views.ptr2", w.data_ptr<float>() == wp);
  });
  section("dlpack", [&] {
    auto t = torch::arange(12, torch::kFloat).reshape({3, 4});
    DLManagedTensor *d = at::toDLPack(t);
    show("dl.ndim", d->dl_tensor.ndim);
    show("dl.shape", d->dl_tensor.shape[1]);
    show("dl.stride", d->dl_tensor.strides[0]);
    show("dl.bits", int64_t(d->dl_tensor.dtype.bits));
    show("dl.code", int64_t(d->dl_tensor.dtype.code));
    show("dl.lanes", int64_t(d->dl_tensor.dtype.lanes));
    show("dl.dev", int64_t(d->dl_tensor.device.device_type));
    show("dl.data", d->dl_tensor.data == t.data_ptr());
    show("dl.off", int64_t(d->dl_tensor.byte_offset));
    auto b = at::fromDLPack(d);
    show("dl.back", geometry(b));
    b[1][1] = 50;
    show("dl.alias", t[1][1]);
    t.add_(1);
    show("dl.alias2", b[0][0]);
    auto e = at::fromDLPack(at::toDLPack(t.t()));
    show("dl.t", geometry(e));
    auto f = at::fromDLPack(at::toDLPack(t.slice(0, 1, 3)));
    show("dl.slice", geometry(f));
    f.zero_();
    show("dl.slicew", t);
    for (auto k : {torch::kBool, torch::kByte, torch::kChar, torch::kShort, torch::kInt,
                   torch::kLong, torch::kHalf, torch::kBFloat16, torch::kDouble}) {
      auto m = at::toDLPack(torch::ones({2}).to(k));
      show(std::string("dl.k.") + dtype_name(k),
           int64_t(m->dl_tensor.dtype.code) * 100 + m->dl_tensor.dtype.bits);
      show(std::string("dl.kb.") + dtype_name(k), at::fromDLPack(m));
    }
    auto s = torch::tensor(3.5);
    auto sb = at::fromDLPack(at::toDLPack(s));
    show("dl.scalar", sb);
    auto zb = at::fromDLPack(at::toDLPack(torch::zeros({0, 3})));
    show("dl.zero", geometry(zb));
    auto ex = at::fromDLPack(at::toDLPack(torch::ones({1}).expand({3})));
    show("dl.expand", geometry(ex));
    auto rg = torch::ones({2}, torch::requires_grad());
    throws("dl.grad", [&] { at::toDLPack(rg); });
    {
      auto k = at::toDLPack(torch::ones({2}));
      k->deleter(k);
    }
    show("dl.deleter", true);
  });
  return finish();
}
