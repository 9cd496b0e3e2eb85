"""What the built-in model does not build, and says so."""

import re

_REASONS: tuple[tuple[str, str], ...] = (
    (r"\b(?:stripe|paypal|braintree|adyen|klarna|payment (?:gateway|provider|processing|integration)s?|(?:process|accept|take|handle|integrate)(?:es|s|ing)?(?: with)? (?:online |credit card |card )?payments?|online payments?|credit cards? payments?|pay(?:ing)? (?:online|by card|with (?:a )?(?:credit )?card)|checkout with|charge (?:the )?(?:credit )?cards?)\b",
     "Payments through a provider are not built."),
    (r"\b(?:(?:send|sends|sending|sent|receive|receives|get|gets|trigger|deliver)\b[^.;]{0,30}\b(?:e-?mails?|sms|text messages?|notifications?|reminders?|newsletters?|alerts?|messages?)|(?:e-?mail|sms|push|slack|telegram|whatsapp) (?:notifications?|reminders?|alerts?|messages?|integration|confirmations?)|(?:is|are|be|gets?) (?:notified|e-?mailed|reminded|alerted)|notif(?:y|ies)|remind(?:s|ers?)?\b|e-?mail(?:s|ing)? (?:the|a|each|every|all|users?|members?|customers?) )",
     "Sending e-mail, messages or reminders is not built."),
    (r"\b(?:log ?in|log ?on|sign ?in|sign ?up(?! (?:for|to|twice|once|only)\b)|log(?:s|ged|ging)? in|sign(?:s|ed|ing)? in|authenticat\w*|authori[sz]ation|auth|oauth2?|jwt|sso|saml|ldap|2fa|two[- ]factor|mfa|password reset|reset (?:their |the )?passwords?|access control|permissions?|rbac|role[- ]based|user accounts with passwords?|(?:user )?roles? (?:and|like|such)|admin(?:istrator)?s? (?:role|rights|only|can)|only (?:the )?(?:admins?|administrators?|owner|author|managers?|librarians?|logged[- ]in users?) (?:can|may|should)|api keys?)\b",
     "Logins, roles and permissions are not built: whoever reaches the service may use all of it."),
    (r"\b(?:real[- ]?time|web ?sockets?|live (?:chat|updates?|feed|streaming)|chat ?(?:rooms?|bots?)?\b(?! messages?)|push updates?|server[- ]sent events|streaming|video calls?|video conferenc\w+)",
     "Real-time updates and chat are not built."),
    (r"\b(?:machine learning|neural net\w*|deep learning|artificial intelligence|\bai\b|(?:use|uses|using|an?|with) ml\b|\bml[- ](?:model|based|powered|driven)\w*|llms?|gpt|chatgpt|predict(?:s|ion|ions|ive|ing)?|recommend(?:s|ation|ations|er|ing)?(?! by)|classif(?:y|ies|ier|ication) (?:images?|texts?|e-?mails?)|sentiment|image recognition|face recognition|fraud detection|detect (?:fraud|spam|anomal\w+)|train(?:s|ing)? (?:a |the )?(?:model|neural|network))",
     "Machine learning, predictions and recommendations are not built."),
    (r"\b(?:upload(?:s|ed|ing)?|attach(?:es|ed|ing)? (?:files?|images?|photos?|documents?|pictures?)|file attachments?|image (?:processing|resizing)|thumbnails?|store (?:files|images|photos)|video (?:hosting|transcoding))\b",
     "File uploads are not built; a field can hold a link to a file."),
    (r"\b(?:full[- ]?text search|semantic search|fuzzy search|elastic ?search|similar(?:ity)? (?:search|books|items|products)|search by similarity|vector search|autocomplete|auto-?complete|find similar|geo(?:graphic|spatial)? search|search nearby|nearby|near me)\b",
     "Full-text, fuzzy and similarity search are not built; lists are filtered by the values of fields."),
    (r"\b(?:dashboards?|front[- ]?end|user interface|\bui\b|\bgui\b|web ?pages?|html pages?|admin panel|landing page|react|vue|angular|mobile app|android|ios|iphone|charts?|graphs\b|drag[- ]and[- ]drop|dark mode|css|kanban view|calendar view)\b",
     "A user interface is not built: the service is used over HTTP and documents itself with OpenAPI."),
    (r"\b(?:web ?hooks?|cron|nightly|every (?:night|day at|morning|hour|week|monday)|once an? (?:day|week|month|hour)|scheduled (?:job|task|report)s?|background (?:job|task)s?|periodic(?:ally)?|automatically (?:renew|cancel|close|expire|archive|send|order|charge|delete|move|assign|block)s?|daily (?:job|report|digest)|weekly (?:job|report|digest|summary))\b",
     "Jobs that run by themselves and webhooks are not built."),
    (r"\b(?:(?:export|download|print)(?:s|ed|ing)?\b[^.;]{0,30}\b(?:pdf|excel|xlsx|csv|word|docx)|pdf (?:export|invoices?|reports?|generation)|(?:csv|excel|xlsx|pdf) (?:export|import|reports?|download)s?|(?:import|load)(?:s|ed|ing)?\b[^.;]{0,30}\b(?:excel|xlsx|csv|pdf)|qr codes?|bar ?code scan\w*|generate (?:pdfs?|invoices as))\b",
     "Import and export of files is not built; records are read and written as JSON."),
    (r"\b(?:graphql|grpc|soap|mqtt|kafka|rabbitmq|message queue|micro-?frontends?|blockchain|smart contracts?|crypto ?currenc\w+|nft)\b",
     "This interface or technology is not built: the service speaks JSON over HTTP."),
    (r"\b(?:google maps?|gps|geolocation|maps? integration|on a map|route planning|geocod\w+|integrat(?:e|es|ion|ing) with|sync(?:s|hroni[sz]e[sd]?)? with|third[- ]party|external (?:api|service)s?|google calendar|outlook|facebook|twitter|instagram|social media|scrap(?:e|ing) )",
     "Connections to other systems are not built."),
    (r"\b(?:multi[- ]?tenan\w*|internationali[sz]ation|i18n|multi[- ]?(?:language|lingual)|translations? of the|rate[- ]?limit\w*|throttl\w+|audit (?:log|trail)s?|version history|undo|encrypt\w*|back-?ups?\b|soft[- ]delet\w+|gdpr|load balanc\w+|(?:redis|memcached) cache|caching)\b",
     "This quality of a larger platform is not built."),
    (r"\b(?:encode videos?|play(?:s|ing)? (?:music|videos?)|speech (?:recognition|synthesis|to text)|text[- ]to[- ]speech|voice (?:recognition|assistant|commands?|calls?|control)|augmented reality|virtual reality|3d\b|games? engine|multi-?player)",
     "Media, games and speech are not built."),
    (r"\b(?:convert(?:s|ing)? (?:between )?currenc\w+|exchange rates?|calculat(?:e|es|ing) (?:the )?(?:tax|taxes|vat|interest|shipping|route|distance)|late fees? (?:is|are|of)|(?:is|are|be) (?:charged|fined|calculated|computed|derived|deducted|increased|decreased|updated automatically|awarded)|earns? (?:loyalty )?points?|apply (?:a )?discounts?|discounts? (?:of|is|are) \d+)",
     "Values that the service computes by itself are not built; records keep the values that are sent."),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), reason) for pattern, reason in _REASONS)

