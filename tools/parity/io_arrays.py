"""Writes the golden array files of tests/data/io with NumPy, SciPy, h5py and nibabel themselves.

    python3 tools/parity/io_arrays.py tests/data/io [npz hdf5 ...]
"""

import json
import pickle
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
    found = [np.__version__, scipy.__version__, h5py.__version__, nibabel.__version__]
    assert found == ["2.4.6", "1.17.1", "3.16.0", "5.4.2"], found


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


def write_npz(folder):
    arrays = {
        "responses": counting("f4", (4, 3)),
        "labels": counting("i8", (5,)),
        "fortran": np.asfortranarray(counting("f8", (2, 3))),
        "big_endian": counting(">i2", (2, 3)),
        "flags": counting("?", (2, 3)),
        "scalar": np.array(7.5),
        "empty": np.zeros((0, 5), dtype=np.float32),
        "names": np.array(["a", "bc"]),
        "objects": np.array([1, "two"], dtype=object),
    }
    np.savez(folder / "stored.npz", **arrays)
    np.savez_compressed(folder / "compressed.npz", **arrays)
    np.savez(folder / "only_one.npz", data=counting("f4", (2, 3)))


def write_hdf5(folder):
    with h5py.File(folder / "all_types.h5", "w") as file:
        for code in TYPES:
            file[np.dtype(code).name] = counting(code, (2, 3))
            if code[0] in "iufc" and np.dtype(code).itemsize > 1:
                file["big_endian/" + np.dtype(code).name] = counting(">" + code, (2, 3))
        file["enumeration"] = counting(">i2", (2, 3)).astype(h5py.enum_dtype({"none": 0, "one": 1}, ">i2"))
    with h5py.File(folder / "layouts.h5", "w", libver=("v108", "v110")) as file:
        file["group/below/contiguous"] = counting("f4", (6, 4))
        file.create_dataset("group/gzip", data=counting("f4", (6, 4)), chunks=(4, 3), compression="gzip", shuffle=True, fletcher32=True)
        file.create_dataset("growing", data=counting(">i4", (7, 2)), chunks=(2, 2), maxshape=(None, 2))
        file.create_dataset("lzf", data=counting("f4", (6, 4)), compression="lzf")
        file.create_dataset("never_written", (3, 2), "f4", fillvalue=2.5)
        file.create_dataset("absurd", (1 << 40, 1 << 20), "f4", chunks=(1, 64))
        file["scalar"] = 7.5
        file["empty"] = np.zeros((0, 5), dtype=np.float32)
        file["null"] = h5py.Empty("f4")
        file["text"] = "hello"
        file["compound"] = np.zeros(2, dtype=[("x", "f4"), ("y", "i4")])
        file.create_dataset("lists", (2,), h5py.vlen_dtype("i4"))
        file["references"] = np.array([file["scalar"].ref], dtype=h5py.ref_dtype)
        file["soft"] = h5py.SoftLink("/scalar")
        file["outside"] = h5py.ExternalLink("all_types.h5", "/float32")
        file.create_dataset("raw_elsewhere", (4,), "u1", external=[("/etc/passwd", 0, 4)])
        layout = h5py.VirtualLayout((2, 3), "f4")
        layout[:] = h5py.VirtualSource("all_types.h5", "float32", (2, 3))
        file.create_virtual_dataset("virtual", layout)
    with h5py.File(folder / "only_one.h5", "w", userblock_size=1024) as file:
        file["data"] = counting("f4", (2, 3))
    with h5py.File(folder / "newer.h5", "w", libver="latest") as file:
        file["old"] = counting("f4", (2, 3))
        file.create_dataset("new", data=counting("f4", (6, 4)), chunks=(2, 2), compression="gzip")


MATLAB_CLASSES = {"f8": "double", "f4": "single", "u1": "uint8", "c16": "double", "c8": "single", "?": "logical"}


def write_mat73(folder):
    """The structure that MATLAB writes: numbers with the dimensions reversed, its classes as attributes, a block of 512 bytes."""
    numeric = {
        "double_matrix": counting("f8", (2, 3)),
        "single_row": counting("f4", (1, 4)),
        "bytes": counting("u1", (3, 2)),
        "int8": counting("i1", (2, 2)),
        "uint16": counting("u2", (2, 2)),
        "int64": counting("i8", (2, 2)),
        "logical": counting("?", (2, 3)),
        "volume": counting("f8", (2, 3, 4)),
        "complex_double": counting("c16", (2, 3)),
        "complex_single": counting("c8", (2, 3)),
    }
    path = folder / "version_73.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, array in numeric.items():
            stored = array.astype("u1") if array.dtype.kind == "b" else array
            if array.dtype.kind == "c":
                part = "f8" if array.dtype.itemsize == 16 else "f4"
                stored = array.view([("real", part), ("imag", part)])
            options = {"chunks": (3, 2), "compression": "gzip"} if name == "double_matrix" else {}
            dataset = file.create_dataset(name, data=stored.T, **options)
            dataset.attrs["MATLAB_class"] = np.bytes_(MATLAB_CLASSES.get(array.dtype.str.lstrip("<|").replace("b1", "?"), array.dtype.name))
            if array.dtype.kind == "b":
                dataset.attrs["MATLAB_int_decode"] = np.int32(1)
        file["empty"] = np.array([0, 5], dtype="u8")
        file["empty"].attrs["MATLAB_class"] = np.bytes_("double")
        file["empty"].attrs["MATLAB_empty"] = np.uint8(1)
        file["text"] = np.array([[104], [105]], dtype="u2")
        file["text"].attrs["MATLAB_class"] = np.bytes_("char")
        file["text"].attrs["MATLAB_int_decode"] = np.int32(2)
        file["#refs#/a"] = counting("f8", (1, 1))
        file["cells"] = np.array([[file["#refs#/a"].ref]], dtype=h5py.ref_dtype)
        file["cells"].attrs["MATLAB_class"] = np.bytes_("cell")
        file["structure/field"] = counting("f8", (1, 1))
        file["structure"].attrs["MATLAB_class"] = np.bytes_("struct")
        file["sparse/data"] = np.ones(1)
        file["sparse"].attrs["MATLAB_class"] = np.bytes_("double")
        file["sparse"].attrs["MATLAB_sparse"] = np.uint64(3)
    with open(path, "r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Thu Jan  1 00:00:00 1970 HDF5 schema 1.00 .".ljust(116) + bytes(8) + b"\x00\x02IM")


