"""Small words: those that join, deny, stress or point, and are no vocabulary."""

from __future__ import annotations

from collections.abc import Mapping

NEGATIONS = frozenset({
    "no", "not", "without", "never", "isnt", "non", "hardly", "nor", "neither", "lacking", "dont", "arent", "doesnt",
    "wasnt", "werent", "wont", "cannot", "cant", "didnt", "sans", "minus", "refuses", "avoid", "nothing", "lacks",
})  # fmt: skip
"""Words that turn what follows round."""

FILLERS = frozenset({
    "a", "an", "any", "the", "too", "so", "much", "make", "him", "her", "them", "it", "look", "looks", "looking",
    "be", "being", "visible", "sort", "of", "even", "very", "really", "trace", "hint", "sign", "touch", "to", "his",
    "their", "wearing", "have", "has", "having", "longer", "particularly", "especially", "exactly", "overly", "my",
    "your", "kind", "shred", "glimmer", "shadow",
})  # fmt: skip
"""Words that may stand between a negation and what it denies."""

NO_DENIALS = (
    ("not", "only"), ("not", "just"), ("not", "merely"), ("no", "doubt"), ("no", "matter"), ("nothing", "but"),
    ("no", "wonder"), ("never", "ending"), ("not", "without"), ("nothing", "if", "not"), ("no", "less"),
)  # fmt: skip
"""Phrases that begin like a negation and are none."""

EMPHASIS: Mapping[str, float] = {
    "very": 1.3, "extremely": 1.5, "really": 1.2, "deeply": 1.3, "utterly": 1.5, "intensely": 1.4, "so": 1.1,
    "terribly": 1.4, "profoundly": 1.4, "incredibly": 1.4, "strongly": 1.3, "totally": 1.4, "highly": 1.3,
    "insanely": 1.4, "super": 1.3, "ultra": 1.4, "hugely": 1.3, "unbelievably": 1.4, "exceedingly": 1.4,
    "completely": 1.4, "absolutely": 1.4, "entirely": 1.3, "truly": 1.2, "overly": 1.3, "wildly": 1.3, "extra": 1.2,
    "quite": 0.9, "fairly": 0.8, "rather": 0.8, "somewhat": 0.6, "slightly": 0.5, "faintly": 0.45, "mildly": 0.5,
    "barely": 0.3, "subtly": 0.45, "gently": 0.6, "vaguely": 0.4, "slight": 0.5, "faint": 0.45, "almost": 0.7,
    "moderately": 0.7, "softly": 0.6, "lightly": 0.5, "partly": 0.6, "mostly": 0.9, "nearly": 0.8,
}  # fmt: skip
"""Factors of the words that stress what follows."""

SOFT_PHRASES: Mapping[tuple[str, ...], float] = {
    ("a", "little"): 0.5, ("a", "bit"): 0.5, ("a", "touch"): 0.45, ("a", "hint", "of"): 0.4, ("a", "tad"): 0.45,
    ("a", "touch", "of"): 0.45, ("a", "trace", "of"): 0.4, ("kind", "of"): 0.7, ("a", "bit", "of"): 0.5,
    ("sort", "of"): 0.7, ("a", "little", "bit"): 0.45, ("the", "hint", "of"): 0.4, ("hint", "of", "a"): 0.4,
    ("trace", "of", "a"): 0.4, ("ghost", "of", "a"): 0.35, ("a", "lot", "of"): 1.2, ("full", "of"): 1.2,
}  # fmt: skip
"""Factors of the phrases that stress what follows."""

SHADES: Mapping[str, float] = {
    "dark": -14, "deep": -10, "light": 16, "pale": 20, "bright": 10, "vivid": 6, "pastel": 22, "rich": -4, "dusty": 4,
    "faded": 8, "soft": 8, "warm": 0, "cool": 0, "cold": 0, "dull": -4, "burnt": -10, "raw": 4, "true": 0, "pure": 0,
    "medium": 0, "mid": 0, "mousy": 2, "dirty": -6, "sickly": 4, "icy": 12, "neon": 12, "electric": 8, "baby": 18,
    "powder": 18, "midnight": -24, "royal": -6, "forest": -14, "sea": 0, "ice": 14, "steel": 0, "storm": -6,
    "natural": 0, "glossy": 0, "plain": 0, "ashy": 4, "muted": 0, "golden": 6, "strong": 0, "brilliant": 6,
    "fiery": 0, "fire": 0, "flaming": 0, "deepest": -14, "darkest": -20, "palest": 24, "lightest": 22,
}  # fmt: skip
"""What words before a colour do to its lightness (CIE L*)."""

PLAIN: Mapping[str, float] = {
    "dark": -0.75, "light": 0.7, "pale": 0.75, "bright": 0.8, "fair": 0.75, "darker": -0.75, "lighter": 0.7,
    "darkened": -0.75,
}  # fmt: skip
"""Settings that such words give to a part of which no colour is said."""

