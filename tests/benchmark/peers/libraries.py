"""The libraries that are measured beside lamina, where they are installed or named by a variable.

Each has a name, a version once a network was opened, and `ways(case, threads)`, which opens the network in every way that is to
be tried: none for what the library does not do. The constructor and `ways` raise Missing, which says why.
"""
import os
import shutil
import subprocess

from peers.programs import HERE, Missing, Program, compile_program, edition, folder_of, links


def pytorch_bf16(_scratch, _files):
    return pytorch(_scratch, _files, bf16=True)


def pytorch(_scratch, _files, bf16=False):
    try:
        from peers.pytorch import PyTorch
    except ImportError as error:
        raise Missing("there is no PyTorch (python3-torch, libopenblas0-pthread)") from error
    return PyTorch(bf16)


class OnnxFiles:
    """The networks as lamina exports them, written when they are needed."""

    def __init__(self, program, scratch):
        self.program, self.scratch = program, scratch

    def of(self, workload):
        path = os.path.join(self.scratch, f"{workload}.onnx")
        if not os.path.exists(path):
            done = subprocess.run([self.program, "--workload", workload, "--onnx", path], capture_output=True, text=True, check=False)
            if done.returncode:
                raise Missing(f"{self.program} does not export it: {done.stderr.strip()}")
        return path


class OnnxRuntime:
    """Inference of the exported networks, with 1 and with several threads."""

    version = ""

    def __init__(self, words, files):
        self.words, self.files = words, files

    def ways(self, case, threads):
        if case.mode != "infer":
            return []
        extents = ",".join(map(str, (case.batch, *case.sample)))
        opened = [Program([*self.words, self.files.of(case.workload), str(count), extents], case, count) for count in sorted({1, threads})]
        self.version = opened[0].version
        return opened


class OnnxRuntimeC(OnnxRuntime):
    """ONNX Runtime's C API."""

    name = "ONNX Runtime, C API"

    def __init__(self, scratch, files):
        folder = folder_of("LAMINA_ONNXRUNTIME_C", "include/onnxruntime_c_api.h")
        libraries = sorted(name for name in os.listdir(os.path.join(folder, "lib")) if name.startswith("libonnxruntime.so"))
        if not libraries:
            raise Missing(f"LAMINA_ONNXRUNTIME_C: there is no lib/libonnxruntime.so in {folder}")
        library = os.path.join(folder, "lib", libraries[0])
        flags = [f"-I{folder}/include"]
        super().__init__([compile_program("onnxruntime.cpp", flags, [library, f"-Wl,-rpath,{folder}/lib"], scratch)], files)


class OnnxRuntimeNode(OnnxRuntime):
    """ONNX Runtime's package for node."""

    name = "ONNX Runtime, node"

    def __init__(self, _scratch, files):
        folder = folder_of("LAMINA_ONNXRUNTIME", "node_modules/onnxruntime-node/package.json")
        if not shutil.which("node"):
            raise Missing("there is no program 'node'")
        super().__init__(["node", os.path.join(HERE, "onnxruntime_node.js"), folder], files)


class Trained:
    """A library of C++ that trains the small networks."""

    version = ""
    workloads = ("seed8", "mnist-deep", "lenet", "mlp")

    def __init__(self, source):
        self.source = source  # where no program tells its version

    def program(self, threads):
        """Returns the words that start its program."""
        raise NotImplementedError

    def ways(self, case, threads):
        if case.mode != "train" or case.workload not in self.workloads:
            return []
        opened = [Program([*self.program(count), case.workload, str(case.batch)], case, count) for count in sorted({1, threads})]
        self.version = ", ".join(filter(None, (self.source, opened[0].version)))
        return opened


class MiniDNN(Trained):
    name = "MiniDNN"

    def __init__(self, scratch, _files):
        folder = folder_of("LAMINA_MINIDNN", "MiniDNN.h")
        super().__init__(edition(folder, "MiniDNN.h"))
        eigen = os.environ.get("EIGEN", "/usr/include/eigen3")
        flags = ["-fopenmp", "-DMDNN_SCALAR=float", f"-I{folder}", f"-I{eigen}"]
        self.path = compile_program("minidnn.cpp", flags, [], scratch)

    def program(self, threads):
        return [self.path]


class Dlib(Trained):
    """dlib with a BLAS, OpenBLAS first; compiled along where the folder has its sources, else the installed library."""

    name = "dlib"

    def __init__(self, scratch, _files):
        folder = folder_of("LAMINA_DLIB", "dlib/dnn.h")
        super().__init__("")
        blas = [library for library in ("-lopenblas", "-lblas") if links(library)][:1]
        everything = os.path.join(folder, "dlib/all/source.cpp")
        if os.path.exists(everything):
            flags = ["-DDLIB_NO_GUI_SUPPORT", *(["-DDLIB_USE_BLAS"] if blas else []), everything]
        else:
            flags, blas = [], ["-ldlib", *blas]
        self.path = compile_program("dlib.cpp", [f"-I{folder}", *flags], blas, scratch)

    def program(self, threads):
        return [self.path]


class TinyDnn(Trained):
    """tiny-dnn, compiled twice: the threads that it starts are as many as there are cores, whose number is not an option."""

    name = "tiny-dnn"

    def __init__(self, scratch, _files):
        folder = folder_of("LAMINA_TINY_DNN", "tiny_dnn/tiny_dnn.h")
        super().__init__(edition(folder, "tiny_dnn/tiny_dnn.h"))
        self.flags, self.scratch = ["-DCNN_USE_AVX", f"-I{folder}"], scratch
        self.one = compile_program("tiny_dnn.cpp", ["-DCNN_SINGLE_THREAD", *self.flags], [], scratch, "tiny_dnn_one")
        self.several = None

    def program(self, threads):
        if threads == 1:
            return [self.one]
        self.several = self.several or compile_program("tiny_dnn.cpp", self.flags, [], self.scratch)
        cores = sorted(os.sched_getaffinity(0))[:threads]
        return ["taskset", "-c", ",".join(map(str, cores)), self.several]


ALL = {"PyTorch": pytorch, **{library.name: library for library in (OnnxRuntimeC, OnnxRuntimeNode, MiniDNN, Dlib, TinyDnn)}}
