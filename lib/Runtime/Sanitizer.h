//===- Sanitizer.h ----------------------------------------------------------------------------===//
// Whether the build is one of ThreadSanitizer, which does not see how oneTBB synchronizes, or of
// AddressSanitizer, which keeps freed memory for a while.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

namespace tjit::rt {

// gcc says it by macros, clang by features.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool kThreadSanitizer = true;
#elif defined(__has_feature)
inline constexpr bool kThreadSanitizer = __has_feature(thread_sanitizer);
#else
inline constexpr bool kThreadSanitizer = false;
#endif
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kAddressSanitizer = true;
#elif defined(__has_feature)
inline constexpr bool kAddressSanitizer = __has_feature(address_sanitizer);
#else
inline constexpr bool kAddressSanitizer = false;
#endif

} // namespace tjit::rt
