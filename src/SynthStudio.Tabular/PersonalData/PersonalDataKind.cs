namespace SynthStudio.Tabular;

/// <summary>Kinds of personal data that are looked for.</summary>
public enum PersonalDataKind
{
    Email,
    Phone,
    PaymentCard,
    Iban,

    /// <summary>United States social security number.</summary>
    SocialSecurityNumber,
    IpAddress,
    PersonName,

    /// <summary>Street and house number, alone or with postal code and town.</summary>
    Address,
    BirthDate,

    /// <summary>Passport, driving licence, insurance or other number of a person, by the column's name.</summary>
    PersonalNumber,

    /// <summary>Number that a state gives to a person, of a known form: identity, tax, health or social insurance.</summary>
    NationalId,

    /// <summary>Address of a network card (EUI-48).</summary>
    MacAddress,

    /// <summary>Address of a page or profile on the web.</summary>
    Url,
    PostalCode,
}
