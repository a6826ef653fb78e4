//===- CompilerMessages.h ---------------------------------------------------------------------===//
// What a program and a compiler in a process of its own say to each other.
//
//   program                          tjit-compiler, at the other end of a socket
//           ◄── greeting ───────     once: which builds compile, or why nothing can
//           ─── a question ────►
//           ◄── its answer ─────     of the same kind, or a fault: the compiler's last words
//
// Both ends are of one build on one machine, so numbers are as they lie in memory. The compiler
// ends when the program closes its end.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

#include "Runtime/BuildIdentity.h"
#include "Runtime/Compilation.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tjit::rt {

enum class MessageKind : uint32_t { greeting, compile, clearKernelCache, describeAddress, fault };

/// A kind, and bytes that values are appended to, or taken from the front of in the same order.
class Message {
public:
  explicit Message(MessageKind kind, std::vector<uint8_t> bytes = {})
      : kind_(kind), bytes_(std::move(bytes)) {}
  Message() = default;
  MessageKind kind() const { return kind_; }

  template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void put(T value) {
    const auto *bytes = reinterpret_cast<const uint8_t *>(&value);
    bytes_.insert(bytes_.end(), bytes, bytes + sizeof value);
  }
  void put(std::span<const uint8_t> bytes) {
    put<uint64_t>(bytes.size());
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void put(std::string_view text) {
    put(std::span(reinterpret_cast<const uint8_t *>(text.data()), text.size()));
  }

  /// Zero where there is nothing left; then whole() is false.
  template <class T>
    requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  T take() {
    T value{};
    if (const uint8_t *from = next(sizeof value))
      std::copy_n(from, sizeof value, reinterpret_cast<uint8_t *>(&value));
    return value;
  }
  std::span<const uint8_t> takeBytes() {
    const auto size = take<uint64_t>();
    const uint8_t *from = next(size);
    return from ? std::span(from, size) : std::span<const uint8_t>();
  }
  std::string takeText() {
    std::span<const uint8_t> bytes = takeBytes();
    return {bytes.begin(), bytes.end()};
  }
  /// Everything that was taken was there.
  bool whole() const { return whole_; }

  std::span<const uint8_t> bytes() const { return bytes_; }
  /// The message as it is sent.
  std::vector<uint8_t> frame() const;

private:
  const uint8_t *next(uint64_t size) {
    whole_ &= size <= bytes_.size() - at_;
    if (!whole_)
      return nullptr;
    const uint8_t *from = bytes_.data() + at_;
    at_ += size;
    return from;
  }

  MessageKind kind_ = MessageKind::fault;
  std::vector<uint8_t> bytes_;
  size_t at_ = 0;
  bool whole_ = true;
};

/// False: the other end is closed. No signal is raised.
bool send(int socket, const Message &message);
/// Waits for a message. False: the other end is closed, or `cancelled` has become true.
bool receive(int socket, Message &message, const std::atomic<bool> *cancelled = nullptr);

/// The first message of a compiler.
struct Greeting {
  std::string problem; ///< empty: it is ready
  int64_t process = 0;
  uint64_t operations = 0; ///< operationsHash() of libtjit_compiler
  std::string buildId;     ///< of it
  std::vector<ModuleBuild> modules;

  Message encode() const;
  static bool decode(Message &message, Greeting &out);
};

/// A request; `cancelled` stays behind, for whoever waits for the answer.
Message encodeRequest(const tjit_compile_request &request);
/// A request and what it points to.
struct OwnedRequest {
  std::vector<uint64_t> key;
  std::string cpu, dumpDir, dumpName;

  /// False: the message is something else.
  bool decode(Message &message);
  /// Valid as long as this.
  tjit_compile_request view() const;

private:
  uint32_t numThreads_ = 1;
  bool wantsRemarks_ = false, unfused_ = false;
};

Message encodeCompilation(const Compilation &compilation);
/// False: the message is something else.
bool decodeCompilation(Message &message, Compilation &out);

} // namespace tjit::rt
