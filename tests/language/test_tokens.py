from hypothesis import given
from hypothesis import strategies as st

from limner.language.tokens import gram_rows, tokenise, word_row


def test_examples():
    assert tokenise("Red-haired woman, don't SMILE (#1b2a41)") == ["red", "haired", "woman", "dont", "smile", "#1b2a41"]
    assert tokenise("Ｆｕｌｌｗｉｄｔｈ élan 中文") == ["fullwidth", "élan", "中文"]
    assert tokenise("...!?") == []


@given(st.text())
def test_anything_can_be_tokenised(text):
    tokens = tokenise(text)
    assert all(t and t == t.casefold() for t in tokens)
    assert tokenise(" ".join(tokens)) == tokens


@given(st.text(min_size=1, max_size=30), st.integers(1, 100_000))
def test_rows_lie_in_the_table(word, rows):
    assert 0 <= word_row(word, rows) < rows
    assert all(0 <= r < rows for r in gram_rows(word, rows))
    assert gram_rows(word, rows)


def test_rows_are_pinned():
    # the shipped tables are addressed by these; a change would scramble every word
    assert word_row("portrait", 32768) == 13563
    assert len(gram_rows("cat", 24576)) == 6
