"""What the tags of rules mean: techniques of MITRE ATLAS, and OWASP's lists for language models and for agents."""

from __future__ import annotations

from typing import Final

NAMES: Final = {
    "AML.T0011.002": "Poisoned AI agent tool",
    "AML.T0012": "Valid accounts",
    "AML.T0034.002": "Agentic resource consumption",
    "AML.T0050": "Command and scripting interpreter",
    "AML.T0051": "Prompt injection",
    "AML.T0051.000": "Direct prompt injection",
    "AML.T0051.001": "Indirect prompt injection",
    "AML.T0053": "AI agent tool invocation",
    "AML.T0054": "Jailbreak",
    "AML.T0055": "Unsecured credentials",
    "AML.T0057": "Data leakage through a model",
    "AML.T0080": "AI agent context poisoning",
    "AML.T0081": "Modify AI agent configuration",
    "AML.T0083": "Credentials from agent configuration",
    "AML.T0084": "Discover agent configuration",
    "AML.T0084.001": "Discover tool definitions",
    "AML.T0085.001": "Data from agent tools",
    "AML.T0086": "Exfiltration by tool invocation",
    "AML.T0098": "Tool credential harvesting",
    "AML.T0099": "Tool data poisoning",
    "AML.T0101": "Data destruction by tool invocation",
    "AML.T0102": "Generate malicious commands",
    "AML.T0105": "Escape to host",
    "AML.T0110": "Tool poisoning",
    "ASI01": "Agent goal hijack",
    "ASI02": "Tool misuse and exploitation",
    "ASI03": "Identity and privilege abuse",
    "ASI04": "Agentic supply chain",
    "ASI05": "Unexpected code execution",
    "ASI06": "Memory and context poisoning",
    "ASI07": "Insecure communication of agents",
    "ASI08": "Cascading failures",
    "ASI09": "Human-agent trust exploitation",
    "ASI10": "Rogue agents",
    "LLM01": "Prompt injection",
    "LLM02": "Sensitive information disclosure",
    "LLM03": "Supply chain",
    "LLM04": "Data and model poisoning",
    "LLM05": "Improper output handling",
    "LLM06": "Excessive agency",
    "LLM07": "System prompt leakage",
    "LLM08": "Vector and embedding weaknesses",
    "LLM09": "Misinformation",
    "LLM10": "Unbounded consumption",
}
"""Short readable names by id; the lists' own words, shortened where a row has no room for them."""

_LISTS: Final = ("atlas.", "owasp.")


def tag_words(tag: str) -> tuple[str, str]:
    """Return a tag's id and its name, `("AML.T0055", "Unsecured credentials")`.

    An id that the table does not know has an empty name; a tag of another list stays as it is written.
    """
    for name in _LISTS:
        if tag.startswith(name):
            number = tag.removeprefix(name).upper()
            return number, NAMES.get(number, "")
    return tag, ""