NIFTI_TYPES = ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8", "c8", "c16"]


def nifti_image(dtype, shape=(2, 3, 4), version=1, endianness="<"):
    classes = {1: (nibabel.Nifti1Image, nibabel.Nifti1Header), 2: (nibabel.Nifti2Image, nibabel.Nifti2Header)}
    image_class, header_class = classes[version]
    header = header_class(endianness=endianness)
    header.set_data_dtype(np.dtype(dtype).newbyteorder(endianness))
    header.set_slope_inter(1, 0)
    return image_class(counting(dtype, shape), None, header)


def oblique(header, codes):
    """Two different transforms, neither along the axes; x runs from left to right, so qfac is -1."""
    turn = nibabel.eulerangles.euler2mat(0.3, -0.2, 0.1)
    header.set_qform(nibabel.affines.from_matvec(turn @ np.diag([-2, 2.5, 3]), [10, -20, 30]), codes[0])
    header.set_sform(nibabel.affines.from_matvec(turn.T @ np.diag([2, 2, 2.25]), [-1.5, 2.5, 3.5]), codes[1])


def write_nifti(folder):
    for dtype in NIFTI_TYPES:
        nibabel.save(nifti_image(dtype), folder / f"{np.dtype(dtype).name}.nii")
    nibabel.save(nifti_image("i2", (2, 3, 4, 5), endianness=">"), folder / "big_endian.nii")
    nibabel.save(nifti_image("f4", (2, 3, 4, 5), version=2), folder / "version_2.nii")
    nibabel.save(nifti_image("f8", version=2, endianness=">"), folder / "version_2_big_endian.nii")
    nibabel.save(nifti_image("f4"), folder / "gzipped.nii.gz")
    for name in ["big_endian", "version_2"]:
        image = nibabel.load(folder / f"{name}.nii")
        np.save(folder / f"rows_of_{name}.npy", image.get_fdata().reshape(-1, image.shape[3]).T)
    nibabel.save(nifti_image("i2"), folder / "pair.hdr")
    (folder / "pair.img").unlink()
    for name, codes in {"both": (1, 2), "qform_only": (3, 0), "sform_only": (0, 4), "neither": (0, 0)}.items():
        image = nifti_image("u1")
        oblique(image.header, codes)
        image.set_qform(image.header.get_qform(), codes[0])
        image.set_sform(image.header.get_sform(), codes[1])
        nibabel.save(image, folder / f"{name}.nii")
    for name, dtype in {"scaled_int16": "i2", "scaled_int32": "i4", "scaled_float32": "f4", "scaled_complex64": "c8"}.items():
        nibabel.save(nifti_image(dtype), folder / f"{name}.nii.gz")
        set_fields(folder / f"{name}.nii.gz", {"scl_slope": 1 / 300, "scl_inter": -2.5})
    nibabel.save(nifti_image("i2"), folder / "slope_nan.nii.gz")
    set_fields(folder / "slope_nan.nii.gz", {"scl_slope": np.nan, "scl_inter": 7})
    colours = np.zeros((2, 2, 1), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
    nibabel.save(nibabel.Nifti1Image(colours, np.eye(4)), folder / "rgb.nii")
    write_nifti_expectations(folder)


def set_fields(path, fields):
    """Header fields as they are: nibabel's own setters rescale the data."""
    import gzip

    content = bytearray(gzip.decompress(path.read_bytes()))
    header = np.ndarray((), nibabel.nifti1.header_dtype, content)
    for name, value in fields.items():
        header[name] = value
    path.write_bytes(gzip.compress(bytes(content), mtime=0))


def write_nifti_expectations(folder):
    expected = {}
    for path in sorted(folder.glob("*.nii*")):
        if path.name == "rgb.nii":
            continue
        image = nibabel.load(path)
        as_list = lambda matrix: None if matrix is None else np.asarray(matrix, dtype=float).tolist()
        values = np.asanyarray(image.dataobj).astype(complex)
        expected[path.name] = {
            "shape": list(image.shape),
            "qform": as_list(image.header.get_qform(coded=True)[0]),
            "sform": as_list(image.header.get_sform(coded=True)[0]),
            "affine": as_list(image.header.get_best_affine()),
            "real": values.real.ravel().tolist(),
            "imaginary": values.imag.ravel().tolist(),
        }
    (folder / "expected.json").write_text(json.dumps(expected, indent=None, separators=(",", ":")).replace("},", "},\n") + "\n")


WRITERS = {"npy": write_npy, "npz": write_npz, "mat": write_mat5, "mat73": write_mat73, "hdf5": write_hdf5, "nifti": write_nifti, "roi_mapping": write_roi_mappings}


def main():
    check_versions()
    folder = Path(sys.argv[1])
    for name in sys.argv[2:] or WRITERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
        WRITERS[name](folder / name)


if __name__ == "__main__":
    main()
