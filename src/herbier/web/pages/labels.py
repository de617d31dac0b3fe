"""What predicates and classes are called on pages. A row is a CURIE, its French label and its English one.

The order of the rows is the order of a page's table. What has no row is called by its local name, cut into words.
"""

import re

from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import Term

_LANGUAGES = ("fr", "en")

PREDICATES = {
    "rdf:type": ("type", "type"),
    "schema:name": ("nom", "name"),
    "rdfs:label": ("nom", "name"),
    "skos:prefLabel": ("nom", "name"),
    "foaf:name": ("nom", "name"),
    "dcterms:title": ("titre", "title"),
    "schema:headline": ("titre", "title"),
    "schema:alternateName": ("autres noms", "other names"),
    "skos:altLabel": ("autres noms", "other names"),
    "schema:givenName": ("prénom", "given name"),
    "schema:familyName": ("nom de famille", "family name"),
    "schema:description": ("description", "description"),
    "schema:startDate": ("début", "start"),
    "schema:endDate": ("fin", "end"),
    "schema:birthDate": ("naissance", "born"),
    "schema:birthPlace": ("lieu de naissance", "place of birth"),
    "schema:deathDate": ("décès", "died"),
    "schema:deathPlace": ("lieu de décès", "place of death"),
    "schema:spouse": ("conjoint", "spouse"),
    "schema:knows": ("connaît", "knows"),
    "schema:nationality": ("nationalité", "nationality"),
    "schema:jobTitle": ("profession", "profession"),
    "schema:worksFor": ("employeur", "employer"),
    "schema:roleName": ("rôle", "role"),
    "schema:affiliation": ("affiliation", "affiliation"),
    "schema:alumniOf": ("formation", "education"),
    "schema:knowsAbout": ("domaine", "field"),
    "schema:award": ("distinctions", "awards"),
    "schema:foundingDate": ("fondation", "founded"),
    "schema:founder": ("fondé par", "founded by"),
    "schema:dissolutionDate": ("dissolution", "dissolved"),
    "schema:location": ("lieu", "location"),
    "schema:parentOrganization": ("organisation mère", "parent organisation"),
    "schema:memberOf": ("membre de", "member of"),
    "schema:member": ("membres", "members"),
    "schema:numberOfEmployees": ("effectif", "employees"),
    "schema:employee": ("personnel", "employees"),
    "schema:containedInPlace": ("situé dans", "located in"),
    "schema:streetAddress": ("rue", "street"),
    "schema:postalCode": ("code postal", "postal code"),
    "schema:addressLocality": ("ville", "town"),
    "schema:addressRegion": ("région", "region"),
    "schema:addressCountry": ("pays", "country"),
    "schema:geo": ("coordonnées", "coordinates"),
    "schema:latitude": ("latitude", "latitude"),
    "schema:longitude": ("longitude", "longitude"),
    "schema:author": ("auteur", "author"),
    "schema:creator": ("créateur", "creator"),
    "dcterms:creator": ("auteur", "author"),
    "schema:director": ("réalisation", "director"),
    "schema:translator": ("traduction", "translator"),
    "schema:contributor": ("contributions", "contributors"),
    "dcterms:contributor": ("contributions", "contributors"),
    "schema:publisher": ("éditeur", "publisher"),
    "dcterms:publisher": ("éditeur", "publisher"),
    "schema:datePublished": ("publication", "published"),
    "dcterms:issued": ("publication", "published"),
    "schema:countryOfOrigin": ("pays d’origine", "country of origin"),
    "schema:numberOfPages": ("pages", "pages"),
    "schema:isbn": ("ISBN", "ISBN"),
    "schema:issn": ("ISSN", "ISSN"),
    "schema:genre": ("genre", "genre"),
    "schema:programmingLanguage": ("langage de programmation", "programming language"),
    "schema:softwareVersion": ("version", "version"),
    "schema:codeRepository": ("code source", "source code"),
    "schema:operatingSystem": ("système", "operating system"),
    "schema:organizer": ("organisation", "organiser"),
    "schema:attendee": ("participants", "attendees"),
    "schema:instructor": ("enseignement", "instructor"),
    "schema:provider": ("proposé par", "provider"),
    "schema:funder": ("financement", "funder"),
    "dcterms:isPartOf": ("fait partie de", "part of"),
    "schema:isPartOf": ("fait partie de", "part of"),
    "dcterms:hasPart": ("comprend", "has part"),
    "schema:hasPart": ("comprend", "has part"),
    "rdfs:subClassOf": ("sorte de", "kind of"),
    "skos:broader": ("plus général", "broader"),
    "skos:narrower": ("plus précis", "narrower"),
    "herbier:uses": ("utilise", "uses"),
    "herbier:usedBy": ("utilisé par", "used by"),
    "herbier:follows": ("suit", "follows"),
    "herbier:precedes": ("précède", "precedes"),
    "dcterms:relation": ("lié à", "related to"),
    "skos:related": ("lié à", "related to"),
    "rdfs:seeAlso": ("voir aussi", "see also"),
    "owl:differentFrom": ("distinct de", "different from"),
    "dcterms:subject": ("sujet", "subject"),
    "dcterms:spatial": ("lieu", "place"),
    "schema:identifier": ("identifiant", "identifier"),
    "dcterms:identifier": ("identifiant", "identifier"),
    "schema:url": ("site web", "website"),
    "schema:sameAs": ("identique à", "same as"),
    "skos:exactMatch": ("identique à", "same as"),
    "herbier:wantsItem": ("attend un élément de Wikidata", "wants an item of Wikidata"),
    "schema:logo": ("logo", "logo"),
    "schema:image": ("image", "image"),
    "schema:email": ("courriel", "email"),
    "schema:telephone": ("téléphone", "telephone"),
    "schema:address": ("adresse", "address"),
    "schema:dateCreated": ("écrite le", "written"),
    "dcterms:created": ("écrite le", "written"),
    "schema:dateModified": ("modifiée le", "modified"),
    "dcterms:modified": ("modifiée le", "modified"),
    "schema:creativeWorkStatus": ("état", "status"),
    "schema:inLanguage": ("langue", "language"),
    "dcterms:language": ("langue", "language"),
    "schema:wordCount": ("mots", "words"),
    "schema:mentions": ("mentionne", "mentions"),
    "schema:citation": ("cite", "cites"),
    "dcterms:source": ("source", "source"),
    "schema:associatedMedia": ("fichiers", "files"),
    "schema:license": ("licence", "licence"),
    "dcterms:license": ("licence", "licence"),
    "dcterms:rights": ("droits", "rights"),
    "schema:copyrightNotice": ("droits", "rights"),
    "rdfs:isDefinedBy": ("défini par", "defined by"),
    "dcterms:description": ("description", "description"),
    "schema:abstract": ("résumé", "abstract"),
    "dcterms:abstract": ("résumé", "abstract"),
    "schema:text": ("texte", "text"),
    "schema:keywords": ("mots-clés", "keywords"),
    "herbier:keyPoint": ("points clés", "key points"),
    "schema:subjectOf": ("décrit par", "described by"),
    "schema:mainEntity": ("porte sur", "about"),
    "dcterms:references": ("renvoie à", "refers to"),
    "schema:propertyID": ("sorte d’identifiant", "kind of identifier"),
    "schema:value": ("valeur", "value"),
    "schema:position": ("rang", "position"),
    "schema:encodingFormat": ("format", "format"),
    "skos:inScheme": ("liste", "list"),
    "skos:topConceptOf": ("en tête de", "top of"),
    "skos:hasTopConcept": ("a en tête", "has at its top"),
    "void:inDataset": ("jeu de données", "dataset"),
    "void:uriSpace": ("début des IRI", "IRIs begin with"),
}
CLASSES = {
    "schema:Thing": ("Sans type", "No type"),
    "schema:Person": ("Personne", "Person"),
    "schema:Organization": ("Organisation", "Organisation"),
    "schema:ResearchOrganization": ("Organisme de recherche", "Research organisation"),
    "schema:CollegeOrUniversity": ("Université", "University"),
    "schema:Corporation": ("Entreprise", "Company"),
    "schema:NGO": ("Association", "Association"),
    "schema:GovernmentOrganization": ("Organisme public", "Government organisation"),
    "schema:DefinedTerm": ("Concept", "Concept"),
    "skos:Concept": ("Concept", "Concept"),
    "schema:Place": ("Lieu", "Place"),
    "schema:City": ("Ville", "City"),
    "schema:Country": ("Pays", "Country"),
    "schema:AdministrativeArea": ("Région", "Region"),
    "schema:CreativeWork": ("Œuvre", "Work"),
    "schema:Article": ("Article", "Article"),
    "schema:ScholarlyArticle": ("Article scientifique", "Scholarly article"),
    "schema:Chapter": ("Chapitre", "Chapter"),
    "schema:Thesis": ("Thèse", "Thesis"),
    "schema:Report": ("Rapport", "Report"),
    "schema:WebPage": ("Page web", "Web page"),
    "schema:BlogPosting": ("Billet", "Blog post"),
    "schema:NewsArticle": ("Article de presse", "News article"),
    "schema:Map": ("Carte", "Map"),
    "schema:Periodical": ("Périodique", "Periodical"),
    "schema:Book": ("Livre", "Book"),
    "schema:Movie": ("Film", "Film"),
    "schema:VideoObject": ("Vidéo", "Video"),
    "schema:Course": ("Cours", "Course"),
    "schema:Collection": ("Recueil", "Collection"),
    "schema:Event": ("Évènement", "Event"),
    "schema:Project": ("Projet", "Project"),
    "schema:Product": ("Produit", "Product"),
    "schema:SoftwareApplication": ("Logiciel", "Software"),
    "schema:ComputerLanguage": ("Langage informatique", "Computer language"),
    "schema:Dataset": ("Jeu de données", "Dataset"),
    "dcat:Dataset": ("Jeu de données", "Dataset"),
    "void:Dataset": ("Jeu de données", "Dataset"),
    "schema:Intangible": ("Notion", "Intangible"),
    "rdf:Property": ("Clé du coffre", "Key of the vault"),
    "skos:ConceptScheme": ("Liste d’étiquettes", "List of tags"),
    "schema:NoteDigitalDocument": ("Note", "Note"),
    "schema:WebPageElement": ("Section", "Section"),
    "schema:ImageObject": ("Image", "Image"),
    "schema:MediaObject": ("Fichier", "File"),
    "schema:PostalAddress": ("Adresse postale", "Postal address"),
    "schema:GeoCoordinates": ("Coordonnées", "Coordinates"),
    "schema:StructuredValue": ("Valeur composée", "Structured value"),
    "herbier:Stub": ("Note à écrire", "Note to be written"),
    "foaf:Agent": ("Personne ou organisme", "Person or body"),
    "schema:Role": ("Fonction", "Role"),
    "schema:PropertyValue": ("Identifiant", "Identifier"),
}
SITES = {"wd": "Wikidata", "dbr": "DBpedia"}  # by prefix: where people know the site and not the prefix
_ORDER = {curie: place for place, curie in enumerate(PREDICATES)}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|_")


