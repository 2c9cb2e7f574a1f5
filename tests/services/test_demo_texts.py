"""The texts of the demo exercise keep the rules of the house: what is planted is there, and every answer is kind."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from priority.demo.texts import DemoTexts, Part, Reach, load_texts
from priority.texts import clean_words
from priority.words import Channel, Destination, Letters, ProposalKind, ReasonSide

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCALES = ("en", "sv", "fr")

QUESTIONS_AS_GIVEN = {
    "Q1": "What helps people share out their strength when rest does not cure tiredness?",
    "Q2": "Who should hold treatment together for people with several illnesses, and how?",
    "Q3": "When and how can long-term medicines be reduced safely?",
    "Q4": "How do periods, pregnancy and menopause change symptoms and treatment?",
    "Q5": "What keeps family carers well enough to go on, nights included?",
    "Q6": "How can the road to a diagnosis be shorter when the first tests are normal?",
    "Q7": "Which adjustments keep people in work or school when symptoms change from day to day?",
    "Q8": "For whom is care at a distance as good as meeting, and for whom not?",
}

# Who wrote it, in which language, the words, and the questions it feeds.
WORDS_AS_GIVEN = [
    ("patients", "en", "I sleep nine hours and wake up empty. Is there anything to do but get used to it?", ["Q1"]),
    ("patients", "sv", "Tröttheten är värre än värken. Vad gör man när vila inte hjälper?", ["Q1"]),
    ("patients", "fr", "Dès le matin je suis à bout. Comment répartir mes forces ?", ["Q1"]),
    ("patients", "sv", "Tre läkare, elva tabletter, ingen som ser helheten.", ["Q2"]),
    ("carers", "fr", "Chaque spécialiste ajoute un médicament à ma mère, personne n'en retire.", ["Q2", "Q3"]),
    ("nurses", "en", "Would one named contact cut emergency visits?", ["Q2"]),
    ("patients", "en", "Who helps me come off them, slowly?", ["Q3"]),
    ("patients", "sv", "Jag vågar inte sluta och vågar inte fortsätta.", ["Q3"]),
    ("patients", "en", "My flare comes four days before my period. Nobody writes it down.", ["Q4"]),
    ("patients", "sv", "Efter klimakteriet slutade medicinen hjälpa. Är det bara jag?", ["Q4"]),
    ("patients", "fr", "Pourquoi les essais n'en parlent-ils jamais ?", ["Q4"]),
    ("carers", "sv", "Jag har inte sovit en hel natt på fyra år. Vem forskar om mig?", ["Q5"]),
    ("carers", "fr", "Je suis sa femme, pas son infirmière.", ["Q5"]),
    ("carers", "en", "Some nights I don't know how to go on.", ["Q5"]),
    ("patients", "en", "Seven years of 'your blood is fine'.", ["Q6"]),
    ("patients", "sv", "Varför tar det så lång tid innan någon tror en?", ["Q9"]),
    ("patients", "fr", "On m'a dit que c'était le stress.", ["Q6"]),
    ("patients", "sv", "Sextio procent ena veckan, noll nästa. Hur blir det ett jobb?", ["Q7"]),
    ("carers", "fr", "Mon fils manque le lycée un jour sur trois.", ["Q7"]),
    ("social_workers", "en", "Do flexible plans still hold after two years?", ["Q7"]),
    ("patients", "sv", "Trettio mil till sjukhuset. När räcker videon inte?", ["Q8"]),
    ("patients", "fr", "Je n'ai pas d'ordinateur et j'entends mal au téléphone.", ["Q8"]),
    ("nurses", "en", "What do we miss on a screen?", ["Q8"]),
]

# Words that the pages of contributors, of those who answer and of the public do not use, by language.
BANNED = {
    "en": r"stakeholder|uncertaint|consensus|ballot|delphi|\bpanel|methodolog|prioriti[sz]|out of scope|reject"
    r"|\binvalid|outlier|please note|\bsimply\b|nobody can see",
    "sv": r"intressent|osäkerhet|konsensus|röstsed|delphi|\bpanel|metodolog|metodik|prioriter|avvis|avslag|ogiltig"
    r"|observera att|ingen kan se",
    "fr": r"parties? prenantes?|incertitude|consensus|bulletin|delphi|\bpanel|méthodolog|prioris|rejet|invalid"
    r"|hors (?:sujet|champ|périmètre)|veuillez noter|personne ne peut voir|·",
}
HIDDEN_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u00ad\ufeff]")
LOOKS_LIKE_CONTACT = re.compile(r"@|https?:|www\.|\d[\d -]{6,}\d")

# Numbers that the regulators keep free for fiction: Sweden (mobile), France (south-east), London.
FREE_NUMBERS = re.compile(r"\+46 70 174 06 \d\d|\+33 4 65 71 \d\d \d\d|\+44 20 7946 0\d{3}")


@pytest.fixture(scope="module")
def texts() -> DemoTexts:
    return load_texts()


def all_strings(value: Any) -> Iterator[str]:
    """Every string anywhere inside a value."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from all_strings(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from all_strings(list(value) + list(value.values()))
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from all_strings(each)


