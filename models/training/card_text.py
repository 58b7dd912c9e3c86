"""The words of CARD.md around measured figures, a Chinese summary first."""
from classes import CLASSES, STATES
from real_sets import about

ZH = {
    "person": "行人", "bicycle": "自行车", "car": "小汽车", "bus": "公交车", "truck": "货车", "muck_truck": "渣土车", "stall": "摊位", "cart": "推车", "umbrella": "伞",
}
ASKED = 0.85


def number(value, digits=3):
    return "–" if value is None else f"{value:.{digits}f}"


def table(head, rows):
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *[f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]])


def weak(figures):
    """Classes and groups that stay under what is asked for, lowest first."""
    rows = figures["byClass"]
    classes = sorted((rows[name]["ap50"], name) for name in CLASSES if rows[name]["boxes"] and rows[name]["ap50"] < ASKED)
    groups = sorted((part["ap50"], f"{key[2:].lower()} {name}") for key in ("bySize", "byLight", "byWeather", "byWorld", "byView") for name, part in figures.get(key, {}).items() if part["ap50"] is not None and part["ap50"] < ASKED)
    return classes, groups


def latency_words(figures, eight):
    own = figures.get("latency")
    if not own:
        return "Latency: not measured."
    ms = own["latencyMs"]
    beside = f", beside other work (load {own['loadBefore']})" if own["loadBefore"] > 1 else ""
    words = f"Latency (ONNX Runtime, median of {own['runs']} pictures, {own['on']}{beside}): fp32 {ms['1']} ms with one thread, {ms['2']} ms with two"
    if eight and "latency" in eight:
        theirs = eight["latency"]
        words += f"; int8 {theirs['latencyMs']['1']} ms and {theirs['latencyMs']['2']} ms. Turn by turn int8 is {theirs['timesAsFast']['1']} times as fast with one thread and {theirs['timesAsFast']['2']} with two; by processor time ({own['processorMs']} and {theirs['processorMs']} ms, one thread) {theirs['timesAsFast']['processor']} times"
    return f"{words}. Decoding is inside; suppression of doubles is not."


def learnt_words(recipe):
    """One sentence on what stands behind the figures."""
    if not recipe["real"]:
        return "Trained and measured on rendered scenes only, never on real streets."
    return f"Trained on rendered scenes and on {sum(recipe['real'].values())} real pictures; each figure says on what it was measured, and none of rendered scenes holds on real streets."


def learnt_words_zh(recipe):
    if not recipe["real"]:
        return "只用渲染画面训练和测试，从未在真实街道上测过；下列数字不能当作真实街道的准确率。"
    return f"用渲染画面和 {sum(recipe['real'].values())} 张真实图片训练；每个数字都注明在什么图片上测得，渲染画面上的数字不能当作真实街道的准确率。"


def real_mean_zh(figures):
    parts = [f"{name}（{part['pictures']} 张）{number(part['ap50'])}" for name, part in figures.get("real", {}).items()]
    return f"在未参与训练的真实图片上，各类 AP50 的平均：{'，'.join(parts)}。" if parts else ""


def summary_zh(name, figures, eight, recipe):
    rows = figures["byClass"]
    lines = [
        "## 摘要",
        f"{name}：自研路侧目标检测器，识别{'、'.join(ZH[c] for c in CLASSES)}，并判断渣土车的装载与覆盖状态（无法判断时回答“未知”）。许可证 Apache-2.0。",
        "",
        f"**{learnt_words_zh(recipe)}** 在 {figures['pictures']} 张未参与训练的渲染画面上：AP50 {number(figures['ap50'])}，摊位 {number(rows['stall']['ap50'])}，渣土车 {number(rows['muck_truck']['ap50'])}"
        + (f"；int8 版 AP50 {number(eight['ap50'])}" if eight else "") + "。" + real_mean_zh(figures),
    ]
    if "latency" in figures:
        lines += ["", f"单线程每帧 {figures['latency']['latencyMs']['1']} 毫秒" + (f"，int8 版 {eight['latency']['latencyMs']['1']} 毫秒" if eight and "latency" in eight else "") + "。"]
    lines += ["", "单帧的装载与覆盖判断不可单独采信，须以多帧投票为准。"]
    return "\n".join(lines)


def class_table(figures):
    rows = figures["byClass"]
    body = [[name, number(rows[name]["ap50"]), number(rows[name]["ap"]), rows[name]["boxes"], number(rows[name].get("score"), 2), number(rows[name].get("precision"), 2), number(rows[name].get("recall"), 2)] for name in CLASSES]
    return table(["class", "AP50", "AP50:95", "boxes", "score at best F1", "precision there", "recall there"], [*body, ["mean", number(figures["ap50"]), number(figures["ap"]), sum(r["boxes"] for r in rows.values()), "", "", ""]])


