"""Changes that keep most of a thing's structure: of trees (studies, entries, JSON), of tables and of bytes."""
import copy
import json
import struct

NUMBERS = [0, -1, 1, 2, 1e-300, 1e300, -1e308, 1e16, 2**31, 2**63 - 1, -2**63, 1e-9, 0.5, 17, 100001, 5e-324]
WORDS = ["", " ", "x", "inf", "nan", "-.inf", "~", "true", "../../x", "/", ".", "-x", "a\nb", "é", "\u202e", "\u0301",
         "\x1b[2J", "a\0b", "%s%n", "$(id)", "0x10", "1_0", "1e999", "x" * 3000]


def value(random):
    """Something of any kind."""
    return random.choice([
        lambda: random.choice(NUMBERS), lambda: random.choice(WORDS), lambda: None, lambda: [], lambda: {},
        lambda: [random.choice(NUMBERS)] * random.choice([1, 2, 50]), lambda: {random.choice(WORDS): 1},
        lambda: random.random() * 10 ** random.randint(-5, 5), lambda: random.random() < 0.5])()


def places(tree, path=()):
    """The paths of all nodes below the top; few elements of long lists stand for all."""
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else []
    children = list(children)
    if isinstance(tree, list) and len(children) > 6:
        children = children[:3] + children[-2:]
    for key, child in children:
        yield path + (key,)
        yield from places(child, path + (key,))


def at(tree, path):
    for key in path:
        tree = tree[key]
    return tree


def tree(random, original, changes=None):
    """A copy with one to three changes: a value of another kind, a scaled number, a missing, doubled, moved or new part."""
    changed = {"top": copy.deepcopy(original)}
    for _ in range(changes or random.choice([1, 1, 1, 2, 3])):
        paths = list(places(changed))
        path = random.choice(paths)
        parent, key = at(changed, path[:-1]), path[-1]
        child = parent[key]
        kind = random.randrange(7)
        if kind == 0 and isinstance(child, (int, float)) and not isinstance(child, bool):
            parent[key] = child * random.choice([-1, 0, 2, 0.5, 1 + 1e-9, 1e6, 1e-6])
        elif kind == 1 and path != ("top",):
            del parent[key]
        elif kind == 2 and isinstance(parent, list):
            parent.insert(key, copy.deepcopy(child))
        elif kind == 3:
            parent[key] = copy.deepcopy(at(changed, random.choice(paths)))
        elif kind == 4 and isinstance(child, dict):
            child[random.choice(WORDS + ["events", "model", "base"])] = value(random)
        elif kind == 5 and isinstance(child, list):
            random.shuffle(child)
        else:
            parent[key] = value(random)
    return changed["top"]


def yaml(random, thing):
    """YAML of a tree: JSON, now and then with what JSON has not."""
    text = json.dumps(thing, indent=1, ensure_ascii=random.random() < 0.5)
    if random.random() < 0.15:
        text = raw(random, text.encode("utf-8", "replace")).decode("utf-8", "replace")
    if random.random() < 0.05:
        text = text.replace(": 1", random.choice([": .nan", ": .inf", ": &a 1", ": *a", ": !!python/object 1"]), 1)
    if random.random() < 0.02:
        bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))
        text = bomb + random.choice(["? *a39\n: 1\n", "b: *a39\n", "{*a39 : 1}\n"])
    if random.random() < 0.01:
        text = "".join(f"k{i}: {i}\n" for i in range(40000))
    return text.encode("utf-8", "surrogatepass")


def raw(random, data):
    """Bytes with a few of them changed, cut out, doubled or lost at the end."""
    data = bytearray(data)
    for _ in range(random.choice([1, 1, 2, 8])):
        if not data:
            break
        start = random.randrange(len(data))
        kind = random.randrange(5)
        if kind == 0:
            data[start] ^= 1 << random.randrange(8)
        elif kind == 1:
            del data[start:start + random.choice([1, 4, 64])]
        elif kind == 2:
            data[start:start] = data[start:start + random.choice([1, 4, 64])]
        elif kind == 3:
            data[start:start + 8] = struct.pack("<q", random.choice([0, -1, 2**40, 2**62, -2**63]))
        elif random.random() < 0.3:
            del data[start:]
    return bytes(data)


def table(random, text):
    """Lines of fields with a field, a line or a separator changed."""
    lines = text.split("\n")
    for _ in range(random.choice([1, 1, 2, 4])):
        row = random.randrange(len(lines))
        fields = lines[row].split(",")
        column = random.randrange(len(fields))
        kind = random.randrange(6)
        if kind == 0:
            fields[column] = str(value(random))
        elif kind == 1:
            fields[column] = repr(random.choice(NUMBERS))
        elif kind == 2:
            fields.insert(column, fields[column])
        elif kind == 3:
            del fields[column]
        lines[row] = ",".join(fields) if kind != 4 else lines[row].replace(",", random.choice([";", "\t", ",,", " "]))
        if kind == 5:
            lines[row:row + 1] = random.choice([[], [lines[row]] * 2, [lines[random.randrange(len(lines))]]]) or [""]
    data = "\n".join(lines).encode("utf-8", "replace")
    return raw(random, data) if random.random() < 0.1 else data
