#pragma once

#include <cstdint>
#include <span>

#include "../core/checksum.hpp"
#include "../models/model.hpp"
#include "session.hpp"

namespace LAMINA_NAMESPACE::mpi {

/// Returns whether a model's parameters and buffers have the same bits on all ranks, by a checksum of 64 bits. All ranks
/// call it, and get the same answer.
template <typename T>
bool replicas_equal(const Session& session, const BasicModel<T>& model) {
  detail::TensorViews<T> tensors;
  model.parameters().find(tensors);
  detail::Checksum checksum;
  for (std::size_t i = 0; i < tensors.begins.size(); ++i)
    checksum.add(std::as_bytes(std::span(tensors.begins[i], static_cast<std::size_t>(tensors.sizes[i]))));
  std::uint64_t numbers[]{checksum.value(), ~checksum.value()};  // the largest, and what is left of the smallest
  MPI_Allreduce(MPI_IN_PLACE, numbers, 2, MPI_UINT64_T, MPI_MAX, session.communicator());
  return numbers[0] == ~numbers[1];
}

}  // namespace lamina::mpi
