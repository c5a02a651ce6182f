namespace SynthStudio.Tabular;

/// <summary>Which columns of texts hold e-mail addresses, names, card numbers and such, so that new values are invented rather than learned.</summary>
internal static class ClassInference
{
    /// <summary>So much of the values must pass the validation of a class.</summary>
    private const double EnoughShare = 0.9;

    /// <summary>Fewer distinct values than this are categories, whatever the column is called.</summary>
    private const int FewNames = 30;

    private static readonly (string[] Words, ValueClass Class)[] Names =
    [
        (["first name", "firstname", "given name", "forename", "vorname", "name first"], ValueClass.FirstName),
        (["last name", "lastname", "surname", "family name", "nachname", "name last", "maiden name"], ValueClass.LastName),
        (["user name", "username"], ValueClass.UserName),
        (
            ["full name", "fullname", "customer name", "patient name", "employee name", "client name", "person name", "host name"],
            ValueClass.FullName),
        (["company", "company name", "firma"], ValueClass.Company),
        (["street", "street address", "address line", "strasse"], ValueClass.Street),
        (["address", "home address", "postal address", "anschrift", "adresse"], ValueClass.Address),
    ];

    /// <summary>The class of a column of texts; null when it is none. <paramref name="findings"/> are those of its values and name.</summary>
    public static ValueClass? Of(string name, ColumnKind kind, ColumnEvidence evidence, IReadOnlyList<PersonalDataFinding> findings)
    {
        if (kind is not (ColumnKind.Text or ColumnKind.Identifier or ColumnKind.Categorical) || evidence.Distinct == 0)
        {
            return null;
        }

        foreach (var finding in findings)
        {
            if (!finding.InText && finding.Share >= EnoughShare && ByValues(finding.Kind) is { } proven)
            {
                return proven;
            }
        }

        var namedOnly = kind != ColumnKind.Identifier && evidence.Distinct >= FewNames && evidence.NotNumbers == evidence.Distinct;
        return namedOnly ? ByName(name, evidence) : null;
    }

    private static ValueClass? ByValues(PersonalDataKind kind) => kind switch
    {
        PersonalDataKind.Email => ValueClass.Email,
        PersonalDataKind.Phone => ValueClass.Phone,
        PersonalDataKind.PaymentCard => ValueClass.PaymentCard,
        PersonalDataKind.Iban => ValueClass.Iban,
        PersonalDataKind.SocialSecurityNumber => ValueClass.SocialSecurityNumber,
        PersonalDataKind.IpAddress => ValueClass.IpAddress,
        _ => null,
    };

    private static ValueClass? ByName(string name, ColumnEvidence evidence)
    {
        var words = $" {string.Join(' ', NameWords.Of(name))} ";
        foreach (var (phrases, about) in Names)
        {
            if (Array.Exists(phrases, p => words.Contains($" {p} ", StringComparison.Ordinal)))
            {
                // Most full names are two words; a column of single ones says something else.
                return about != ValueClass.FullName || 2 * evidence.WithSpace > evidence.Distinct ? about : ValueClass.FirstName;
            }
        }

        return null;
    }
}
