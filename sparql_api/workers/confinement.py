"""Confinement: a process that opens no network connections, whatever its engine is asked to do.

The gate refuses SERVICE; this is the second wall, in the kernel, for the day a query gets past it.
Linux only (seccomp); sockets that the process was given stay usable.
"""

import ctypes
import errno
import platform
import struct

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2  # linux/prctl.h
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # linux/bpf_common.h: ld word, jump if equal, return
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
# The kernel's name of the machine, and its numbers of `socket`, `connect` and `io_uring_setup`.
_MACHINES = {
    "x86_64": (0xC000003E, (41, 42, 425)),
    "aarch64": (0xC00000B7, (198, 203, 425)),
}


def confine() -> bool:
    """Takes the right to open sockets from this process and its children; False if it cannot."""
    if platform.system() != "Linux" or platform.machine() not in _MACHINES:
        return False
    program = _program(*_MACHINES[platform.machine()])
    buffer = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HP", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER, head, 0, 0) == 0)


def _program(machine: int, refused: tuple[int, ...]) -> bytes:
    """A filter that allows all system calls but the refused ones."""
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 0, len(refused) + 1, machine)]
    steps.append((_LOAD, 0, 0, _NUMBER))
    for place, number in enumerate(refused):
        steps.append((_EQUAL, len(refused) - place, 0, number))
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
