"""What is asked of which paragraphs."""

from eval.fitting.cases import Cases
from eval.fitting.retrieval_set import held_out
from rag.training.rows import HUMAN, Row, digest, letters, read_rows, trained_on
from tests.rag.training.test_rows import REAL, SQUAD, real, row


def articles() -> list[Row]:
    """Seven of the articles that are chosen, of eight paragraphs each, and one that is not."""
    titles = [f"Article_{number}" for number in range(400)]
    chosen = [title for title in titles if digest(title)[0] % 14 == 0][:7]
    other = next(title for title in titles if digest(title)[0] % 14)
    rows = []
    for title in (*chosen, other):
        for number in range(8):
            text = f"Of {title}, part {number} is told here."
            rows.append(row(SQUAD, f"What is part {number} of {title}?", text, title, "part"))
            human = f"Why is part {number} of {title} absent?"
            rows.append(row("SQuAD2 by way of UnAnsQ", human, text.upper().replace(",", ""), title))
    return rows


def test_the_cases_are_the_same_again_and_a_question_is_in_one_half_alone() -> None:
    rows = articles()
    chosen = held_out(rows)
    cases = Cases(rows, chosen).all()
    assert cases == Cases(rows, chosen).all()
    tuning = {each.question for each in cases if not each.reporting}
    reporting = {each.question for each in cases if each.reporting}
    assert tuning
    assert reporting
    assert tuning.isdisjoint(reporting)


def test_the_gold_paragraph_of_a_case_is_there_exactly_when_it_is_answerable() -> None:
    rows = articles()
    made = Cases(rows, held_out(rows))
    about = {each.question: each.context for each in rows}
    kinds = set()
    for case in made.all():
        kinds.add(case.kind)
        present = {made.paragraphs[place].text for place in set(case.places) - case.without}
        human_written = case.kind.endswith("human-written")
        assert human_written or (about[case.question] in present) == (case.gold is not None)
        if case.gold is not None:
            assert made.paragraphs[case.gold].text == about[case.question]
    assert {kind for kind in kinds if kind.startswith("five")} == {
        f"five: {kind}" for kind in ("answerable", "human-written", "off topic", "other paragraph")
    }


@real
def test_the_reader_was_trained_on_no_real_question_with_the_paragraph_it_is_about() -> None:
    rows = list(read_rows(REAL))
    made = Cases(rows, held_out(rows))
    trained = {
        (each.question, letters(each.context))
        for each in trained_on(rows)
        if each.answerable or HUMAN in each.source
    }
    paragraphs = [letters(each.text) for each in made.paragraphs]
    met = []
    for case in made.all():
        # A human-written unanswerable question is about one of the collection.
        about = case.places if case.kind.endswith("human-written") else [case.gold]
        if any((case.question, paragraphs[at]) in trained for at in about if at is not None):
            met.append((case.kind, case.question))
    assert met == []
