# SPDX-License-Identifier: LGPL-2.1-or-later
"""Roots of Debian, kept between runs: what machines are made of.

Owns: a cache directory (MAILCFG_STOCK_CACHE, by default
/var/cache/mailcfg-stock) of layers.  A layer is what one step changed in the
layers below it, with a stamp that is written last and names everything it
was made from; it is made again when that differs, or when it is half made.
The first layer of all is made again when it is older than MAILCFG_STOCK_DAYS
(default: 30).  Programs that run at the same time share layers: each has a
lock.

    base       debootstrap --variant=minbase
    packages   what README tells to install
    compiler   what ./quickstart needs to build
    extra      what the scenarios need beyond README
    built      ./quickstart install

Every step runs in a machine of its own whose network is that of the host.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time

from machine import Machine, host
from proc import Failure

CODENAMES = {"12": "bookworm", "13": "trixie"}
DAY = 24 * 3600
# another tree's build is kept for so long
BUILT_DAYS = 2


def cache_directory():
    return os.environ.get("MAILCFG_STOCK_CACHE") or "/var/cache/mailcfg-stock"


def mirror():
    """A mirror of Debian: the one that this machine's own apt uses."""
    given = os.environ.get("MAILCFG_STOCK_MIRROR")
    if given:
        return given
    found = known_mirror()
    if not found:
        # the lists say whose they are, and may be missing
        host("apt-get", "-q", "update", seconds=600)
        found = known_mirror()
    if not found:
        raise Failure("this machine's apt has no mirror of Debian: "
                      "set MAILCFG_STOCK_MIRROR")
    return found


def known_mirror():
    wanted = "$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)"
    for line in host("apt-get", "indextargets", "--format", wanted,
                     "Created-By: Packages").splitlines():
        origin, label, component, uri = line.split("|")
        if (origin, label, component) == ("Debian", "Debian", "main"):
            return uri
    return None


def apt_settings():
    """What apt needs in a root: how to reach the mirror, and to say yes."""
    found = re.findall(r'^Acquire::https?::\S+ .*;$',
                       host("apt-config", "dump"), re.MULTILINE)
    return "\n".join(['APT::Get::Assume-Yes "true";',
                      'Acquire::Retries "3";',
                      'Acquire::https::CaInfo "/run/ca.crt";', *found]) + "\n"


class Layer:
    """One step: its name, those below it, what makes it."""

    def __init__(self, directory, name, below, recipe, text):
        self.name, self.below, self.recipe = name, below, recipe
        self.top = f"{directory}/{name}"
        self.tree = f"{self.top}/tree"
        self.text, self.lock = text, None

    @property
    def key(self):
        """What the layer is made from, as one word."""
        parts = [layer.key for layer in self.below] + [self.text]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def stamp(self):
        with contextlib.suppress(OSError):
            with open(f"{self.top}/stamp", encoding="ascii") as stamp:
                return stamp.read()
        return None

    def new_stamp(self):
        return self.key

    def trees(self):
        return [layer.tree for layer in [*self.below, self]]

    def ready(self):
        """Makes the layer unless it is there, and keeps others from making it
        for as long as this program runs."""
        for layer in self.below:
            layer.ready()
        if self.lock:
            return
        os.makedirs(self.top, exist_ok=True)
        self.lock = open(f"{self.top}/lock", "a", encoding="ascii")
        fcntl.flock(self.lock, fcntl.LOCK_SH)
        while not self.good():
            fcntl.flock(self.lock, fcntl.LOCK_EX)
            if not self.good():
                self.make()
            fcntl.flock(self.lock, fcntl.LOCK_SH)

    def good(self):
        return self.stamp() == self.key

    def make(self):
        start = time.monotonic()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{self.top}/stamp")
        shutil.rmtree(self.tree, ignore_errors=True)
        self.recipe(self)
        write(f"{self.top}/stamp", self.new_stamp())
        print(f"# made {self.top} in {time.monotonic() - start:.0f} s",
              flush=True)


