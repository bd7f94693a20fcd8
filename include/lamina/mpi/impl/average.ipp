#pragma once

#include "../average.hpp"

#include "../group.hpp"

namespace LAMINA_NAMESPACE::mpi {

inline Reducer average(Session& session, const AverageOptions& options) {
  if (session.size() == 1) return {};
  auto& group = session.groups_[options.same_bits ? 1 : 0];
  if (!group) group = std::make_unique<detail::MpiGroup>(session.communicator(), options.same_bits, 0, session.on_this_machine_);
  return Reducer(*group);
}

}  // namespace lamina::mpi
