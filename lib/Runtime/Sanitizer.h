//===- Sanitizer.h ----------------------------------------------------------------------------===//
// Whether the build is one of ThreadSanitizer, which does not see how oneTBB synchronizes.
//
//===------------------------------------------------------------------------------------------===//
#pragma once

namespace tjit::rt {

// gcc says it by a macro, clang by a feature.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool kThreadSanitizer = true;
#elif defined(__has_feature)
inline constexpr bool kThreadSanitizer = __has_feature(thread_sanitizer);
#else
inline constexpr bool kThreadSanitizer = false;
#endif

} // namespace tjit::rt