PALETTE_GLUE = frozenset({
    "and", "with", "on", "in", "of", "the", "a", "colours", "colors", "palette", "tones", "plus", "shades", "hues",
    "colour", "color", "scheme", "tints", "accents", "only", "or", "touches", "notes", "against", "over", "mixed",
    "tone", "limited", "to", "mostly", "all", "using", "some", "harmony", "washes", "wash", "paints", "pigments",
})  # fmt: skip
"""Words that may stand between the colours of a palette."""

PALETTE_NOUNS = frozenset({
    "shades", "tones", "hues", "palette", "colours", "colors", "tints", "scheme", "harmony", "washes",
})  # fmt: skip
"""Words that say that the colours beside them are the picture's."""

SILENT = frozenset({
    "a", "an", "the", "and", "or", "of", "in", "on", "at", "with", "from", "to", "by", "for", "as", "is", "are",
    "was", "be", "it", "its", "his", "her", "their", "my", "your", "this", "that", "these", "those", "who", "whose",
    "which", "while", "into", "over", "under", "near", "like", "looking", "look", "looks", "cast", "set", "made",
    "portrait", "portraits", "painting", "picture", "photo", "photograph", "image", "drawing", "person", "someone",
    "somebody", "face", "faces", "figure", "character", "closeup", "close", "up", "head", "shoulders", "style",
    "manner", "paint", "painted", "show", "shows", "showing", "please", "make", "me", "i", "want", "some", "any",
    "one", "very", "more", "less", "much", "many", "after", "before", "against", "beside", "between", "through",
    "than", "then", "when", "where", "there", "has", "have", "had", "he", "she", "him", "them", "they", "we", "us",
    "our", "you", "but", "not", "so", "too", "just", "also", "about", "around", "across", "down", "out", "off",
    "again", "still", "only", "even", "both", "each", "every", "all", "most", "other", "another", "such", "own",
    "same", "if", "because", "until", "although", "though", "what", "why", "how", "can", "could", "would", "should",
    "will", "may", "might", "must", "do", "does", "did", "been", "being", "am", "were", "upon", "onto", "along",
    "among", "behind", "below", "above", "without", "within", "during", "since", "yet", "ever", "seen", "seems",
    "seem", "appears", "wearing", "wears", "wear", "worn", "holding", "holds", "having", "give", "gives", "given",
    "need", "needs", "something", "thing", "things", "anyone", "everyone", "else", "w", "d", "kind",
})  # fmt: skip
"""Words that no reader need mention when nothing took them."""

CROWD = frozenset({
    "people", "women", "men", "girls", "boys", "persons", "friends", "twins", "couple", "family", "group", "crowd",
    "children", "sisters", "brothers", "faces", "portraits", "ladies", "kids",
})  # fmt: skip
"""Words that ask for more than one sitter."""

LINKS = frozenset({
    "of", "like", "is", "are", "as", "the", "a", "in", "colour", "color", "coloured", "colored", "should", "be",
    "was", "were", "turned", "dyed", "painted", "to", "spun", "from", "made", "gone", "going", "turning", "an",
    "glow", "glows", "glowing", "shining", "gleaming", "so", "very", "all", "just", "that", "has", "have", "being",
    "bright", "pure", "both", "must", "shade", "shine", "shines", "burning", "stayed", "remain", "remains",
})  # fmt: skip
"""Words that may stand between a part and the colour said after it."""

ENDS = frozenset({"and", "with", "on", "against", "before", "behind", "while", "now", "or", "under", "above", "over"})
"""Words that end what is said of a part."""

BEFORE_GROUND = frozenset({"on", "against", "before", "upon"})
"""Words that put a colour behind the sitter."""

BEARDS = frozenset({
    "beard", "bearded", "moustache", "mustache", "whiskers", "goatee", "stubble", "sideburns", "moustached", "beards",
})  # fmt: skip
"""Parts that wear the hair's colour."""

PRONOUNS = frozenset({"she", "her", "hers", "herself", "he", "him", "his", "himself"})
"""Words that tell a sitter's sex, unless a noun says otherwise."""

DETERMINERS = frozenset({"a", "an", "the", "his", "her", "their", "my", "our", "its", "this", "that", "some", "one"})
"""Words that begin a noun's group."""

STOPS = frozenset({
    *DETERMINERS, "and", "with", "of", "in", "on", "at", "from", "by", "for", "as", "to", "is", "are", "was", "were",
    "who", "whose", "which", "that", "wearing", "wears", "holding", "under", "over", "behind", "before", "against",
    "beside", "near", "like", "without", "no", "not", "or", "has", "have", "having", "around", "above", "below",
    "through", "into", "while", "when", "after", "she", "he", "it", "they", "looks", "looking", "show", "showing",
    "dressed", "clad",
})  # fmt: skip
"""Words that cannot stand between an adjective and its noun."""

