"""The tables. Queries stand in `priority.queries`, changes of state in `priority.services`."""

from priority.models.ballots import Ballot, BallotSubmit, PaperEntry, Reason, Slip, Suggestion
from priority.models.office import Audit, Job, Limit, Outbox, StoredFile
from priority.models.organisations import Exercise, ExercisePartner, Organisation, Protocol, Side, StakeholderGroup
from priority.models.people import (
    Consent,
    ConsentText,
    Contributor,
    Interest,
    Panelist,
    Person,
    Role,
    Session,
    SignInToken,
)
from priority.models.proposals import Proposal, ProposalPart, ProposalWords, WordsErasure
from priority.models.questions import (
    EvidenceCheck,
    ExerciseQuestion,
    MergeRecord,
    MergeRecordPart,
    Objection,
    OutcomeEvent,
    Question,
    QuestionWording,
    Reference,
    Translation,
)
from priority.models.results import ConsensusRun, RoundResult
from priority.models.rounds import Round, RoundDecision, RoundExtension, RoundGroup, RoundItem
from priority.schema import Base

__all__ = [
    "Audit",
    "Ballot",
    "BallotSubmit",
    "Base",
    "ConsensusRun",
    "Consent",
    "ConsentText",
    "Contributor",
    "EvidenceCheck",
    "Exercise",
    "ExercisePartner",
    "ExerciseQuestion",
    "Interest",
    "Job",
    "Limit",
    "MergeRecord",
    "MergeRecordPart",
    "Objection",
    "Organisation",
    "Outbox",
    "OutcomeEvent",
    "Panelist",
    "PaperEntry",
    "Person",
    "Proposal",
    "ProposalPart",
    "ProposalWords",
    "Protocol",
    "Question",
    "QuestionWording",
    "Reason",
    "Reference",
    "Role",
    "Round",
    "RoundDecision",
    "RoundExtension",
    "RoundGroup",
    "RoundItem",
    "RoundResult",
    "Session",
    "Side",
    "SignInToken",
    "Slip",
    "StakeholderGroup",
    "StoredFile",
    "Suggestion",
    "Translation",
    "WordsErasure",
]
