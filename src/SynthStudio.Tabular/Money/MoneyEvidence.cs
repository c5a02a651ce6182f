using System.Text;

namespace SynthStudio.Tabular;

/// <summary>
/// Whether all texts seen so far are amounts of one currency, percentages, or numbers with groups or a decimal comma (1.234,50), written in
/// one way; and where all but a few odd words are, how many rows hold those.
/// </summary>
internal sealed class MoneyEvidence
{
    private const int LongestText = 64;

    /// <summary>Amounts have rarely more digits behind the point: 1.234 is then more than a thousand.</summary>
    private const int UsualPlaces = 2;

    private const int MostPlaces = 6;

    private const int GroupDigits = 3;

    /// <summary>More digits than a double holds exactly.</summary>
    private const int MostDigits = 15;

    private static readonly MoneyDigits[] Known = [.. MoneyDigits.Groups.ToArray()
        .SelectMany(group => ".,".Where(point => point != group).Select(point => new MoneyDigits(group, point)))];

    private readonly OddTexts odd = new();
    private List<Way>? fitting;
    private MoneyText parts;

    /// <summary>Whether some format fits all texts but a few odd words, so far as any was seen.</summary>
    public bool Possible => fitting is not { Count: 0 } && odd.AreFew;

    /// <summary>The likeliest format that fits every text; null when none does.</summary>
    public MoneyFormat? Format => odd.None ? Likeliest : null;

    /// <summary>
    /// The likeliest format that fits every text but some odd words, which are no amounts at all, and the rows that hold one of those; null
    /// when all texts fit, when there are many distinct odd ones, and when the amounts are written in several ways.
    /// </summary>
    public (MoneyFormat Format, long OddRows)? Usual =>
        odd is { None: false, AreFew: true } && Likeliest is { } likeliest ? (likeliest, odd.Rows) : null;

    private MoneyFormat? Likeliest
    {
        get
        {
            // Three digits behind a point here and none there may be groups that were forgotten there.
            var likeliest = fitting?.Find(way => way.Most <= UsualPlaces) ?? fitting?.Find(way => way.Least > 0);

            // 3.459 in every row may be thousands or fractions, and EUR4 or SEK-10001 may be no amounts at all.
            var isAmbiguous = fitting?.Exists(way => way is { Least: GroupDigits, Most: GroupDigits, IsBelowTen: true }) == true
                || (likeliest?.Most == 0 && (char.IsLetter(parts.Prefix.LastOrDefault()) || char.IsLetter(parts.Suffix.FirstOrDefault())));
            return likeliest is null || isAmbiguous || (!parts.HasCurrency && !IsNumber(likeliest)) ? null
                : MoneyFormat.Of(parts, likeliest.Digits, likeliest.Least, likeliest.Most);
        }
    }

    /// <summary>Counts a text in that occurs in <paramref name="rows"/> rows.</summary>
    public void Add(ReadOnlySpan<byte> text, long rows)
    {
        if (text.Length > LongestText || !MoneyText.TryCut(Encoding.UTF8.GetString(text), out var money)
            || !Array.Exists(Known, digits => digits.TryRead(money.Digits, out _)))
        {
            odd.Add(rows);
            return;
        }

        if (fitting is null) parts = money;
        fitting ??= [.. Known.Select(digits => new Way(digits))];
        var isSame = money.Prefix == parts.Prefix && money.Suffix == parts.Suffix && (money.Sign is null || parts.Sign is null || money.Sign == parts.Sign);
        parts = parts with { Sign = parts.Sign ?? money.Sign };
        fitting.RemoveAll(way => !isSame || !way.Takes(money.Digits));
        if (!parts.HasCurrency && fitting is [var last] && last.Digits == MoneyDigits.Plain) fitting.Clear();
    }

    /// <summary>
    /// Whether digits without a currency are a number that is not written plainly: with a decimal comma, or groups that are not those of
    /// telephone numbers and codes (660 123 456, 12.345.678), which a fraction tells apart.
    /// </summary>
    private static bool IsNumber(Way way) => way.Digits.Group is ',' or '\'' || (way.Most > 0 && way.Digits != MoneyDigits.Plain);

    /// <summary>A way to write digits, and how many stood behind the point.</summary>
    private sealed class Way(MoneyDigits digits)
    {
        public MoneyDigits Digits { get; } = digits;

        public int Least { get; private set; } = int.MaxValue;

        public int Most { get; private set; }

        public bool IsBelowTen { get; private set; } = true;

        public bool Takes(string text)
        {
            if (!Digits.TryRead(text, out var number) || number.Digits > MostDigits || number.Places > MostPlaces) return false;
            IsBelowTen &= number.Value < 10;
            (Least, Most) = (Math.Min(Least, number.Places), Math.Max(Most, number.Places));
            return true;
        }
    }
}