def parts(texts: DemoTexts, destination: Destination) -> list[Part]:
    return [part for proposal in texts.proposals for part in proposal.parts if part.destination is destination]


def written_by_the_team(texts: DemoTexts) -> Iterator[tuple[str, str]]:
    """Each sentence that the team wrote for people to read, with its language."""
    told = texts.exercise
    in_three = [told.title, told.introduction, told.run_by, told.example_notice]
    in_three += [each.about for each in told.associations] + [each.hours for each in told.people if each.hours]
    for names in (told.themes, told.stages, told.groups, told.members, told.sides):
        in_three += names.values()
    for question in texts.questions:
        in_three += [question.short, question.text, question.background]
    for words in in_three:
        yield from ((locale, words.of(locale)) for locale in LOCALES)
    for layers in (texts.consent, texts.answering):
        yield from ((locale, words) for locale, layer in layers.items() for words in all_strings(layer))
    yield from (("en", words) for words in all_strings(texts.safe_page))
    yield from ((partner.locale, partner.about) for partner in told.partners)
    for proposal in texts.proposals:
        for part in proposal.parts:
            said = [part.sentence, part.source, *part.answer]
            yield from ((proposal.locale, words) for words in said if words)


def test_there_are_forty_questions_two_hundred_texts_and_ninety_six_people(texts):
    assert [question.key for question in texts.questions] == [f"Q{n}" for n in range(1, 41)]
    assert [question.number for question in texts.questions] == list(range(1, 41))
    assert [proposal.key for proposal in texts.proposals] == [f"P{n:03}" for n in range(1, 201)]
    assert [contributor.number for contributor in texts.contributors] == list(range(1, 97))
    assert {proposal.contributor for proposal in texts.proposals} == set(range(1, 97))


def test_three_languages_and_six_groups_share_the_texts_as_planned(texts):
    assert Counter(proposal.locale for proposal in texts.proposals) == {"sv": 90, "fr": 60, "en": 50}
    people = Counter(contributor.group for contributor in texts.contributors)
    assert people == {
        "patients": 58,
        "carers": 21,
        "nurses": 6,
        "doctors": 4,
        "physiotherapists": 4,
        "social_workers": 3,
    }
    assert set(people) == set(texts.exercise.groups) == set(texts.exercise.members)


def test_a_text_has_the_language_group_and_channel_of_its_writer(texts):
    writers = {contributor.number: contributor for contributor in texts.contributors}
    spoken = {Reach.LETTER: Channel.LETTER, Reach.TELEPHONE: Channel.TELEPHONE}
    for proposal in texts.proposals:
        writer = writers[proposal.contributor]
        assert (proposal.locale, proposal.group) == (writer.locale, writer.group)
        assert proposal.channel is spoken.get(writer.reach, Channel.WEB)
        assert not proposal.on_behalf or proposal.group == "carers"


def test_the_questions_given_stand_word_for_word(texts):
    by_key = {question.key: question for question in texts.questions}
    assert {key: by_key[key].text.en for key in QUESTIONS_AS_GIVEN} == QUESTIONS_AS_GIVEN
    assert (by_key["Q2"].twin, by_key["Q3"].twin) == ("Q3", "Q2")
    assert by_key["Q9"].arises_from == "Q6"
    assert (texts.exercise.title.en, texts.exercise.title.sv, texts.exercise.title.fr) == (
        "An ordinary day: what should research find out?",
        "Vardagen: vad ska forskningen ta reda på?",
        "Un jour ordinaire : que devrait chercher la recherche ?",
    )


def test_every_question_has_words_of_its_own_in_each_language(texts):
    for locale in LOCALES:
        for field in ("short", "text", "background"):
            said = [getattr(question, field).of(locale) for question in texts.questions]
            assert len(set(said)) == 40
            assert all(words.strip() == words and words for words in said)
        assert all(question.text.of(locale).endswith("?") for question in texts.questions)
        assert all(2 <= len(question.short.of(locale).split()) <= 4 for question in texts.questions)


def test_what_people_wrote_stands_word_for_word(texts):
    sent = {
        proposal.text: (proposal.group, proposal.locale, [key for part in proposal.parts for key in part.questions])
        for proposal in texts.proposals
    }
    for group, locale, words, questions in WORDS_AS_GIVEN:
        assert sent[words] == (group, locale, questions)


