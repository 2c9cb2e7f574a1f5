"""Files of elections: BLT, Scottish CSV, ABIF, Condorcet Election Format, and orders in CSV."""

from __future__ import annotations

import pytest

from aggregation import FormatError
from aggregation.formats import read_text
from aggregation.formats.cef import read_cef

NAMES = '0\n"Ann"\n"Bob"\n"Cy"\n"Title"\n'


def blt(*lines: str, head: str = "3 1", tail: str = NAMES) -> str:
    return "\n".join([head, *lines, tail])


def ranks(text: str, form: str) -> list[list[int]]:
    return read_text(text, form).ranks.tolist()


def test_blt_keeps_numbers_names_and_weights() -> None:
    profile = read_text(blt("4 2 1 0", "1.5 3 0", "3/2 1 0", ".25 1 0", "1 0"), "blt", unranked="absent")
    assert profile.items == ("1", "2", "3")
    assert profile.names == ("Ann", "Bob", "Cy")
    assert profile.ranks.tolist() == [[2, 1, 0], [0, 0, 1], [1, 0, 0], [1, 0, 0], [0, 0, 0]]
    assert profile.weights.tolist() == [4, 1.5, 1.5, 0.25, 1]
    assert profile.unranked == "absent"


@pytest.mark.parametrize("weight", ["0.000001", "9007199254740992"])
def test_the_least_and_the_greatest_weight_are_read(weight: str) -> None:
    assert read_text(blt(f"{weight} 1 0"), "blt").weights.tolist() == [float(weight)]


def test_a_third_of_a_vote_is_kept_to_six_decimals() -> None:
    assert read_text(blt("1/3 1 0"), "blt").weights.tolist() == [0.333333]


@pytest.mark.parametrize("head", ["3 1\n-2", "3 1 -2", "3 1\n[withdrawn 2]", "3 1\n[nick a b c]\n[withdrawn b]"])
def test_ballots_close_up_where_somebody_has_withdrawn(head: str) -> None:
    profile = read_text(blt("1 2 3 1 0", "2 3=2 1 0", "3 2=1 3 0", "1 2 0", head=head), "blt")
    assert profile.items == ("1", "3")
    assert profile.names == ("Ann", "Cy")
    assert profile.ranks.tolist() == [[2, 1], [2, 1], [1, 2], [0, 0]]


def test_blt_reads_ties_places_left_empty_and_ballot_ids() -> None:
    text = blt("(b 7) 2=3 - 1 0", "(b 8) - 2 0 1 3 0")
    assert ranks(text, "blt") == [[3, 1, 1], [0, 2, 0], [0, 0, 1]]
    assert read_text(text, "blt").weights.tolist() == [1, 1, 1]


def test_tags_for_counting_programs_change_nothing() -> None:
    plain = read_text(blt("4 1 2 0", "2 3 0"), "blt")
    tagged = read_text(blt("[tie 3 2 1 ]", "[droop precision=5]", "[undeclared 3]", "4 1 2 0", "2 3 0"), "blt")
    assert (plain.ranks == tagged.ranks).all()
    assert plain.items == tagged.items


def test_nicknames_stand_for_numbers() -> None:
    assert ranks(blt("1 a b=c 0", "1 3 a 0", head="3 1\n[nick a b c]"), "blt") == [[1, 2, 2], [2, 0, 1]]


