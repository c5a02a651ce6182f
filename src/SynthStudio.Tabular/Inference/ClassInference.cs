namespace SynthStudio.Tabular;

/// <summary>Which columns hold e-mail addresses, names, card numbers and such, so that new values are invented rather than learned.</summary>
internal static class ClassInference
{
    /// <summary>So much of the values must pass the validation of a class.</summary>
    private const double EnoughShare = 0.9;

    /// <summary>Of the values of a column that look like names or addresses, so much must be known ones, or a good part where its name says so.</summary>
    private const double EnoughKnown = 0.5, EnoughKnownAndNamed = 0.2;

    /// <summary>
    /// Fewer distinct values than this may be categories that are spelled like names, companies or streets. What is of a person by the
    /// column's name or by nearly all values is invented however few there are: the names of five doctors are theirs as those of fifty are.
    /// </summary>
    private const int FewNames = 30;

    /// <summary>Fewer numbers than this may have a state's check digits by chance.</summary>
    private const int FewNumbers = 8;

    private static readonly (string[] Words, ValueClass Class)[] Names =
    [
        (["first name", "firstname", "given name", "forename", "vorname", "name first", "middle name"], ValueClass.FirstName),
        (
            [
                "last name", "lastname", "surname", "family name", "nachname", "familienname", "name last", "maiden name", "apellido", "apellidos", "cognome",
                "sobrenome", "apelido", "achternaam", "nazwisko", "efternamn", "etternavn", "efternavn", "sukunimi",
            ],
            ValueClass.LastName),
        (["user name", "username"], ValueClass.UserName),
        (
            ["full name", "fullname", "customer name", "patient name", "employee name", "client name", "person name", "host name"],
            ValueClass.FullName),
        (["company", "company name", "firma"], ValueClass.Company),
        (["street", "street address", "address line", "strasse"], ValueClass.Street),
        (["address", "home address", "postal address", "anschrift", "adresse"], ValueClass.Address),
    ];

    /// <summary>The class of a column; null when it is none. <paramref name="findings"/> are those of its values and name.</summary>
    public static ValueClass? Of(string name, ColumnKind kind, ColumnEvidence evidence, IReadOnlyList<PersonalDataFinding> findings)
    {
        if (evidence.Distinct == 0) return null;
        var whole = findings.Where(finding => !finding.InText).ToList();
        if (kind == ColumnKind.Integer) return whole.Select(finding => OfDigits(finding, evidence)).FirstOrDefault(about => about is not null);
        if (kind is not (ColumnKind.Text or ColumnKind.Identifier or ColumnKind.Categorical)) return null;
        foreach (var finding in whole)
        {
            if (finding.Share >= EnoughShare && ByValues(finding.Kind) is { } proven) return proven;
        }

        if (kind == ColumnKind.Identifier) return null;
        foreach (var finding in whole)
        {
            if (finding.ByName
                && finding.Kind is PersonalDataKind.Phone or PersonalDataKind.PaymentCard or PersonalDataKind.SocialSecurityNumber)
            {
                return ByValues(finding.Kind);
            }
        }

        if (evidence.NotNumbers == evidence.Distinct && ByName(name, evidence) is { } named) return named;
        var isFew = evidence.Distinct < FewNames;
        foreach (var finding in whole.Where(finding => finding.Share >= Enough(name, finding, isFew)))
        {
            if (finding.Kind == PersonalDataKind.Address && !isFew) return ValueClass.Address;
            if (finding.Kind == PersonalDataKind.PersonName) return NameOf(evidence);
        }

        return null;
    }

    /// <summary>
    /// Whether a column that would be learned holds numbers of persons that no class invents: by check digits that nearly all values have, or by a
    /// name that fits the values.
    /// </summary>
    public static bool IsPersonalNumber(ColumnKind kind, ColumnEvidence evidence, IReadOnlyList<PersonalDataFinding> findings) =>
        kind is ColumnKind.Integer or ColumnKind.Categorical && evidence.LeastBytes >= 5 && IsSpelledAlike(evidence)
        && findings.Any(finding => !finding.InText && finding.Kind switch
        {
            PersonalDataKind.NationalId => finding.ByName || (finding is { Form: not null, Share: >= EnoughShare } && evidence.Distinct >= FewNumbers),
            PersonalDataKind.PersonalNumber or PersonalDataKind.Iban => finding.ByName,
            PersonalDataKind.MacAddress => finding.Share >= EnoughShare,
            _ => false,
        });

    /// <summary>
    /// The class of a column of whole numbers. Card numbers are proven by their check digits; of others the name must speak, and all of them be as
    /// long as they can be.
    /// </summary>
    private static ValueClass? OfDigits(PersonalDataFinding finding, ColumnEvidence evidence)
    {
        if (!IsSpelledAlike(evidence) || evidence.Minimum < 0) return null;
        var point = evidence.WithPoint > 0 ? ".0".Length : 0;
        var (least, most) = (evidence.LeastBytes - point, evidence.MostBytes - point);
        return finding.Kind switch
        {
            PersonalDataKind.PaymentCard when finding.Share >= EnoughShare || (finding.ByName && least >= 12 && most <= 19) => ValueClass.PaymentCard,
            PersonalDataKind.Phone when finding.ByName && least >= 7 && most <= 15 => ValueClass.Phone,
            PersonalDataKind.SocialSecurityNumber when finding.ByName && least >= 7 && most <= 9 => ValueClass.SocialSecurityNumber,
            _ => null,
        };
    }

    private static bool IsSpelledAlike(ColumnEvidence evidence) => evidence.WithPoint == 0 || evidence.WithPoint == evidence.Present;

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

    /// <summary>
    /// How much of the values must be known: of few, more, unless the column's name is that of persons, since
    /// categories may be names as well.
    /// </summary>
    private static double Enough(string name, PersonalDataFinding finding, bool isFew) => (isFew, finding.ByName) switch
    {
        (true, false) => NameWords.SayPerson(name) ? EnoughKnown : EnoughShare,
        (true, true) => EnoughKnown,
        (false, true) => EnoughKnownAndNamed,
        _ => EnoughKnown,
    };

    private static ValueClass? ByName(string name, ColumnEvidence evidence)
    {
        var isFew = evidence.Distinct < FewNames;
        if (isFew && NameWords.SayPersonName(name)) return NameOf(evidence);

        // The country of an address and the size of a company are neither: what such a word says it must say of the whole, at the end. Lines are numbered.
        var words = $" {string.Join(' ', NameWords.Of(name).Where(word => !word.All(char.IsAsciiDigit)))} ";
        foreach (var (phrases, about) in Names)
        {
            var isPerson = about is not (ValueClass.Company or ValueClass.Street or ValueClass.Address);
            if (isFew && !isPerson) continue;

            // A few hosts are rather machines: their values must say that they are persons.
            if (Array.Exists(phrases, p => !(isFew && p == "host name")
                && (isPerson ? words.Contains($" {p} ", StringComparison.Ordinal) : words.EndsWith($" {p} ", StringComparison.Ordinal))))
            {
                return about == ValueClass.FullName ? NameOf(evidence) : about;
            }
        }

        return null;
    }

    // Most full names are two words; a column of single ones says something else.
    private static ValueClass NameOf(ColumnEvidence evidence) => 2 * evidence.WithSpace > evidence.Distinct ? ValueClass.FullName : ValueClass.FirstName;
}
