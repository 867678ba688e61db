"""Why a request is not answered, as types that carry their sentence in both languages.

ApiError
├── BadRequest              parameters or body are not of the protocol's form
├── Unauthorized            no key, or one that is not known
├── Forbidden               a key without the right
├── Conflict                something else is just changing the data
├── RuleBroken              the change would break a rule; facts: findings
├── NotAcceptable           none of our formats is wanted
├── UnsupportedMedia        the body's media type is none the protocol has
├── UploadTooLarge          more bytes than the operator takes
├── CheckTooHeavy           a check over its time or memory
├── DescriptionRefused      the description of a delivery cannot be read
├── Unknown                 no such address, no such release
├── Withdrawn               it was there in an older release
├── NoRelease               nothing was built yet
├── Busy                    all places and the queue are taken
├── BudgetSpent             the client used up its seconds of query time
├── TooManyAtOnce           the client has too many queries running
├── QueryError
│   ├── QuerySyntax         with line and column
│   ├── QueryTooLong
│   ├── QueryTooComplex     nesting or operators over the limit
│   ├── ExtensionRefused    a text search or a function that we do not have
│   ├── ServiceRefused
│   └── UpdateRefused
├── ServiceFailed           another server, asked by SERVICE, gave no usable answer
└── EngineError
    ├── QueryTimeout
    ├── QueryMemory
    └── EngineCrash

`sparql_api.problems` says which status and title each has.
"""

from loader.language import Text


class ApiError(Exception):
    """A request that gets a problem for an answer; `facts` go into the problem's body."""

    def __init__(self, text: Text, *, retry_after: int | None = None, **facts: object) -> None:
        super().__init__(text.en)
        self.text = text
        self.retry_after = retry_after
        self.facts = facts


class BadRequest(ApiError):
    """Parameters or body are not of the form that the protocol asks for."""


class Unauthorized(ApiError):
    """The address wants a key, and there is none or one that is not known."""


class Forbidden(ApiError):
    """The key does not have this right."""


class Conflict(ApiError):
    """What was asked for does not fit what is there now."""


class RuleBroken(ApiError):
    """The data would break a rule; `findings` says which and where."""


class NotAcceptable(ApiError):
    """None of the formats that the client takes is one that we have."""


class UnsupportedMedia(ApiError):
    """The body comes as something that is neither a form nor a query."""


class UploadTooLarge(ApiError):
    """A file or body with more bytes than the operator takes."""


class CheckTooHeavy(ApiError):
    """The check of a delivery took more time or memory than it may; its worker was killed."""


class DescriptionRefused(ApiError):
    """The description that came with a delivery is no CSV on the Web metadata."""


class Unknown(ApiError):
    """There is nothing at this address."""


class Withdrawn(ApiError):
    """The thing was described in an older release and is no more; facts: release."""


class NoRelease(ApiError):
    """There is no release to answer from."""


class Busy(ApiError):
    """All places for queries and the queue before them are taken."""


class BudgetSpent(ApiError):
    """The client has used its seconds of query time; facts: budget, used, window (seconds)."""


class TooManyAtOnce(ApiError):
    """The client has as many queries running or waiting as it may; facts: queries."""


class QueryError(ApiError):
    """The query itself is the reason."""


class QuerySyntax(QueryError):
    """The engine cannot parse the query; facts: line, column (from 1)."""


class QueryTooLong(QueryError):
    """More bytes than the operator allows."""


class QueryAmbiguous(QueryError):
    """A part of the query has two meanings, and engines differ on which."""


class QueryTooComplex(QueryError):
    """So many nested groups or operators that the engine's stack would be at risk."""


class ExtensionRefused(QueryError):
    """A text search that cannot be made as it stands, or a function that we do not have."""


class ServiceRefused(QueryError):
    """The query wants to ask another server."""


class ServiceFailed(ApiError):
    """Another server that the query asks gave no usable answer."""


class UpdateRefused(QueryError):
    """An update at an address that only reads."""


class EngineError(ApiError):
    """The query was accepted and did not come to its end."""


class QueryTimeout(EngineError):
    """The query took longer than it may; its worker was killed."""


class QueryMemory(EngineError):
    """The query needed more memory than it may."""


class EngineCrash(EngineError):
    """The worker died of something else; that is our fault."""
