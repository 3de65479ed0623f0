"""Who gets what: every address and method, by everybody who may come, whoever owns the object.

The visitors, a column each:

    N  nobody: a browser that proved nothing
    J  a person who gave their code and walks the journey, at its last step
    O  the owner: submitted, follows their help case, has asked for their data
    P  another person: submitted too, follows a help case of their own
    L  somebody with the private link to O's closure, and nothing else
    H  somebody with the secret of O's help case, and nothing else
    G  a person let in by a help case instead of a code: into the journey, and nowhere else
    C  an admin of the company that O recruits for
    D  a super-admin of another company
    V  staff: viewer
    R  staff: reviewer
    S  staff: supervisor

Whose the object in the address is: O's or P's; a proposal by another reviewer (X), by R or by S;
C's desk with what O leaves, D's with what P leaves, and D's with what O leaves (M); one that nobody
knows (?); or there is none that is anybody's (-). O's closure is under way, P's is held for an
authority, the brake is on.

What they get. Let in:

    .  the page, or their form again
    >  on to the next page
    c  to the page of the closure: their own, or the one that the link is for
    0  400: let in, but nothing can be done with a form that lacks what its page gives it
    9  409: let in, but the closure is not in a state for this

Refused, and then nothing is written:

    1  401
    3  403
    4  404: as if there were no such object
    q  200, but the page that asks for the case's number and secret, with what they wrote
    2  back to the proposal: it is their own, a second person has to decide
    n  to the notice, where a journey begins
    v  to the journey's page for the phone
    t  to the page for the phone of who wants to look after a closure
    h  to the page for the phone of who wants to hand over or take over
    d  to their own desks: what they ask for is not on them, or they chose nothing
    s  to the console's sign-in

``+`` after it: something was written. For a GET of the console that is the ledger, which is told
of every look; for /p/ it is the sign-in of the browser that may look from now on.

HEAD goes the way of GET, but fetches no download. A POST comes with the visitor's own token against
forged requests and an otherwise empty form. Paths under /en are the same routes. Files under
/static are everybody's.
"""

# ruff: noqa: E501 - a table has as many columns as it has
from typing import NamedTuple

VISITORS = "NJOPLHGCDVRS"
REFUSED = "1342qnvthds"
DOORS = {
    "/close/notice": "n",
    "/close/phone": "v",
    "/track": "t",
    "/handover/phone": "h",
    "/handover": "d",
    "/staff/sign-in": "s",
}


class Row(NamedTuple):
    method: str
    rule: str
    whose: str
    cells: tuple[str, ...]
    """In the order of ``VISITORS``."""


def _rows(table: str) -> tuple[Row, ...]:
    lines = (line.split() for line in table.splitlines() if line and not line.startswith("#"))
    return tuple(Row(method, rule, whose, tuple(cells)) for method, rule, whose, *cells in lines)


