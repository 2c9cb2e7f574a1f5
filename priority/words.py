"""Every state a thing can be in, with the words that people read for it.

An enum's value is what the database keeps; `label` is what staff read; `public` is the gentler sentence for the
person who asked or answers. Nothing of ours is imported here, and all of `priority` may import it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString


class Worded(StrEnum):
    """An enum whose every member has words: a `label` for staff, and `public` words for everybody else."""

    said: tuple[LazyString, ...]

    def __new__(cls, value: str, *said: LazyString) -> Worded:  # noqa: PYI034
        """The member whose value is kept in the database and whose words are read: a label, then public words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.said = said
        return member

    @property
    def label(self) -> LazyString:
        """What staff pages call it."""
        return self.said[0]

    @property
    def public(self) -> LazyString:
        """What the person who asked or answers reads; the label where no gentler words are needed."""
        return self.said[-1]


class RoleName(Worded):
    """What a person of the staff may be in an organisation or in one exercise."""

    MODERATOR = "moderator", _l("Moderator")
    COORDINATOR = "coordinator", _l("Coordinator")
    RESEARCHER = "researcher", _l("Researcher")
    TRANSLATOR = "translator", _l("Translator")
    ADMINISTRATOR = "administrator", _l("Administrator")


class ExerciseState(Worded):
    """Where an exercise stands; it moves one step forward at a time."""

    DRAFT = "draft", _l("Being prepared"), _l("Not open yet")
    ASKING = "asking", _l("Collecting questions"), _l("You can ask now")
    SORTING = "sorting", _l("Sorting"), _l("We are reading and sorting")
    ANSWERING = "answering", _l("Rounds"), _l("The group is answering")
    PUBLISHED = "published", _l("Published"), _l("The list is out")


class Template(Worded):
    """A way of running an exercise that a coordinator can start from."""

    JLA_STYLE = "jla_style", _l("JLA-style (not a JLA PSP)")
    DELPHI_70_15 = "delphi_70_15", _l("Delphi 70/15")
    RAND_UCLA = "rand_ucla", _l("RAND/UCLA")
    IMPORTED = "imported", _l("Imported data")


class Destination(Worded):
    """Which road a part of a proposal takes; there is no dead end."""

    RESEARCH = "research", _l("Research list"), _l("It is on the research list")
    TO_CHANGE = "to_change", _l("To change"), _l("It needs a change rather than a study")
    ALREADY_KNOWN = "already_known", _l("Already known"), _l("People have looked into this")
    ANOTHER_PARTNER = "another_partner", _l("Another partner"), _l("Somebody else can do more about this")


class Operation(Worded):
    """What a line in the trail of a proposal did."""

    MERGE = "merge", _l("Joined to a question")
    UNMERGE = "unmerge", _l("Taken out of a question")
    SPLIT = "split", _l("Split")
    ROUTE = "route", _l("Sent down a road")
    REWORD = "reword", _l("Reworded")
    WITHDRAW = "withdraw", _l("Taken back by the person")
    UNDO = "undo", _l("Undone")


class ProposalKind(Worded):
    """Whether somebody wishes research on something, or wishes it stopped."""

    QUESTION = "question", _l("Research is needed"), _l("Something research should find out")
    STOP = "stop", _l("Research to stop"), _l("Research that should stop")


class Channel(Worded):
    """How words or answers reached us."""

    WEB = "web", _l("Web")
    LETTER = "letter", _l("Letter")
    TELEPHONE = "telephone", _l("Telephone")
    IMPORTED = "imported", _l("Imported from a file")


class Letters(Worded):
    """How often a contributor wants to hear from us."""

    EVERY_STEP = "every_step", _l("Every step"), _l("Every time something happens")
    END = "end", _l("Only the end"), _l("Only at the end")
    NOTHING = "nothing", _l("Nothing"), _l("Never; I will look myself")


class WordsKind(Worded):
    """Which kind of text one piece of a proposal's words is."""

    ORIGINAL = "original", _l("As written"), _l("You wrote")
    ADDITION = "addition", _l("Added later"), _l("You added")
    REDACTION = "redaction", _l("With a name removed"), _l("Your words, with a name taken out")


class ErasureReason(Worded):
    """Why the text of a proposal is no longer kept."""

    ASKED = "asked", _l("The person asked for it")
    REDACTED = "redacted", _l("A name was taken out")


class RoundKind(Worded):
    """What a round asks of those who answer."""

    RATING = "rating", _l("Rating"), _l("how much each question matters")
    RANKING = "ranking", _l("Ranking"), _l("which questions come first")
    CHOOSE = "choose", _l("Choosing"), _l("which questions you choose")
    BEST_WORST = "best_worst", _l("Best and worst"), _l("which matters most and least")


class RoundState(Worded):
    """Where a round stands; it never goes back."""

    PLANNED = "planned", _l("Planned"), _l("Not open yet")
    OPEN = "open", _l("Open"), _l("Open now")
    CLOSED = "closed", _l("Closed"), _l("Closed")


class ExtensionKind(Worded):
    """How the end of an open round was moved."""

    LATER = "later", _l("Extended")
    EARLY = "early", _l("Closed early")


