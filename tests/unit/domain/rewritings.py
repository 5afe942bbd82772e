"""Prompts that Midjourney gives back in another form, each beside one that it never becomes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rewriting:
    """What was sent, what it may come back as, and a neighbour that it never comes back as."""

    sent: str
    echoed: str
    neighbour: str


REWRITINGS = {
    "a dash that is gone": Rewriting(
        "a cat \u2014 a hat", "a cat a hat --v 8.2", "a cat and a hat --v 8.2"
    ),
    "a dash that is two": Rewriting(
        "a cat \u2014 a hat --ar 3:2", "a cat -- a hat --ar 3:2", "a cat -- a hat --ar 2:3"
    ),
    "a dash of its word that is gone": Rewriting(
        "a cat \u2014bold look", "a cat bold look", "a cat bald look"
    ),
    "a dash of its word that is two": Rewriting(
        "a cat \u2014bold look", "a cat --bold look", "a cat --bold looks"
    ),
    "an en dash that is gone": Rewriting(
        "a cat \u2013bold look", "a cat bold look", "a cat bolder look"
    ),
    "an en dash that is two": Rewriting(
        "a cat \u2013bold look", "a cat --bold look", "a cat --raw bold look"
    ),
    "a dash between two words that is gone": Rewriting(
        "a hand\u2014made hat", "a handmade hat", "a hand-me-down hat"
    ),
    "a dash between two words that is a space": Rewriting(
        "a hand\u2014made hat", "a hand made hat", "a hand in a made hat"
    ),
    "a dash between two words that is two": Rewriting(
        "a hand\u2014made hat", "a hand--made hat", "a hand --made hat"
    ),
    "a dash that was not there": Rewriting("a cat bold", "a cat bold", "a cat \u2014bold"),
    "two dashes that were not there": Rewriting("a cat bold", "a cat bold", "a cat --bold"),
    "a dash inside that was not there": Rewriting("a cat a hat", "a cat a hat", "a cat - a hat"),
    "a hyphen stays": Rewriting("a cat-like dog", "a cat-like dog", "a cat like dog"),
    "a parameter is no dash": Rewriting("a cat --bold", "a cat --bold", "a cat bold"),
    "a style by chance": Rewriting(
        "a cat --sref random", "a cat --sref 81234 --v 8.2", "a cat --sref cute --v 8.2"
    ),
    "a style by its number": Rewriting(
        "a cat --sref 123", "a cat --sref 123 --v 8.2", "a cat --sref 456 --v 8.2"
    ),
    "two styles by chance": Rewriting(
        "a cat --sref random random", "a cat --sref 12 34", "a cat --sref 12"
    ),
    "a style by chance among others": Rewriting(
        "a cat --sref 123 random 9", "a cat --sref 123 4 9", "a cat --sref 124 4 9"
    ),
    "a style by chance with its weight": Rewriting(
        "a cat --sref random::2 7::1", "a cat --sref 55::2 7::1", "a cat --sref 55::1 7::1"
    ),
    "a style by chance and one of a picture": Rewriting(
        "a cat --sref https://example.com/a.png random",
        "a cat --sref <https://s.mj.run/AbC> 55",
        "a cat --sref 55 66",
    ),
    "styles in two parameters": Rewriting(
        "a cat --sref random --sref 7", "a cat --sref 55 --sref 7", "a cat --sref 7"
    ),
    "a profile": Rewriting("a cat --p", "a cat --v 8.2 --p abc123", "a cat --v 8.2"),
    "several profiles": Rewriting("a cat --p --raw", "a cat --raw --p ab12 m34", "a cat --p ab12"),
    "a profile by its code": Rewriting("a cat --p abc123", "a cat --p abc123", "a cat --p def456"),
    "a profile with its long name": Rewriting(
        "a cat --profile", "a cat --p abc123", "a cat --personalised abc123"
    ),
    "niji": Rewriting("a cat --niji", "a cat --niji 7", "a cat --v 7"),
    "niji by its version": Rewriting("a cat --niji 6", "a cat --niji 6", "a cat --niji 7"),
    "niji is no text": Rewriting("a cat --niji", "a cat --niji 7.0", "a cat --niji in a hat"),
    "a version that was left open": Rewriting("a cat --v", "a cat --v 8.2", "a cat --niji 7"),
    "a version that is added": Rewriting("a cat --raw", "a cat --raw --v 8.2", "a cat --v 8.2"),
    "an account's niji": Rewriting("a cat", "a cat --niji 5", "a dog --niji 5"),
    "an account's version": Rewriting("a cat", "a cat --v 5.1 --q 2", "a hat --v 5.1 --q 2"),
    "an account's profile": Rewriting("a cat --s 50", "a cat --s 50 --p ab12", "a cat --p ab12"),
    "an account's HD": Rewriting("a cat", "a cat --hd --v 8.2", "cats --hd --v 8.2"),
    "an account's stealth": Rewriting("a cat", "a cat --stealth", "a cats --stealth"),
    "a version against the account's": Rewriting(
        "a cat --v 7", "a cat --v 7.0 --p ab12", "a cat --v 5.1 --p ab12"
    ),
    "niji against the account's": Rewriting("a cat --niji 6", "a cat --niji 6", "a cat --niji 5"),
    "SD against the account's": Rewriting("a cat --sd", "a cat --sd --v 8.2", "a cat --hd --v 8.2"),
    "stealth that is left out": Rewriting("a cat --stealth --raw", "a cat --raw", "a cat"),
    "public that is left out": Rewriting("a cat --public --raw", "a cat --raw", "a cat --hd"),
    "a speed that is left out": Rewriting("a cat --relax --s 5", "a cat --s 5", "a cat --s 50"),
    "a picture": Rewriting(
        "https://example.com/a.png?ex=1&is=2&hm=3& a cat",
        "<https://s.mj.run/AbC> a cat --v 8.2",
        "a cat --v 8.2",
    ),
    "two pictures": Rewriting(
        "https://a.example/1.png https://a.example/2.png a cat",
        "<https://s.mj.run/AbC> <https://s.mj.run/DeF> a cat",
        "<https://s.mj.run/AbC> a cat",
    ),
    "a picture with its weight": Rewriting(
        "https://a.example/1.png::2 a cat",
        "<https://s.mj.run/AbC>::2 a cat",
        "<https://s.mj.run/AbC>::1 a cat",
    ),
    "a picture before a comma": Rewriting(
        "https://a.example/1.png, a cat", "<https://s.mj.run/AbC>, a cat", "a cat"
    ),
}
