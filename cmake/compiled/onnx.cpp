#include <lamina/impl/compiled_onnx.ipp>
