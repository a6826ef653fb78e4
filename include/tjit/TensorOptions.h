//===- TensorOptions.h - dtype, device and requires_grad of a tensor to be made ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Device.h"
#include "tjit/ScalarType.h"

#include <iosfwd>
#include <optional>
#include <string>

TJIT_NAMESPACE_BEGIN

/// What Tensor::dtype() returns: a ScalarType that prints as its C++ type ("float", "long int").
class TypeMeta {
public:
  constexpr TypeMeta(ScalarType type = ScalarType::Undefined) : type_(type) {}
  constexpr operator ScalarType() const { return type_; }
  constexpr ScalarType toScalarType() const { return type_; }
  constexpr size_t itemsize() const { return elementSize(type_); }
  /// "float", "long int", "c10::Half"
  TJIT_EXPORT const char *name() const;
  friend constexpr bool operator==(TypeMeta a, TypeMeta b) { return a.type_ == b.type_; }
  friend constexpr bool operator!=(TypeMeta a, TypeMeta b) { return a.type_ != b.type_; }
  friend constexpr bool operator==(TypeMeta a, ScalarType b) { return a.type_ == b; }
  friend constexpr bool operator!=(TypeMeta a, ScalarType b) { return a.type_ != b; }
  friend constexpr bool operator==(ScalarType a, TypeMeta b) { return a == b.type_; }
  friend constexpr bool operator!=(ScalarType a, TypeMeta b) { return a != b.type_; }

private:
  ScalarType type_;
};

namespace detail {
/// "Float", "Long"
TJIT_EXPORT const char *nameOfDtype(ScalarType type);
} // namespace detail
/// "Float", "Long"
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, ScalarType type);
/// "float", "long int"
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, TypeMeta type);

/// The dtype of floating-point tensors made without saying one: float32 unless it was changed.
/// Throws TypeError for an integer type.
TJIT_EXPORT void set_default_dtype(TypeMeta type);
TJIT_EXPORT TypeMeta get_default_dtype();
inline ScalarType get_default_dtype_as_scalartype() { return get_default_dtype(); }
inline TypeMeta scalarTypeToTypeMeta(ScalarType type) { return type; }

enum class Layout : int8_t { Strided };
inline constexpr Layout kStrided = Layout::Strided;
/// "Strided"
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, Layout layout);

enum class MemoryFormat : int8_t { Contiguous, Preserve, ChannelsLast, ChannelsLast3d };
/// "ChannelsLast"
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, MemoryFormat format);

template <class T> struct CppTypeToScalarType;

/// Whatever is not set is left to the function. Made implicitly from a dtype or a device:
/// `zeros({2}, kFloat64)`, `zeros({2}, dtype(kInt64).requires_grad(false))`.
class TensorOptions {
public:
  constexpr TensorOptions() = default;
  constexpr TensorOptions(ScalarType type) : dtype_(type), hasDtype_(true) {}
  constexpr TensorOptions(TypeMeta type) : dtype_(type), hasDtype_(true) {}
  constexpr TensorOptions(Device device) : device_(device), hasDevice_(true) {}
  constexpr TensorOptions(DeviceType device) : device_(device), hasDevice_(true) {}
  TensorOptions(const std::string &device) : TensorOptions(Device(device)) {}
  constexpr TensorOptions(Layout) : hasLayout_(true) {}
  constexpr TensorOptions(MemoryFormat format) : format_(format) {}

