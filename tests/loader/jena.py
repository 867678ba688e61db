"""Apache Jena's `riot`, from Debian's package, as a judge of what we write."""

import subprocess
from pathlib import Path
from zipfile import ZipFile

JARS = Path("/usr/share/java")
_OTHERS = ("slf4j-", "jul-to", "jcl-over", "log4j-over", "maven", "guice")
_MISPLACED = "org/apache/jena/ext/"  # where the package has what its classes look for without it


def is_here() -> bool:
    """Whether the package is installed."""
    return (JARS / "jena-cmds.jar").is_file()


def nquads(path: Path, folder: Path) -> str:
    """What riot reads from a file, as N-Quads; it may leave its own things in the folder."""
    with ZipFile(JARS / "jena-core.jar") as jar:
        for name in jar.namelist():
            if name.startswith(_MISPLACED) and name.endswith(".properties"):
                target = folder / name.removeprefix(_MISPLACED)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(jar.read(name))
    jars = [x for x in JARS.glob("*.jar") if not x.name.startswith(_OTHERS)]
    jars += [JARS / "slf4j-api.jar", JARS / "jcl-over-slf4j.jar", JARS / "slf4j-simple.jar"]
    # The package's reader of JSON-LD 1.1 has no JSON parser; what we write is JSON-LD 1.0 as well.
    syntax = ["--syntax=jsonld10"] if ".jsonld" in path.name else []
    done = subprocess.run(
        ["java", "-cp", ":".join(map(str, [folder, *jars])), "riotcmd.riot", "--output=nquads",
         "--nocheck", *syntax, str(path)],
        capture_output=True,
        check=False,
    )  # fmt: skip
    said = done.stderr.decode()
    assert "ERROR" not in said, said[:1_000]  # it warns of dates that are none
    assert "Exception" not in said, said[:1_000]
    return done.stdout.decode()