def test_every_part_for_research_feeds_questions_that_exist_and_each_question_has_two_originals(texts):
    known = {question.key for question in texts.questions}
    fed = Counter()
    for part in parts(texts, Destination.RESEARCH):
        assert part.questions
        assert set(part.questions) <= known
        assert len(set(part.questions)) == len(part.questions)
        fed.update(part.questions)
    assert min(fed[key] for key in known) >= 2
    assert max(fed.values()) <= 14
    assert sum(fed[f"Q{n}"] >= 8 for n in range(1, 9)) == 8


def test_four_roads_carry_the_texts_as_planned(texts):
    roads = [{part.destination for part in proposal.parts} for proposal in texts.proposals]
    assert sum(Destination.RESEARCH in road for road in roads) == 170
    whole = Counter(proposal.parts[0].destination for proposal in texts.proposals if len(proposal.parts) == 1)
    assert whole == {
        Destination.RESEARCH: 158,
        Destination.TO_CHANGE: 14,
        Destination.ALREADY_KNOWN: 9,
        Destination.ANOTHER_PARTNER: 7,
    }
    split = [proposal for proposal in texts.proposals if len(proposal.parts) > 1]
    assert len(split) == 12
    assert {len(proposal.parts) for proposal in split} == {2, 3}
    assert all(len({part.destination for part in proposal.parts}) > 1 for proposal in split)


def test_parts_are_stretches_that_leave_no_word_out(texts):
    for proposal in texts.proposals:
        for part in proposal.parts:
            assert proposal.text[part.start : part.end] == part.text
        gaps = [b.start - a.end for a, b in zip(proposal.parts, proposal.parts[1:], strict=False)]
        assert all(gap == 1 for gap in gaps), proposal.key
        assert (proposal.parts[0].start, proposal.parts[-1].end) == (0, len(proposal.text))


def test_no_road_is_a_dead_end(texts):
    people = {person.key: person for person in texts.exercise.people}
    partners = {(partner.name, partner.locale) for partner in texts.exercise.partners}
    for proposal in texts.proposals:
        for part in proposal.parts:
            if part.destination is Destination.RESEARCH:
                assert (part.owner, part.sentence, part.answer, part.source) == (None, None, (), None)
                continue
            assert part.sentence
            owner = people[part.owner].name.split()[0]
            if part.destination is Destination.ALREADY_KNOWN:
                assert len(part.answer) == 4
                assert people[part.owner].role == "moderator"
                assert re.search("made up|påhittad|inventée", part.source)
            else:
                assert owner in part.sentence
                assert people[part.owner].locale == proposal.locale
            if part.destination is Destination.ANOTHER_PARTNER:
                assert (part.partner, proposal.locale) in partners
                assert part.partner in part.sentence
                assert re.search("only if you say yes|bara om du säger ja|seulement si vous dites oui", part.sentence)


def test_the_long_wait_for_a_decision_goes_to_karins_list(texts):
    asked = "Varför tar det åtta månader att få besked om sjukersättning?"
    (proposal,) = [proposal for proposal in texts.proposals if proposal.text == asked]
    (part,) = proposal.parts
    assert (part.destination, part.owner) == (Destination.TO_CHANGE, "karin")


def test_the_planted_people_and_texts_are_there_once(texts):
    reach = Counter(contributor.reach for contributor in texts.contributors)
    assert (reach[Reach.LETTER], reach[Reach.TELEPHONE]) == (1, 1)
    (caller,) = [contributor for contributor in texts.contributors if contributor.reach is Reach.TELEPHONE]
    assert caller.group == "carers"
    assert sum(contributor.erased for contributor in texts.contributors) == 1
    (bereaved,) = [contributor for contributor in texts.contributors if contributor.bereaved]
    assert (bereaved.group, bereaved.letters) == ("carers", Letters.EVERY_STEP)
    assert {contributor.letters for contributor in texts.contributors} == set(Letters)
    (objection,) = [proposal for proposal in texts.proposals if proposal.objects_to]
    assert (objection.text, objection.objects_to) == ("Varför tar det så lång tid innan någon tror en?", "Q6")
    (urgent,) = [proposal for proposal in texts.proposals if proposal.safeguarding]
    assert urgent.text == "Some nights I don't know how to go on."
    (softened,) = [proposal for proposal in texts.proposals if proposal.softened]
    assert (softened.locale, softened.softened.locale) == ("sv", "en")
    assert softened.softened.softened != softened.softened.faithful
    assert sum(proposal.kind is ProposalKind.STOP for proposal in texts.proposals) >= 2