def test_blt_passes_over_comments_and_what_follows_the_names() -> None:
    text = (
        '\n3 1 # seats\n/* long\n1 1 0\n1 1 0 */ 2 1 0 /* one */3 2 0\n# none\n0\n"A # 1" "B"\n"C" "T" x\n"so "f" (\n'
    )
    profile = read_text(text, "blt")
    assert profile.names == ("A # 1", "B", "C")
    assert profile.ranks.tolist() == [[1, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize(
    ("written", "name"), [(r'"Bo \"Bob\" Lee"', 'Bo "Bob" Lee'), ('"Bo ""B"""', 'Bo "B"'), (r'"a\\b\c"', r"a\b\c")]
)
def test_a_name_may_hold_quotation_marks(written: str, name: str) -> None:
    assert read_text(f"1 1\n1 1 0\n0\n{written}\n", "blt").names == (name,)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(end: str) -> None:
    assert ranks(blt("1 2 1 0").replace("\n", end), "blt") == [[2, 1, 0]]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (blt("1 4 0"), 2, "alternative 4 is not declared"),
        (blt("1 01 0"), 2, "alternative 01 is not declared"),
        (blt("1 1 1 0"), 2, "alternative 1 is named twice"),
        (blt("1 2 1 1 0"), 2, "alternative 1 is named twice"),
        (blt("1 1=1 0"), 2, "alternative 1 is named twice"),
        (blt("-1", "1 1 1 2 0"), 3, "alternative 1 is named twice"),
        (blt("1 1==2 0"), 2, "an alternative is missing"),
        (blt("1 1 2", "1 2 0"), 2, "no 0 at its end"),
        (blt("-1 1 0", "1 -2 0"), 3, "alternative -2 is not declared"),
        (blt("-4"), 2, "alternative 4 is not declared"),
        (blt("-2", "-2"), 3, "withdrawn twice"),
        (blt("-1", "-2", "-3", "1 1 0"), None, "every candidate is withdrawn"),
        (blt("x 1 0"), 2, "a weight is a number above 0, not 'x'"),
        (blt("1/0 1 0"), 2, "a weight is a number above 0"),
        (blt("9007199254740993 1 0"), 2, "a weight is a number above 0"),
        (blt("9007199254740993/1 1 0"), 2, "a weight is a number above 0"),
        (blt("9007199254740992 1 0", "2 2 0"), None, "add up to more than can be counted"),
        (blt("0.0000001 1 0"), 2, "a weight is a number above 0"),
        (blt(f"{10**400} 1 0"), 2, "a weight is a number above 0"),
        (blt("(a) 1 0", "(a) 2 0"), 3, "there are two ballots (a)"),
        (blt("[tie 1 2]", "1 1 0"), 2, "[tie] names each candidate once"),
        (blt("[tie 1 2 2]", "1 1 0"), 2, "[tie] names each candidate once"),
        (blt("[nick a b]"), 2, "[nick] names each candidate once"),
        (blt("[nick a 3 c]"), 2, "'3' cannot be a nickname"),
        (blt("[colour red]"), 2, "there is no tag 'colour'"),
        (blt("[]"), 2, "there is no tag ''"),
        (blt("[tie 1 2 3"), 2, "this [ has no partner"),
        (blt("1 1 0", tail='"Ann"'), 3, "a line 0 belongs between"),
        (blt("1 1 0", tail=""), None, "do not end with a line 0"),
        (blt("1 1 0", tail='0\n"Ann"\n"Bob"\n'), 1, "3 candidates are declared, but 2 are named"),
        (blt("1 1 0", tail='0\n"Ann"\nBob\n'), 5, "a name stands in quotation marks"),
        (blt("1 1 0", tail='0\n"Ann"\n"B"b"\n'), 5, "no partner"),
        (blt("/* 1 1 0"), 2, "this comment is never closed"),
        (blt(head="3"), 1, "the number of candidates and of seats"),
        (blt(head="3 many"), 1, "seats are counted in whole numbers"),
        (blt(head="0 1"), 1, "candidates are counted in whole numbers"),
        (blt(head="1000000000 1"), 1, "1000000000 candidates are declared, but 4 are named"),
        (blt(), None, "the file has no ballots"),
    ],
)
def test_a_bad_blt_file_is_refused_with_line_and_reason(text: str, line: int | None, reason: str) -> None:
    refused(text, "blt", line, reason)


WARD = '"Candidate 1","Ann","A (B)",\n"Candidate 2","Bob, jr","C",\n"A Ward",\n'


def test_a_scottish_ward_keeps_numbers_names_and_counts() -> None:
    profile = read_text(f"2,1,\n3,2,1,\n\n4,1,\n5,\n{WARD},,\n", "scotcsv")
    assert profile.items == ("1", "2")
    assert profile.names == ("Ann", "Bob, jr")
    assert profile.ranks.tolist() == [[2, 1], [1, 0], [0, 0]]
    assert profile.weights.tolist() == [3, 4, 5]


def test_a_candidate_of_a_ward_may_have_no_party() -> None:
    assert read_text('1,1\n2,1\n"Candidate 1","Ann"\n', "scotcsv").names == ("Ann",)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (f"2,1,\n3,3,\n{WARD}", 2, "alternative 3 is not declared"),
        (f"2,1,\n3,1,,2\n{WARD}", 2, "an alternative is missing"),
        (f"2,1,\n3,2,2,\n{WARD}", 2, "alternative 2 is named twice"),
        (f"2,1,\n3.5,2,\n{WARD}", 2, "ballots are counted in whole numbers"),
        (f"2\n3,2,\n{WARD}", 1, "the number of candidates and of seats"),
        (f"3,1,\n3,2,\n{WARD}", 1, "3 candidates are declared, but 2 are named"),
        (f"2,1,\n{WARD}", None, "no ballots"),
        (f"2,1,\n3,2,\n{WARD}3,2,\n", 6, "nothing is expected after the name of the ward"),
        ('2,1\n1,1\n"Candidate 2","Bob"\n', 3, 'begins "Candidate 1"'),
        ('2,1\n1,1\n"Candidate 1",""\n', 3, 'begins "Candidate 1"'),
        ('2,1\n1,1\n"Candidate 1,', 3, "unexpected end of data"),
    ],
)
def test_a_bad_ward_is_refused_with_line_and_reason(text: str, line: int | None, reason: str) -> None:
    refused(text, "scotcsv", line, reason)


