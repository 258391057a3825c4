"""Names in invented news, found with the real model."""

from __future__ import annotations

import pytest
from extracts import names_in

from ontherecord.flows.extract.names.find import Names
from ontherecord.warehouse.records import Kind


def mentioned(names: Names) -> list[tuple[str, Kind]]:
    return [(mention.text, mention.kind) for mention in names.mentions]


def entity_of(names: Names, text: str) -> str:
    return next(names.entities[m.entity_no].name for m in names.mentions if m.text == text)


def named(names: Names) -> dict[str, Kind]:
    return {entity.name: entity.kind for entity in names.entities}


# The form of the records


def test_mentions_are_slices_in_order_and_never_overlap() -> None:
    title = "Brandt meets Okafor in Geneva"
    body = "GENEVA (Reuters) - Ursula Brandt's plan won.\nBrandt told Chidi Okafor in Geneva it was Ghana's."
    names = names_in(body, title)
    sources = {"title": title, "body": body}
    last = ("title", 0)
    for number, mention in enumerate(names.mentions):
        assert mention.mention_no == number
        assert sources[mention.field][mention.char_start : mention.char_end] == mention.text
        assert mention.text == mention.text.strip()
        assert mention.kind == names.entities[mention.entity_no].kind
        assert (mention.field == "body" and last[0] == "title") or last[1] <= mention.char_start
        last = (mention.field, mention.char_end)
    assert [e.entity_no for e in names.entities] == list(range(len(names.entities)))
    assert len(names.genders) == len(names.entities)


def test_a_text_without_names_gives_none() -> None:
    assert names_in("It rained all night and nobody came.") == Names((), (), ())
    assert names_in("") == Names((), (), ())


@pytest.mark.parametrize(
    "odd", ["'s", "“", "(", "R-", "al-", "Mr.", "A.", "U.S.", "@Foo", "\u200b", "- -", "Foo’"]
)
def test_odd_texts_do_not_raise(odd: str) -> None:
    names_in(odd, odd)


# Spans


def test_titles_and_roles_are_no_part_of_a_name() -> None:
    names = names_in("Finnish Foreign Minister Pekka Virtanen met Senator Maria Lopez and Gen. Omar Haddad.")
    assert [t for t, kind in mentioned(names) if kind == "person"] == [
        "Pekka Virtanen",
        "Maria Lopez",
        "Omar Haddad",
    ]
    assert "Secretary" not in " ".join(
        named(names_in("Secretary of State Anna Reed left. A spokesman for State spoke."))
    )


def test_a_role_is_no_organization() -> None:
    names = names_in("Interior Minister Orhan Kaya spoke. The Secretary of State, Anna Reed, did not.")
    assert set(named(names)) == {"Orhan Kaya", "Anna Reed"}


def test_possessives_and_articles_stay_outside() -> None:
    names = names_in("The Netherlands' army and Norway's navy sailed. The European Union's ships waited.")
    assert [t for t, _ in mentioned(names)] == ["Netherlands", "Norway", "European Union"]


def test_possessor_and_possessed_are_two_names() -> None:
    names = names_in("She works at Kenya's Rift Valley Institute, she said, and Peru's Felipe Quispe agreed.")
    assert ("Kenya", "place") in mentioned(names)
    assert ("Rift Valley Institute", "organization") in mentioned(names)
    assert ("Felipe Quispe", "person") in mentioned(names)


def test_a_name_that_keeps_its_apostrophe() -> None:
    assert "Children's Hospital of Dayton" in named(
        names_in("He was taken to the Children's Hospital of Dayton on Monday.")
    )


def test_person_and_place_merged_by_the_model_are_split() -> None:
    body = "Viktor Orlov met the envoy in London.\nHe had conveyed to Orlov London's worries about the war."
    assert [t for t, _ in mentioned(names_in(body))] == ["Viktor Orlov", "London", "Orlov", "London"]


@pytest.mark.parametrize(
    "name",
    [
        "Ursula von der Heide",
        "Khalid bin Rashid",
        "Omar al-Masri",
        "Marijke van den Berg",
        "Juan de la Cruz",
        "Moon Jae-sung",
    ],
)
def test_particles_and_halves_belong_to_the_name(name: str) -> None:
    names = names_in(f"The minister, {name}, said on Monday the talks had failed. President {name} agreed.")
    assert mentioned(names) == [(name, "person"), (name, "person")]


