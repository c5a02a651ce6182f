namespace SynthStudio.Tabular;

/// <summary>
/// How sure it is that a column holds a kind of personal data. Two pieces of evidence that fail independently: its values, as far as few other
/// things pass the validation, and its name. Together: <c>1 - (1 - values)(1 - name)</c>.
/// </summary>
internal static class PersonalDataConfidence
{
    /// <summary>A name alone, of a column whose values may be what it says.</summary>
    public const double OfName = 0.6;

    /// <summary>What is less sure is not told.</summary>
    public const double Least = 0.45;

    /// <summary>Of few matches less: <c>strength · matches / (matches + 1)</c>.</summary>
    public static double OfValues(PersonalDataKind kind, long matches) => Strength(kind) * matches / (matches + 1);

    public static double Together(double values, bool byName) => 1 - ((1 - values) * (byName ? 1 - OfName : 1));

    /// <summary>Share of other texts of the same letters and digits that the validation refuses, and how seldom such texts are something else.</summary>
    private static double Strength(PersonalDataKind kind) => kind switch
    {
        PersonalDataKind.Email or PersonalDataKind.Iban => 0.99,
        PersonalDataKind.PaymentCard or PersonalDataKind.MacAddress or PersonalDataKind.IpAddress or PersonalDataKind.Url => 0.95,
        PersonalDataKind.SocialSecurityNumber or PersonalDataKind.NationalId => 0.9,
        PersonalDataKind.Phone or PersonalDataKind.Address or PersonalDataKind.PersonName or PersonalDataKind.BirthDate => 0.85,
        _ => 0.7,
    };
}