ABIF = '{title: "x"}\n# \n=A:[Ann Lee, MD]\n=B:"Bob"\n = C : [Cy]\n'


def test_abif_keeps_tokens_names_and_counts() -> None:
    profile = read_text(f"{ABIF}3: C>A = B  # three\n2:[Bob]>[Ann Lee, MD]\n1:\n1:[A]\n", "abif")
    assert profile.items == ("A", "B", "C")
    assert profile.names == ("Ann Lee, MD", "Bob", "Cy")
    assert profile.ranks.tolist() == [[2, 2, 1], [2, 1, 0], [0, 0, 0], [1, 0, 0]]
    assert profile.weights.tolist() == [3, 2, 1, 1]


@pytest.mark.parametrize(
    ("ballot", "expected"),
    [("A/3, B/5, C/3", [2, 1, 2]), ("B/5>A/5>C/0", [2, 1, 3]), ("B/5=A/5>C", [1, 1, 2]), ("A/-1,B/.5", [2, 1, 0])],
)
def test_scores_put_in_order(ballot: str, expected: list[int]) -> None:
    assert ranks(f"{ABIF}1:{ballot}\n", "abif") == [expected]


def test_where_abif_declares_nobody_its_ballots_do() -> None:
    profile = read_text('1:Z>[Two words]\n1:"Q"=Z\n', "abif")
    assert profile.items == ("Z", "Two words", "Q")
    assert profile.ranks.tolist() == [[1, 2, 0], [1, 0, 1]]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (f"{ABIF}1:D\n", 6, "alternative D is not declared"),
        (f"{ABIF}1:A>A\n", 6, "alternative A is named twice"),
        (f"{ABIF}1:A>[Ann Lee, MD]\n", 6, "alternative A is named twice"),
        (f"{ABIF}1:A,B\n", 6, "commas separate candidates each of whom has a score"),
        (f"{ABIF}1:A/5,B/3>C/1\n", 6, "commas separate candidates each of whom has a score"),
        (f"{ABIF}1:A/1>B/5\n", 6, "the scores of A and B contradict their order"),
        (f"{ABIF}1:A/1=B/5\n", 6, "the scores of A and B contradict their order"),
        (f"{ABIF}1:A/x\n", 6, "a score is a number"),
        (f"{ABIF}1:A>\n", 6, "a candidate is missing at the end"),
        (f"{ABIF}1:>A\n", 6, "cannot be read as one candidate: '>'"),
        (f"{ABIF}1:A[B\n", 6, "separated by > = or commas, not '['"),
        (f"{ABIF}1:A B>C*2\n", 6, "cannot be read as one candidate"),
        (f"{ABIF}A>B\n", 6, "a ballot is written"),
        (f"{ABIF}0:A\n", 6, "ballots are counted in whole numbers from 1"),
        (f"{ABIF}=A:[Again]\n1:A\n", 6, "candidate A is declared twice"),
        (f"{ABIF}=D\n1:A\n", 6, "a candidate is declared"),
        (f"{ABIF}=D:[]\n1:A\n", 6, "a candidate is declared"),
        ("{title\n1:A\n", 1, "a ballot is written"),
        ("=A:[X]\n=B:[X]\n1:[X]\n", 3, "alternative X is not declared"),
        ("5:[A,X]>[B,Y]\n", 1, "cannot be read as one candidate: '[A,X]'"),
        ("100:\n", None, "there is nothing to rank"),
        (ABIF, None, "no ballots"),
    ],
)
def test_a_bad_abif_file_is_refused_with_line_and_reason(text: str, line: int | None, reason: str) -> None:
    refused(text, "abif", line, reason)


def test_condorcet_votes_keep_names_weights_and_numbers_of_votes() -> None:
    text = "#/candidates: Ann A ; Bob;Cy\n# x\n\nBob > Ann A = Cy ^7 * 2 # twice\nt1, t2 || Cy*3\n /EMPTY_RANKING/\n"
    profile = read_text(text, "cef")
    assert profile.items == profile.names == ("Ann A", "Bob", "Cy")
    assert profile.ranks.tolist() == [[2, 1, 2], [0, 0, 1], [0, 0, 0]]
    assert profile.weights.tolist() == [14, 3, 1]


