"""What the benchmark measures: the networks of workloads.hpp and large_workloads.hpp, trained or inferred."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One measurement: a network, what is done with it, and how many images at a time."""

    workload: str
    sample: tuple  # the extents of an image, channels first
    mode: str  # train, infer, or layer: forward and backward of one layer
    batch: int

    def __str__(self):
        done = {"train": "training", "infer": "inference", "layer": "forward and backward"}[self.mode]
        return f"{done}, {self.batch} image{'s' if self.batch > 1 else ''}"


DIGIT, ROW, PICTURE, PHOTOGRAPH = (1, 28, 28), (784,), (3, 32, 32), (3, 224, 224)
WORKLOADS = {  # the sample, the batch size of training, and those of inference
    "seed8": (DIGIT, 32, (1, 64)),
    "mnist-deep": (DIGIT, 128, (1, 64)),
    "lenet": (DIGIT, 64, (1, 64)),
    "mlp": (ROW, 10, (1, 64)),
    "cifar-vgg": (PICTURE, 64, (1, 64)),
    "resnet20": (PICTURE, 128, (1, 64)),
    "resnet18": (PHOTOGRAPH, None, (1,)),
    "mobilenet-v2": (PHOTOGRAPH, None, (1,)),
    "depthwise": ((64, 56, 56), 8, ()),
}
FIRST_PAGE = ("seed8", "mnist-deep", "lenet", "mlp", "cifar-vgg")
MODES = ("train", "infer")


def cases(workloads, modes):
    """Returns the measurements of these workloads, in order."""
    found = []
    for name in workloads:
        sample, batch, inferred = WORKLOADS[name]
        if batch and "train" in modes:
            found.append(Case(name, sample, "layer" if name == "depthwise" else "train", batch))
        if "infer" in modes:
            found += [Case(name, sample, "infer", images) for images in inferred]
    return found
