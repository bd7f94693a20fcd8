#pragma once

#include <filesystem>

#include "dataset.hpp"

namespace LAMINA_NAMESPACE {

/// Two sets of small pictures in colour (32, 32, 3) of bytes: Krizhevsky, "Learning multiple layers of features from
/// tiny images", 2009.
struct Cifar {
  Dataset<3> train;
  Dataset<3> test;
};

/// Reads CIFAR-10 from the directory of its binary version, cifar-10-batches-bin: data_batch_1.bin … data_batch_5.bin
/// and test_batch.bin. A record is a label and 3072 bytes, 1024 of each colour; files may have any number of records.
/// Throws DataError, which names the missing or damaged file.
///
///   const auto [train, test] = cifar10("cifar-10-batches-bin");
Cifar cifar10(const std::filesystem::path& directory);

/// The labels of CIFAR-100: 100 classes, or 20 superclasses of five each.
enum class CifarLabels : unsigned char { fine, coarse };

/// Reads CIFAR-100 from the directory of its binary version, cifar-100-binary: train.bin, test.bin, and the names of
/// the classes in fine_label_names.txt or coarse_label_names.txt. A record is both labels and 3072 bytes. Throws
/// DataError, which names the missing or damaged file.
///
///   const auto [train, test] = cifar100("cifar-100-binary");
Cifar cifar100(const std::filesystem::path& directory, CifarLabels labels = CifarLabels::fine);

}  // namespace LAMINA_NAMESPACE

#ifndef LAMINA_COMPILED
#include "impl/cifar.ipp"
#endif