def test_party_and_state_after_a_senator() -> None:
    names = names_in("Sen. Paul Hartley (R-Ky.) and Rep. Dana Whitfield (D-N.Y.) voted no.")
    assert named(names)["Paul Hartley"] == "person"
    assert named(names).get("Kentucky") in ("place", None)
    assert not any(text.startswith(("R-", "D-")) for text, _ in mentioned(names))


def test_slashes_and_credits_separate_names() -> None:
    picture = "The bridge in Oslo, Norway. REUTERS/Ingrid Solberg/File Photo"
    names = named(names_in(picture + "\n(Reporting by Paul Meyer; Editing by Rosa Diaz)"))
    assert names["Reuters"] == "organization"
    assert {"Ingrid Solberg", "Paul Meyer", "Rosa Diaz"} <= set(names)


@pytest.mark.parametrize(
    ("title", "name"), [("Mr Justice", "Holt"), ("Mrs Justice", "Frost"), ("Lord Justice", "Treen")]
)
def test_a_british_judge_is_a_surname(title: str, name: str) -> None:
    names = names_in(f"{title} {name} said the case was closed. The appeal had failed.")
    assert mentioned(names) == [(name, "person")]


def test_days_months_and_labels_are_no_names() -> None:
    names = names_in("On Friday, May 3, at 0700 GMT the COVID-19 rules ended. Slideshow (3 images)")
    assert mentioned(names) == []


def test_an_opening_word_is_no_part_of_the_name() -> None:
    names = names_in("Donald Weaver spoke.\nAnticipating Donald Weaver, the crowd sang. But Weaver left.")
    assert {t for t, _ in mentioned(names)} == {"Donald Weaver", "Weaver"}


# Datelines


@pytest.mark.parametrize(
    ("dateline", "places"),
    [
        ("OSLO (Reuters) - ", ["OSLO"]),
        ("RUSSIA : ", ["RUSSIA"]),
        ("PARIS/LONDON, May 3 (Reuters) - ", ["PARIS", "LONDON"]),
        ("JEBELI, Sudan (AP) — ", ["JEBELI", "Sudan"]),
        ("ROME 2015-12-17 ", ["ROME"]),
    ],
)
def test_datelines_name_places(dateline: str, places: list[str]) -> None:
    names = names_in(f"{dateline}The river rose again on Tuesday, officials said.")
    assert [text for text, kind in mentioned(names) if kind == "place"] == places


def test_a_label_in_capitals_is_no_dateline() -> None:
    assert mentioned(names_in("WEATHER - The fair was called off because of rain.")) == []


def test_a_dateline_gets_the_usual_letters() -> None:
    assert named(names_in("MOSCOW (AFP) - Snow fell.")) == {
        "Moscow": "place",
        "AFP": "organization",
    }


# Headlines


def test_a_headline_takes_its_names_from_the_body() -> None:
    names = names_in(
        "Ines Okoro told Kroll Industries to pay.", "Ines Okoro Tells Kroll Industries Board Time Is Up"
    )
    titled = [m.text for m in names.mentions if m.field == "title"]
    assert titled == ["Ines Okoro", "Kroll Industries"]


def test_a_headline_in_capitals() -> None:
    names = names_in(
        "Ines Okoro flew to Ghana to meet U.S. envoys.",
        "OKORO MEETS U.S. ENVOYS IN GHANA, TELLS US WHO IS TO BLAME",
    )
    titled = [m.text for m in names.mentions if m.field == "title"]
    assert titled[:3] == ["OKORO", "U.S.", "GHANA"]
    assert entity_of(names, "OKORO") == "Ines Okoro"
    assert "WHO" not in titled


# One form, one kind


def test_the_article_decides_once() -> None:
    body = (
        "Tarek Lahoud paints harbours.\nCritics of Lahoud call them dull.\n"
        "Outside Lahoud's house, Lahoud, 61, sold three.\nLahoud waved."
    )
    assert {kind for _, kind in mentioned(names_in(body))} == {"person"}


def test_a_missed_name_is_found_again() -> None:
    body = "Anna Stone led the choir.\nStone also plays the organ.\nNobody thanked Stone."
    assert [t for t, _ in mentioned(names_in(body))] == ["Anna Stone", "Stone", "Stone"]