  constexpr TensorOptions dtype(ScalarType type) const {
    TensorOptions o = *this;
    o.dtype_ = type, o.hasDtype_ = true;
    return o;
  }
  template <class T> constexpr TensorOptions dtype() const {
    return dtype(CppTypeToScalarType<T>::value);
  }
  constexpr TensorOptions device(Device device) const {
    TensorOptions o = *this;
    o.device_ = device, o.hasDevice_ = true;
    return o;
  }
  constexpr TensorOptions device(DeviceType type, int index = -1) const {
    return device(Device(type, index));
  }
  constexpr TensorOptions requires_grad(bool value) const {
    TensorOptions o = *this;
    o.requiresGrad_ = value, o.hasRequiresGrad_ = true;
    return o;
  }
  constexpr TensorOptions layout(Layout) const {
    TensorOptions o = *this;
    o.hasLayout_ = true;
    return o;
  }
  /// Memory is never pinned: there is no device that would want it.
  constexpr TensorOptions pinned_memory(bool value) const {
    TensorOptions o = *this;
    o.pinned_ = value, o.hasPinned_ = true;
    return o;
  }
  constexpr TensorOptions memory_format(MemoryFormat format) const {
    TensorOptions o = *this;
    o.format_ = format;
    return o;
  }
  /// These options with those of `other` that it has set.
  TensorOptions merge_in(const TensorOptions &other) const {
    TensorOptions o = *this;
    if (other.hasDtype_)
      o = o.dtype(other.dtype_);
    if (other.hasDevice_)
      o = o.device(other.device_);
    if (other.hasRequiresGrad_)
      o = o.requires_grad(other.requiresGrad_);
    if (other.hasPinned_)
      o = o.pinned_memory(other.pinned_);
    if (other.format_)
      o = o.memory_format(*other.format_);
    o.hasLayout_ |= other.hasLayout_;
    return o;
  }
  TensorOptions merge_memory_format(std::optional<MemoryFormat> format) const {
    return format ? memory_format(*format) : *this;
  }

  constexpr bool has_dtype() const { return hasDtype_; }
  constexpr bool has_device() const { return hasDevice_; }
  constexpr bool has_layout() const { return hasLayout_; }
  constexpr bool has_requires_grad() const { return hasRequiresGrad_; }
  constexpr bool has_pinned_memory() const { return hasPinned_; }
  constexpr bool has_memory_format() const { return format_.has_value(); }
  constexpr Layout layout() const { return kStrided; }
  constexpr bool pinned_memory() const { return pinned_; }
  constexpr bool is_sparse() const { return false; }
  constexpr std::optional<MemoryFormat> memory_format_opt() const { return format_; }
  constexpr bool requires_grad() const { return requiresGrad_; }
  constexpr Device device() const { return device_; }
  /// The dtype that was set, else the default one.
  TypeMeta dtype() const { return hasDtype_ ? TypeMeta(dtype_) : get_default_dtype(); }
  constexpr std::optional<ScalarType> dtype_opt() const {
    return hasDtype_ ? std::optional<ScalarType>(dtype_) : std::nullopt;
  }
  constexpr std::optional<Device> device_opt() const {
    return hasDevice_ ? std::optional<Device>(device_) : std::nullopt;
  }
  constexpr std::optional<Layout> layout_opt() const {
    return hasLayout_ ? std::optional<Layout>(kStrided) : std::nullopt;
  }
  constexpr std::optional<bool> requires_grad_opt() const {
    return hasRequiresGrad_ ? std::optional<bool>(requiresGrad_) : std::nullopt;
  }
  constexpr std::optional<bool> pinned_memory_opt() const {
    return hasPinned_ ? std::optional<bool>(pinned_) : std::nullopt;
  }
  /// Whether tensors of both have one dtype and one device.
  bool type_equal(const TensorOptions &other) const {
    return dtype() == other.dtype() && device_.type() == other.device_.type();
  }

private:
  ScalarType dtype_ = ScalarType::Undefined;
  Device device_ = Device(DeviceType::CPU);
  bool hasDtype_ = false, hasDevice_ = false, requiresGrad_ = false, hasRequiresGrad_ = false,
       hasLayout_ = false, pinned_ = false, hasPinned_ = false;
  std::optional<MemoryFormat> format_;
};

/// "TensorOptions(dtype=float (default), device=cpu (default), ...)"
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, const TensorOptions &options);

constexpr TensorOptions dtype(ScalarType type) { return TensorOptions(type); }
constexpr TensorOptions dtype(TypeMeta type) { return TensorOptions(type); }
constexpr TensorOptions device(Device device) { return TensorOptions(device); }
constexpr TensorOptions device(DeviceType type) { return TensorOptions(type); }
inline TensorOptions device(const std::string &device) { return TensorOptions(device); }
template <class T> constexpr TensorOptions dtype() { return TensorOptions().dtype<T>(); }
constexpr TensorOptions memory_format(MemoryFormat format) { return TensorOptions(format); }
constexpr TensorOptions layout(Layout layout) { return TensorOptions(layout); }
constexpr TensorOptions requires_grad(bool value = true) {
  return TensorOptions().requires_grad(value);
}

TJIT_NAMESPACE_END
