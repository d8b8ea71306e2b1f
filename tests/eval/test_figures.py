from __future__ import annotations

from eval.figures import FIGURES


def test_a_change_is_a_gain_by_the_way_that_is_better() -> None:
    recall, refused = FIGURES["recall_1"], FIGURES["wrongly_refused"]
    assert (recall.gain(0.25), recall.gain(-0.25)) == (0.25, -0.25)
    assert (refused.gain(0.25), refused.gain(-0.25)) == (-0.25, 0.25)
    assert (recall.best, refused.best) == (1.0, 0.0)