def test_a_word_that_is_also_common_is_left_alone() -> None:
    body = "Peter Small won.\nSmall towns voted for him, and small farms too."
    assert [t for t, _ in mentioned(names_in(body))] == ["Peter Small"]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Shares of drugmaker Zelvanta fell.", "Zelvanta", "organization"),
        ("He works for Harlow & Pike Ltd in Leeds.", "Harlow & Pike Ltd", "organization"),
        ("Most of the Syrians fled, and the Muslims too.", "Syrian", "group"),
        ("The Taliban attacked Kabul.", "Taliban", "organization"),
        ("Brexit divided Britain.", "Brexit", "event"),
        ("He left Norway for the Black Sea.", "Black Sea", "place"),
        ("The State Department declined to comment.", "State Department", "organization"),
        ("Like many bakers, Kipp Kahlia felt stuck. Then Kipp Kahlia smiled.", "Kipp Kahlia", "person"),
        ("Vellmar felt the earthquake at noon. People in Vellmar and near Vellmar ran.", "Vellmar", "place"),
    ],
)
def test_kinds(text: str, name: str, kind: Kind) -> None:
    assert named(names_in(text))[name] == kind


def test_a_last_word_shows_a_body_that_the_model_misses() -> None:
    names = named(names_in("The money is from the Stanford Guaranteed Income Lab, which studies cash."))
    assert names == {"Stanford Guaranteed Income Lab": "organization"}


@pytest.mark.parametrize(
    "surname", ["May", "Will", "Law", "March", "England", "Forest", "Steel", "Washington"]
)
def test_a_surname_that_is_another_word_too(surname: str) -> None:
    body = (
        f"Peter {surname} met voters in Hull. {surname} said he would go. “It is late,” {surname} said.\n\n"
        f"“It is so,” said {surname}. The train left in May."
    )
    names = names_in(body)
    assert mentioned(names) == [
        (f"Peter {surname}", "person"),
        ("Hull", "place"),
        *[(surname, "person")] * 3,
    ]
    assert entity_of(names, surname) == f"Peter {surname}"


def test_a_month_is_no_person_beside_one_of_its_name() -> None:
    names = names_in("Theresa May left in May. May I go? It was the end of May. The vote of May 4 was lost.")
    assert [text for text, _ in mentioned(names)] == ["Theresa May"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The talks failed. “I am late,” Félix Tshilombo said.", "Félix Tshilombo"),
        ("The talks failed. “I am late,” said Novak Djokić.", "Novak Djokić"),
        ("Ethiopia's Gudaf Seyoum, who was second, congratulated her.", "Gudaf Seyoum"),
    ],
)
def test_a_rare_name_that_says_i_or_is_a_who_is_a_person(text: str, name: str) -> None:
    assert named(names_in(text))[name] == "person"


def test_a_president_called_by_one_word_is_a_person() -> None:
    assert named(names_in("Trump called it a disgrace. “It is over,” Scholz said.")) == {
        "Trump": "person",
        "Scholz": "person",
    }


@pytest.mark.parametrize("title", ["Supt", "Insp", "Lt Col", "Cllr", "Detective", "Nurse", "Rep"])
def test_a_rank_before_a_surname_alone(title: str) -> None:
    assert mentioned(names_in(f"{title} Doran said no one was hurt.")) == [("Doran", "person")]


def test_a_title_that_begins_like_a_body_precedes_a_person() -> None:
    names = names_in("University President Ana Marie Cauce condemned it. It was wrong, Cauce said.")
    assert named(names) == {"Ana Marie Cauce": "person"}


@pytest.mark.parametrize("name", ["D K Upadhyay", "M K Stalin", "A R Rahman", "A P J Abdul Kalam"])
def test_initials_without_stops_belong_to_the_name(name: str) -> None:
    surname = name.split()[-1]
    names = names_in(f"{name} said the ferry was old. “It is late,” {surname} said.")
    assert [entity.name for entity in names.entities] == [name]
    assert mentioned(names) == [(name, "person"), (surname, "person")]


def test_a_paper_with_an_article_is_no_person() -> None:
    assert named(names_in("The mayor did not answer an email from the Gazette.")) == {
        "Gazette": "organization"
    }


def test_a_noun_before_it_announces_an_organization() -> None:
    assert (
        named(names_in("Officials told the newspaper Vantaa that it was over."))["Vantaa"] == "organization"
    )