PEOPLE = _rows("""
#                                                                   N  J  O  P  L  H  G  C  D  V  R  S
GET  /                                                            - .  .  .  .  .  .  .  .  .  .  .  .
GET  /accessibility                                               - .  .  .  .  .  .  .  .  .  .  .  .
GET  /close/code                                                  - n  >  n  n  n  n  n  n  n  n  n  n
POST /close/code                                                  - n  >  n  n  n  n  n  n  n  n  n  n
GET  /close/conditions                                            - n  .  c  c  n  n  n  n  n  n  n  n
POST /close/conditions                                            - n  .  c  c  n  n  n  n  n  n  n  n
GET  /close/confirm                                               - n  .  c  c  n  n  n  n  n  n  n  n
POST /close/confirm                                               - n  >  c  c  n  n  n  n  n  n  n  n
GET  /close/consequences                                          - n  .  c  c  n  n  n  n  n  n  n  n
POST /close/consequences                                          - n  .  c  c  n  n  n  n  n  n  n  n
GET  /close/lost-phone                                            - .  .  .  .  .  .  .  .  .  .  .  .
GET  /close/notice                                                - .  .  .  .  .  .  .  .  .  .  .  .
POST /close/notice                                                - n  n  n  n  n  n  n  n  n  n  n  n
GET  /close/phone                                                 - n  .  n  n  n  n  n  n  n  n  n  n
POST /close/phone                                                 - n  .  n  n  n  n  n  n  n  n  n  n
POST /close/resend                                                - v  v  v  v  v  v  v  v  v  v  v  v
GET  /close/side                                                  - n  >  c  c  n  n  n  n  n  n  n  n
POST /close/side                                                  - n  >  c  c  n  n  n  n  n  n  n  n
GET  /closures/<reference:reference>                              O 4  4  .  4  .  4  4  4  4  4  4  4
GET  /closures/<reference:reference>                              P 4  4  4  .  4  4  4  4  4  4  4  4
POST /closures/<reference:reference>/link                         O 4  4  c+ 4  t  4  4  4  4  4  4  4
POST /closures/<reference:reference>/link                         P 4  4  4  c+ 4  4  4  4  4  4  4  4
GET  /closures/<reference:reference>/receipt/<receipt:which>      O 4  4  .  4  .  4  4  4  4  4  4  4
GET  /closures/<reference:reference>/receipt/<receipt:which>      P 4  4  4  .  4  4  4  4  4  4  4  4
GET  /closures/<reference:reference>/receipt/<receipt:which>.json O 4  4  .  4  .  4  4  4  4  4  4  4
GET  /closures/<reference:reference>/receipt/<receipt:which>.json P 4  4  4  .  4  4  4  4  4  4  4  4
GET  /closures/<reference:reference>/restore                      O 4  4  .  4  t  4  4  4  4  4  4  4
GET  /closures/<reference:reference>/restore                      P 4  4  4  .  4  4  4  4  4  4  4  4
POST /closures/<reference:reference>/restore                      O 4  4  c+ 4  t  4  4  4  4  4  4  4
POST /closures/<reference:reference>/restore                      P 4  4  4  c+ 4  4  4  4  4  4  4  4
GET  /cookies                                                     - .  .  .  .  .  .  .  .  .  .  .  .
GET  /dev/outbox                                                  - .  .  .  .  .  .  .  .  .  .  .  .
GET  /download                                                    - t  .  .  .  t  t  t  4  4  t  t  t
POST /download                                                    - t  >+ >+ >+ t  t  t  4  4  t  t  t
GET  /download/file                                               - t  4  .+ 4  t  t  t  4  4  t  t  t
GET  /download/status                                             - 4  4  .  4  4  4  4  4  4  4  4  4
GET  /handover                                                    - h  .  .  .  h  h  h  .  .  h  h  h
GET  /handover/<of>/<left>                                        C h  4  4  4  h  h  h  .  4  h  h  h
GET  /handover/<of>/<left>                                        D h  4  4  4  h  h  h  4  .  h  h  h
GET  /handover/<of>/<left>                                        M h  4  4  4  h  h  h  4  d  h  h  h
POST /handover/<of>/<left>                                        C h  4  4  4  h  h  h  .  4  h  h  h
POST /handover/<of>/<left>                                        D h  4  4  4  h  h  h  4  .  h  h  h
POST /handover/<of>/<left>                                        M h  4  4  4  h  h  h  4  d  h  h  h
POST /handover/<of>/<left>/back                                   C h  4  4  4  h  h  h  >  4  h  h  h
POST /handover/<of>/<left>/back                                   D h  4  4  4  h  h  h  4  >  h  h  h
POST /handover/<of>/<left>/back                                   M h  4  4  4  h  h  h  4  d  h  h  h
GET  /handover/code                                               - d  d  d  d  d  d  d  d  d  d  d  d
POST /handover/code                                               - d  d  d  d  d  d  d  d  d  d  d  d
POST /handover/named/<of>                                         C h  4  4  4  h  h  h  d  4  h  h  h
POST /handover/named/<of>                                         D h  4  4  4  h  h  h  4  d  h  h  h
GET  /handover/phone                                              - .  .  .  .  .  .  .  .  .  .  .  .
POST /handover/phone                                              - .  .  .  .  .  .  .  .  .  .  .  .
POST /handover/resend                                             - h  h  h  h  h  h  h  h  h  h  h  h
GET  /handover/successors                                         - h  .  .  .  h  h  h  .  .  h  h  h
POST /handover/successors                                         - h  .  .  .  h  h  h  .  .  h  h  h
GET  /healthz                                                     - .  .  .  .  .  .  .  .  .  .  .  .
GET  /help                                                        - .  .  .  .  .  .  .  .  .  .  .  .
GET  /help/cases/<case:case>                                      O 4  4  .  4  4  .  4  4  4  4  4  4
GET  /help/cases/<case:case>                                      P 4  4  4  .  4  4  4  4  4  4  4  4
POST /help/cases/<case:case>                                      O q  q  .  q  q  .  q  q  q  q  q  q
POST /help/cases/<case:case>                                      P q  q  q  .  q  q  q  q  q  q  q  q
POST /help/cases/<case:case>/end                                  O 4  4  >+ 4  4  >+ 4  4  4  4  4  4
POST /help/cases/<case:case>/end                                  P 4  4  4  >+ 4  4  4  4  4  4  4  4
POST /help/cases/<case:case>/go-on                                O 4  4  >  4  4  >  4  4  4  4  4  4
POST /help/cases/<case:case>/go-on                                P 4  4  4  >  4  4  4  4  4  4  4  4
POST /help/cases/<case:case>/kept                                 O 4  4  >  4  4  >  4  4  4  4  4  4
POST /help/cases/<case:case>/kept                                 P 4  4  4  >  4  4  4  4  4  4  4  4
GET  /help/new/<topic:topic>                                      - .  .  .  .  .  .  .  .  .  .  .  .
POST /help/new/<topic:topic>                                      - .  .  .  .  .  .  .  .  .  .  .  .
GET  /help/track                                                  - .  .  .  .  .  .  .  .  .  .  .  .
POST /help/track                                                  - .  .  .  .  .  .  .  .  .  .  .  .
GET  /metrics                                                     - 1  1  1  1  1  1  1  1  1  1  1  1
GET  /notice                                                      - .  .  .  .  .  .  .  .  .  .  .  .
GET  /notices                                                     - .  .  .  .  .  .  .  .  .  .  .  .
GET  /notices/<old>...<new>                                       - .  .  .  .  .  .  .  .  .  .  .  .
GET  /notices/<version>                                           - .  .  .  .  .  .  .  .  .  .  .  .
GET  /notices/<version>.json                                      - .  .  .  .  .  .  .  .  .  .  .  .
GET  /notices/<version>.md                                        - .  .  .  .  .  .  .  .  .  .  .  .
GET  /notices/feed.atom                                           - .  .  .  .  .  .  .  .  .  .  .  .
GET  /notices/on/<day>                                            - >  >  >  >  >  >  >  >  >  >  >  >
GET  /p/<token>                                                   O c+ c+ c  c+ c  c+ c+ c+ c+ c+ c+ c+
GET  /p/<token>                                                   P c+ c+ c+ c  c+ c+ c+ c+ c+ c+ c+ c+
GET  /p/<token>                                                   ? 4  4  4  4  4  4  4  4  4  4  4  4
GET  /readyz                                                      - .  .  .  .  .  .  .  .  .  .  .  .
GET  /receipts/check                                              - .  .  .  .  .  .  .  .  .  .  .  .
POST /receipts/check                                              - .  .  .  .  .  .  .  .  .  .  .  .
GET  /receipts/heads.jsonl                                        - .  .  .  .  .  .  .  .  .  .  .  .
GET  /receipts/key.pem                                            - .  .  .  .  .  .  .  .  .  .  .  .
POST /sign-out                                                    - >  >+ >+ >+ >+ >+ >+ >+ >+ >+ >+ >+
GET  /stop/<token>                                                O .  .  .  .  .  .  .  .  .  .  .  .
GET  /stop/<token>                                                P .  .  .  .  .  .  .  .  .  .  .  .
GET  /stop/<token>                                                ? 4  4  4  4  4  4  4  4  4  4  4  4
POST /stop/<token>                                                O >+ >+ >+ >+ >+ >+ >+ >+ >+ >+ >+ >+
POST /stop/<token>                                                P >  >  >  >  >  >  >  >  >  >  >  >
POST /stop/<token>                                                ? >  >  >  >  >  >  >  >  >  >  >  >
GET  /track                                                       - .  .  .  .  .  .  .  .  .  .  .  .
POST /track                                                       - .  .  .  .  .  .  .  .  .  .  .  .
GET  /track/code                                                  - t  t  t  t  t  t  t  t  t  t  t  t
POST /track/code                                                  - t  t  t  t  t  t  t  t  t  t  t  t
GET  /track/none                                                  - .  .  .  .  .  .  .  .  .  .  .  .
POST /track/resend                                                - t  t  t  t  t  t  t  t  t  t  t  t
""")

