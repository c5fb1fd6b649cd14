"""The training step of training-benchmark in PyTorch and JAX on the CPU, timed in turn with ours.

usage: training_step.py PROBLEM_FOLDER OUR_EXECUTABLE [--repetitions R] [--steps S] [--threads T]

Every variant first proves that its loss and gradient are ours to float accuracy. Then all take turns, R times, S steps
each; the table has the median over turns of the medians over steps, and the best turn. On an idle machine the two
agree; where other programs run, the best turn is nearer to the truth (busy cores hurt frameworks that meet at barriers
more than they hurt us). --wait S lets every turn wait up to S seconds for idle cores.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import traceback

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("executable")
parser.add_argument("--repetitions", type=int, default=5)
parser.add_argument("--steps", type=int, default=100)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--wait", type=float, default=0, help="seconds to wait for idle cores before each measurement")
arguments = parser.parse_args()
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: arguments.threads])
os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
os.environ["MKL_NUM_THREADS"] = str(arguments.threads)
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import numpy as np  # noqa: E402  (after the thread settings)
import scipy.sparse as sparse  # noqa: E402


def read(name, kind):
    return np.fromfile(os.path.join(arguments.folder, name), dtype=kind)


description = json.load(open(os.path.join(arguments.folder, "problem.json")))
nodes, bins, sizes = description["nodes"], description["bins"], description["sizes"]
inputs = read("inputs.f32", np.float32).reshape(sizes[0], nodes).T.copy()
factors = read("factors.f32", np.float32).reshape(4, nodes)
data = read("data.f64", np.float64)
our_loss = read("loss.f64", np.float64)[0]
our_gradient = read("gradient.f32", np.float32)
start, length = read("run_start.i32", np.int32), read("run_length.i32", np.int32)
offsets = read("run_offsets.i32", np.int32)
coefficients = [read(f"coefficients_{part}.f32", np.float32) for part in "abc"]

# The fold as matrices: [bins, 3 nodes] in CSR, its transpose, and padded rows of (node, a, b, c) triples.
run_row = np.repeat(np.arange(bins), np.diff(offsets))
triple_row = np.repeat(run_row, length)
triple_node = np.concatenate([np.arange(s, s + n) for s, n in zip(start, length)])
matrix = sparse.csr_matrix(
    (
        np.concatenate(coefficients),
        (np.tile(triple_row, 3), np.concatenate([triple_node + part * nodes for part in range(3)])),
    ),
    shape=(bins, 3 * nodes),
    dtype=np.float32,
)
matrix.sum_duplicates()
transposed = matrix.T.tocsr()
triples = np.stack(coefficients, axis=1)


def padded_rows(key, index, values, rows):
    """Triples grouped by key, each group filled up to the longest: indices [rows, longest], values [rows, longest, 3]."""
    order = np.argsort(key, kind="stable")
    key, index, values = key[order], index[order], values[order]
    counts = np.bincount(key, minlength=rows)
    position = np.arange(len(key)) - np.repeat(np.cumsum(counts) - counts, counts)
    out_index = np.zeros((rows, counts.max()), np.int32)
    out_values = np.zeros((rows, counts.max(), 3), np.float32)
    out_index[key, position] = index
    out_values[key, position] = values
    return out_index, out_values


row_index, row_values = padded_rows(triple_row, triple_node, triples, bins)
node_index, node_values = padded_rows(triple_node, triple_row, triples, nodes)

layers = []
flat = read("parameters.f32", np.float32)
for a, b in zip(sizes[:-1], sizes[1:]):
    layers.append((flat[: a * b].reshape(b, a).copy(), flat[a * b : a * b + b].copy()))
    flat = flat[a * b + b :]

positive = data > 0
entropy = float(np.sum(data[positive] * np.log(data[positive])))


def check(name, loss, gradient):
    gradient = np.concatenate([np.asarray(g, np.float32).ravel() for g in gradient])
    loss_error = abs(float(loss) - our_loss) / abs(our_loss)
    gradient_error = np.abs(gradient - our_gradient).max() / np.abs(our_gradient).max()
    assert loss_error < 2e-5, f"{name}: loss {float(loss)} differs from ours {our_loss}"
    assert gradient_error < 1e-4, f"{name}: gradient differs by {gradient_error}"
    print(f"  {name}: loss agrees to {loss_error:.1e}, gradient to {gradient_error:.1e}", file=sys.stderr)


def torch_variants():
    import torch

    torch.set_num_threads(arguments.threads)
    X = torch.tensor(inputs)
    f = [torch.tensor(row) for row in factors]
    P = torch.tensor(data, dtype=torch.float32)

    def csr(m):
        return torch.sparse_csr_tensor(
            torch.tensor(m.indptr, dtype=torch.int32), torch.tensor(m.indices, dtype=torch.int32),
            torch.tensor(m.data), size=m.shape)

    A, At = csr(matrix), csr(transposed)

    class Fold(torch.autograd.Function):
        @staticmethod
        def forward(ctx, v):
            return A @ v

        @staticmethod
        def backward(ctx, g):
            return At @ g

    rows, row_c = torch.tensor(row_index), torch.tensor(row_values)
    columns, column_c = torch.tensor(node_index), torch.tensor(node_values)

    class PaddedFold(torch.autograd.Function):
        @staticmethod
        def forward(ctx, v):
            v = v.view(3, nodes)
            return sum((row_c[:, :, part] * v[part][rows]).sum(1) for part in range(3))

        @staticmethod
        def backward(ctx, g):
            picked = g[columns]
            return torch.stack([(column_c[:, :, part] * picked).sum(1) for part in range(3)]).view(-1)

    def net_and_physics(p):
        h = X
        for layer in range(0, len(p) - 2, 2):
            h = torch.nn.functional.silu(torch.nn.functional.linear(h, p[layer], p[layer + 1]))
        n = torch.nn.functional.linear(h, p[-2], p[-1])
        T, L = torch.exp(n[:, 0]), torch.exp(n[:, 1])
        W = f[3] * T * torch.tanh(n[:, 2])
        return torch.cat([f[0] * (T + L), f[1] * (T + L + 0.5 * W), f[2] * (T + 0.3 * W)])

    def deviance(y):
        return entropy - torch.sum(P * torch.log(y / y.sum()))

    def whole(fold):
        return lambda p: deviance(fold(net_and_physics(p)))

    def variant(name, loss_of):
        p = [torch.tensor(a, requires_grad=True) for layer in layers for a in layer]
        check(name, *(lambda l: (l.detach(), torch.autograd.grad(l, p)))(loss_of(p)))
        optimizer = torch.optim.Adam(p, lr=1e-3, betas=(0.9, 0.99), fused=True)

        def step():
            optimizer.zero_grad(set_to_none=True)
            loss_of(p).backward()
            optimizer.step()

        return step

    compiled_front = torch.compile(net_and_physics)
    yield "PyTorch eager, CSR", lambda: variant("PyTorch eager, CSR", whole(Fold.apply))
    yield "PyTorch compile, CSR", lambda: variant(
        "PyTorch compile, CSR", lambda p: deviance(Fold.apply(compiled_front(p))))
    yield "PyTorch compile, padded rows", lambda: variant(
        "PyTorch compile, padded rows", torch.compile(whole(PaddedFold.apply)))


def jax_variants():
    import jax
    import jax.numpy as jnp
    import optax
    from jax.experimental import sparse as jsparse

    X, f, P = jnp.array(inputs), jnp.array(factors), jnp.array(data, jnp.float32)
    optimizer = optax.adam(1e-3, b1=0.9, b2=0.99)

    def with_transpose(apply, apply_transposed):
        @jax.custom_vjp
        def fold(v):
            return apply(v)

        fold.defvjp(lambda v: (apply(v), None), lambda _, g: (apply_transposed(g),))
        return fold

    A, At = jsparse.BCSR.from_scipy_sparse(matrix), jsparse.BCSR.from_scipy_sparse(transposed)

    def segments(m):
        rows = jnp.array(np.repeat(np.arange(m.shape[0]), np.diff(m.indptr)), jnp.int32)
        columns, values, count = jnp.array(m.indices), jnp.array(m.data), m.shape[0]
        return lambda v: jax.ops.segment_sum(values * v[columns], rows, count, indices_are_sorted=True)

    rows, row_c = jnp.array(row_index), jnp.array(row_values)
    columns, column_c = jnp.array(node_index), jnp.array(node_values)
    row_parts = [row_c[:, :, part] for part in range(3)]
    column_parts = [column_c[:, :, part] for part in range(3)]

    def padded(v):
        v = v.reshape(3, nodes)
        return sum((row_parts[part] * v[part][rows]).sum(1) for part in range(3))

    def padded_transposed(g):
        picked = g[columns]
        return jnp.concatenate([(column_parts[part] * picked).sum(1) for part in range(3)])

    folds = {
        "BCSR": with_transpose(lambda v: A @ v, lambda g: At @ g),
        "segment_sum": with_transpose(segments(matrix), segments(transposed)),
        "padded rows": with_transpose(padded, padded_transposed),
    }

    def loss_with(fold):
        def loss(p):
            h = X
            for W, b in p[:-1]:
                h = jax.nn.silu(h @ W.T + b)
            n = h @ p[-1][0].T + p[-1][1]
            T, L = jnp.exp(n[:, 0]), jnp.exp(n[:, 1])
            W = f[3] * T * jnp.tanh(n[:, 2])
            y = fold(jnp.concatenate([f[0] * (T + L), f[1] * (T + L + 0.5 * W), f[2] * (T + 0.3 * W)]))
            return entropy - jnp.sum(P * jnp.log(y / y.sum()))

        return loss

    def variant(name, fold):
        value_and_gradient = jax.value_and_grad(loss_with(fold))
        p = [(jnp.array(W), jnp.array(b)) for W, b in layers]
        loss, gradient = jax.jit(value_and_gradient)(p)
        check(name, loss, [a for layer in gradient for a in layer])
        state = [p, optimizer.init(p)]

        @jax.jit
        def update(p, s):
            loss, gradient = value_and_gradient(p)
            change, s = optimizer.update(gradient, s, p)
            return optax.apply_updates(p, change), s, loss

        def step():
            state[0], state[1], loss = update(*state)
            loss.block_until_ready()

        return step

    for name, fold in folds.items():
        yield f"JAX jit, {name}", lambda name=name, fold=fold: variant(f"JAX jit, {name}", fold)


def ours():
    output = subprocess.run(
        [arguments.executable, "--threads", str(arguments.threads), "--steps", str(arguments.steps), "--json"],
        check=True, capture_output=True, text=True)
    return json.loads(output.stdout)


def milliseconds(step):
    times = []
    for _ in range(arguments.steps):
        begin = time.perf_counter()
        step()
        times.append(1e3 * (time.perf_counter() - begin))
    return float(np.median(times))


def busy_seconds():
    with open("/proc/stat") as file:
        return sum(int(word) for word in file.readline().split()[1:4]) / os.sysconf("SC_CLK_TCK")


def wait_for_idle_cores():
    deadline = time.monotonic() + arguments.wait
    while time.monotonic() < deadline and os.path.exists("/proc/stat"):
        before = busy_seconds()
        time.sleep(0.5)
        if busy_seconds() - before < 0.04:
            return


steps = {}
print("Checking the peers against our loss and gradient:", file=sys.stderr)
for framework in (torch_variants, jax_variants):
    try:
        for name, make in framework():
            try:
                step = make()
                for _ in range(10):
                    step()
                steps[name] = step
            except AssertionError:
                raise
            except Exception as error:  # A variant the installed version cannot run is reported, not hidden.
                print(f"  {name}: does not run here: {str(error).splitlines()[0][:200]}", file=sys.stderr)
    except ImportError as error:
        print(f"  {framework.__name__}: {error}", file=sys.stderr)

results = {name: [] for name in steps}
our_runs = []
for repetition in range(arguments.repetitions):
    wait_for_idle_cores()
    our_runs.append(ours())
    for name, step in steps.items():
        wait_for_idle_cores()
        results[name].append(milliseconds(step))
    print(f"  turn {repetition + 1} of {arguments.repetitions} done", file=sys.stderr)


def our_median(key):
    return float(np.median([run[key] for run in our_runs]))


our_steps = [run["step_ms"] for run in our_runs]
print(f"\nOne training step, {nodes} nodes, net {'-'.join(map(str, sizes))}, {bins} bins, {len(triples)} triples, "
      f"{arguments.threads} threads, single precision")
print(f"{'':32s}{'ms per step':>12s}{'best turn':>12s}{'ratio':>9s}{'of best':>9s}")
for name, values in [("NuTune", our_steps)] + sorted(results.items(), key=lambda item: np.median(item[1])):
    print(f"{name:32s}{np.median(values):12.2f}{min(values):12.2f}{np.median(values) / np.median(our_steps):9.2f}"
          f"{min(values) / min(our_steps):9.2f}")
if results:
    for label, of in (("median", np.median), ("best turn", min)):
        peer = min(results, key=lambda name: of(results[name]))
        print(f"fastest peer by {label}: {peer}, NuTune is {of(results[peer]) / of(our_steps):.2f} times faster (target 4)")
print(f"net kernel: {our_median('net_gflops'):.1f} GFLOP/s = {100 * our_median('net_fraction_of_sgemm'):.0f} % of "
      f"OpenBLAS sgemm, {our_median('sgemm_gflops'):.1f} GFLOP/s ({our_runs[0]['openblas_core']}; target 60 %)")
print(f"our parts, ms: net forward {our_median('net_forward_ms'):.2f}, backward {our_median('net_backward_ms'):.2f}, "
      f"fold {our_median('fold_ms'):.3f}, transpose {our_median('fold_transpose_ms'):.3f}, "
      f"Adam {our_median('adam_ms'):.3f}")
