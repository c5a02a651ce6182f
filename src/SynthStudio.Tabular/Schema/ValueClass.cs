namespace SynthStudio.Tabular;

/// <summary>
/// What the texts of a column are about, where that decides how new ones are made: invented values that look and check like real ones, and
/// agree with each other within a row.
/// </summary>
public enum ValueClass
{
    Email,
    Phone,
    FirstName,
    LastName,

    /// <summary>First and last name.</summary>
    FullName,
    UserName,
    Company,

    /// <summary>Street and house number.</summary>
    Street,
    City,
    PostalCode,
    Country,

    /// <summary>Street, postal code and city in one text.</summary>
    Address,

    /// <summary>Payment card number with a valid check digit.</summary>
    PaymentCard,

    /// <summary>International bank account number with valid check digits.</summary>
    Iban,
    SocialSecurityNumber,
    IpAddress,

    /// <summary>Random UUID, version 4.</summary>
    Uuid,
    Url,
}
