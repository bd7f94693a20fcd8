#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include "dataset.hpp"

namespace LAMINA_NAMESPACE::detail {

/// An optional reference to a data set. As an option it takes `test` or `&test`, but no temporary, which would be destroyed
/// before the set is read.
template <int Rank>
class DatasetRef {
 public:
  constexpr DatasetRef() = default;
  constexpr DatasetRef(std::nullptr_t) {}
  constexpr DatasetRef(const Dataset<Rank>* data) : data_(data) {}
  constexpr DatasetRef(const Dataset<Rank>& data) : data_(&data) {}

  template <typename Temporary>
    requires std::same_as<std::remove_const_t<Temporary>, Dataset<Rank>>
  constexpr DatasetRef(Temporary&&) {
    static_assert(sizeof(Temporary) == 0, "a data set that is made in the call would be gone when it is read: give it a name, "
                                          "const Dataset test = ..., and write .validation = test");
  }

  constexpr explicit operator bool() const { return data_ != nullptr; }
  constexpr const Dataset<Rank>& operator*() const { return *data_; }
  constexpr const Dataset<Rank>* operator->() const { return data_; }

 private:
  const Dataset<Rank>* data_ = nullptr;
};

}  // namespace lamina::detail