def test_texts_are_of_every_length(texts):
    lengths = [len(proposal.text.split()) for proposal in texts.proposals]
    assert min(lengths) <= 6
    assert sum(length >= 80 for length in lengths) >= 3
    assert max(lengths) >= 120


def test_nobody_sent_the_same_text_twice(texts):
    said = Counter(" ".join(proposal.text.casefold().split()) for proposal in texts.proposals)
    assert [words for words, times in said.items() if times > 1] == []


def test_themes_and_stages_are_those_of_the_exercise(texts):
    told = texts.exercise
    for each in (*texts.questions, *texts.proposals):
        assert each.theme in told.themes
        assert each.stage in told.stages
    assert {proposal.stage for proposal in texts.proposals} == set(told.stages)
    assert {proposal.theme for proposal in texts.proposals} == set(told.themes)


def test_round_one_has_reasons_both_ways_for_the_first_ten(texts):
    for n in range(1, 11):
        given = [reason for reason in texts.reasons if reason.question == f"Q{n}"]
        assert 2 <= len(given) <= 4
        assert {reason.stance for reason in given} == set(ReasonSide)
    assert {reason.question for reason in texts.reasons} == {f"Q{n}" for n in range(1, 11)}
    assert {reason.side for reason in texts.reasons} == set(texts.exercise.sides)
    assert len({reason.text for reason in texts.reasons}) == len(texts.reasons)


def test_a_named_human_can_be_rung_in_each_language(texts):
    told = texts.exercise
    assert {person.locale for person in told.people_of("contact")} == set(LOCALES)
    for person in (*told.people_of("contact"), *told.people_of("safeguarding")):
        assert FREE_NUMBERS.fullmatch(person.telephone)
        assert person.hours
    assert {person.name.split()[0] for person in told.people_of("moderator")} == {"Maria", "Jonas"}
    for role in ("safeguarding", "coordinator", "researcher", "administrator"):
        assert len(told.people_of(role)) == 1
    assert all(re.fullmatch(r"[a-z]+@[a-z]+\.example", person.email) for person in told.people)
    assert {person.association for person in told.people} <= {each.key for each in told.associations}


def test_the_first_layer_of_consent_is_short_and_has_three_facts(texts):
    assert set(texts.consent) == set(texts.answering) == set(LOCALES)
    for layer in texts.consent.values():
        assert layer.words <= 120
        assert len(layer.sentences) == 3
        assert "Maria" in layer.sentences[0]
        assert "112" in layer.sentences[2]


def test_those_who_answer_read_how_secret_it_is_and_that_unanimity_shows(texts):
    secrecy = {
        "en": "The people who run this cannot see who gave which answer. Whoever looks after the computer could, "
        "until 30 days after the end. Then the link is destroyed for good.",
        "sv": "fram till 30 dagar efter slutet",
        "fr": "jusqu'à 30 jours après la fin",
    }
    unanimity = {"en": "gives the same answer", "sv": "ger samma svar", "fr": "donne la même réponse"}
    for locale, layer in texts.answering.items():
        said = "\n".join(layer.sentences)
        assert secrecy[locale] in said
        assert unanimity[locale] in said
    assert secrecy["en"] in "\n".join(all_strings(texts.safe_page))


def test_the_team_writes_no_word_that_shuts_people_out(texts):
    for locale, words in written_by_the_team(texts):
        found = re.search(BANNED[locale], words, re.IGNORECASE)
        assert not found, f"{found[0]!r} in {words!r}"
        assert "!" not in words, words


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Your question was out of scope."),
        ("sv", "Panelen prioriterar frågorna."),
        ("fr", "Le bulletin a été rejeté."),
        ("fr", "les patient·es"),
    ],
)
def test_a_banned_word_would_be_found(locale, words):
    assert re.search(BANNED[locale], words, re.IGNORECASE)


def test_every_text_is_composed_and_hides_nothing(texts):
    for words in all_strings(texts):
        assert unicodedata.is_normalized("NFC", words), words
        assert not HIDDEN_MARKS.search(words), words
        assert words == clean_words(words)


def test_nobody_gives_away_an_address_or_a_number(texts):
    for proposal in texts.proposals:
        assert not LOOKS_LIKE_CONTACT.search(proposal.text), proposal.text
    for reason in texts.reasons:
        assert not LOOKS_LIKE_CONTACT.search(reason.text), reason.text


def test_the_texts_cannot_be_changed_by_those_who_use_them(texts):
    with pytest.raises(AttributeError):
        texts.proposals[0].text = "softer"
    assert replace(texts.proposals[0], text="softer").text != load_texts().proposals[0].text
