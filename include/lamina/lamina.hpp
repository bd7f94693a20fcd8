#pragma once

/// @file
/// The parts that most programs need: layers, losses, optimizers, models, data sets, training, evaluation, saving,
/// loading. Other parts have their own headers beside this one; all.hpp includes them all.
///
///   augment.hpp     varied images, contact sheets       metrics.hpp   reports per class, curves, calibration
///   checkpoint.hpp  runs that survive, best weights     network.hpp   layers chosen at run time, load_model
///   diagnose.hpp    why a network does not learn        onnx.hpp      ONNX files, both ways
///   digits.hpp      handwritten-looking digits          report.hpp    HTML reports, plots as SVG
///   export_cpp.hpp  a network as one C++ header         terminal.hpp  pictures, plots, progress in a terminal
///   images.hpp      PNG, JPEG, BMP (needs stb_image)    testing.hpp   check_gradient
///   keras.hpp       weights in Keras's layouts          tune.hpp      search, folds, ensembles, learning rates
///   logging.hpp     CSV, JSON Lines, TensorBoard

#include "core/flush_denormals.hpp"
#include "core/version.hpp"
#include "data/batches.hpp"
#include "data/class_weights.hpp"
#include "data/idx.hpp"
#include "data/measure_normalisation.hpp"
#include "data/mnist.hpp"
#include "data/one_hot.hpp"
#include "data/preprocess_image.hpp"
#include "data/preprocess_row.hpp"
#include "data/splits.hpp"
#include "data/target_normalisation.hpp"
#include "io/saved_model.hpp"
#include "layers/activations.hpp"
#include "layers/batch_norm.hpp"
#include "layers/channel_shuffle.hpp"
#include "layers/conv.hpp"
#include "layers/conv_transpose.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/flatten.hpp"
#include "layers/global_pool.hpp"
#include "layers/group_norm.hpp"
#include "layers/identity.hpp"
#include "layers/layer_norm.hpp"
#include "layers/leaky_relu.hpp"
#include "layers/narrow.hpp"
#include "layers/pool.hpp"
#include "layers/prelu.hpp"
#include "layers/relu.hpp"
#include "layers/sigmoid.hpp"
#include "layers/softmax.hpp"
#include "layers/subsample.hpp"
#include "layers/tanh.hpp"
#include "layers/upsample.hpp"
#include "losses/binary_cross_entropy.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/focal_loss.hpp"
#include "losses/huber.hpp"
#include "losses/mean_absolute_error.hpp"
#include "losses/mean_squared_error.hpp"
#include "losses/sigmoid_cross_entropy.hpp"
#include "losses/softmax_cross_entropy.hpp"
#include "models/add.hpp"
#include "models/concat.hpp"
#include "models/model.hpp"
#include "models/mul.hpp"
#include "models/predictor.hpp"
#include "models/residual.hpp"
#include "models/sequential.hpp"
#include "models/summary.hpp"
#include "optimizers/adam.hpp"
#include "optimizers/sgd.hpp"
#include "training/evaluate.hpp"
#include "training/schedules.hpp"
#include "training/trainer.hpp"
