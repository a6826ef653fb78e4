//===- CompilerMessages.cpp -------------------------------------------------------------------===//
// What a program and a compiler in a process of its own say to each other.

#include "Runtime/CompilerMessages.h"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

namespace tjit::rt {

namespace {

/// More than any trace or executable has; who announces more is no compiler.
constexpr uint64_t kMostBytes = uint64_t(1) << 32;
/// How soon a cancelled compilation is noticed.
constexpr int kPollMilliseconds = 20;

struct FrameHeader {
  uint64_t bytes; ///< that follow
  MessageKind kind;
  uint32_t padding;
};

bool sendAll(int socket, const void *data, size_t size) {
  const auto *from = static_cast<const uint8_t *>(data);
  while (size) {
    const ssize_t sent = ::send(socket, from, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent <= 0)
      return false;
    from += sent, size -= static_cast<size_t>(sent);
  }
  return true;
}

bool receiveAll(int socket, void *data, size_t size, const std::atomic<bool> *cancelled) {
  auto *to = static_cast<uint8_t *>(data);
  while (size) {
    pollfd ready{socket, POLLIN, 0};
    const int events = poll(&ready, 1, cancelled ? kPollMilliseconds : -1);
    if (cancelled && cancelled->load(std::memory_order_relaxed))
      return false;
    if (events == 0 || (events < 0 && errno == EINTR))
      continue;
    const ssize_t got = events < 0 ? -1 : recv(socket, to, size, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    to += got, size -= static_cast<size_t>(got);
  }
  return true;
}

} // namespace

std::vector<uint8_t> Message::frame() const {
  const FrameHeader header{bytes_.size(), kind_, 0};
  std::vector<uint8_t> out(sizeof header + bytes_.size());
  std::memcpy(out.data(), &header, sizeof header);
  std::copy(bytes_.begin(), bytes_.end(), out.begin() + sizeof header);
  return out;
}

bool send(int socket, const Message &message) {
  const std::vector<uint8_t> frame = message.frame();
  return sendAll(socket, frame.data(), frame.size());
}

bool receive(int socket, Message &message, const std::atomic<bool> *cancelled) {
  FrameHeader header{};
  if (!receiveAll(socket, &header, sizeof header, cancelled) || header.bytes > kMostBytes)
    return false;
  std::vector<uint8_t> bytes(header.bytes);
  if (!receiveAll(socket, bytes.data(), bytes.size(), cancelled))
    return false;
  message = Message(header.kind, std::move(bytes));
  return true;
}

Message Greeting::encode() const {
  Message message(MessageKind::greeting);
  message.put(problem);
  message.put(process);
  message.put(operations);
  message.put(buildId);
  message.put<uint64_t>(modules.size());
  for (const ModuleBuild &module : modules)
    message.put(module.path), message.put(module.buildId);
  return message;
}

bool Greeting::decode(Message &message, Greeting &out) {
  out.problem = message.takeText();
  out.process = message.take<int64_t>();
  out.operations = message.take<uint64_t>();
  out.buildId = message.takeText();
  const auto count = message.take<uint64_t>();
  for (uint64_t i = 0; i < count && message.whole(); ++i) {
    std::string path = message.takeText();
    out.modules.push_back({std::move(path), message.takeText()});
  }
  return message.whole();
}

Message encodeRequest(const tjit_compile_request &request) {
  auto text = [](const char *t) { return std::string_view(t ? t : ""); };
  Message message(MessageKind::compile);
  message.put(std::span(reinterpret_cast<const uint8_t *>(request.key),
                        request.keyWords * sizeof(uint64_t)));
  message.put(text(request.cpu));
  message.put(request.numThreads);
  message.put(text(request.dumpDir));
  message.put(text(request.dumpName));
  message.put<uint8_t>(request.wantsRemarks != 0);
  message.put<uint8_t>(request.unfused != 0);
  return message;
}

bool OwnedRequest::decode(Message &message) {
  std::span<const uint8_t> words = message.takeBytes();
  key.resize(words.size() / sizeof(uint64_t));
  std::copy_n(words.data(), key.size() * sizeof(uint64_t), reinterpret_cast<uint8_t *>(key.data()));
  cpu = message.takeText();
  numThreads_ = message.take<uint32_t>();
  dumpDir = message.takeText();
  dumpName = message.takeText();
  wantsRemarks_ = message.take<uint8_t>() != 0;
  unfused_ = message.take<uint8_t>() != 0;
  return message.whole();
}

tjit_compile_request OwnedRequest::view() const {
  tjit_compile_request request{};
  request.key = key.data(), request.keyWords = key.size();
  request.cpu = cpu.c_str();
  request.numThreads = numThreads_;
  request.dumpDir = dumpDir.empty() ? nullptr : dumpDir.c_str();
  request.dumpName = dumpName.c_str();
  request.wantsRemarks = wantsRemarks_, request.unfused = unfused_;
  return request;
}

Message encodeCompilation(const Compilation &compilation) {
  Message message(MessageKind::compile);
  message.put(std::span<const uint8_t>(compilation.bytes));
  message.put(compilation.error);
  message.put(compilation.remarks);
  for (double ms : compilation.stageMs)
    message.put(ms);
  message.put(compilation.kernelsCompiled);
  message.put(compilation.kernelsReused);
  return message;
}

bool decodeCompilation(Message &message, Compilation &out) {
  std::span<const uint8_t> bytes = message.takeBytes();
  out.bytes.assign(bytes.begin(), bytes.end());
  out.error = message.takeText();
  out.remarks = message.takeText();
  for (double &ms : out.stageMs)
    ms = message.take<double>();
  out.kernelsCompiled = message.take<uint32_t>();
  out.kernelsReused = message.take<uint32_t>();
  return message.whole();
}

} // namespace tjit::rt