STAFF = _rows("""
#                                                                   N  J  O  P  L  H  G  C  D  V  R  S
GET  /staff                                                       - s  s  s  s  s  s  s  s  s  .  .  .
GET  /staff/alerts                                                - s  s  s  s  s  s  s  s  s  .  .  .
GET  /staff/alerts/<int:alert>                                    - s  s  s  s  s  s  s  s  s  3  .  .
POST /staff/alerts/<int:alert>                                    - s  s  s  s  s  s  s  s  s  3  >+ >+
GET  /staff/brake                                                 - s  s  s  s  s  s  s  s  s  3  .  .
POST /staff/brake                                                 - s  s  s  s  s  s  s  s  s  3  .  .
GET  /staff/cases/<reference:reference>                           O s  s  s  s  s  s  s  s  s  .+ .+ .+
GET  /staff/cases/<reference:reference>                           P s  s  s  s  s  s  s  s  s  .+ .+ .+
GET  /staff/cases/<reference:reference>/hold                      O s  s  s  s  s  s  s  s  s  3  .  .
GET  /staff/cases/<reference:reference>/hold                      P s  s  s  s  s  s  s  s  s  3  9  9
POST /staff/cases/<reference:reference>/hold                      O s  s  s  s  s  s  s  s  s  3  .  .
POST /staff/cases/<reference:reference>/hold                      P s  s  s  s  s  s  s  s  s  3  9  9
GET  /staff/cases/<reference:reference>/refuse                    O s  s  s  s  s  s  s  s  s  3  .  .
GET  /staff/cases/<reference:reference>/refuse                    P s  s  s  s  s  s  s  s  s  3  .  .
POST /staff/cases/<reference:reference>/refuse                    O s  s  s  s  s  s  s  s  s  3  .  .
POST /staff/cases/<reference:reference>/refuse                    P s  s  s  s  s  s  s  s  s  3  .  .
GET  /staff/cases/<reference:reference>/resume                    O s  s  s  s  s  s  s  s  s  3  9  9
GET  /staff/cases/<reference:reference>/resume                    P s  s  s  s  s  s  s  s  s  3  .  .
POST /staff/cases/<reference:reference>/resume                    O s  s  s  s  s  s  s  s  s  3  9  9
POST /staff/cases/<reference:reference>/resume                    P s  s  s  s  s  s  s  s  s  3  .  .
GET  /staff/cases/<reference:reference>/retry/<task>              O s  s  s  s  s  s  s  s  s  3  .  .
GET  /staff/cases/<reference:reference>/retry/<task>              P s  s  s  s  s  s  s  s  s  3  .  .
POST /staff/cases/<reference:reference>/retry/<task>              O s  s  s  s  s  s  s  s  s  3  >  >
POST /staff/cases/<reference:reference>/retry/<task>              P s  s  s  s  s  s  s  s  s  3  >  >
GET  /staff/help                                                  - s  s  s  s  s  s  s  s  s  .  .  .
GET  /staff/help/<case:case>                                      O s  s  s  s  s  s  s  s  s  .+ .+ .+
GET  /staff/help/<case:case>                                      P s  s  s  s  s  s  s  s  s  .+ .+ .+
GET  /staff/help/<case:case>/answer                               O s  s  s  s  s  s  s  s  s  3  .+ .+
GET  /staff/help/<case:case>/answer                               P s  s  s  s  s  s  s  s  s  3  .+ .+
POST /staff/help/<case:case>/answer                               O s  s  s  s  s  s  s  s  s  3  .+ .+
POST /staff/help/<case:case>/answer                               P s  s  s  s  s  s  s  s  s  3  .+ .+
GET  /staff/help/<case:case>/end                                  O s  s  s  s  s  s  s  s  s  3  .  .
GET  /staff/help/<case:case>/end                                  P s  s  s  s  s  s  s  s  s  3  .  .
POST /staff/help/<case:case>/end                                  O s  s  s  s  s  s  s  s  s  3  .  .
POST /staff/help/<case:case>/end                                  P s  s  s  s  s  s  s  s  s  3  .  .
GET  /staff/help/<case:case>/vouch                                O s  s  s  s  s  s  s  s  s  3  .+ .+
GET  /staff/help/<case:case>/vouch                                P s  s  s  s  s  s  s  s  s  3  .+ .+
POST /staff/help/<case:case>/vouch                                O s  s  s  s  s  s  s  s  s  3  .+ .+
POST /staff/help/<case:case>/vouch                                P s  s  s  s  s  s  s  s  s  3  .+ .+
GET  /staff/proposals                                             - s  s  s  s  s  s  s  s  s  .  .  .
GET  /staff/proposals/<proposal>                                  X s  s  s  s  s  s  s  s  s  3  .  .
GET  /staff/proposals/<proposal>                                  R s  s  s  s  s  s  s  s  s  3  .  .
GET  /staff/proposals/<proposal>                                  S s  s  s  s  s  s  s  s  s  3  .  .
POST /staff/proposals/<proposal>/approve                          X s  s  s  s  s  s  s  s  s  3  3  >+
POST /staff/proposals/<proposal>/approve                          R s  s  s  s  s  s  s  s  s  3  3  >+
POST /staff/proposals/<proposal>/approve                          S s  s  s  s  s  s  s  s  s  3  3  2
POST /staff/proposals/<proposal>/decline                          X s  s  s  s  s  s  s  s  s  3  3  >+
POST /staff/proposals/<proposal>/decline                          R s  s  s  s  s  s  s  s  s  3  >+ >+
POST /staff/proposals/<proposal>/decline                          S s  s  s  s  s  s  s  s  s  3  3  >+
POST /staff/search                                                - s  s  s  s  s  s  s  s  s  .  .  .
GET  /staff/sign-in                                               - .  .  .  .  .  .  .  .  .  >  >  >
POST /staff/sign-in                                               - .  .  .  .  .  .  .  .  .  .  .  .
POST /staff/sign-out                                              - s  s  s  s  s  s  s  s  s  s+ s+ s+
POST /staff/waive                                                 - s  s  s  s  s  s  s  s  s  3  0  0
""")

ROUTES = (*PEOPLE, *STAFF)
