"""State dicts of PyTorch as safetensors files, for tests/io/load_pytorch_exchange.cpp.

    python3 load_pytorch_exchange.py FOLDER <the README.md of io>

Where the folder has NAME-96.saved, a state dict that lamina wrote, PyTorch's network must predict with it what it predicted before. Otherwise
writes the networks below with random weights and running statistics, NAME.safetensors, samples NAME.input and the outputs that
PyTorch makes of them, NAME.output: floats in PyTorch's order. Files are in the order of the state dict, but for those that are
called "sorted": these are sorted by name, as safetensors.torch.save_file does. Ends with 77 where there is no torchvision.
"""
import glob
import json
import math
import re
import sys
import warnings

try:
    import torch
    import torchvision
    from torch import nn
except ImportError as error:
    print(error)
    sys.exit(77)

warnings.filterwarnings("ignore")
torch.manual_seed(1)
folder, readme = sys.argv[1] + "/", sys.argv[2]
exec(re.findall(r"```python\n(.*?)```", open(readme, encoding="utf-8").read(), re.S)[0].split("def write")[0])  # read
for path in glob.glob(folder + "*.saved"):
    net = getattr(torchvision.models, path[len(folder):].split("-")[0])(weights=None)
    net.load_state_dict(read(path))
    at = lambda ending, *shape: torch.from_file(path[:-len("saved")] + ending, size=math.prod(shape)).reshape(shape)
    with torch.no_grad():
        apart = (net.eval()(at("input", 2, 3, 96, 96)) - at("output", 2, 1000)).abs().max()
    assert apart <= 1e-6, (path, apart)
if glob.glob(folder + "*.saved"):
    sys.exit(0)
TYPES = {torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64"}


def write(name, state):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for key, tensor in state.items():
        tensor = tensor.detach().contiguous()
        raw = tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor
        part = raw.numpy().tobytes()
        header[key] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    with open(folder + name + ".safetensors", "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + data)


def sorted_state(state):
    return dict(sorted(state.items(), key=lambda entry: (-entry[1].element_size(), entry[0])))


def write_samples(name, net, *shape):
    x = torch.randn(*shape)
    with torch.no_grad():
        y = net.eval()(x)
    x.numpy().astype("<f4").tofile(folder + name + ".input")
    y.numpy().astype("<f4").tofile(folder + name + ".output")


def drawn(net):
    for key, value in net.state_dict().items():
        if key.endswith("running_mean"):
            value.normal_(0, 0.1)
        elif key.endswith("running_var"):
            value.uniform_(0.5, 2)
    return net


for name in ("resnet18", "mobilenet_v2"):
    net = drawn(getattr(torchvision.models, name)(weights=None))
    for size in (96, 224):
        write_samples(f"{name}-{size}", net, 2, 3, size, size)
    write(name + "-96", net.state_dict())
    write(name + "-224", sorted_state(net.state_dict()))


class Net(nn.Module):
    """As tutorials write them: layers without weights are functions, and the linear layers follow a flattened image."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 6, 3, groups=2, stride=2, dilation=2)
        self.norm = nn.BatchNorm2d(6)
        self.fc1 = nn.Linear(6 * 4 * 3, 12)
        self.fc2 = nn.Linear(12, 12)
        self.fc3 = nn.Linear(12, 5)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = torch.relu(self.norm(self.conv2(x)))
        x = torch.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc3(torch.relu(self.fc2(x)))


net = drawn(Net())
write("module", net.state_dict())
write("module-sorted", sorted_state(net.state_dict()))
for name in ("module", "module-sorted"):
    write_samples(name, net, 3, 1, 24, 20)

sequential = drawn(nn.Sequential(
    nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(), nn.Dropout(0.1),
    nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(8 * 3 * 4, 10), nn.BatchNorm1d(10), nn.ReLU(), nn.Linear(10, 4)))
for dtype in ("float32", "float16", "bfloat16"):
    name = "sequential-" + dtype
    state = {key: value.to(getattr(torch, dtype)) if value.is_floating_point() else value for key, value in sequential.state_dict().items()}
    write(name, sorted_state(state))
    sequential.load_state_dict({key: value.float() for key, value in state.items()})
    write_samples(name, sequential, 3, 3, 6, 8)

torch.save(net.state_dict(), folder + "module.pt")
print("torchvision", torchvision.__version__)
