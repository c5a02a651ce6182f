using System.Globalization;
using System.Text;

namespace SynthStudio.Tabular;

/// <summary>
/// Looks for personal data among the distinct texts of one column and in its name: what whole values are, and what longer texts hold. Bounded:
/// it examines so many distinct texts, whichever come first.
/// </summary>
/// <remarks>
/// A column of mere numbers is personal data only where nearly all of many pass a check that every tenth passes by chance, or where its name
/// says so. Common names prove something only where a good part of the rows has them.
/// </remarks>
internal sealed class PersonalDataDetector(string column)
{
    private const int MostTexts = 20_000;

    /// <summary>From this share of the values on a column counts as personal data: a few addresses among other things are enough.</summary>
    private const double EnoughShare = 0.05;

    /// <summary>Of arbitrary numbers every tenth passes a check digit: of digits only, nearly all must, and not few.</summary>
    private const double EnoughNumbers = 0.95;
    private const int FewNumbers = 20;

    /// <summary>Of rows with names of persons, a good part have a common one; words of other columns are such seldom.</summary>
    private const double EnoughNames = 0.2, EnoughNameLike = 0.9;
    private const int FewNames = 8;

    /// <summary>So many prove it where the column is called after persons, or where nearly all of them are given names with family names.</summary>
    private const int FewNamesOfPersons = 3;
    private const double NearlyAll = 0.9;

    /// <summary>Addresses and postal codes by their values alone.</summary>
    private const double EnoughPlaces = 0.5;

    /// <summary>A name is not believed when most values cannot be what it says.</summary>
    private const double EnoughPlausible = 0.5;

    private static readonly PersonalDataKind[] Kinds = Enum.GetValues<PersonalDataKind>();

    private readonly PersonalDataKind? named = PersonalDataNames.Recognise(column);
    private readonly int[] whole = new int[Kinds.Length], within = new int[Kinds.Length];
    private readonly int[] forms = new int[NationalIds.Forms.Count], telling = new int[NationalIds.Forms.Count];
    private readonly List<int> formsOfText = [];
    private int texts, prose, plausible, nameLike, fullNames;
    private long rows, namedRows;

    /// <summary>Examines a distinct text that <paramref name="count"/> rows have.</summary>
    public void Add(ReadOnlySpan<byte> text, long count = 1)
    {
        if (texts == MostTexts) return;
        texts++;
        rows += count;
        if (text.Length is < 2 or > 4000) return;
        Add(Encoding.UTF8.GetString(text), count);
    }

    /// <summary>What was found, the surest first.</summary>
    public IReadOnlyList<PersonalDataFinding> Findings()
    {
        if (texts == 0) return [];
        var findings = new List<PersonalDataFinding>();
        foreach (var kind in Kinds)
        {
            if (Of(kind) is { Confidence: >= PersonalDataConfidence.Least } finding) findings.Add(finding);
        }

        // What a number is by its form says more than that it may be a telephone's.
        return [.. findings.OrderByDescending(f => f.Confidence)];
    }

    private void Add(string text, long count)
    {
        plausible += named is { } about && PersonalDataPlausibility.MayBe(about, text) ? 1 : 0;
        if (PersonalDataPatterns.Recognise(text) is { } kind) whole[(int)kind]++;
        else if (PostalAddresses.IsPostalCode(text)) whole[(int)PersonalDataKind.PostalCode]++;
        else if (PostalAddresses.IsAddress(text)) whole[(int)PersonalDataKind.Address]++;
        else if (PersonNames.IsName(text))
        {
            whole[(int)PersonalDataKind.PersonName]++;
            namedRows += count;
            fullNames += PersonNames.IsNamedIn(text) ? 1 : 0;
        }
        else if (EmbeddedPersonalData.IsProse(text))
        {
            prose++;
            EmbeddedPersonalData.Recognise(text, held => within[(int)held]++);
        }

        nameLike += PersonNames.IsNameLike(text) ? 1 : 0;
        NationalIds.Recognise(text, formsOfText);
        foreach (var form in formsOfText)
        {
            forms[form]++;
            telling[form] += NationalIdForm.IsTelling(text) ? 1 : 0;
        }
    }