class BallotState(Worded):
    """Where somebody's answers of one round stand; saved and submitted both count."""

    SAVED = "saved", _l("Saved"), _l("Saved. They count as they are.")
    SUBMITTED = "submitted", _l("Sent"), _l("Sent. Thank you.")
    TAKEN_BACK = "taken_back", _l("Taken back"), _l("Taken back. They do not count.")


class ReasonSide(Worded):
    """Whether a reason speaks for a high or a low answer."""

    HIGH = "high", _l("For a high number")
    LOW = "low", _l("For a low number")


class ReviewState(Worded):
    """Whether a text that others will read has been looked at."""

    WAITING = "waiting", _l("Waiting")
    RELEASED = "released", _l("Released")
    WITHHELD = "withheld", _l("Withheld")


class SuggestionState(Worded):
    """What became of a question that somebody of the group suggested in a round."""

    WAITING = "waiting", _l("Waiting"), _l("We are reading it")
    TAKEN = "taken", _l("Taken in"), _l("It is asked next time")
    ON_LIST = "on_list", _l("On the list already"), _l("It is on the list already")
    NOT_NOW = "not_now", _l("Not asked in this exercise"), _l("We do not ask it this time")


class Finding(Worded):
    """What an evidence check found."""

    UNANSWERED = "unanswered", _l("Not answered yet")
    PARTLY = "partly", _l("Partly answered")
    ANSWERED = "answered", _l("Answered")


class ObjectionState(Worded):
    """What became of a contributor's "this is not what I meant"."""

    OPEN = "open", _l("Waiting for an answer"), _l("We will answer you")
    UPHELD = "upheld", _l("Upheld"), _l("You were right")
    EXPLAINED = "explained", _l("Explained"), _l("We explained why")


class Moment(Worded):
    """The moments at which a contributor hears from us."""

    RECEIVED = "received", _l("Received"), _l("We have your question. Thank you.")
    ROUTED = "routed", _l("Which road it took"), _l("We found the right place for it")
    MERGED = "merged", _l("Joined to a question"), _l("Your words became part of a question")
    KNOWN = "known", _l("Already known"), _l("People have looked into this")
    ROUND_RESULT = "round_result", _l("Result of a round"), _l("The group has answered")
    END = "end", _l("The list is out"), _l("The list is out")
    AFTERWARDS = "afterwards", _l("Afterwards"), _l("What happened since")


class Purpose(Worded):
    """What somebody agreed to; each purpose apart."""

    TAKE_PART = "take_part", _l("Take part")
    CONTACT = "contact", _l("Be contacted")
    NAME = "name", _l("Be named")
    PASS_ON = "pass_on", _l("Pass on to a partner")


class ResultKind(Worded):
    """Which frozen snapshot of a closed round a row holds."""

    ITEMS = "items", _l("Numbers for each question")
    FEEDBACK = "feedback", _l("What those who answer may see")
    TURNOUT = "turnout", _l("Who could answer, and how many did")
    AGREEMENT = "agreement", _l("Agreement within each side")
    CHANGE = "change", _l("What changed since the round before")
    ATTRITION = "attrition", _l("Who did not come back")
    MOVEMENT = "movement", _l("Who moved toward whom")
    CHOICES = "choices", _l("What was chosen")
    VOICES = "voices", _l("Who is unheard, and how sure the places are")
    DOORS = "doors", _l("With and without unverified answers")
    ALTERNATIVES = "alternatives", _l("What other rules would have decided")


class RunState(Worded):
    """How far a stored computation of a ranking got."""

    DONE = "done", _l("Computed")
    HEURISTIC = "heuristic", _l("Best found in the time given")


class MailState(Worded):
    """Where a message in the outbox stands."""

    WAITING = "waiting", _l("Waiting")
    SENT = "sent", _l("Sent")
    FAILED = "failed", _l("Could not be sent")
    DROPPED = "dropped", _l("No longer wanted")


class MailChannel(Worded):
    """How a message reaches its reader."""

    MAIL = "mail", _l("E-mail")
    LETTER = "letter", _l("Letter to print")


class JobState(Worded):
    """Where a piece of background work stands."""

    WAITING = "waiting", _l("Waiting")
    RUNNING = "running", _l("Running")
    DONE = "done", _l("Done")
    FAILED = "failed", _l("Failed")


class SessionKind(Worded):
    """As whom somebody is signed in on this device."""

    STAFF = "staff", _l("Staff")
    PANELIST = "panelist", _l("Panelist"), _l("Somebody of the group who answer")
    CONTRIBUTOR = "contributor", _l("Contributor"), _l("Somebody who asked")


class PublicationLevel(Worded):
    """How much of the answers is published; chosen before opening and then frozen."""

    L1 = "L1", _l("Counts for each question and pair, by side")
    L2 = "L2", _l("Whole answers with their side")
    L3 = "L3", _l("Whole answers with side and group")


class Verdict(Worded):
    """What the consensus rule says of a question after a round."""

    IN = "in", _l("In")
    OUT = "out", _l("Out")
    NONE = "none", _l("Undecided")


class TranslationKind(Worded):
    """Whose words a translation renders."""

    QUESTION = "question", _l("Question")
    PROPOSAL = "proposal", _l("Proposal")
    EXERCISE = "exercise", _l("Exercise")


class ReferenceKind(Worded):
    """How a source is pointed at; the server never fetches it."""

    DOI = "doi", _l("DOI")
    ADDRESS = "address", _l("Web address")