def test_the_heaviest_vote_is_read() -> None:
    assert read_text("A ^2 * 4503599627370496\n", "cef").weights.tolist() == [2.0**53]


def test_weights_do_not_count_where_the_file_forbids_them() -> None:
    assert read_text("#/Weight Allowed: FALSE\nA ^7 * 2\n", "cef").weights.tolist() == [2]


def test_the_file_says_what_leaving_out_means_unless_the_caller_does() -> None:
    explicit = "#/Implicit Ranking : false\nA\n"
    assert read_text(explicit, "cef").unranked == "absent"
    assert read_text(explicit, "cef", unranked="last").unranked == "last"
    assert read_cef("#/Implicit Ranking: true\nA\n", None).unranked == "last"
    assert read_cef("A\n", None).unranked == "last"


def test_where_condorcet_candidates_are_not_listed_the_votes_name_them() -> None:
    assert read_text("B>A\nC\n", "cef").items == ("B", "A", "C")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("#/Candidates: A;B\nA>D\n", 2, "alternative D is not declared"),
        ("A>B>A\n", 1, "alternative A is named twice"),
        ("A>>B\n", 1, "a candidate is missing"),
        ("A=\n", 1, "a candidate is missing"),
        ("A<B\n", 1, "cannot be read as a candidate: 'A<B'"),
        ("A>/EMPTY_RANKING/\n", 1, "cannot be read as a candidate"),
        ("A * 8 ^7\n", 1, "ballots are counted in whole numbers"),
        ("A * 0\n", 1, "ballots are counted in whole numbers"),
        ("A ^ 999999999999999 * 999999999999999\n", 1, "more than can be counted"),
        ("a || \n", 1, "a candidate is missing"),
        ("A\nB * x\n", 2, "whole number"),
        ("A\n#/Candidates: A\n", 2, "come before the votes"),
        (" #/Candidates: A\nA\n", 1, "parameters begin their line"),
        ("#/Candidates: A;A\nA\n", 1, "candidate A is listed twice"),
        ("#/Candidates: A # all\nA\n", 1, "cannot be read as a candidate"),
        ("#/Candidates: A\n#/Candidates: B\nA\n", 2, "listed twice"),
        ("#/Implicit Ranking: maybe\nA\n", 1, "implicit ranking is true or false"),
        ("#/Candidates: A;B\n", None, "no ballots"),
        ("/EMPTY_RANKING/\n", None, "there is nothing to rank"),
    ],
)
def test_a_bad_condorcet_file_is_refused_with_line_and_reason(text: str, line: int | None, reason: str) -> None:
    refused(text, "cef", line, reason)


def test_orders_with_sides_groups_weights_and_labels() -> None:
    text = "id,side,1st,2nd,3rd,group,weight\n1,staff,b,a = c,,g,2\n2,lived,,a,,,0.5\n3,lived,,,,h,1\n"
    profile = read_text(text, "ordercsv", unranked="absent")
    assert profile.items == ("b", "a", "c")
    assert profile.ranks.tolist() == [[1, 2, 2], [0, 2, 0], [0, 0, 0]]
    assert profile.weights.tolist() == [2, 0.5, 1]
    assert profile.strata_names == ("lived", "staff")
    assert profile.group_names == ("(none)", "g", "h")
    assert profile.unranked == "absent"


def test_items_may_be_numbers_where_the_header_counts_the_places() -> None:
    profile = read_text("1;2;3\n3;1;2\n", "ordercsv")
    assert (profile.items, profile.ranks.tolist()) == (("3", "1", "2"), [[1, 2, 3]])
    assert profile.weights.tolist() == [1]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a,b,c\nb,a,c\n", 1, "'a' is also an item"),
        ("1,2\na,a\n", 2, "alternative a is named twice"),
        ("1,2\na=a,\n", 2, "alternative a is named twice"),
        ("1,2\n=SUM(A1),b\n", 2, 'a tie is written "a=b"'),
        ("1,2\na\n", 2, "this row has 1 cells"),
        ("1,2\n,\n", None, "no row of this file names an item"),
        ("1,2\n", None, "no row of this file names an item"),
        ("side,1\n,a\n", 2, "names no side"),
        ("weight,1\n,a\n", 2, "a weight is a number above 0"),
        ("id,side\n1,a\n", 1, "no column with a question"),
    ],
)
def test_a_bad_table_of_orders_is_refused_with_line_and_reason(text: str, line: int | None, reason: str) -> None:
    refused(text, "ordercsv", line, reason)


def refused(text: str, form: str, line: int | None, reason: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read_text(text, form)
    assert reason in str(refusal.value)
    assert refusal.value.line == line