def real_table(figures, eight):
    """AP50 by class on real pictures, boxes in brackets; of the int8 form its mean alone."""
    real = figures.get("real")
    if not real:
        return ""
    of = lambda row: f"{number(row['ap50'], 2)} ({row['boxes']})" if row["boxes"] else "–"
    means = [["mean", *[number(part["ap50"]) for part in real.values()]]]
    if eight and "real" in eight:
        means.append(["mean, int8", *[number(eight["real"][name]["ap50"]) if name in eight["real"] else "–" for name in real]])
    rows = [[c, *[of(part["byClass"][c]) for part in real.values()]] for c in CLASSES if any(part["byClass"][c]["boxes"] for part in real.values())]
    heads = [f"{name}, {part['pictures']} pictures" for name, part in real.items()]
    fitted = [name for name in real if name in figures.get("fitted", ())]
    thresholds = f" Thresholds were fitted to rendered frames and to {', '.join(fitted)}." if fitted else ""
    return f"### Real pictures\nPictures that nobody here made and from which no weight was learnt.{thresholds} Things of 12 px and more at the input's size; classes that a set does not label stand empty.\n\n" + table(["class", *heads], [*rows, *means])


def sources(recipe):
    """Where the real pictures come from; none of them is shipped."""
    if not recipe["real"]:
        return ""
    rows = [[name, count, about(name).origin, about(name).licence, about(name).learnt] for name, count in recipe["real"].items()]
    return "### Real pictures that it learnt from\nBoxes by hand where the set has them; the rest where two of three other detectors agree. No picture is shipped.\n\n" + table(["set", "pictures", "from", "licence as stated there", "what was learnt"], rows)


def group_tables(figures):
    """Sizes with every class, as they differ; sky and world by their mean."""
    sizes = figures["bySize"]
    parts = ["By size, the root of the box's area in pixels of the input (AP50, boxes in brackets):", "", table(["class", *sizes], [[name, *[f"{number(s['byClass'][name], 2)} ({s['boxes'][name]})" for s in sizes.values()]] for name in CLASSES] + [["mean", *[number(s["ap50"], 2) for s in sizes.values()]]])]
    for key, title in (("byLight", "light"), ("byWeather", "weather"), ("byWorld", "world")):
        if key in figures:
            parts += ["", table([title, "AP50", "pictures", "boxes"], [[name, number(g["ap50"]), g["pictures"], sum(g["boxes"].values())] for name, g in figures[key].items()])]
    if "byView" in figures:
        views = figures["byView"]
        parts += ["", "What a mounted camera sees (moments of scenes as in the clips), and scenes put together by chance with the camera anywhere (AP50, boxes in brackets):", "", table(["class", *[f"{name}, {g['pictures']} pictures" for name, g in views.items()]], [[name, *[f"{number(g['byClass'][name])} ({g['boxes'][name]})" for g in views.values()]] for name in CLASSES] + [["mean", *[number(g["ap50"]) for g in views.values()]]])]
    return "\n".join([*parts, "", "Means leave out classes with fewer than five boxes in the group."])


def state_tables(figures):
    parts = []
    for where, title in (("true", "The state network on exactly right boxes"), ("found", "The whole graph on the boxes that it found")):
        t = figures["states"].get(where)
        if t:
            rows = [[STATES[i], *row] for i, row in enumerate(t["rows"]) if sum(row)]
            parts += [f"{title} ({t['trucks']} trucks whose bed can be judged): right {number(t['right'])}, an answer for {number(t['said'])} of them, right where it answered {number(t['rightWhereSaid'])}.", "", table(["is \\ said", *STATES], rows), ""]
    return "\n".join(parts).rstrip()


def limits(figures):
    classes, groups = weak(figures)
    few = [name for name in CLASSES if figures["byClass"][name]["boxes"] < 50]
    lines = [
        "- Figures of rendered frames hold for one renderer and its style; they say nothing about photographs and streets.",
        "- Objects under 12 px at the input's size were not counted; expect most of them to be missed.",
        "- Load and cover need a view into the bed. Take the vote of many frames, never one; `unknown` is an answer.",
        "- Umbrellas of people and of stalls are one class. A stall's box goes around roof, table or cart and goods, without the vendor.",
        "- `muck_truck` without a state is a truck whose bed cannot be judged, or one beyond the few of a picture that get a second look.",
        "- Plates, faces and names are not read.",
    ]
    if classes:
        lines.append(f"- Classes under AP50 {ASKED}: " + ", ".join(f"{name} {value:.3f}" for value, name in classes) + ".")
    if groups:
        lines.append(f"- Groups under AP50 {ASKED}: " + ", ".join(f"{name} {value:.2f}" for value, name in groups) + ".")
    if few:
        lines.append(f"- Fewer than 50 boxes stand behind the figures of {', '.join(few)}: uncertain.")
    return "\n".join(lines)


