"""How much each sign of relevance counts. Fitted on the development questions only (eval/README.md says how)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HybridWeights:
    """Weights of the features of a candidate; each feature lies near 0 to 1.

    Attributes:
        text, context, questions: BM25 of the sentence, of its headings, of its lay questions, each divided by the best
            a chunk could score for the query.
        wording: BM25 of the sentence for the policy words of the question's lay words, divided likewise.
        dense: cosine of question and sentence in its place.
        dense_questions: cosine of question and the nearest lay question of the sentence.
        late, late_questions: late interaction with the sentence in its place, and with its nearest lay question.
    """

    text: float = 1.0
    context: float = 1.0
    questions: float = 1.0
    wording: float = 1.0
    dense: float = 0.5
    dense_questions: float = 1.0
    late: float = 0.5
    late_questions: float = 0.5


DEFAULT = HybridWeights()


@dataclass(frozen=True, slots=True)
class Floors:
    """Scores below which a hit does not count; in the units of the searcher they come with.

    Attributes:
        nothing: below this nothing in scope is about the question.
        above: the same where only the province has a text: its general word must be squarely on the matter.
        term: below this a question with another place's term is not about anything in scope.
        on_matter: from this a sentence is squarely on the matter of the question.
        comparison: below this no place's text deals with the matter compared.
        part: from this the best hit of one of several questions is shown for it.
        elsewhere: when the best sentence out of scope scores this many times the best in scope, the matter is another
            place's, and what is near it here is no answer.
    """

    nothing: float
    above: float
    term: float
    on_matter: float
    comparison: float
    part: float
    elsewhere: float = 1.5


LEXICAL_FLOORS = Floors(nothing=12.0, above=40.0, term=30.0, on_matter=40.0, comparison=8.0, part=12.0)
HYBRID_FLOORS = Floors(nothing=0.5, above=0.8, term=1.5, on_matter=1.5, comparison=1.0, part=0.9)
