"""torchvision's networks as ONNX files, for tests/io/torchvision_exchange.cpp.

    python3 torchvision_exchange.py FOLDER NAME SIZE

Writes to the folder what torch.onnx.export writes of the network, with random weights and running statistics, as it is at
inference: NAME.onnx, samples NAME.input of SIZE × SIZE pixels and the logits that PyTorch makes of them, NAME.output, floats in
ONNX's order. Ends with 77 where there is no torchvision.
"""
import sys
import warnings

try:
    import torch
    import torchvision
except ImportError as error:
    print(error)
    sys.exit(77)

warnings.filterwarnings("ignore")
torch.manual_seed(1)
folder, name, size = sys.argv[1] + "/", sys.argv[2], int(sys.argv[3])
options = {"aux_logits": False, "init_weights": False} if name == "googlenet" else {}
net = getattr(torchvision.models, name)(weights=None, **options)
for key, value in net.state_dict().items():
    if key.endswith("running_mean"):
        value.normal_(0, 0.1)
    elif key.endswith("running_var"):
        value.uniform_(0.5, 2)
net.eval()
x = torch.randn(2, 3, size, size)
with torch.no_grad():
    y = net(x)
torch.onnx.export(net, x, folder + name + ".onnx", opset_version=13, input_names=["input"], dynamic_axes={"input": {0: "n"}})
x.numpy().astype("<f4").tofile(folder + name + ".input")
y.numpy().astype("<f4").tofile(folder + name + ".output")
print(name, torchvision.__version__)
