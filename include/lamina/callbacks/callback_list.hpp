#pragma once

#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>

#include "../training/history.hpp"

namespace LAMINA_NAMESPACE {

/// A callback of `fit`: it takes the end of batches, of epochs, or both.
template <typename C>
concept Callback = std::invocable<C&, BatchEnd&> || std::invocable<C&, EpochEnd&>;

/// Several callbacks as one. It calls them in this order, each for batches, epochs or both, whichever it takes.
/// If one of them asks to stop, the run ends after all were called. If one throws, the later ones are not called, and the
/// caller of `fit` gets the exception.
///
///   CsvLog csv{"run.csv"};
///   auto callbacks = CallbackList{progress, csv, [](EpochEnd& end) { end.stop_training = end.record.accuracy > 0.99; }};
///   trainer.fit(model, train, {.on_batch = std::ref(callbacks), .on_epoch = std::ref(callbacks)});
///
/// Named callbacks are stored by reference and must live as long as the run; a lambda written in the call is stored itself.
template <Callback... Cs>
class CallbackList {
 public:
  explicit CallbackList(Cs&&... callbacks) : callbacks_(std::forward<Cs>(callbacks)...) {}

  void operator()(BatchEnd& end) { tell(end); }
  void operator()(EpochEnd& end) { tell(end); }

 private:
  template <typename Event>
  void tell(Event& end) {
    bool stop = end.stop_training;
    const auto tell_one = [&](auto& callback) {
      if constexpr (std::invocable<decltype(callback), Event&>) {
        callback(end);
        stop = stop || end.stop_training;
      }
    };
    std::apply([&](auto&... callbacks) { (tell_one(callbacks), ...); }, callbacks_);
    end.stop_training = stop;
  }

  std::tuple<Cs...> callbacks_;  // a reference to an object with a name, otherwise the object itself
};

template <typename... Cs>
CallbackList(Cs&&...) -> CallbackList<Cs...>;

template <Callback... Cs>
[[deprecated("together(a, b) is called CallbackList{a, b} now")]] CallbackList<Cs...> together(Cs&&... callbacks) {
  return CallbackList<Cs...>(std::forward<Cs>(callbacks)...);
}

}  // namespace lamina
