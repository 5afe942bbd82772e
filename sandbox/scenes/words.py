"""The words that are understood, in English and French, in small letters without accents.

A plural in s or x needs no entry of its own. Behind `phrases`, several words are one.
"""

from __future__ import annotations


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {word: name for name, words in table.items() for word in words.split()}


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


SUBJECTS = _by_word(
    {
        "apple": "apple pomme",
        "astronaut": "astronaut astronaute cosmonaut cosmonaute spaceman",
        "bat": "bat",
        "bear": "bear bears ours ourson polarbear",
        "bicycle": "bicycle bike velo bicyclette",
        "bird": "bird sparrow robin songbird oiseau oiseaux moineau merle parrot perroquet",
        "boat": "boat sailboat yacht bateau bateaux voilier",
        "book": "book livre novel",
        "bridge": "bridge pont viaduct",
        "bus": "bus buses autobus tram tramway",
        "butterfly": "butterfly butterflies papillon moth",
        "cabin": "cabin hut shed cabane chalet cottage",
        "cactus": "cactus cacti cactuses",
        "camel": "camel chameau chameaux dromadaire",
        "campfire": "campfire bonfire fire feu",
        "car": "car automobile taxi voiture",
        "castle": "castle fortress palace chateau chateaux forteresse palais",
        "cat": "cat kitten kitty chat chatte chaton",
        "child": "child children kid boy girl enfant garcon fille fillette",
        "church": "church churches cathedral chapel eglise cathedrale chapelle",
        "cow": "cow bull vache taureau",
        "cup": "cup mug coffee tea cafe tasse cappuccino espresso",
        "deer": "deer stag doe elk moose reindeer cerf biche renne faon",
        "dog": "dog puppy puppies hound corgi terrier chien chienne chiot",
        "dolphin": "dolphin dauphin",
        "dragon": "dragon",
        "duck": "duck duckling canard caneton",
        "eagle": "eagle hawk falcon aigle faucon",
        "elephant": "elephant mammoth",
        "fish": "fish fishes goldfish koi carp poisson",
        "flower": "flower blossom daisy daisies lily lilies fleur marguerite peony orchid",
        "fox": "fox foxes renard renarde vixen",
        "frog": "frog toad grenouille crapaud",
        "ghost": "ghost fantome phantom",
        "giraffe": "giraffe girafe",
        "gull": "gull seagull mouette goeland",
        "heart": "heart coeur",
        "horse": "horse pony mare stallion cheval chevaux poney",
        "hot air balloon": "balloon montgolfiere ballon",
        "house": "house home villa barn maison ferme",
        "igloo": "igloo",
        "jellyfish": "jellyfish meduse",
        "knight": "knight chevalier warrior samurai soldier",
        "lantern": "lantern lanterne lamp lampe",
        "lighthouse": "lighthouse phare",
        "lion": "lion lioness lionne",
        "man": "man men person people somebody gentleman fisherman farmer traveller traveler "
        "wanderer homme personne gens hommes pecheur voyageur grandfather",
        "mouse": "mouse mice rat souris",
        "mushroom": "mushroom toadstool champignon",
        "octopus": "octopus octopuses squid kraken poulpe pieuvre",
        "owl": "owl owlet hibou hiboux chouette",
        "palm": "palm palmier coconut",
        "panda": "panda",
        "penguin": "penguin pingouin manchot",
        "pine": "pine fir spruce sapin conifer",
        "plane": "plane airplane aeroplane jet avion",
        "pumpkin": "pumpkin citrouille potiron",
        "pyramid": "pyramid pyramide",
        "queen": "queen king princess prince reine roi princesse",
        "rabbit": "rabbit bunny bunnies hare lapin lievre",
        "raven": "raven crow corbeau corbeaux corneille blackbird",
        "robot": "robot android cyborg mech droid androide",
        "rocket": "rocket spaceship spacecraft starship fusee",
        "rose": "rose",
        "rowing boat": "rowboat canoe kayak dinghy barque gondola gondole",
        "shark": "shark requin",
        "sheep": "sheep lamb mouton agneau brebis",
        "ship": "ship galleon frigate navire galion",
        "snowman": "snowman snowmen",
        "submarine": "submarine",
        "sunflower": "sunflower tournesol",
        "swan": "swan goose geese cygne oie",
        "teapot": "teapot kettle theiere",
        "temple": "temple pagoda pagode shrine",
        "tent": "tent tente",
        "tiger": "tiger tigre",
        "tower": "tower tour turret",
        "train": "train locomotive railway tgv",
        "tree": "tree oak willow arbre chene maple sakura birch",
        "tulip": "tulip tulipe",
        "turtle": "turtle tortoise tortue",
        "ufo": "ufo ovni",
        "umbrella": "umbrella parasol parapluie",
        "unicorn": "unicorn licorne",
        "whale": "whale orca baleine",
        "windmill": "windmill mill moulin",
        "wizard": "wizard witch witches sorcerer mage sorcier sorciere magicien magician",
        "wolf": "wolf wolves loup louve husky",
        "woman": "woman women lady ballerina dancer femme dame danseuse grandmother mother",
        "zebra": "zebra zebre",
    }
)