def predicate_label(term: Term, names: Namespaces, language: str) -> str:
    """Return what a predicate is called.

    >>> predicate_label("<https://schema.org/dateOfNote>", Names("https://example.org/", {}), "fr")
    'date of note'
    """
    row = PREDICATES.get(names.curie(term))
    return row[_LANGUAGES.index(language)] if row else _words(term).lower()


def class_label(term: Term, names: Namespaces, language: str) -> str:
    """Return what a class is called, with a capital."""
    row = CLASSES.get(names.curie(term))
    return row[_LANGUAGES.index(language)] if row else _words(term).capitalize()


def named_curie(curie: str) -> str:
    """Return a CURIE as people read it: with the name of its site where that is known.

    >>> named("wd:Q42"), named("schema:name")
    ('Wikidata Q42', 'schema:name')
    """
    prefix, _, local = curie.partition(":")
    return f"{SITES[prefix]} {local}" if prefix in SITES else curie


def place_of(term: Term, names: Namespaces) -> tuple[int, str]:
    """Return the key by which the rows of a table are sorted: as in `PREDICATES`, then by name."""
    return _ORDER.get(names.curie(term), len(_ORDER)), term


def _words(term: Term) -> str:
    return _WORD.sub(" ", re.split(r"[/#:]", term[1:-1])[-1])
