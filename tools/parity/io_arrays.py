"""Writes the golden array files of tests/data/io with NumPy, SciPy, h5py and nibabel themselves.

    python3 tools/parity/io_arrays.py tests/data/io
"""

import pickle
import pickletools
import struct
import sys
from pathlib import Path

import h5py
import nibabel
import numpy as np
import scipy.io
import scipy.sparse

TYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]


def check_versions():
    found = {"numpy": np.__version__, "scipy": scipy.__version__, "h5py": h5py.__version__, "nibabel": nibabel.__version__}
    print("made with", found)


def counting(dtype, shape):
    """0, 1, 2 ... in index order, as `dtype`; imaginary parts are the negative of the real ones; bools alternate."""
    count = np.arange(int(np.prod(shape)), dtype=np.float64).reshape(shape)
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return count % 2 == 1
    return (count - 1j * count).astype(dtype) if dtype.kind == "c" else count.astype(dtype)


def write_npy(folder):
    for code in TYPES:
        name = np.dtype(code).name
        np.save(folder / f"{name}.npy", counting(code, (2, 3)))
        if code[0] in "iufc" and np.dtype(code).itemsize > 1:
            np.save(folder / f"{name}_big_endian.npy", counting(">" + code, (2, 3)))
    np.save(folder / "fortran.npy", np.asfortranarray(counting("f4", (2, 3, 4))))
    np.save(folder / "fortran_big_endian.npy", np.asfortranarray(counting(">i2", (2, 3, 4))))
    np.save(folder / "scalar.npy", np.array(7.5))
    np.save(folder / "empty.npy", np.zeros((0, 5), dtype=np.float32))
    np.save(folder / "one_dimension.npy", counting("i4", (5,)))
    for version in [(2, 0), (3, 0)]:
        with open(folder / f"version_{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, counting("f4", (2, 3)), version=version)
    np.save(folder / "structured.npy", np.zeros(3, dtype=[("x", "f4"), ("y", "i4")]))
    np.save(folder / "strings.npy", np.array(["a", "bc"]))
    np.save(folder / "objects.npy", np.array([1, "two", None], dtype=object), allow_pickle=True)


def write_roi_mappings(folder):
    names = {0: "Unknown", 1: "V1v", 7: "hV4", -1: "caf\u00e9"}
    arrays = {"python": np.array(names), "numpy_int": np.array({np.int64(k): np.str_(v) for k, v in names.items()})}
    for keys, array in arrays.items():
        for protocol in range(2, 6):
            with open(folder / f"{keys}_protocol_{protocol}.npy", "wb") as file:
                np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(array))
                pickle.dump(array, file, protocol=protocol)
    np.save(folder / "as_numpy_saves.npy", arrays["python"], allow_pickle=True)
    np.save(folder / "list.npy", np.array([[1, "V1v"]], dtype=object), allow_pickle=True)

    class Hostile:
        def __reduce__(self):
            import os

            return os.system, ("echo hostile",)

    header = (folder / "as_numpy_saves.npy").read_bytes()[:128]
    assert header.endswith(b"\n")
    for protocol in (2, 4):
        content = pickle.dumps(Hostile(), protocol=protocol).replace(b"posix", b"os") if protocol == 2 else pickle.dumps(Hostile(), protocol=4)
        (folder / f"hostile_{protocol}.npy").write_bytes(header + content)


def write_mat5(folder):
    variables = {
        "double_matrix": counting("f8", (2, 3)),
        "single_row": counting("f4", (1, 4)),
        "bytes": counting("u1", (3, 2)),
        "int8": counting("i1", (2, 2)),
        "int16": counting("i2", (2, 2)),
        "uint16": counting("u2", (2, 2)),
        "int32": counting("i4", (2, 2)),
        "uint32": counting("u4", (2, 2)),
        "int64": counting("i8", (2, 2)),
        "uint64": counting("u8", (2, 2)),
        "logical": counting("?", (2, 3)),
        "volume": counting("f8", (2, 3, 4)),
        "complex_double": counting("c16", (2, 3)),
        "complex_single": counting("c8", (2, 3)),
        "scalar": np.array([[7.5]]),
        "empty": np.zeros((0, 5)),
        "text": "hello",
        "cells": np.array([[1, "two"]], dtype=object),
        "structure": {"a": 1.0},
        "sparse": scipy.sparse.csc_matrix(np.eye(3)),
    }
    scipy.io.savemat(folder / "plain.mat", variables)
    scipy.io.savemat(folder / "compressed.mat", variables, do_compression=True)
    scipy.io.savemat(folder / "only_one.mat", {"data": counting("f4", (2, 3))}, do_compression=True)
    big_endian_mat5(folder / "big_endian.mat")


def big_endian_mat5(path):
    """What MATLAB wrote on a big-endian machine; SciPy reads such files, but does not write them."""

    def element(kind, data):
        return struct.pack(">II", kind, len(data)) + data + bytes(-len(data) % 8)

    def matrix(name, array_class, kind, array):
        data = array.astype(array.dtype.newbyteorder(">")).tobytes(order="F")
        content = element(6, struct.pack(">II", array_class, 0)) + element(5, struct.pack(">ii", *array.shape))
        name_tag = struct.pack(">HH4s", len(name), 1, name.encode())  # up to four bytes stand inside the tag
        return struct.pack(">II", 14, len(content + name_tag + element(kind, data))) + content + name_tag + element(kind, data)

    header = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack(">H", 0x0100) + b"MI"
    path.write_bytes(header + matrix("x", 6, 9, counting("f8", (2, 3))) + matrix("y", 6, 4, counting("u2", (2, 3))))
    read = scipy.io.loadmat(path)
    assert np.array_equal(read["x"], counting("f8", (2, 3))) and np.array_equal(read["y"], counting("f8", (2, 3)))


def main():
    check_versions()
    folder = Path(sys.argv[1])
    for name in ["npy", "mat", "roi_mapping"]:
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_npy(folder / "npy")
    write_mat5(folder / "mat")
    write_roi_mappings(folder / "roi_mapping")


if __name__ == "__main__":
    main()
