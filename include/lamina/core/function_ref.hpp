#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include "config.hpp"

namespace LAMINA_NAMESPACE {

/// A function that somebody else holds, its type forgotten: what takes one is compiled once and not for each function.
/// Good for as long as the call that it is handed to.
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

}  // namespace lamina