COMPANY = frozenset({
    "with", "beside", "holding", "carrying", "near", "behind", "hugging", "kissing", "embracing", "feeding",
    "nursing", "watching", "teaching", "cradling", "meeting", "and", "for", "to", "from", "by", "mourning", "missing",
    "against",
})  # fmt: skip
"""Words after which another person is spoken of than the sitter."""

RELATIONS = frozenset({
    "daughter", "son", "child", "children", "wife", "husband", "widow", "widower", "mother", "father", "sister",
    "brother", "friend", "servant", "lover", "pupil", "heir", "descendant", "niece", "nephew", "cousin", "twin",
    "bride", "enemy", "hunter", "slayer", "killer", "teacher", "keeper", "painter", "nurse", "leader", "seller",
    "maker", "tamer", "grandson", "granddaughter", "worshipper", "student", "memory", "story", "photograph", "photo",
    "picture", "statue", "disguise", "shadow", "dream", "dreams", "thoughts", "home", "house", "shop", "clothes",
    "grave", "tomb",
})  # fmt: skip
"""Nouns after which "of" names somebody or something else."""

TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "captain", "sir", "lady", "lord", "dame", "saint", "st", "sister",
    "brother", "aunt", "uncle", "mister", "capt", "professor", "doctor", "inspector", "judge",
})  # fmt: skip
"""Words before a surname."""

FIRST_NAMES = frozenset({
    "rose", "grace", "mark", "hope", "faith", "will", "bill", "chase", "prudence", "joy", "jasmine", "daisy", "lily",
    "heather", "violet", "ruby", "pearl", "amber", "olive", "frank", "ernest", "iris", "ivy", "holly", "hazel",
    "ginger", "scarlett", "jade", "coral", "sienna", "robin", "charity", "patience", "mercy", "verity", "felicity",
    "melody", "harmony", "angel", "crystal", "sandy", "rusty", "rocky", "duke", "earl", "victor", "miles", "mason",
    "cooper", "hunter", "tyler", "taylor", "parker", "carter", "archer", "fisher", "porter", "sawyer", "penny",
    "poppy", "rowan", "basil", "sage", "pansy", "clay", "cliff", "dean", "dale", "reed", "ray", "jay", "drake", "art",
    "gene", "guy", "jack", "randy", "raven", "kitty", "bunny", "luna", "belle", "honor", "constance", "temperance",
    "clement", "leo", "max", "rex", "christian", "jordan", "israel", "florence", "victoria", "roman", "dash", "lance",
    "gale", "mina",
})  # fmt: skip
"""First names that are also other words."""

BARE = frozenset({"long", "short", "thick", "thin", "big", "large", "small", "narrow", "wide", "full", "soft", "fine"})
"""Adjectives that mean nothing without a noun: a comma does not part them from it ("long, dark hair")."""

CROOKED = frozenset({"face", "behind", "sky", "ground"})
"""Words for parts that "dark" and "bright" are said of without meaning the part's own colour."""

HEADS = frozenset({
    "hair", "haired", "locks", "tresses", "mane", "curls", "braids", "braid", "plaits", "fringe", "beard",
    "moustache", "mustache", "eyes", "eye", "eyed", "brows", "brow", "eyebrows", "eyebrow", "lashes", "eyelashes",
    "skin", "skinned", "complexion", "face", "faced", "lips", "lip", "mouth", "nose", "nosed", "cheeks", "cheek",
    "cheeked", "cheekbones", "jaw", "jawed", "chin", "forehead", "neck", "teeth", "tooth", "smile", "grin", "gaze",
    "stare", "glance", "expression", "look", "light", "lighting", "background", "backdrop", "wall", "ears", "ear",
    "features", "colours", "colors", "tones", "palette", "wrinkles", "freckles", "hands", "hand", "nostrils",
    "eyelids", "lids", "horns", "wings", "sideburns", "whiskers", "bob", "ponytail", "bun", "shoulders", "body",
    "build", "frown", "lines", "shadows", "voice", "head", "irises", "pupils", "fingers", "stubble", "goatee",
    "mohawk", "bangs", "scar", "tears",
})  # fmt: skip
"""Nouns of a portrait that adjectives are said of."""

WHOLE_FACE = frozenset({
    "face", "faced", "skin", "skinned", "complexion", "head", "features", "look", "expression", "body", "bust",
    "figure",
})  # fmt: skip
"""Those of them that are the whole face."""

SMALL: frozenset[str] = frozenset[str]().union(
    NEGATIONS, FILLERS, EMPHASIS, SHADES, PLAIN, PALETTE_GLUE, SILENT, CROWD, LINKS, STOPS, HEADS
)
"""All of them: never misspelt."""
