namespace SynthStudio.Tabular;

/// <summary>Personal data by a column's name, in English and German.</summary>
internal static class PersonalDataNames
{
    private static readonly (PersonalDataKind Kind, string[] Phrases)[] Known =
    [
        (PersonalDataKind.Email, ["email", "e mail", "mail address", "mailaddress", "emailaddress"]),
        (PersonalDataKind.Phone, ["phone", "telephone", "phonenumber", "mobile number", "telefon", "handy", "fax", "msisdn", "cell number"]),
        (PersonalDataKind.PaymentCard, ["card number", "cardnumber", "creditcard number", "credit card", "ccn", "kreditkarte"]),
        (PersonalDataKind.Iban, ["iban", "bank account number", "kontonummer"]),
        (PersonalDataKind.SocialSecurityNumber, ["ssn", "social security", "socialsecuritynumber"]),
        (PersonalDataKind.IpAddress, ["ip address", "ipaddress", "ip addr", "ipv4", "ipv6", "client ip", "remote ip"]),
        (
            PersonalDataKind.PersonName,
            [
                "first name", "last name", "name first", "name last", "full name", "given name", "family name", "middle name", "maiden name",
                "surname", "firstname", "lastname", "fullname", "forename", "vorname", "nachname", "customer name", "patient name",
                "employee name", "user name", "username", "host name", "client name", "person name",
            ]),
        (PersonalDataKind.Address, ["street", "address line", "street address", "home address", "postal address", "strasse", "anschrift", "adresse"]),
        (PersonalDataKind.BirthDate, ["birth date", "date of birth", "birthdate", "birthday", "dob", "geburtsdatum", "birth number"]),
        (
            PersonalDataKind.PersonalNumber,
            [
                "passport", "driver license", "drivers license", "driving licence", "license plate", "national id", "tax id", "taxpayer id",
                "nhs number", "insurance number", "medical record number", "mrn", "steuernummer", "reisepass", "kennzeichen",
            ]),
    ];

    /// <summary>The kind the name speaks of; null when it speaks of none. The words must follow each other in the name.</summary>
    public static PersonalDataKind? Recognise(string column)
    {
        var words = $" {string.Join(' ', NameWords.Of(column))} ";
        foreach (var (kind, phrases) in Known)
        {
            if (Array.Exists(phrases, p => words.Contains($" {p} ", StringComparison.Ordinal)))
            {
                return kind;
            }
        }

        return null;
    }
}
