"""The labels of predicates and classes on pages: a row is a CURIE and its label, which the catalogues translate.

The order of the rows is the order of a page's table. What has no row is called by its local name, cut into words.
"""

import re
from collections.abc import Mapping

from herbier.messages import Message
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import Term
from herbier.translation import translate

PREDICATES: Mapping[str, Message] = {
    "rdf:type": Message("type"),
    "schema:name": Message("name"),
    "rdfs:label": Message("name"),
    "skos:prefLabel": Message("name"),
    "foaf:name": Message("name"),
    "dcterms:title": Message("title"),
    "schema:headline": Message("title"),
    "schema:alternateName": Message("other names"),
    "skos:altLabel": Message("other names"),
    "schema:givenName": Message("given name"),
    "schema:familyName": Message("family name"),
    "schema:description": Message("description"),
    "schema:startDate": Message("start"),
    "schema:endDate": Message("end"),
    "schema:birthDate": Message("born"),
    "schema:birthPlace": Message("place of birth"),
    "schema:deathDate": Message("died"),
    "schema:deathPlace": Message("place of death"),
    "schema:spouse": Message("spouse"),
    "schema:knows": Message("knows"),
    "schema:nationality": Message("nationality"),
    "schema:jobTitle": Message("profession"),
    "schema:worksFor": Message("employer"),
    "schema:roleName": Message("role"),
    "schema:affiliation": Message("affiliation"),
    "schema:alumniOf": Message("education"),
    "schema:knowsAbout": Message("field"),
    "schema:award": Message("awards"),
    "schema:foundingDate": Message("founded"),
    "schema:founder": Message("founded by"),
    "schema:dissolutionDate": Message("dissolved"),
    "schema:location": Message("location"),
    "schema:parentOrganization": Message("parent organisation"),
    "schema:memberOf": Message("member of"),
    "schema:member": Message("members"),
    "schema:numberOfEmployees": Message("number of employees"),
    "schema:employee": Message("employees"),
    "schema:containedInPlace": Message("located in"),
    "schema:streetAddress": Message("street"),
    "schema:postalCode": Message("postal code"),
    "schema:addressLocality": Message("town"),
    "schema:addressRegion": Message("region"),
    "schema:addressCountry": Message("country"),
    "schema:geo": Message("coordinates"),
    "schema:latitude": Message("latitude"),
    "schema:longitude": Message("longitude"),
    "schema:author": Message("author"),
    "schema:creator": Message("creator"),
    "dcterms:creator": Message("author"),
    "schema:director": Message("director"),
    "schema:translator": Message("translator"),
    "schema:contributor": Message("contributors"),
    "dcterms:contributor": Message("contributors"),
    "schema:publisher": Message("publisher"),
    "dcterms:publisher": Message("publisher"),
    "schema:datePublished": Message("published"),
    "dcterms:issued": Message("published"),
    "schema:countryOfOrigin": Message("country of origin"),
    "schema:numberOfPages": Message("pages"),
    "schema:isbn": Message("ISBN"),
    "schema:issn": Message("ISSN"),
    "schema:genre": Message("genre"),
    "schema:programmingLanguage": Message("programming language"),
    "schema:softwareVersion": Message("version"),
    "schema:codeRepository": Message("source code"),
    "schema:operatingSystem": Message("operating system"),
    "schema:organizer": Message("organiser"),
    "schema:attendee": Message("attendees"),
    "schema:instructor": Message("instructor"),
    "schema:provider": Message("provider"),
    "schema:funder": Message("funder"),
    "dcterms:isPartOf": Message("part of"),
    "schema:isPartOf": Message("part of"),
    "dcterms:hasPart": Message("has part"),
    "schema:hasPart": Message("has part"),
    "rdfs:subClassOf": Message("kind of"),
    "skos:broader": Message("broader"),
    "skos:narrower": Message("narrower"),
    "herbier:uses": Message("makes use of"),
    "herbier:usedBy": Message("used by"),
    "herbier:follows": Message("follows"),
    "herbier:precedes": Message("precedes"),
    "dcterms:relation": Message("related to"),
    "skos:related": Message("related to"),
    "rdfs:seeAlso": Message("see also"),
    "owl:differentFrom": Message("different from"),
    "dcterms:subject": Message("subject"),
    "dcterms:spatial": Message("place"),
    "schema:identifier": Message("identifier"),
    "dcterms:identifier": Message("identifier"),
    "schema:url": Message("website"),
    "schema:sameAs": Message("same as"),
    "skos:exactMatch": Message("same as"),
    "herbier:wantsItem": Message("wants an item of Wikidata"),
    "schema:logo": Message("logo"),
    "schema:image": Message("image"),
    "schema:email": Message("email"),
    "schema:telephone": Message("telephone"),
    "schema:address": Message("address"),
    "schema:dateCreated": Message("written"),
    "dcterms:created": Message("written"),
    "schema:dateModified": Message("modified"),
    "dcterms:modified": Message("modified"),
    "schema:creativeWorkStatus": Message("status"),
    "schema:inLanguage": Message("language"),
    "dcterms:language": Message("language"),
    "schema:wordCount": Message("words"),
    "schema:mentions": Message("mentions"),
    "schema:citation": Message("cites"),
    "dcterms:source": Message("source"),
    "schema:associatedMedia": Message("files"),
    "schema:license": Message("licence"),
    "dcterms:license": Message("licence"),
    "dcterms:rights": Message("rights"),
    "schema:copyrightNotice": Message("rights"),
    "rdfs:isDefinedBy": Message("defined by"),
    "dcterms:description": Message("description"),
    "schema:abstract": Message("abstract"),
    "dcterms:abstract": Message("abstract"),
    "schema:text": Message("text"),
    "schema:keywords": Message("keywords"),
    "herbier:keyPoint": Message("key points"),
    "schema:subjectOf": Message("described by"),
    "schema:mainEntity": Message("about"),
    "dcterms:references": Message("refers to"),
    "schema:propertyID": Message("kind of identifier"),
    "schema:value": Message("value"),
    "schema:position": Message("position"),
    "schema:encodingFormat": Message("format"),
    "skos:inScheme": Message("list"),
    "skos:topConceptOf": Message("top of"),
    "skos:hasTopConcept": Message("has at its top"),
    "void:inDataset": Message("dataset"),
    "void:uriSpace": Message("IRIs begin with"),
}
CLASSES: Mapping[str, Message] = {
    "schema:Thing": Message("No type"),
    "schema:Person": Message("Person"),
    "schema:Organization": Message("Organisation"),
    "schema:ResearchOrganization": Message("Research organisation"),
    "schema:CollegeOrUniversity": Message("University"),
    "schema:Corporation": Message("Company"),
    "schema:NGO": Message("Association"),
    "schema:GovernmentOrganization": Message("Government organisation"),
    "schema:DefinedTerm": Message("Concept"),
    "skos:Concept": Message("Concept"),
    "schema:Place": Message("Place"),
    "schema:City": Message("City"),
    "schema:Country": Message("Country"),
    "schema:AdministrativeArea": Message("Region"),
    "schema:CreativeWork": Message("Work"),
    "schema:Article": Message("Article"),
    "schema:ScholarlyArticle": Message("Scholarly article"),
    "schema:Chapter": Message("Chapter"),
    "schema:Thesis": Message("Thesis"),
    "schema:Report": Message("Report"),
    "schema:WebPage": Message("Web page"),
    "schema:BlogPosting": Message("Blog post"),
    "schema:NewsArticle": Message("News article"),
    "schema:Map": Message("Map"),
    "schema:Periodical": Message("Periodical"),
    "schema:Book": Message("Book"),
    "schema:Movie": Message("Film"),
    "schema:VideoObject": Message("Video"),
    "schema:Course": Message("Course"),
    "schema:Collection": Message("Collection"),
    "schema:Event": Message("Event"),
    "schema:Project": Message("Project"),
    "schema:Product": Message("Product"),
    "schema:SoftwareApplication": Message("Software"),
    "schema:ComputerLanguage": Message("Computer language"),
    "schema:Dataset": Message("Dataset"),
    "dcat:Dataset": Message("Dataset"),
    "void:Dataset": Message("Dataset"),
    "schema:Intangible": Message("Intangible"),
    "rdf:Property": Message("Key of the vault"),
    "skos:ConceptScheme": Message("List of tags"),
    "schema:NoteDigitalDocument": Message("Note"),
    "schema:WebPageElement": Message("Section"),
    "schema:ImageObject": Message("Image"),
    "schema:MediaObject": Message("File"),
    "schema:PostalAddress": Message("Postal address"),
    "schema:GeoCoordinates": Message("Coordinates"),
    "schema:StructuredValue": Message("Structured value"),
    "herbier:Stub": Message("Note to be written"),
    "foaf:Agent": Message("Person or body"),
    "schema:Role": Message("Role"),
    "schema:PropertyValue": Message("Identifier"),
}
SITES = {"wd": "Wikidata", "dbr": "DBpedia"}  # by prefix: where people know the site and not the prefix
_ORDER = {curie: place for place, curie in enumerate(PREDICATES)}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|_")


