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
    Address,
    BirthDate,

    /// <summary>Passport, driving licence, tax, insurance or other number of a person.</summary>
    PersonalNumber,
}