def int8_words(name, figures, eight):
    if not eight:
        return ""
    apart = eight["ap50"] - figures["ap50"]
    worst = min(CLASSES, key=lambda c: (eight["byClass"][c]["ap50"] or 0) - (figures["byClass"][c]["ap50"] or 0))
    change = (eight["byClass"][worst]["ap50"] or 0) - (figures["byClass"][worst]["ap50"] or 0)
    return f"`{name}-int8`: AP50 {number(eight['ap50'])} ({apart * 100:+.2f} points), AP50:95 {number(eight['ap'])} ({(eight['ap'] - figures['ap']) * 100:+.2f}); the class that changed most for the worse is {worst} ({change * 100:+.2f}). Trunk, pyramid and towers are int8 (weights of 7 bits by channel, so that processors without VNNI do not overflow; maps of 8); the first and last convolutions, decoding and truck states stay as they are."


def card_text(name, version, size, figures, eight, recipe):
    width, height = size
    cells = sum((width // s) * (height // s) for s in (8, 16, 32))
    beds = f" and {recipe['bedSeconds'] / 60:.0f} of the network for beds" if recipe.get("bedSeconds") else ""
    more = f" (which also learnt from {recipe['bedData']})" if recipe.get("bedData") else ""
    started = f" Started from {recipe['from']}." if recipe.get("from") else ""
    return "\n\n".join(part for part in [
        f"# {name} {version}",
        summary_zh(name, figures, eight, recipe),
        "## What it is\nA small detector of our own for kerb scenes: people, bicycles, cars, buses, trucks, muck trucks with load and cover, stalls, carts and umbrellas. Licence: Apache-2.0, weights included.",
        f"**{learnt_words(recipe)}**",
        f"## What goes in and out\n`image`: uint8 RGB [1, {height}, {width}, 3], letterboxed to the top left with grey 114; nothing else is to be prepared. `boxes`: [1, {cells}, 4] as x1, y1, x2, y2 in input pixels. `scores`: [1, {cells}, 13] after the sigmoid. Suppression of doubles is the caller's; the muck-truck columns are states of one thing and compete with each other.",
        f"## How it was made\n{recipe['parameters'] / 1e6:.2f} M parameters: plain 3×3 convolutions in CSP stages, a feature pyramid of three levels, one head; task-aligned assignment, GIoU, averaged weights. A second, tiny network looks inside the graph at the six best trucks and moves each score to the column of one state. {recipe['images']} augmented pictures drawn from {recipe['data']}; {recipe['seconds'] / 60:.0f} minutes of training{beds}{more} ({recipe['device']}), seed {recipe['seed']}.{started} `models/training/README.md` has the command. Held out: {recipe['held']}.",
        sources(recipe),
        f"## Measured\n### Rendered frames\nHeld-out rendered frames: {figures['pictures']}; objects {figures['counted']}; the others count neither way.",
        class_table(figures),
        group_tables(figures),
        f"### Load and cover\n{state_tables(figures)}",
        real_table(figures, eight),
        f"### Speed and int8\n{latency_words(figures, eight)}",
        int8_words(name, figures, eight),
        f"## Limits\n{limits(figures)}",
        "## Going on from it\n`weights.npz` beside the file holds the weights before folding: `train.py --from models/" + name + " --data YOUR_DATA` continues on your own labelled pictures (COCO or YOLO).",
    ] if part) + "\n"


def int8_text(name, parent, version, figures, eight, recipe):
    return "\n\n".join([
        f"# {name} {version}",
        f"## 摘要\n{parent} 的 int8 版本，输入输出相同。在同样的 {eight['pictures']} 张渲染画面上 AP50 {number(eight['ap50'])}（fp32 版 {number(figures['ap50'])}）。{real_mean_zh(eight) or '只在渲染画面上测过，从未在真实街道上测过。'}许可证 Apache-2.0。",
        f"The int8 form of `{parent}`: same input, same outputs, same labels. Its card says how it was made and where its limits are. Licence: Apache-2.0.",
        f"**{learnt_words(recipe)}**",
        int8_words(parent, figures, eight),
        latency_words(figures, eight),
        class_table(eight),
        real_table(eight, None),
        f"### Load and cover\n{state_tables(eight)}",
    ]) + "\n"