def predicate_label(term: Term, names: Namespaces, language: str) -> str:
    """Return what a predicate is called.

    >>> predicate_label("<https://schema.org/dateOfNote>", Namespaces("https://example.org/", {}), "fr")
    'date of note'
    """
    row = PREDICATES.get(names.curie(term))
    return translate(row, language) if row else _words(term).lower()


def class_label(term: Term, names: Namespaces, language: str) -> str:
    """Return what a class is called, with a capital."""
    row = CLASSES.get(names.curie(term))
    return translate(row, language) if row else _words(term).capitalize()


def named_curie(curie: str) -> str:
    """Return a CURIE as people read it: with the name of its site where that is known.

    >>> named_curie("wd:Q42"), named_curie("schema:name")
    ('Wikidata Q42', 'schema:name')
    """
    prefix, _, local = curie.partition(":")
    return f"{SITES[prefix]} {local}" if prefix in SITES else curie


def place_of(term: Term, names: Namespaces) -> tuple[int, str]:
    """Return the key by which the rows of a table are sorted: as in `PREDICATES`, then by name."""
    return _ORDER.get(names.curie(term), len(_ORDER)), term


def _words(term: Term) -> str:
    return _WORD.sub(" ", re.split(r"[/#:]", term[1:-1])[-1])
