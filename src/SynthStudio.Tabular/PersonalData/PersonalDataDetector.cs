using System.Buffers;
using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Looks for personal data among the distinct texts of one column and in its name.</summary>
internal sealed class PersonalDataDetector(string column)
{
    private const int MostTexts = 20_000;

    /// <summary>From this share of the values on a column counts as personal data: a few addresses among other things are enough.</summary>
    private const double EnoughShare = 0.05;

    /// <summary>Of arbitrary long numbers every tenth passes the check of a payment card.</summary>
    private const double EnoughCards = 0.6;

    private static readonly SearchValues<byte> Telling = SearchValues.Create("0123456789@:"u8);

    private readonly int[] matches = new int[Enum.GetValues<PersonalDataKind>().Length];
    private int texts;

    /// <summary>Examines a distinct text.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        if (texts == MostTexts)
        {
            return;
        }

        texts++;
        if (text.Length is < 3 or > 400 || !text.ContainsAny(Telling))
        {
            return;
        }

        if (PersonalDataPatterns.Recognise(Encoding.UTF8.GetString(text)) is { } kind)
        {
            matches[(int)kind]++;
        }
    }

    /// <summary>What was found.</summary>
    public IReadOnlyList<PersonalDataFinding> Findings()
    {
        var named = PersonalDataNames.Recognise(column);
        var findings = new List<PersonalDataFinding>();
        foreach (var kind in Enum.GetValues<PersonalDataKind>())
        {
            var share = texts == 0 ? 0 : (double)matches[(int)kind] / texts;
            if (share >= (kind == PersonalDataKind.PaymentCard ? EnoughCards : EnoughShare) || (named == kind && texts > 0))
            {
                findings.Add(new PersonalDataFinding(kind, named == kind, share));
            }
        }

        return findings;
    }
}