class Base(Layer):
    """The first one, whose key is the day it was made."""

    def __init__(self, directory, codename):
        super().__init__(directory, "base", [], self.debootstrap, codename)

    @property
    def key(self):
        return self.stamp() or ""

    def good(self):
        days = float(os.environ.get("MAILCFG_STOCK_DAYS") or 30)
        return float(self.stamp() or 0) > time.time() - days * DAY

    def new_stamp(self):
        return str(time.time())

    def debootstrap(self, layer):
        host("debootstrap", "--variant=minbase", self.text, self.tree,
             mirror(), seconds=900)
        for name in os.listdir(f"{self.tree}/var/cache/apt/archives"):
            if name.endswith(".deb"):
                os.unlink(f"{self.tree}/var/cache/apt/archives/{name}")
        # debootstrap leaves the host's own there
        for name in ("resolv.conf", "hostname"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{self.tree}/etc/{name}")
        write(f"{self.tree}/etc/hostname", "mail\n")
        write(f"{self.tree}/etc/resolv.conf", "nameserver 127.0.0.1\n")
        write(f"{self.tree}/etc/hosts",
              "127.0.0.1 localhost\n127.0.1.1 mail.example.org mail\n")


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def installer(action):
    """A recipe: runs action(machine) as on a machine that is being installed,
    where no service starts, and keeps what it changed."""
    def recipe(layer):
        trees = [below.tree for below in layer.below]
        with Machine(trees, place(), outside=False) as machine:
            prepare(machine)
            action(machine)
            machine.shell("rm -f /usr/sbin/policy-rc.d; apt-get clean")
            upper = f"/proc/{machine.popen.pid}/root{place()}/upper"
            subprocess.run(["nsenter", "--mount", "--target",
                            str(machine.popen.pid), "cp", "-a",
                            f"{place()}/upper", layer.tree], check=True)
    return recipe


def place():
    """Where each machine, in its own mounts, has its root."""
    path = f"{cache_directory()}/root"
    os.makedirs(path, exist_ok=True)
    return path


def prepare(machine):
    """The host's way to the mirror, for as long as the machine runs."""
    machine.write("/run/apt.conf", apt_settings())
    machine.write("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)
    for name in ("resolv.conf", "hosts"):
        with open(f"/etc/{name}", encoding="utf-8") as text:
            machine.write(f"/run/{name}", text.read())
        machine.run("mount", "--bind", f"/run/{name}", f"/etc/{name}")
    with contextlib.suppress(FileNotFoundError):
        with open("/etc/ssl/certs/ca-certificates.crt",
                  encoding="utf-8") as text:
            machine.write("/run/ca.crt", text.read())


def typed(machine, script):
    """Runs lines of a shell as somebody who answers no question."""
    env = {name: value for name, value in os.environ.items()
           if name.lower().endswith("_proxy")}
    machine.shell(script, seconds=1200, env=env | {
        "APT_CONFIG": "/run/apt.conf", "DEBIAN_FRONTEND": "noninteractive"})


class Tree:
    """The source tree: its files, as in a clone of it."""

    def __init__(self, top):
        self.top = top
        if os.path.exists(f"{top}/.git"):
            listed = subprocess.run(
                ["git", "-C", top, "-c", f"safe.directory={top}", "ls-files",
                 "-z", "-co", "--exclude-standard"], check=True,
                capture_output=True).stdout.decode().split("\0")
        else:
            listed = [os.path.relpath(f"{where}/{name}", top)
                      for where, _, names in os.walk(top) for name in names]
        self.files = sorted(name for name in listed
                            if name and os.path.isfile(f"{top}/{name}"))

    def digest(self):
        """What is built from: all but the tests and the manual."""
        sums = hashlib.sha256()
        for name in self.files:
            if re.match(r"README$|(tests|docs)/.*(?<!Makefile\.inc)$", name):
                continue
            with open(f"{self.top}/{name}", "rb") as data:
                content = hashlib.sha256(data.read()).hexdigest()
            sums.update(f"{name} {content}\n".encode())
        return sums.hexdigest()

    def read(self, name):
        with open(f"{self.top}/{name}", encoding="utf-8") as text:
            return text.read()

    def lay(self, machine, where):
        """Copies all of it into a machine."""
        with tempfile.TemporaryFile() as archive:
            subprocess.run(
                ["tar", "-C", self.top, "--null", "-T", "-", "-cf", "-"],
                input="\0".join(self.files).encode(), stdout=archive,
                check=True)
            archive.seek(0)
            machine.shell(f"mkdir -p {where}; tar -C {where} "
                          "--no-same-owner -xf -", text=archive.read())


def build_packages(tree):
    """What ./quickstart installs before it builds."""
    found = re.search(r'^build_packages="(.*?)"', tree.read("quickstart"),
                      re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split())


class Roots:
    """The layers of one release."""

    def __init__(self, release, tree, packages, extra):
        """packages: README's command; extra: what is installed beyond."""
        self.tree = tree
        directory = f"{cache_directory()}/debian{release}"
        os.makedirs(directory, exist_ok=True)
        self.directory = directory

        def step(name, below, script):
            return Layer(directory, name, below, installer(
                lambda machine: typed(
                    machine, f"apt-get -q update\n{script}")), script)

        base = Base(directory, CODENAMES[release])
        self.packages = step("packages", [base], packages)
        self.compiler = step(
            "compiler", [base, self.packages], "apt-get -q install "
            "--no-install-recommends ccache " + build_packages(tree))
        below = [*self.compiler.below, self.compiler]
        self.extra = step("extra", below, "apt-get -q install " + extra)
        # its file names differ, so trees of several users stay side by side
        digest = tree.digest()
        self.built = Layer(directory, f"built-{digest[:16]}", below,
                           installer(self.build), digest)

    def build(self, machine):
        """What README says, by a compiler that remembers the last build."""
        machine.bind(f"{self.directory}/ccache", "/run/ccache")
        self.tree.lay(machine, "/usr/src/mailcfg")
        typed(machine, "PATH=/usr/lib/ccache:$PATH; CCACHE_DIR=/run/ccache; "
              "export CCACHE_DIR; cd /usr/src/mailcfg; "
              "./quickstart install")

    def ready(self):
        """Makes what is missing; the layers of a machine, first to last."""
        self.forget()
        self.built.ready()
        os.utime(f"{self.built.top}/stamp")
        return self.built.trees()

    def ready_extra(self):
        """The same, with the packages beyond README."""
        self.extra.ready()
        self.built.ready()
        return self.extra.trees() + [self.built.tree]

    def forget(self):
        """Removes builds of other trees that nobody has used for days."""
        for name in os.listdir(self.directory):
            top = f"{self.directory}/{name}"
            if not name.startswith("built-") or name == self.built.name:
                continue
            with open(f"{top}/lock", "a", encoding="ascii") as lock:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if stale(f"{top}/stamp"):
                        shutil.rmtree(top)


def stale(stamp):
    """Whether a build was given up, or not used for long."""
    try:
        return time.time() - os.path.getmtime(stamp) > BUILT_DAYS * DAY
    except FileNotFoundError:
        return True