    private PersonalDataFinding? Of(PersonalDataKind kind)
    {
        var isNamed = named == kind && texts > 2 && plausible >= EnoughPlausible * texts;
        var (form, matches) = kind == PersonalDataKind.NationalId ? BestForm() : (null, whole[(int)kind]);
        var share = (double)matches / texts;
        var proves = isNamed ? share >= EnoughPlausible : Proves(kind, share, matches, form);
        if (proves || isNamed)
        {
            var values = proves ? PersonalDataConfidence.OfValues(kind, matches) : 0;

            // A customer may be no person, but one with a person's name is.
            var isCalled = isNamed || (kind == PersonalDataKind.PersonName && NameWords.SayPerson(column));
            return new PersonalDataFinding(kind, isNamed, share)
            {
                Confidence = Math.Round(PersonalDataConfidence.Together(values, isCalled), 3),
                Form = proves && form is { } known ? NationalIds.Forms[known].Name : null,
                Reasons = [.. Reasons(kind, isNamed, matches)],
            };
        }

        var held = within[(int)kind];
        return held == 0 ? null : new PersonalDataFinding(kind, false, (double)held / texts)
        {
            Confidence = Math.Round(PersonalDataConfidence.OfValues(kind, held), 3),
            InText = true,
            Reasons = [$"{Count(held)} of {Count(prose)} examined longer texts hold one"],
        };
    }

    /// <summary>Whether values alone, in this number and share, are no chance.</summary>
    private bool Proves(PersonalDataKind kind, double share, int matches, int? form) => kind switch
    {
        PersonalDataKind.PaymentCard => share >= EnoughNumbers && matches >= FewNumbers / 2,
        PersonalDataKind.NationalId => form is { } known
            && (2 * telling[known] > matches ? share >= EnoughPlaces : share >= EnoughNumbers && matches >= FewNumbers),
        PersonalDataKind.PersonName => AreEnoughNames(matches) && namedRows >= EnoughNames * rows && nameLike >= EnoughNameLike * texts
            && !PersonalDataNames.IsOfOtherThings(column),
        PersonalDataKind.Address or PersonalDataKind.PostalCode => share >= EnoughPlaces && matches >= FewNames,
        PersonalDataKind.BirthDate or PersonalDataKind.PersonalNumber => false,
        PersonalDataKind.Email => matches > 0, // Nothing else is spelled so: each is somebody's, also among other things.
        _ => share >= EnoughShare,
    };

    /// <summary>
    /// Single words that are names are other things, too (Rose, Amber): a few of them prove nothing, unless the column
    /// is called after persons.
    /// </summary>
    private bool AreEnoughNames(int matches)
    {
        if (matches >= FewNames) return true;
        var (isOfPersons, areFull) = (NameWords.SayPerson(column), fullNames >= NearlyAll * texts);
        return isOfPersons ? areFull || matches >= FewNamesOfPersons : areFull && matches >= FewNamesOfPersons && !NameWords.SayThing(column);
    }

    private (int? Form, int Matches) BestForm()
    {
        var best = -1;
        for (var i = 0; i < forms.Length; i++)
        {
            if (forms[i] > 0 && (best < 0 || forms[i] > forms[best])) best = i;
        }

        return best < 0 ? (null, 0) : (best, forms[best]);
    }

    private IEnumerable<string> Reasons(PersonalDataKind kind, bool isNamed, int matches)
    {
        if (isNamed) yield return "the column's name says so";
        if (matches > 0) yield return $"{Count(matches)} of {Count(texts)} examined distinct values {What(kind)}";
        else yield return "the values may be that, but are not of a form that can be checked";
    }

    private static string What(PersonalDataKind kind) => kind switch
    {
        PersonalDataKind.Email => "are mailboxes at a domain",
        PersonalDataKind.Phone => "are spelled as telephone numbers only are",
        PersonalDataKind.PaymentCard => "are in an issuer's range and have a valid Luhn digit",
        PersonalDataKind.Iban => "have valid check digits (mod 97)",
        PersonalDataKind.SocialSecurityNumber => "are in the ranges that are given out",
        PersonalDataKind.NationalId => "are of the form and have valid check digits",
        PersonalDataKind.PersonName => "are, or begin with, a common name",
        PersonalDataKind.Address => "have a street's word and a house number",
        _ => "are of the form",
    };

    private static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
