//===- Device.h - where a tensor's memory is ---===//
//
// Part of tjit, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "tjit/Export.h"

#include <cstdint>
#include <iosfwd>
#include <string>

TJIT_NAMESPACE_BEGIN

enum class DeviceType : int8_t { CPU, CUDA };
inline constexpr DeviceType kCPU = DeviceType::CPU, kCUDA = DeviceType::CUDA;
/// "CPU", or in lower case.
TJIT_EXPORT std::string DeviceTypeName(DeviceType type, bool lower_case = false);
/// "cpu"
TJIT_EXPORT std::ostream &operator<<(std::ostream &out, DeviceType type);

class TJIT_EXPORT Device {
public:
  constexpr Device(DeviceType type, int index = -1)
      : type_(type), index_(static_cast<int8_t>(index)) {}
  /// "cpu", "cuda" or "cuda:1"; throws Error for anything else, naming what is understood.
  Device(const std::string &text);
  Device(const char *text) : Device(std::string(text)) {}

  constexpr DeviceType type() const { return type_; }
  /// -1: the current one.
  constexpr int index() const { return index_; }
  constexpr bool has_index() const { return index_ >= 0; }
  constexpr void set_index(int index) { index_ = static_cast<int8_t>(index); }
  constexpr bool is_cpu() const { return type_ == DeviceType::CPU; }
  constexpr bool is_cuda() const { return type_ == DeviceType::CUDA; }
  std::string str() const;

  friend constexpr bool operator==(Device a, Device b) {
    return a.type_ == b.type_ && a.index_ == b.index_;
  }
  friend constexpr bool operator!=(Device a, Device b) { return !(a == b); }

private:
  DeviceType type_;
  int8_t index_;
};

TJIT_EXPORT std::ostream &operator<<(std::ostream &out, const Device &device);

namespace cuda {
/// Whether a GPU can be used.
TJIT_EXPORT bool is_available();
TJIT_EXPORT int device_count();
inline bool cudnn_is_available() { return false; }
} // namespace cuda

TJIT_NAMESPACE_END
