namespace SynthStudio.Tabular;

/// <summary>
/// Personal data by a column's name, in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish and Scandinavian languages,
/// and names of persons in Vietnamese. Names are compared without capitals, and without accents that <see cref="PersonNames.Fold"/> knows.
/// </summary>
internal static class PersonalDataNames
{
    private static readonly (PersonalDataKind Kind, string[] Phrases)[] Known =
    [
        (
            PersonalDataKind.Email,
            ["email", "e mail", "mail address", "mailaddress", "emailaddress", "courriel", "correo", "correo electronico", "posta elettronica", "e post", "epost"]),
        (
            PersonalDataKind.Phone,
            [
                "phone", "telephone", "phonenumber", "mobile number", "telefon", "telefonnummer", "handy", "handynummer", "fax", "msisdn", "cell number",
                "cellphone", "mobilnummer", "numero de telephone", "telefono", "telefone", "movil", "celular", "cellulare", "telefoon", "telefoonnummer",
                "puhelin",
            ]),
        (
            PersonalDataKind.PaymentCard,
            [
                "card number", "cardnumber", "creditcard number", "credit card", "creditcard", "ccn", "kreditkarte", "kartennummer", "numero de carte",
                "carte bancaire", "numero de tarjeta", "tarjeta", "numero carta", "numero do cartao", "kaartnummer",
            ]),
        (PersonalDataKind.Iban, ["iban", "bank account number", "kontonummer", "numero de compte", "numero de cuenta", "rekeningnummer"]),
        (PersonalDataKind.SocialSecurityNumber, ["ssn", "social security", "socialsecuritynumber"]),
        (PersonalDataKind.IpAddress, ["ip", "ip address", "ipaddress", "ip addr", "ipv4", "ipv6", "client ip", "remote ip", "adresse ip", "direccion ip"]),
        (PersonalDataKind.MacAddress, ["mac address", "macaddress", "mac addr"]),
        (
            PersonalDataKind.PersonName,
            [
                "first name", "last name", "name first", "name last", "full name", "given name", "family name", "middle name", "maiden name",
                "surname", "firstname", "lastname", "fullname", "forename", "vorname", "nachname", "familienname", "customer name", "patient name",
                "employee name", "user name", "username", "host name", "client name", "person name", "prenom", "nom de famille", "nom prenom", "nombre",
                "apellido", "apellidos", "nome", "cognome", "sobrenome", "apelido", "voornaam", "achternaam", "imie", "nazwisko", "fornamn", "efternamn",
                "fornavn", "etternavn", "efternavn", "etunimi", "sukunimi", "ho ten", "họ ten", "ho va ten", "họ va ten",
                "ten khach hang", "ten nhan vien", "ten benh nhan", "ten bệnh nhan",
            ]),
        (
            PersonalDataKind.Address,
            [
                "street", "address", "address line", "street address", "home address", "postal address", "strasse", "anschrift", "adresse", "rue",
                "direccion", "domicilio", "calle", "indirizzo", "endereco", "morada", "adres", "straat", "ulica", "gatuadress", "katuosoite",
            ]),
        (
            PersonalDataKind.PostalCode,
            [
                "zip", "zipcode", "zip code", "postcode", "post code", "postal code", "postalcode", "plz", "postleitzahl", "code postal", "codepostal",
                "codigo postal", "cap", "codice postale", "cep", "kod pocztowy", "postnummer", "postinumero",
            ]),
        (
            PersonalDataKind.BirthDate,
            [
                "birth date", "date of birth", "birthdate", "birthday", "dob", "geburtsdatum", "geburtstag", "birth number", "date de naissance",
                "fecha de nacimiento", "fecha nacimiento", "data di nascita", "data nascita", "data de nascimento", "data nascimento", "geboortedatum",
                "data urodzenia", "fodelsedatum", "fodselsdato", "syntymaaika",
            ]),
        (
            PersonalDataKind.NationalId,
            [
                "national id", "nationalid", "tax id", "taxid", "taxpayer id", "nhs number", "steuer id", "steuernummer", "steueridentifikationsnummer",
                "sozialversicherungsnummer", "svnr", "ahv", "ahv nummer", "nir", "numero de securite sociale", "dni", "nie", "nif", "codice fiscale", "cpf",
                "bsn", "burgerservicenummer", "pesel", "personnummer", "personnr", "fodselsnummer", "cpr", "cpr number", "henkilotunnus", "aadhaar", "curp",
                "rut", "nino", "national insurance number", "social insurance number", "rijksregisternummer", "rodne cislo", "oib", "cnp", "egn", "nric",
            ]),
        (
            PersonalDataKind.PersonalNumber,
            [
                "passport", "driver license", "drivers license", "driving licence", "license plate", "insurance number", "medical record number", "mrn",
                "reisepass", "reisepassnummer", "fuhrerschein", "fuehrerschein", "kennzeichen", "passeport", "permis de conduire", "pasaporte", "passaporto",
                "patente", "paspoort", "rijbewijs", "kvnr", "krankenversicherungsnummer",
            ]),
        (PersonalDataKind.Url, ["profile url", "homepage", "website", "web page", "linkedin", "facebook", "twitter"]),
    ];

    /// <summary>What holds names that are not those of persons.</summary>
    private static readonly string[] OfOtherThings =
    [
        "city", "town", "country", "state", "region", "county", "province", "district", "borough", "neighbourhood", "neighborhood", "zone", "place",
        "product", "item", "brand", "company", "school", "team", "station", "stadt", "ort", "land", "ville", "pays", "ciudad", "pais", "citta",
        "borough", "branch", "store", "street", "site", "hotel", "airport", "capital", "lga", "area",
    ];

    /// <summary>The kind the name speaks of; null when it speaks of none. The words must follow each other in the name.</summary>
    public static PersonalDataKind? Recognise(string column)
    {
        var words = Words(column);
        foreach (var (kind, phrases) in Known)
        {
            if (Array.Exists(phrases, p => words.Contains($" {p} ", StringComparison.Ordinal))) return kind;
        }

        return NameWords.Of(column) is ["tên"] ? PersonalDataKind.PersonName : null; // By its accent: a column of tens is another thing.
    }

    /// <summary>Whether the name says that values which are people's names, too, are those of places or things.</summary>
    public static bool IsOfOtherThings(string column)
    {
        var words = Words(column);
        return Array.Exists(OfOtherThings, p => words.Contains($" {p} ", StringComparison.Ordinal));
    }

    private static string Words(string column) => $" {string.Join(' ', NameWords.Of(column).Select(PersonNames.Fold))} ";
}
