"""Words: the lexicon, the reading, the policy, other tongues, advice and writing.

Layers, each knowing only those below:

    advice                  directions for a vague idea, briefs for the undecided
    writing                 wall labels, lives, readings said otherwise
    reading                 a brief made definite
    policy | tongues        what is not painted; other languages
    lexicon                 what words do
    encoder, tokens         words as vectors
"""
