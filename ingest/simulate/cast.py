"""Who plays: the tenants, users, agents, tools and models of the simulated platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Tool:
    """Something an agent can call. `typical_ms` is the median duration, `scope` what a caller must be allowed."""

    name: str
    server: str
    typical_ms: int
    scope: str


@dataclass(frozen=True, slots=True)
class Model:
    """A language model with its price in USD per million tokens, which is micro-USD per token. None: unpriced."""

    name: str
    input_price: float | None
    output_price: float | None


@dataclass(frozen=True, slots=True)
class User:
    """A person or a service account of one tenant. `role` names what the permission checks quote."""

    name: str
    tenant: str
    role: str
    address: str
    """Where the user signs in from: an address of the documentation ranges (RFC 5737)."""


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent, the machine it runs on, the model it asks and the users it works for."""

    name: str
    host: str
    model: Model
    users: tuple[User, ...]


OPUS: Final = Model("claude-opus-4-5", 5.0, 25.0)
SONNET: Final = Model("claude-sonnet-4-5", 3.0, 15.0)
HAIKU: Final = Model("claude-haiku-4-5", 1.0, 5.0)
LOCAL: Final = Model("local-llama-8b", None, None)

ALICE: Final = User("alice", "acme", "editor", "203.0.113.14")
BOB: Final = User("bob", "acme", "editor", "203.0.113.15")
CI: Final = User("ci", "acme", "build", "203.0.113.2")
MALLORY: Final = User("mallory", "acme", "support", "198.51.100.77")
MEI: Final = User("mei", "globex", "customer", "203.0.113.61")
OMAR: Final = User("omar", "globex", "customer", "203.0.113.62")
DMITRI: Final = User("dmitri", "globex", "accounting", "203.0.113.70")
YUKI: Final = User("yuki", "initech", "analyst", "203.0.113.101")
LIN: Final = User("lin", "initech", "developer", "203.0.113.102")
PRIYA: Final = User("priya", "initech", "editor", "203.0.113.103")
TOMAS: Final = User("tomas", "hooli", "customer", "203.0.113.140")
NADIA: Final = User("nadia", "hooli", "analyst", "203.0.113.141")

USERS: Final = (ALICE, BOB, CI, MALLORY, MEI, OMAR, DMITRI, YUKI, LIN, PRIYA, TOMAS, NADIA)
TENANTS: Final = ("acme", "globex", "initech", "hooli")

IDENTITY_HOST: Final = "idp-01"
"""The machine that signs users in and checks permissions."""

SUPPORT_BOT: Final = Agent("support-bot", "platform-11", SONNET, (MEI, OMAR, TOMAS, ALICE, MALLORY, PRIYA))
ORDER_RESOLVER: Final = Agent("order-resolver", "platform-11", HAIKU, (MEI, OMAR, TOMAS, ALICE))
BILLING_ASSISTANT: Final = Agent("billing-assistant", "platform-11", SONNET, (DMITRI, NADIA, MEI))
ONBOARDING_BOT: Final = Agent("onboarding-bot", "platform-11", HAIKU, (TOMAS, PRIYA, NADIA))
CODE_REVIEWER: Final = Agent("code-reviewer", "platform-14", OPUS, (CI, CI, LIN))
RELEASE_NOTES: Final = Agent("release-notes", "platform-14", SONNET, (CI, LIN))
CONTENT_WRITER: Final = Agent("content-writer", "platform-17", SONNET, (BOB, BOB, ALICE, PRIYA))
RESEARCH_AGENT: Final = Agent("research-agent", "platform-17", OPUS, (YUKI, NADIA, YUKI))
DATA_PIPELINE: Final = Agent("data-pipeline", "platform-17", LOCAL, (NADIA, YUKI, DMITRI))

AGENTS: Final = (
    SUPPORT_BOT,
    ORDER_RESOLVER,
    BILLING_ASSISTANT,
    ONBOARDING_BOT,
    CODE_REVIEWER,
    RELEASE_NOTES,
    CONTENT_WRITER,
    RESEARCH_AGENT,
    DATA_PIPELINE,
)

FIND_INVOICE: Final = Tool("find_invoice", "billing", 271, "invoices:read")
LIST_PAYMENTS: Final = Tool("list_payments", "billing", 421, "payments:read")
CREATE_INVOICE: Final = Tool("create_invoice", "billing", 688, "invoices:write")
REFUND: Final = Tool("refund", "billing", 540, "payments:write")
QUERY_ORDERS: Final = Tool("query_orders", "shop", 167, "orders:read")
UPDATE_ORDER: Final = Tool("update_order", "shop", 58, "orders:write")
LOOKUP_USER: Final = Tool("lookup_user", "identity", 21, "users:read")
UPDATE_USER: Final = Tool("update_user", "identity", 322, "users:write")
DELETE_USER: Final = Tool("delete_user", "identity", 2, "users:delete")
EXPORT_USERS: Final = Tool("export_users", "identity", 3, "users:export")
TRACK_PARCEL: Final = Tool("track_parcel", "carrier", 640, "parcels:read")
GET_DIFF: Final = Tool("get_diff", "github", 390, "repo:read")
SEARCH_CODE: Final = Tool("search_code", "github", 910, "repo:read")
POST_COMMENT: Final = Tool("post_comment", "github", 512, "repo:comment")
LIST_COMMITS: Final = Tool("list_commits", "github", 350, "repo:read")
MERGE_PULL_REQUEST: Final = Tool("merge_pull_request", "github", 3, "repo:merge")
RUN_TESTS: Final = Tool("run_tests", "ci", 7400, "jobs:run")
LINT: Final = Tool("lint", "ci", 2100, "jobs:run")
READ_FILE: Final = Tool("read_file", "fs", 6, "files:read")
WRITE_FILE: Final = Tool("write_file", "fs", 11, "files:write")
EDIT_FILE: Final = Tool("edit_file", "fs", 9, "files:write")
DELETE_FILE: Final = Tool("delete_file", "fs", 4, "files:write")
CREATE_CONTENT: Final = Tool("create_content", "content", 234, "content:write")
UPDATE_CONTENT: Final = Tool("update_content", "content", 41, "content:write")
PUBLISH_CONTENT: Final = Tool("publish_content", "content", 120, "content:publish")
GET_CONTENT: Final = Tool("get_content", "content", 18, "content:read")
DELETE_CONTENT: Final = Tool("delete_content", "content", 33, "content:write")
WEB_SEARCH: Final = Tool("web_search", "browser", 1200, "web:search")
FETCH_PAGE: Final = Tool("fetch_page", "browser", 900, "web:read")
QUERY_TABLE: Final = Tool("query_table", "warehouse", 88, "tables:read")
LOAD_ROWS: Final = Tool("load_rows", "warehouse", 240, "tables:write")