_ESSENTIAL = re.compile(
    r"(?i)\b(?:poem|song|story|essay|novel|joke|letter to|video game|\bgame\b|3d|neural net\w*|machine learning|deep learning|"
    r"chat ?bot|operating system|compiler|kernel module|browser extension|mobile app|android app|ios app|blockchain|"
    r"smart contract|website design|logo|translate (?:this|the)|summari[sz]e|what is|who is|how (?:do|does|to|can)|"
    r"weather|train a|image generator|device driver|firmware|trading bot)\b"
)


def unsupported(text: str) -> str | None:
    """The reason why a clause is not built; None when nothing in it is known to be out of reach."""
    return next((reason for pattern, reason in _COMPILED if pattern.search(text)), None)


def out_of_reach(text: str) -> bool:
    """Whether a text wishes for something that is no service, tool or library."""
    return bool(_ESSENTIAL.search(text))


_PROSE = re.compile(
    r"(?i)^(?:short |long |funny |sad |love |bedtime |fairy |nice )*"
    r"(?:poem|song|story|tale|essay|novel|joke|haiku|letter|speech|article|lyrics|recipe for)\b"
    r"(?=\s+(?:about|on|for|of|to|in the style)\b|\s*[.!?]|\s*$)"
)


def is_prose(wanted: str) -> bool:
    """Whether a wish, without its "write me a", is for prose: "poem about the sea"."""
    return bool(_PROSE.match(wanted))