PLACES = _by_word(
    {
        "beach": "beach beaches shore coast plage cote rivage",
        "city": "city cities town skyline metropolis downtown skyscraper ville cite tokyo paris "
        "london york",
        "desert": "desert dune sahara",
        "field": "field meadow garden orchard verger prairie champ jardin",
        "forest": "forest wood jungle grove foret bois",
        "hills": "hill hills park parc valley colline vallee campagne landscape paysage",
        "island": "island isle ile",
        "lake": "lake pond lac etang",
        "mountain": "mountain peak alps summit cliff montagne mont volcano volcan",
        "river": "river stream creek waterfall riviere fleuve ruisseau cascade canal",
        "room": "room kitchen library bedroom living sofa window chambre cuisine salon "
        "bibliotheque fenetre",
        "sea": "sea ocean wave mer harbor harbour port vague bay",
        "space": "space galaxy cosmos espace galaxie nebula",
        "street": "street alley road avenue rue ruelle route boulevard",
        "table": "table desk",
        "underwater": "underwater reef coral corail",
        "village": "village hamlet hameau",
    }
)

TIMES = _by_word(
    {
        "dawn": "dawn sunrise morning daybreak aube aurore matin",
        "day": "day noon midday daylight sunny afternoon jour midi ensoleille ensoleillee",
        "dusk": "dusk sunset evening twilight crepuscule soir soiree sundown",
        "night": "night midnight nocturnal moonlight moonlit starry starlit nuit minuit etoilee "
        "nocturne",
    }
)

WEATHERS = _by_word(
    {
        "rain": "rain rainy raining drizzle pluie pluvieux pluvieuse rainfall wet",
        "storm": "storm stormy thunderstorm thunder lightning tempest hurricane orage tempete "
        "eclair foudre orageux",
        "snow": "snow snowy snowing snowfall snowstorm blizzard neige enneige enneigee neigeux",
        "fog": "fog foggy mist misty haze hazy brouillard brume brumeux brumeuse",
        "clouds": "cloud cloudy overcast nuage nuageux",
    }
)

SEASONS = _by_word(
    {
        "spring": "spring printemps springtime",
        "summer": "summer ete summertime",
        "autumn": "autumn autumnal fall automne",
        "winter": "winter wintry hiver frozen icy ice arctic antarctic glace polaire",
    }
)

HEAVENS = _by_word(
    {
        "sun": "sun soleil",
        "moon": "moon lune crescent",
        "stars": "star etoile constellation milky",
        "rainbow": "rainbow",
        "aurora": "aurora",
        "planet": "planet saturn jupiter planete",
        "sky": "sky ciel",
    }
)

COLOURS = _by_word(
    {
        "red": "red crimson scarlet rouge ecarlate",
        "rust": "ginger roux rousse copper",
        "orange": "orange",
        "yellow": "yellow jaune blond blonde",
        "gold": "gold golden dore doree",
        "green": "green emerald vert verte",
        "teal": "teal turquoise cyan",
        "blue": "blue navy bleu bleue azure",
        "purple": "purple violet violette mauve lilac",
        "pink": "pink",
        "white": "white blanc blanche ivory",
        "silver": "silver silvery argente argentee",
        "grey": "grey gray gris grise",
        "black": "black noir noire",
        "brown": "brown marron brun brune",
        "beige": "beige cream",
    }
)
COLOURS_BEHIND = COLOURS | {"rose": "pink"}
"""In French, colours stand behind: there, `rose` is pink. Anywhere else it is a flower."""

COUNTS = {
    word: count
    for count, words in enumerate(
        ("two deux couple pair", "three trois trio", "four quatre", "five cinq"), 2
    )
    for word in words.split()
}

PLURALS = _set(
    "bears foxes wolves mice men women children people gens puppies kittens bunnies butterflies "
    "fishes geese daisies lilies churches cacti cactuses witches snowmen chevaux oiseaux bateaux "
    "chateaux chameaux hiboux corbeaux hommes octopuses buses"
)

ON = _set("on onto upon atop riding aboard crossing sur")
IN = _set("in inside into dans")
OVER = _set("over above")
WITH = _set("with holding carrying avec tenant portant under sous")

PHRASES = {
    "golden hour": "dusk",
    "blue hour": "dusk",
    "coucher de soleil": "dusk",
    "coucher du soleil": "dusk",
    "lever de soleil": "dawn",
    "lever du soleil": "dawn",
    "clair de lune": "moon",
    "northern lights": "aurora",
    "aurore boreale": "aurora",
    "aurores boreales": "aurora",
    "aurora borealis": "aurora",
    "milky way": "stars",
    "voie lactee": "stars",
    "arc en ciel": "rainbow",
    "bonhomme de neige": "snowman",
    "bonhommes de neige": "snowman",
    "pomme de terre": "potato",
    "moulin a vent": "windmill",
    "soucoupe volante": "ufo",
    "flying saucer": "ufo",
    "chauve souris": "bat",
    "sous marin": "submarine",
    "gratte ciel": "city",
    "polar bear": "white bear",
    "ours polaire": "white bear",
    "ours blanc": "white bear",
    "coffee table": "table",
    "bande dessinee": "comic",
    "au dessus": "over",
    "sous l eau": "underwater",
    "under water": "underwater",
    "in the style of": "like",
}
