#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include "config.hpp"

namespace LAMINA_NAMESPACE::detail {

/// A type-erased reference to a function that somebody else owns. Code that takes one is compiled once, not once per
/// function. It is valid only during the call that it is passed to.
///
///   void run(FunctionRef<void(Index)> task);
///   run([&](Index worker) { … });
template <typename Signature>
class FunctionRef;

template <typename Result, typename... Arguments>
class FunctionRef<Result(Arguments...)> {
 public:
  template <typename F>
    requires(!std::same_as<std::remove_cvref_t<F>, FunctionRef>)
  FunctionRef(F&& function)
      : function_(const_cast<void*>(static_cast<const void*>(std::addressof(function)))),
        call_([](void* it, Arguments... arguments) -> Result {
          return (*static_cast<std::remove_reference_t<F>*>(it))(std::forward<Arguments>(arguments)...);
        }) {}

  Result operator()(Arguments... arguments) const { return call_(function_, std::forward<Arguments>(arguments)...); }

 private:
  void* function_;
  Result (*call_)(void*, Arguments...);
};

}  // namespace lamina::detail
