"""The wordings of prompts, short and long: data for `text.py`.

Fields: `what` a phrase for all the objects ("two red circles and a star"); `a`, `b` groups with
article or number; `A`, `B` the same with "the"; `isA` "is" or "are" for A; `rel` a relation;
`no` "star", `nos` "stars" of what is absent; `value` what A is not. Ornaments carry no quality
and no number, so that they cannot be mistaken for something to draw.
"""

HEADS = (
    "",
    "",
    "a picture of ",
    "a photo of ",
    "an image of ",
    "a drawing of ",
    "a simple drawing of ",
    "a picture showing ",
    "an image with ",
    "draw ",
    "please draw ",
    "show ",
    "paint ",
)

RELATED = (
    "{a} {rel} {b}",
    "{a} {rel} {b}",
    "{a} that {isA} {rel} {b}",
    "{a} and {b}, with {A} {rel} {B}",
    "{a} and {b}, {A} {rel} {B}",
)
RELATED_IN_SPACE = (*RELATED, "{a} placed {rel} {b}", "{b}, and {rel} {B2}, {a}")
"""Two groups in a relation. B2 is "it" or "them"."""

FURTHER = (", plus {c}", ", and also {c}", ", together with {c}", "; there is also {c}")

ALSO = (", and {A} {isA} {rel} {B}", "; {A} {isA} {rel} {B}", ", with {A} {rel} {B}")

WITHOUT = (
    ", but no {nos}",
    ", without any {nos}",
    ", and no {nos} at all",
    ", but not a single {no}",
)

NOT_SO = ("; {A} {isA} not {value}", ", and {A} {isA} not {value}", ", where {A} {isA} not {value}")

NOT_SO_HERE = (" that {isA} not {value}", " that {isA} not {value}", " in any color but {value}")
"""Right behind a group. The last is for colors."""

ODD = (
    "{n} {base}, all {rest} except one {other}",
    "{n} {base}, all {rest} but one {other}",
    "{n} {base}: {m} {rest} and one {other}",
    "{n} {base}, of which only one is {is_other} and the others are {rest}",
    "{n} {base}, one of them {is_other} and the rest {rest}",
)
"""All alike but one: n in all, m alike; base "circles", rest "red", other "blue one",
is_other "blue"."""

ODD_STANDS = (", with the {other} {rel} the others", "; the {other} is {rel} all the others")

OPENINGS = (
    "Imagine a bright sheet of paper, freshly laid out on a desk by the window.",
    "The scene opens on a calm, empty ground, lit evenly from every side.",
    "On a clean white page, everything has been arranged with great care.",
    "Picture a quiet poster in the manner of an old children's primer.",
    "Against a background as white as fresh snow, the composition unfolds.",
    "This is a study in clarity, drawn with a steady hand and an eye for order.",
    "A minimal, airy illustration, such as might hang in the hall of a school.",
    "In the spirit of early modern design, the picture speaks in bold forms.",
    "Before us lies a spotless canvas, silent and full of light.",
    "Think of a page from a picture book, crisp, cheerful and easy to read.",
    "The artist works with cut paper today, laying each piece down with patience.",
    "Here is a scene stripped of all excess, serene and carefully balanced.",
    "Like signs on an empty wall, the forms command our attention.",
    "A soft morning light falls over the page and leaves no shadow anywhere.",
)

PRESENTING = (
    "It shows {what}.",
    "The viewer sees {what}.",
    "Upon it there is nothing else than {what}.",
    "The eye is drawn at once to {what}.",
    "At the center of attention there is nothing but {what}.",
    "The whole composition is made of {what}.",
    "What appears is {what}.",
    "With loving precision the artist has set down {what}.",
    "Nothing is to be seen but {what}.",
    "The page is home to {what}.",
    "Look closely and you will find {what}.",
    "There, clear and unmistakable, we discover {what}.",
)

TELLING = (
    "{A} {isA} {rel} {B}.",
    "Notice how {A} {isA} {rel} {B}.",
    "As for the arrangement, {A} {isA} {rel} {B}.",
    "It matters that {A} {isA} {rel} {B}.",
    "By a deliberate choice of the artist, {A} {isA} {rel} {B}.",
    "The balance of the page depends on {A} being {rel} {B}.",
    "Anyone who looks will see that {A} {isA} {rel} {B}.",
)

ABSENT = (
    "There is no {no} anywhere.",
    "Search as you may, you will not find any {nos}.",
    "The picture is entirely free of {nos}.",
    "Not a single {no} has been allowed onto the page.",
    "What is missing, on purpose, is any {no}.",
)

DENIED_OF_MANY = (
    "{A} {isA} certainly not {value}.",
    "Note that {A} {isA} not {value}.",
    "On no account {isA} {A} {value}.",
)
DENIED = (*DENIED_OF_MANY, "Whatever else may be said of {A}, it must not be {value}.")
"""Of groups, and of single objects only."""

PATTERNED = {
    "striped": ("with stripes", "covered in stripes"),
    "dotted": ("with dots", "covered in dots"),
    "checkered": ("with a checkered pattern",),
    "plain": ("without any pattern",),
}
SIZED = {"small": ("small", "little"), "large": ("large", "big")}
"""Textures said behind a noun, and sizes in other words."""

ORNAMENTS = (
    "The edges are clean and the surfaces are smooth to the eye.",
    "There is plenty of breathing space around everything.",
    "Nothing overlaps and nothing distracts.",
    "The mood is gentle, almost playful, yet precise.",
    "It feels like the first page of a long and happy story.",
    "Every outline is sharp, as if cut with fine scissors.",
    "A sense of order and ease fills the whole composition.",
    "The tones are rich and sit firmly on the paper.",
    "Silence seems to surround each of the forms.",
    "The light is even, the air is clear, and time stands still.",
    "It could have been printed by a patient craftsman long ago.",
    "Simplicity is the true subject of this work.",
)

CLOSINGS = (
    "The rest of the page stays empty.",
    "Nothing more is needed.",
    "All else is left white.",
    "And with that the picture is complete.",
    "The result is honest, direct and pleasing.",
    "So the scene ends as it began, in calm and clarity.",
)