def test_an_adjective_tells_the_place_it_is_made_of() -> None:
    names = named(
        names_in("Zembara closed its port. Zembari sailors waited, and the Zembaris cheered Zembara.")
    )
    assert names["Zembara"] == "place"


def test_a_person_called_like_a_city() -> None:
    body = 'Denise Paris runs the line.\n"We fly to Paris," Paris said.'
    names = names_in(body)
    assert [(m.text, m.kind) for m in names.mentions] == [
        ("Denise Paris", "person"),
        ("Paris", "place"),
        ("Paris", "person"),
    ]


def test_a_score_is_no_part_of_a_name() -> None:
    assert {t for t, _ in mentioned(names_in("Group B: Sweden 1 Peru 0, Norway 2 Chile 2"))} >= {
        "Sweden",
        "Peru",
    }


def test_two_names_with_a_hyphen_between() -> None:
    assert {"Israel", "Norway"} <= {t for t, _ in mentioned(names_in("They met at an Israel-Norway forum."))}


def test_emphasis_makes_no_name() -> None:
    body = "He will never go, she said. He will NEVER go to Norway."
    assert [t for t, _ in mentioned(names_in(body))] == ["Norway"]


def test_a_government_called_by_its_capital_stays_a_place() -> None:
    assert named(names_in("Moscow said it would answer. Washington agreed."))["Moscow"] == "place"


# Organizations


def test_acronyms_join_their_expansions() -> None:
    body = "The Lagos Workers Congress (LWC) met.\nThe LWC said no, and LWC members cheered."
    names = names_in(body)
    assert entity_of(names, "LWC") == "Lagos Workers Congress"
    assert len([m for m in names.mentions if m.text == "LWC"]) == 3


def test_initials_join_without_brackets() -> None:
    body = "The Northern Rail Authority opened it. Critics of the NRA laughed."
    assert (
        entity_of(names_in("The Fjord Rescue Council met.\nThe FRC said so."), "FRC")
        == "Fjord Rescue Council"
    )
    assert "Northern Rail Authority" in named(names_in(body))


def test_islamic_state_under_its_many_names() -> None:
    body = "The Islamic State group claimed it. Daesh and ISIL are the same as IS, and so is the IS group."
    names = names_in(body)
    assert {e.name for e in names.entities} == {"Islamic State"}
    assert len(names.mentions) == 5


def test_a_short_style_joins_the_full_one() -> None:
    names = names_in("Countryfield Plc rose 5%. Shares of Countryfield had fallen.")
    assert set(named(names)) == {"Countryfield"}


@pytest.mark.parametrize(
    ("text", "form", "name"),
    [
        ("The U.S. sent ships to Cuba.", "U.S.", "United States"),
        ("America sent ships.", "America", "United States"),
        ("Britain left the EU last year.", "Britain", "United Kingdom"),
        ("Britain left the EU last year.", "EU", "European Union"),
        ("The U.N. voted in May.", "U.N.", "United Nations"),
        ("The F.B.I. looked into it.", "F.B.I.", "Federal Bureau of Investigation"),
        ("Agents of the FBI came.", "FBI", "Federal Bureau of Investigation"),
    ],
)
def test_canonical_names(text: str, form: str, name: str) -> None:
    assert entity_of(names_in(text), form) == name


def test_a_family_name_alone_stays_as_it_is() -> None:
    assert entity_of(names_in("Chancellor Merkel spoke in Berlin."), "Merkel") == "Merkel"
    other = names_in("Heidi Merkel bakes bread in Berlin. Merkel opens at six.")
    assert entity_of(other, "Merkel") == "Heidi Merkel"


def test_countries_are_told() -> None:
    names = names_in("Russians and a Syrian met in Vienna and in the UK, not in Africa.")
    codes = {e.name: e.country_code for e in names.entities}
    assert codes == {"Russian": "RU", "Syrian": "SY", "Vienna": "AT", "United Kingdom": "GB", "Africa": None}


def test_the_same_text_gives_the_same_names() -> None:
    body = "Anna Mills of Norway met Paul Mills and the Oslo Rail Council (ORC). Mills left ORC."
    assert names_in(body) == names_in(body)


def test_two_words_in_marks_are_no_nickname() -> None:
    assert {e.name for e in names_in('Fans shouted "Baker" and "Judas" at him.').entities} == {
        "Baker",
        "Judas",
    }
