namespace SynthStudio.Tabular;

/// <summary>Whether a value may be what its column's name says: <c>phone = yes</c> is no number, however the column is called.</summary>
internal static class PersonalDataPlausibility
{
    /// <summary>Whether a text may be of the kind; where one may be of any form, it may.</summary>
    public static bool MayBe(PersonalDataKind kind, string text)
    {
        var (digits, letters) = (text.Count(char.IsAsciiDigit), text.Count(char.IsLetter));
        return kind switch
        {
            PersonalDataKind.Email => text.Contains('@', StringComparison.Ordinal),
            PersonalDataKind.Phone => digits is >= 5 and <= 17 && letters <= 4,
            PersonalDataKind.PaymentCard => digits >= 8 || text.Contains('*', StringComparison.Ordinal),
            PersonalDataKind.Iban => digits >= 5,
            PersonalDataKind.SocialSecurityNumber or PersonalDataKind.NationalId => digits >= 4 && text.Length >= 7,
            PersonalDataKind.PersonalNumber => text.Length >= 4 && digits >= 2,
            PersonalDataKind.IpAddress => PersonalDataPatterns.IsIpAddress(text),
            PersonalDataKind.MacAddress => PersonalDataPatterns.IsMacAddress(text),
            PersonalDataKind.Url => letters >= 4 && text.Contains('.', StringComparison.Ordinal),
            PersonalDataKind.PersonName => letters >= 2,
            PersonalDataKind.Address => letters >= 3 && text.Length >= 4,
            PersonalDataKind.PostalCode => PostalAddresses.IsPostalCodeLike(text),
            PersonalDataKind.BirthDate => digits >= 4,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind."),
        };
    }
}
