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

/// "Float", "Long"
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, ScalarType type);
/// "float", "long int"
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, TypeMeta type);

/// The dtype of floating-point tensors made without saying one: float32 unless it was changed.
/// Throws TypeError for an integer type.
TJIT_EXPORT void set_default_dtype(TypeMeta type);
TJIT_EXPORT TypeMeta get_default_dtype();
inline TypeMeta scalarTypeToTypeMeta(ScalarType type) { return type; }

enum class Layout : int8_t { Strided };
inline constexpr Layout kStrided = Layout::Strided;

enum class MemoryFormat : int8_t { Contiguous, Preserve, ChannelsLast, ChannelsLast3d };

/// Whatever is not set is left to the function. Made implicitly from a dtype or a device:
/// `zeros({2}, kFloat64)`, `zeros({2}, dtype(kInt64).requires_grad(false))`.
class TensorOptions {
public:
  constexpr TensorOptions() = default;
  constexpr TensorOptions(ScalarType type) : dtype_(type), hasDtype_(true) {}
  constexpr TensorOptions(TypeMeta type) : dtype_(type), hasDtype_(true) {}
  constexpr TensorOptions(Device device) : device_(device), hasDevice_(true) {}
  constexpr TensorOptions(DeviceType device) : device_(device), hasDevice_(true) {}
  constexpr TensorOptions(Layout) {}

  constexpr TensorOptions dtype(ScalarType type) const {
    TensorOptions o = *this;
    o.dtype_ = type, o.hasDtype_ = true;
    return o;
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
    o.requiresGrad_ = value;
    return o;
  }
  constexpr TensorOptions layout(Layout) const { return *this; }

  constexpr bool has_dtype() const { return hasDtype_; }
  constexpr bool has_device() const { return hasDevice_; }
  constexpr bool requires_grad() const { return requiresGrad_; }
  constexpr Device device() const { return device_; }
  /// The dtype that was set, else the default one.
  TypeMeta dtype() const { return hasDtype_ ? TypeMeta(dtype_) : get_default_dtype(); }
  constexpr std::optional<ScalarType> dtype_opt() const {
    return hasDtype_ ? std::optional<ScalarType>(dtype_) : std::nullopt;
  }

private:
  ScalarType dtype_ = ScalarType::Undefined;
  Device device_ = Device(DeviceType::CPU);
  bool hasDtype_ = false, hasDevice_ = false, requiresGrad_ = false;
};

constexpr TensorOptions dtype(ScalarType type) { return TensorOptions(type); }
constexpr TensorOptions dtype(TypeMeta type) { return TensorOptions(type); }
constexpr TensorOptions device(Device device) { return TensorOptions(device); }
constexpr TensorOptions device(DeviceType type) { return TensorOptions(type); }
constexpr TensorOptions layout(Layout layout) { return TensorOptions(layout); }
constexpr TensorOptions requires_grad(bool value = true) {
  return TensorOptions().requires_grad(value);
}

TJIT_NAMESPACE_END
